/* account_api: sign-in and people for programs. Tokens travel in JSON, never in cookies. */
#include "core/clock.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_api.h"
#include "modules/account/account_rooms.h"
#include "platform/db/db.h"
#include "platform/web/form_json.h"

enum { USERS_PAGE = 100 };

/* ---- tokens ---- */

typedef struct TokenForm {
	const char *email, *password, *code;
} TokenForm;

const Field api_token_fields[] = {
	FIELD(TokenForm, email, FIELD_EMAIL, "E-mail", 1, 254, true),
	FIELD(TokenForm, password, FIELD_SECRET, "Senha", 1, 512, true),
	FIELD(TokenForm, code, FIELD_TEXT, "Código TOTP ou de recuperação", 0, 24, false),
};

typedef struct TokenOut {
	const char *access_token, *token_type, *refresh_token;
	int64_t expires_in, refresh_expires_in;
} TokenOut;

const OutField api_token_out[] = {
	OUT(TokenOut, access_token, OUT_TEXT, "Vai em Authorization: Bearer"),
	OUT(TokenOut, token_type, OUT_TEXT, "Bearer"),
	OUT(TokenOut, expires_in, OUT_INT, "Segundos de validade do access_token"),
	OUT(TokenOut, refresh_token, OUT_TEXT,
		"Troca-se uma vez por novos tokens; null logo depois de uma troca"),
	OUT(TokenOut, refresh_expires_in, OUT_INT, "Segundos de validade do refresh_token"),
};

static Err send_tokens(Req *q, int status, const SessionTokens *tokens)
{
	TokenOut out = { .access_token = tokens->access,
		.token_type = "Bearer",
		.refresh_token = tokens->refresh,
		.expires_in = ACCESS_SECONDS,
		.refresh_expires_in = tokens->refresh_s };

	answer_header(q, "Cache-Control", "no-store");
	json_put_object(&q->json, NULL);
	json_put_out(&q->json, api_token_out, COUNT(api_token_out), &out);
	json_close(&q->json);
	return send_json(q, status);
}

/* The failure was counted: that must stay although the answer is an error. */
static Err refuse(Req *q, Err err, const char *sentence)
{
	TRY(db_commit(q->cx));
	return err_tell(q->cx, err, sentence, "sign-in refused");
}

/* POST /api/v1/tokens. 201; 401 wrong or a code is needed (detail says which); 422; 429. */
Err api_token_create(Req *q)
{
	SessionTokens tokens;
	SignedIn result;
	TokenForm in;

	if (!form_read(q, api_token_fields, COUNT(api_token_fields), &in))
		return ERR_INVALID;
	TRY(sign_in(q->cx, &(SignIn){ .email = in.email, .password = in.password, .code = in.code },
		&result));
	if (result.state == SIGN_IN_WAIT) {
		answer_header(
			q, "Retry-After", arena_printf(q->cx->mem, "%" PRId64, result.wait_s));
		return refuse(q, ERR_TOO_MANY, wait_sentence(q->cx, result.wait_s));
	}
	if (result.state == SIGN_IN_CODE)
		return refuse(q, ERR_SIGNED_OUT, "Falta o código da segunda etapa (code).");
	if (result.state != SIGN_IN_DONE)
		return refuse(q, ERR_SIGNED_OUT, "E-mail, senha ou código não conferem.");
	TRY(session_open(q->cx,
		&(SessionNew){ .user = result.user,
			.how = "api",
			.kept = true,
			.user_agent = q->user_agent },
		&tokens));
	return send_tokens(q, 201, &tokens);
}

typedef struct RefreshForm {
	const char *refresh_token;
} RefreshForm;

const Field api_refresh_fields[] = {
	FIELD(RefreshForm, refresh_token, FIELD_SECRET, "Refresh token", 10, 200, true),
};

/* POST /api/v1/tokens/refresh. 200; 401: over, or used before (then the session has ended); 422. */
Err api_token_refresh(Req *q)
{
	SessionTokens tokens;
	RefreshState state;
	RefreshForm in;
	Token token;

	if (!form_read(q, api_refresh_fields, COUNT(api_refresh_fields), &in))
		return ERR_INVALID;
	TRY(session_refresh(q->cx, in.refresh_token, &tokens, &token, &state));
	if (state != REFRESH_DONE)
		return refuse(q, ERR_SIGNED_OUT, "O refresh token não vale mais. Entre de novo.");
	return send_tokens(q, 200, &tokens);
}

