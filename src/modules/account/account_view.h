/* What the pages of account show. */
#ifndef ACCOUNT_ACCOUNT_VIEW_H
#define ACCOUNT_ACCOUNT_VIEW_H

#include "modules/account/account_rooms.h"
#include "platform/auth/totp.h"
#include "platform/ui/ui.h"

/* ---- the door ---- */

typedef struct LoginView {
	Req *q;
	const char *next;
	const char *alert, *alert_tone; /* above the form; NULL: none */
	const char *oidc_title;         /* NULL: no other way in */
} LoginView;
void account_login_page(Html *h, const LoginView *v);
void account_signed_in_page(Html *h, Req *q);
/* The second factor. */
void account_code_page(Html *h, const LoginView *v);

typedef struct ForgotView {
	Req *q;
	bool sent;
} ForgotView;
void account_forgot_page(Html *h, const ForgotView *v);

typedef struct ResetView {
	Req *q;
	const char *token; /* NULL: the link is no good */
} ResetView;
void account_reset_page(Html *h, const ResetView *v);

typedef struct InviteView {
	Req *q;
	const char *token;
	const Invitation *invitation;
} InviteView;
void account_invite_page(Html *h, const InviteView *v);

typedef struct CompanyChoice {
	int64_t id;
	const char *name, *host;
	bool current;
} CompanyChoice;

typedef struct SwitchView {
	Req *q;
	const CompanyChoice *company;
	size_t company_count;
} SwitchView;
void account_switch_page(Html *h, const SwitchView *v);
void account_switch_menu(Html *h, const SwitchView *v); /* ui_menu_link for each */

/* ---- one's own account ---- */

typedef struct SessionRow {
	int64_t id;
	const char *device, *how, *peer;
	int64_t created_at, seen_at;
	bool current, phone;
} SessionRow;

typedef struct ProfileView {
	Req *q;
	const Member *member;
	bool own; /* false: signed in by the clinic's provider; the identity is not to be changed */
	bool totp;
	int recovery_left;
	const SessionRow *session;
	size_t session_count;
} ProfileView;
void account_profile_page(Html *h, const ProfileView *v);

typedef struct EmailView {
	Req *q;
	const char *token, *from, *to;
} EmailView;
void account_email_page(Html *h, const EmailView *v);

typedef struct FactorView {
	Req *q;
	bool on;
	const char *seed, *ticket; /* to turn on: the seed, and the same signed */
	Safe qr;
	Strs codes; /* to be shown once */
} FactorView;
void account_factor_page(Html *h, const FactorView *v);

/* ---- people ---- */

typedef struct UsersView {
	Req *q;
	const Member *member;
	size_t member_count;
	const Invitation *invitation;
	const int64_t *sent_at; /* of the invitations */
	const bool *expired;
	size_t invitation_count;
	const UiOption *role;
	size_t role_count;
	bool may_invite;
} UsersView;
void account_users_page(Html *h, const UsersView *v);

typedef struct UserView {
	Req *q;
	const Member *member;
	int64_t version;
	const UiOption *role;
	size_t role_count;
	bool self;
} UserView;
void account_user_page(Html *h, const UserView *v);

/* ---- roles ---- */

typedef struct MatrixRow {
	const char *group; /* title of the module; NULL: as the row above */
	const char *perm, *title;
	const bool *held; /* one a role */
} MatrixRow;

typedef struct RolesView {
	Req *q;
	const Role *role;
	size_t role_count;
	const MatrixRow *row;
	size_t row_count;
	const UiOption *base;
	size_t base_count;
} RolesView;
void account_roles_page(Html *h, const RolesView *v);
/* One cell, answered to htmx. */
void account_role_cell(
	Html *h, const char *role, const char *perm, const char *label, bool held, bool beside);

/* ---- API keys ---- */

typedef struct KeyRow {
	int64_t id;
	const char *name, *prefix, *scopes, *maker;
	int64_t created_at, expires_at, last_used_at;
	bool revoked, expired;
} KeyRow;

typedef struct ScopeRow {
	const char *group, *perm, *title;
	bool on;
} ScopeRow;

typedef struct KeysView {
	Req *q;
	const KeyRow *key;
	size_t key_count;
	const ScopeRow *scope;
	size_t scope_count;
	const char *made; /* the new key, shown once; NULL: none */
} KeysView;
void account_keys_page(Html *h, const KeysView *v);

/* ---- letters ---- */

typedef struct MailView {
	const char *clinic, *subject, *greeting, *text, *after;
	const char *link, *button; /* NULL: none */
} MailView;
void account_mail(Html *h, const MailView *v);

/* ---- OIDC ---- */

typedef struct OidcView {
	Req *q;
	const char *title, *issuer, *client_id, *redirect_uri;
	bool has_secret, active;
} OidcView;
void account_oidc_page(Html *h, const OidcView *v);

/* What the forms say, for the book of changes too: people_web.c, roles_web.c, account_oidc.c. */
extern const Field member_invite_fields[3], user_fields[4], key_fields[3], oidc_fields[5];

#endif
