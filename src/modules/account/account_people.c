/* account_people: who belongs to the clinic, as what, and how one comes in. */
#include <ctype.h>

#include "core/br.h"
#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_mail.h"
#include "modules/account/account_rooms.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/db/db.h"

enum { INVITATION_S = 7 * 24 * 3600 };

static bool is_owner(const char *role)
{
	return strcmp(role, "owner") == 0;
}

/* May whoever asks give or take this role? Only an owner makes owners; an API key never does. The
 * program itself (no user, no permissions) may. */
static Err may_give(Ctx *cx, const char *role)
{
	Member self = { .role = "" };

	if (!is_owner(role) || (!cx->user.v && !cx->perms))
		return OK;
	if (cx->user.v)
		TRY(account_get_member(cx, cx->user.v, &self));
	if (is_owner(self.role))
		return OK;
	return err_tell(cx, ERR_FORBIDDEN, "Só a Direção pode incluir ou mudar alguém da Direção.",
		"only an owner makes owners");
}

/* One more active person: does the plan allow it? Open invitations count too. */
static Err spend_user(Ctx *cx)
{
	SqlMemberCountActive row;

	TRY(sql_member_count_active(cx, &row));
	return company_spend(cx, LIMIT_USERS, row.n + 1);
}

static Err check_edit(Ctx *cx, const Member *before, const MemberEdit *in)
{
	bool role_changes = strcmp(before->role, in->role) != 0;
	SqlMemberCountOwners owners;
	Role role;

	if (before->user == cx->user.v && (role_changes || !in->active))
		return err_tell(cx, ERR_FORBIDDEN,
			"Você não pode mudar o próprio perfil nem se desativar. Peça a outra "
			"pessoa.",
			"users do not change their own role");
	if (role_get(cx, in->role, &role) != OK)
		return err_field(cx, "role", "Escolha um perfil da lista.");
	if (role_changes || before->active != in->active) {
		TRY(may_give(cx, before->role));
		TRY(may_give(cx, in->role));
	}
	if (is_owner(before->role) && before->active && (role_changes || !in->active)) {
		TRY(sql_member_count_owners(cx, before->user, &owners));
		if (!owners.n)
			return err_tell(cx, ERR_FORBIDDEN,
				"A clínica precisa de pelo menos uma pessoa na Direção.",
				"the last owner stays");
	}
	return !before->active && in->active ? spend_user(cx) : OK;
}

/* "sp-12345", "CRO SP 12345" → "SP 12345". False: not a state and a number. */
static bool cro_parse(Arena *mem, const char *text, const char **ret)
{
	char uf[3] = "", digits[7] = "";
	size_t letters = 0, n = 0;

	if (strncasecmp(text, "CRO", 3) == 0)
		text += 3;
	for (; *text; text++) {
		if (strchr(" -/.", *text))
			continue;
		if (isdigit((unsigned char)*text) && letters == 2 && n < 6)
			digits[n++] = *text;
		else if (isalpha((unsigned char)*text) && !n && letters < 2)
			uf[letters++] = (char)toupper((unsigned char)*text);
		else
			return false;
	}
	if (!n || !uf_is_valid(uf))
		return false;
	*ret = arena_printf(mem, "%s %s", uf, digits);
	return true;
}

static Err note_edit(Ctx *cx, const Member *before, const MemberEdit *in)
{
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_text(&diff, "role", before->role, in->role);
	diff_text(&diff, "cro", before->cro, in->cro);
	diff_text(&diff, "active", before->active ? "sim" : "não", in->active ? "sim" : "não");
	return audit_add_change(cx, &(Change){ .action = "account.member_update",
					    .subject = "user",
					    .subject_id = before->user,
					    .diff = diff_done(&diff) });
}

Err member_edit(Ctx *cx, int64_t user, const MemberEdit *in)
{
	MemberEdit clean = *in;
	int64_t version, rows;
	Member before;

	TRY(member_get(cx, user, &before, &version));
	TRY(check_edit(cx, &before, in));
	if (in->cro && !cro_parse(cx->mem, in->cro, &clean.cro))
		return err_field(cx, "cro", "Escreva o estado e o número, como SP 12345.");
	in = &clean;
	TRY(sql_member_save(cx, user, in->role, in->cro, in->active, (int32_t)in->version, &rows));
	if (!rows)
		return err_set(cx, ERR_CONFLICT, "member version %" PRId64 " is old", in->version);
	if (!in->active)
		TRY(sql_session_end_of(cx, user, /* but= */ 0, "deactivated", cx->now, &rows));
	TRY(note_edit(cx, &before, in));
	return company_touch_auth(cx);
}

/* ---- invitations ---- */

static const char *token_hash(Ctx *cx, const char *token)
{
	return crypto_sha256_hex(cx->mem, token, strlen(token));
}

static Err send_invitation(
	Ctx *cx, const char *email, const char *name, const char *role, const char *token)
{
	Member inviter = { .name = "A clínica" }; /* an API key invited */
	const char *base;
	Role found;

	TRY(company_base_url(cx, &base));
	TRY(role_get(cx, role, &found));
	if (cx->user.v)
		TRY(account_get_member(cx, cx->user.v, &inviter));
	return mail_invitation(cx, email, name, inviter.name, found.title,
		arena_printf(cx->mem, "%s/invite/%s", base, token));
}

