/* people_web: Pessoas: who belongs to the clinic, invitations, one member's profile. */
#include "modules/account/account.sql.h"
#include "modules/account/account_view.h"
#include "platform/db/db.h"

/* Roles for a select; without the owner unless the user is one (member_edit decides anyway). */
static Err role_options(Req *q, const UiOption **ret, size_t *ret_count)
{
	UiOption *option;
	size_t count, n = 0;
	Role *role;

	TRY(role_list_all(q->cx, &role, &count));
	option = NEW_ARRAY(q->cx->mem, UiOption, count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(role[i].name, "owner") != 0 || strcmp(q->who->role, "owner") == 0)
			option[n++] = (UiOption){ .value = role[i].name, .label = role[i].title };
	*ret = option;
	*ret_count = n;
	return OK;
}

static const char *role_title(const char *name, const UiOption *option, size_t count)
{
	const char *title = role_builtin_title(name);

	for (size_t i = 0; !title && i < count; i++)
		if (strcmp(option[i].value, name) == 0)
			title = option[i].label;
	return title ? title : name;
}

static Err load_invitations(Req *q, UsersView *view)
{
	SqlInvitationList *row;
	Invitation *invitation;
	size_t count;
	int64_t *sent;
	bool *expired;

	TRY(sql_invitation_list(q->cx, q->cx->now, &row, &count));
	invitation = NEW_ARRAY(q->cx->mem, Invitation, count + 1);
	sent = NEW_ARRAY(q->cx->mem, int64_t, count + 1);
	expired = NEW_ARRAY(q->cx->mem, bool, count + 1);
	for (size_t i = 0; i < count; i++) {
		invitation[i] = (Invitation){ .id = row[i].id,
			.email = row[i].email,
			.name = row[i].name,
			.role = row[i].role,
			.role_title = role_title(row[i].role, view->role, view->role_count) };
		sent[i] = row[i].created_at;
		expired[i] = row[i].expired;
	}
	view->invitation = invitation;
	view->sent_at = sent;
	view->expired = expired;
	view->invitation_count = count;
	return OK;
}

static Err show(Req *q, int status)
{
	UsersView view = { .q = q, .may_invite = req_may(q, "account.people") };
	Member *member;

	TRY(account_list_everybody(q->cx, &member, &view.member_count));
	TRY(role_options(q, &view.role, &view.role_count));
	TRY(load_invitations(q, &view));
	view.member = member;
	account_users_page(&q->html, &view);
	return send_html(q, status);
}

Err users_page(Req *q)
{
	return show(q, 200);
}

/* ---- invitations ---- */

typedef struct InvitePersonForm {
	const char *email, *name, *role;
} InvitePersonForm;

const Field member_invite_fields[] = {
	FIELD(InvitePersonForm, email, FIELD_EMAIL, "E-mail", 1, 254, true),
	FIELD(InvitePersonForm, name, FIELD_TEXT, "Nome", 0, 120, false),
	FIELD(InvitePersonForm, role, FIELD_TEXT, "Perfil", 1, 30, true),
};

/* POST /settings/users/invite. 303 back; 422 with the dialog; 402 the plan is full. */
Err users_invite(Req *q)
{
	InvitePersonForm in;
	Err err = ERR_INVALID;

	if (form_read(q, member_invite_fields, COUNT(member_invite_fields), &in))
		err = invite(q->cx, in.email, in.name, in.role);
	if (err == ERR_INVALID)
		return show(q, 422);
	TRY(err);
	answer_toast(q, "Convite enviado", NULL);
	return redirect(q, "/settings/users");
}

Err users_invite_again(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(invite_again(q->cx, id));
	answer_toast(q, "Convite reenviado", NULL);
	return redirect(q, "/settings/users");
}

Err users_invite_revoke(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(invite_revoke(q->cx, id));
	answer_toast(q, "Convite cancelado", NULL);
	return redirect(q, "/settings/users");
}

/* ---- one member ---- */

static Err show_user(Req *q, int64_t id, int status)
{
	UserView view = { .q = q, .self = id == q->cx->user.v };
	Member member;

	TRY(member_get(q->cx, id, &member, &view.version));
	TRY(role_options(q, &view.role, &view.role_count));
	view.member = &member;
	account_user_page(&q->html, &view);
	return send_html(q, status);
}

Err user_page(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return show_user(q, id, 200);
}

typedef struct UserForm {
	const char *role, *cro;
	bool active;
	int64_t version;
} UserForm;

const Field user_fields[] = {
	FIELD(UserForm, role, FIELD_TEXT, "Perfil", 1, 30, true),
	FIELD(UserForm, cro, FIELD_TEXT, "CRO", 0, 12, false),
	FIELD(UserForm, active, FIELD_BOOL, "Pode entrar", 0, 0, false),
	FIELD(UserForm, version, FIELD_INT, "Versão", 1, INT32_MAX, true),
};

/* POST /settings/users/:id. 303 to the list; 422 with the form; 403, 409 as the rules say. */
Err user_save(Req *q)
{
	UserForm in;
	int64_t id;
	Err err = ERR_INVALID;

	TRY(req_id(q, "id", &id));
	if (form_read(q, user_fields, COUNT(user_fields), &in))
		err = member_edit(q->cx, id,
			&(MemberEdit){ .role = in.role,
				.cro = in.cro,
				.active = in.active,
				.version = in.version });
	if (err == ERR_INVALID)
		return show_user(q, id, 422);
	TRY(err);
	answer_toast(q, "Pessoa salva", NULL);
	return redirect(q, "/settings/users");
}
