/* account_web: what the module declares: routes, permissions, sidebar, schedules. */
#include "modules/account/account_api.h"
#include "modules/account/account_jobs.h"
#include "modules/account/account_rooms.h"
#include "modules/account/account_view.h"

/* Sign-in forms are open to anyone; the router refuses what another site's page sends. Their own
 * limit a minute stands beside the growing wait after failures (account_signin.c). */
enum { DOOR = ROUTE_PUBLIC_FORM | ROUTE_WHEN_LAPSED, PER_MINUTE = 30, MAILS_PER_MINUTE = 5 };

/* clang-format off */
static const Route routes[] = {
	/* the door */
	{ GET, "/login", login_page, PERM_ANYONE },
	{ POST, "/login", login_submit, PERM_ANYONE, DOOR, .rate_per_minute = PER_MINUTE },
	{ GET, "/login/totp", login_code_page, PERM_ANYONE },
	{ POST, "/login/totp", login_code_submit, PERM_ANYONE, DOOR, .rate_per_minute = PER_MINUTE },
	{ GET, "/login/oidc/start", oidc_start, PERM_ANYONE, .lane = LANE_HEAVY, .rate_per_minute = PER_MINUTE },
	{ GET, "/login/oidc/callback", oidc_callback, PERM_ANYONE, .lane = LANE_HEAVY, .rate_per_minute = PER_MINUTE },
	{ GET, "/session", session_token, PERM_SIGNED_IN },
	{ POST, "/logout", logout, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED },
	{ GET, "/forgot", forgot_page, PERM_ANYONE },
	{ POST, "/forgot", forgot_submit, PERM_ANYONE, DOOR, .rate_per_minute = MAILS_PER_MINUTE },
	{ GET, "/reset/:token", reset_page, PERM_ANYONE, .rate_per_minute = PER_MINUTE },
	{ POST, "/reset/:token", reset_submit, PERM_ANYONE, DOOR, .rate_per_minute = PER_MINUTE },
	{ GET, "/invite/:token", invite_page, PERM_ANYONE, .rate_per_minute = PER_MINUTE },
	{ POST, "/invite/:token", invite_submit, PERM_ANYONE, DOOR, .rate_per_minute = PER_MINUTE },
	{ GET, "/switch", switch_page, PERM_SIGNED_IN },
	{ GET, "/switch/enter", switch_enter, PERM_ANYONE, .rate_per_minute = PER_MINUTE },
	{ GET, "/switch/:company", switch_go, PERM_SIGNED_IN },

	/* one's own account */
	{ GET, "/settings/account", profile_page, PERM_SIGNED_IN },
	{ POST, "/settings/account/name", profile_name, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED },
	{ POST, "/settings/account/email", profile_email, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED,
		.rate_per_minute = PER_MINUTE },
	{ GET, "/settings/account/email", profile_email_link, PERM_SIGNED_IN },
	{ POST, "/settings/account/email/confirm", profile_email_confirm, PERM_SIGNED_IN,
		ROUTE_WHEN_LAPSED },
	{ POST, "/settings/account/password", profile_password, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED },
	{ POST, "/settings/account/sessions/end", profile_sessions_end, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED },
	{ POST, "/settings/account/sessions/:id/end", profile_session_end, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED },
	{ GET, "/settings/account/totp", factor_page, PERM_SIGNED_IN },
	{ POST, "/settings/account/totp", factor_on, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED },
	{ POST, "/settings/account/totp/off", factor_off, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED },
	{ POST, "/settings/account/totp/codes", factor_codes, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED },

	/* the clinic's people */
	{ GET, "/settings/users", users_page, "account.people" },
	{ POST, "/settings/users/invite", users_invite, "account.people" },
	{ POST, "/settings/users/invitations/:id/again", users_invite_again, "account.people" },
	{ POST, "/settings/users/invitations/:id/revoke", users_invite_revoke, "account.people" },
	{ GET, "/settings/users/:id", user_page, "account.people" },
	{ POST, "/settings/users/:id", user_save, "account.people" },
	{ GET, "/settings/roles", roles_page, "account.roles" },
	{ POST, "/settings/roles", roles_create, "account.roles" },
	{ POST, "/settings/roles/set", roles_set, "account.roles" },
	{ POST, "/settings/roles/reset", roles_reset, "account.roles" },
	{ POST, "/settings/roles/delete", roles_delete, "account.roles" },
	{ GET, "/settings/api-keys", keys_page, "account.keys" },
	{ POST, "/settings/api-keys", keys_create, "account.keys" },
	{ POST, "/settings/api-keys/:id/revoke", keys_revoke, "account.keys" },
	{ GET, "/settings/oidc", oidc_settings_page, "account.oidc" },
	{ POST, "/settings/oidc", oidc_settings_save, "account.oidc", .lane = LANE_HEAVY },

	/* programs */
	{ POST, "/api/v1/tokens", api_token_create, PERM_ANYONE, ROUTE_API | DOOR, .rate_per_minute = PER_MINUTE,
		.summary = "Entrar com e-mail e senha; responde access e refresh token",
		.in = api_token_fields, .in_count = COUNT(api_token_fields), .out = api_token_out, .out_count = COUNT(api_token_out) },
	{ POST, "/api/v1/tokens/refresh", api_token_refresh, PERM_ANYONE, ROUTE_API | DOOR, .rate_per_minute = PER_MINUTE,
		.summary = "Trocar o refresh token por novos tokens",
		.in = api_refresh_fields, .in_count = COUNT(api_refresh_fields), .out = api_token_out, .out_count = COUNT(api_token_out) },
	{ DELETE, "/api/v1/session", api_session_end, PERM_SIGNED_IN, ROUTE_API | ROUTE_WHEN_LAPSED,
		.summary = "Encerrar a sessão do access token" },
	{ GET, "/api/v1/me", api_me, PERM_SIGNED_IN, ROUTE_API,
		.summary = "Quem sou eu e o que posso", .out = api_me_out, .out_count = COUNT(api_me_out) },
	{ GET, "/api/v1/users", api_users, "account.read", ROUTE_API,
		.summary = "Pessoas da clínica", .out = api_user_out, .out_count = COUNT(api_user_out), .out_list = true },
};