static Err check_invite(Ctx *cx, const char *email, const char *role)
{
	SqlMemberByEmail member;
	bool here;
	Role found;

	if (role_get(cx, role, &found) != OK)
		return err_field(cx, "role", "Escolha um perfil da lista.");
	TRY(may_give(cx, role));
	TRY(sql_member_by_email(cx, email, &member, &here));
	if (here && member.active)
		return err_field(cx, "email", "Essa pessoa já faz parte da clínica.");
	if (here)
		return err_field(cx, "email",
			"Essa pessoa já fez parte da clínica. Ative-a de novo na lista abaixo.");
	return spend_user(cx);
}

Err invite(Ctx *cx, const char *email, const char *name, const char *role)
{
	char *token = crypto_token(cx->mem, 24);
	SqlInvitationAdd row;
	bool added;
	Diff diff;

	TRY(check_invite(cx, email, role));
	TRY(sql_invitation_add(cx,
		&(SqlInvitationAddIn){ .email = email,
			.name = name,
			.role = role,
			.token_hash = token_hash(cx, token),
			.at = cx->now,
			.expires_at = cx->now + INVITATION_S,
			.invited_by = cx->user.v ? &cx->user.v : NULL },
		&row, &added));
	if (!added)
		return err_field(cx, "email",
			"Já há um convite aberto para esse e-mail. Você pode reenviá-lo.");
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "email", NULL, email);
	diff_text(&diff, "role", NULL, role);
	TRY(audit_add_change(cx, &(Change){ .action = "account.invite",
					 .subject = "invitation",
					 .subject_id = row.id,
					 .diff = diff_done(&diff) }));
	return send_invitation(cx, email, name, role, token);
}

Err invite_again(Ctx *cx, int64_t id)
{
	char *token = crypto_token(cx->mem, 24);
	SqlInvitationById row;
	int64_t rows;

	TRY(sql_invitation_by_id(cx, id, &row));
	TRY(may_give(cx, row.role));
	TRY(sql_invitation_renew(
		cx, id, token_hash(cx, token), cx->now, cx->now + INVITATION_S, &rows));
	TRY(audit_add_change(cx, &(Change){ .action = "account.invite_again",
					 .subject = "invitation",
					 .subject_id = id }));
	return send_invitation(cx, row.email, row.name, row.role, token);
}

Err invite_revoke(Ctx *cx, int64_t id)
{
	int64_t rows;

	TRY(sql_invitation_revoke(cx, id, cx->now, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "no open invitation %" PRId64, id);
	return audit_add_change(cx, &(Change){ .action = "account.invite_revoke",
					    .subject = "invitation",
					    .subject_id = id });
}

Err invite_look(Ctx *cx, const char *token, Invitation *ret)
{
	SqlIdentityByEmail identity;
	SqlInvitationOpen row;
	bool found, known;
	Role role;

	*ret = (Invitation){ .good = false };
	TRY(sql_invitation_open(cx, token_hash(cx, token), cx->now, &row, &found));
	if (!found)
		return OK;
	TRY(role_get(cx, row.role, &role));
	TRY(sql_identity_by_email(cx, row.email, &identity, &known));
	*ret = (Invitation){ .id = row.id,
		.email = row.email,
		.name = row.name,
		.role = row.role,
		.role_title = role.title,
		.known = known && identity.password,
		.good = true };
	return OK;
}

/* The person behind the invitation: proven by the password, or made with a new one. */
static Err invited_identity(Ctx *cx, const Invitation *invitation, const char *name,
	const char *password, int64_t *ret_user, const char **ret_name)
{
	SqlIdentityByEmail identity;
	SqlIdentityAdd added;
	const char *hash;
	int64_t rows;
	bool known;

	TRY(sql_identity_by_email(cx, invitation->email, &identity, &known));
	if (known) {
		*ret_user = identity.id;
		*ret_name = identity.name;
		if (identity.password)
			return OK;
		/* known from a provider only: the mailbox is theirs, this is the first password */
		TRY(password_accept(cx, password, identity.name, invitation->email, &hash));
		return sql_identity_set_password(cx, identity.id, hash, cx->now, &rows);
	}
	TRY(password_accept(cx, password, name, invitation->email, &hash));
	TRY(sql_identity_add(cx, invitation->email, name, hash, cx->now, &added));
	if (added.id_null)
		return err_set(cx, ERR_CONFLICT, "identity made by another request");
	*ret_user = added.id;
	*ret_name = name;
	return OK;
}

static Err join(Ctx *cx, const Invitation *invitation, int64_t user, const char *name)
{
	SqlMemberAdd row;
	int64_t rows;
	bool added;

	TRY(sql_invitation_accept(cx, invitation->id, cx->now, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "invitation was taken meanwhile");
	TRY(sql_member_add(cx, user, name, invitation->email, invitation->role, &row, &added));
	if (!added)
		TRY(sql_member_revive(cx, user, invitation->role, &rows));
	cx->user = (UserId){ user };
	TRY(audit_add_change(cx,
		&(Change){
			.action = "account.member_join", .subject = "user", .subject_id = user }));
	return company_touch_auth(cx);
}

Err invite_accept(
	Ctx *cx, const char *token, const char *name, const char *password, int64_t *ret_user)
{
	Invitation invitation;
	const char *own_name;

	TRY(invite_look(cx, token, &invitation));
	if (!invitation.good)
		return err_set(cx, ERR_NOT_FOUND, "no such invitation");
	if (!invitation.known && str_is_empty(name))
		return err_field(cx, "name", "Informe seu nome.");
	TRY(invited_identity(cx, &invitation, name, password, ret_user, &own_name));
	if (invitation.known) {
		cx->user = (UserId){ *ret_user };
		TRY(password_confirm(cx, "password", password));
	}
	return join(cx, &invitation, *ret_user, own_name);
}