/* DELETE /api/v1/session. 204. */
Err api_session_end(Req *q)
{
	if (!q->who->session)
		return err_tell(q->cx, ERR_BAD_REQUEST,
			"Chaves de API não têm sessão. Revogue a chave em Configurações.",
			"an API key has no session");
	TRY(session_close(q->cx, q->who->session, q->cx->user.v, "sign_out"));
	return send_nothing(q);
}

/* ---- people ---- */

typedef struct MeOut {
	int64_t id, company_id;
	const char *name, *email, *role, *role_title, *company_name;
	Strs permissions;
} MeOut;

const OutField api_me_out[] = {
	OUT(MeOut, id, OUT_ID, "Usuário; null quando é uma chave de API"),
	OUT(MeOut, name, OUT_TEXT, "Nome da pessoa ou da chave"),
	OUT(MeOut, email, OUT_TEXT, "E-mail"),
	OUT(MeOut, role, OUT_TEXT, "Perfil"),
	OUT(MeOut, role_title, OUT_TEXT, "Nome do perfil"),
	OUT(MeOut, company_id, OUT_ID, "Clínica"),
	OUT(MeOut, company_name, OUT_TEXT, "Nome da clínica"),
	OUT(MeOut, permissions, OUT_TEXTS, "O que pode fazer"),
};

/* GET /api/v1/me. 200. */
Err api_me(Req *q)
{
	const char **perm = NEW_ARRAY(q->cx->mem, const char *, perms_count() + 1);
	size_t count = 0;
	MeOut out = { .id = q->cx->user.v,
		.company_id = q->site->id.v,
		.name = q->who->name,
		.email = q->who->email,
		.role = q->who->role,
		.role_title = q->who->role_title,
		.company_name = q->site->name };

	for (size_t i = 0; i < perms_count(); i++)
		if (perms_has(q->cx->perms, (int)i))
			perm[count++] = perms_at(i)->name;
	out.permissions = (Strs){ perm, count };
	json_put_object(&q->json, NULL);
	json_put_out(&q->json, api_me_out, COUNT(api_me_out), &out);
	json_close(&q->json);
	return send_json(q, 200);
}

typedef struct UserOut {
	int64_t id;
	const char *name, *email, *role, *cro;
	bool active;
	int64_t last_seen_at;
} UserOut;

const OutField api_user_out[] = {
	OUT(UserOut, id, OUT_ID, "Usuário"),
	OUT(UserOut, name, OUT_TEXT, "Nome"),
	OUT(UserOut, email, OUT_TEXT, "E-mail"),
	OUT(UserOut, role, OUT_TEXT, "Perfil"),
	OUT(UserOut, cro, OUT_TEXT, "CRO, de dentistas"),
	OUT(UserOut, active, OUT_BOOL, "Pode entrar no sistema"),
	OUT(UserOut, last_seen_at, OUT_TIME, "Último acesso"),
};

static void put_user(Json *j, const SqlMemberPage *row)
{
	UserOut out = { row->user_id, row->name, row->email, row->role, row->cro, row->active,
		row->seen_at };

	json_put_object(j, NULL);
	json_put_out(j, api_user_out, COUNT(api_user_out), &out);
	json_close(j);
}

/* GET /api/v1/users?after=. 200: {"data": […], "next": cursor or null}. */
Err api_users(Req *q)
{
	int64_t after = req_query_int(q, "after", 0), version;
	const char *after_name = NULL;
	SqlMemberPage *row;
	size_t count;
	Member last;

	if (after > 0) {
		TRY(member_get(q->cx, after, &last, &version));
		after_name = last.name;
	}
	TRY(sql_member_page(
		q->cx, after_name, after > 0 ? &after : NULL, USERS_PAGE + 1, &row, &count));
	json_put_object(&q->json, NULL);
	json_put_array(&q->json, "data");
	for (size_t i = 0; i < count && i < USERS_PAGE; i++)
		put_user(&q->json, &row[i]);
	json_close(&q->json);
	if (count > USERS_PAGE)
		json_put_text(&q->json, "next",
			arena_printf(q->cx->mem, "%" PRId64, row[USERS_PAGE - 1].user_id));
	else
		json_put_null(&q->json, "next");
	json_close(&q->json);
	return send_json(q, 200);
}