static const Perm perms[] = {
	{ "account.read", "Ver as pessoas da clínica", "manager dentist reception finance assistant" },
	{ "account.people", "Convidar, editar e desativar pessoas", "manager", "account.read" },
	{ "account.roles", "Mudar perfis e permissões", "" },
	{ "account.keys", "Criar e revogar chaves de API", "manager" },
	{ "account.oidc", "Configurar o login único", "" },
};

static const Nav nav[] = {
	{ "Configurações", 890, "Minha conta", "/settings/account", "user-cog", PERM_SIGNED_IN },
	{ "Configurações/Equipe", 920, "Pessoas", "/settings/users", "users", "account.people" },
	{ "Configurações/Equipe", 925, "Perfis e permissões", "/settings/roles", "shield-check", "account.roles" },
	{ "Configurações/Integrações", 960, "Chaves de API", "/settings/api-keys", "key-round", "account.keys" },
	{ "Configurações/Integrações", 965, "Login único", "/settings/oidc", "fingerprint", "account.oidc" },
};

static const Job jobs[] = {
	{ "account.sweep", account_sweep, 3, 60 },
};

static const Cron crons[] = {
	{ "account.sweep", "40 3 * * *", NULL, "account.sweep", true },
};

static const Field key_columns[] = {
	{ "prefix", "Começo da chave", FIELD_TEXT },
};

static const char *role_word(const char *column, const char *code)
{
	return str_same(column, "role") ? role_builtin_title(code) : NULL;
}

static const Words words[] = {
	{ "user", user_fields, COUNT(user_fields), role_word },
	{ "user invitation role", member_invite_fields, COUNT(member_invite_fields), role_word },
	{ "api_key", key_fields, COUNT(key_fields) },
	{ "api_key", key_columns, COUNT(key_columns) },
	{ "company", oidc_fields, COUNT(oidc_fields) },
};

const Module account_module = {
	.name = "account", .title = "Pessoas e acesso", .always = true,
	.route = routes, .route_count = COUNT(routes),
	.perm = perms, .perm_count = COUNT(perms),
	.nav = nav, .nav_count = COUNT(nav),
	.job = jobs, .job_count = COUNT(jobs),
	.cron = crons, .cron_count = COUNT(crons),
	.words = words, .words_count = COUNT(words),
	.demo = account_demo,
};
/* clang-format on */
