/* account: members of a company, for the other modules. Rules: README.md. */
#include "modules/account/account_rooms.h"

#include "core/br.h"
#include "modules/account/account.sql.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/auth/password.h"
#include "platform/db/db.h"

static const char *title_of(const char *role, const char *own_title)
{
	const char *title = role_builtin_title(role);

	if (title)
		return title;
	return own_title ? own_title : role;
}

Err member_get(Ctx *cx, int64_t user, Member *ret, int64_t *ret_version)
{
	SqlMemberById row;

	TRY(sql_member_by_id(cx, user, &row));
	*ret = (Member){ .user = row.user_id,
		.name = row.name,
		.email = row.email,
		.role = row.role,
		.role_title = title_of(row.role, row.role_title),
		.cro = row.cro,
		.active = row.active,
		.last_seen = row.seen_at };
	*ret_version = row.version;
	return OK;
}

Err account_get_member(Ctx *cx, int64_t user, Member *ret)
{
	int64_t version;

	return member_get(cx, user, ret, &version);
}

Err account_note_members(Ctx *cx)
{
	db_note_along(cx);
	return sql_member_list_send(cx, /* role= */ NULL, /* with_inactive= */ false);
}

static Err list(Ctx *cx, const char *role, bool with_inactive, Member **ret, size_t *ret_count)
{
	SqlMemberList *row;
	size_t count;

	if (!role && !with_inactive && db_has_along(cx, "member_list"))
		TRY(sql_member_list_read(cx, &row, &count));
	else
		TRY(sql_member_list(cx, role, with_inactive, &row, &count));
	*ret = NEW_ARRAY(cx->mem, Member, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = (Member){ .user = row[i].user_id,
			.name = row[i].name,
			.email = row[i].email,
			.role = row[i].role,
			.role_title = title_of(row[i].role, row[i].role_title),
			.cro = row[i].cro,
			.active = row[i].active,
			.last_seen = row[i].seen_at };
	*ret_count = count;
	return OK;
}

Err account_list_members(Ctx *cx, const char *role, Member **ret, size_t *ret_count)
{
	return list(cx, role, /* with_inactive= */ false, ret, ret_count);
}

Err account_list_everybody(Ctx *cx, Member **ret, size_t *ret_count)
{
	return list(cx, /* role= */ NULL, /* with_inactive= */ true, ret, ret_count);
}

/* Does the role of member[i] hold the permission? PostgreSQL is asked once a role. */
static Err role_holds(Ctx *cx, const Member *member, size_t i, int bit, bool *held)
{
	RolePerms perms;

	for (size_t k = 0; k < i; k++)
		if (strcmp(member[k].role, member[i].role) == 0) {
			held[i] = held[k];
			return OK;
		}
	TRY(perms_load(cx, member[i].role, &perms));
	held[i] = perms_has(perms.bits, bit);
	return OK;
}

Err account_list_holders(Ctx *cx, const char *perm, Member **ret, size_t *ret_count)
{
	int bit = perms_index(perm);
	Member *member;
	size_t count, n = 0;
	bool *held;

	TRY(account_list_members(cx, NULL, &member, &count));
	held = NEW_ARRAY(cx->mem, bool, count + 1);
	for (size_t i = 0; i < count; i++)
		TRY(role_holds(cx, member, i, bit, held));
	for (size_t i = 0; i < count; i++)
		if (held[i])
			member[n++] = member[i];
	*ret = member;
	*ret_count = n;
	return OK;
}

/* The identity with this e-mail, made when there is none. */
static Err find_or_add_identity(Ctx *cx, const MemberNew *in, SqlIdentityByEmail *ret)
{
	const char *hash = NULL;
	SqlIdentityAdd added;
	bool found;

	TRY(sql_identity_by_email(cx, in->email, ret, &found));
	if (found)
		return OK;
	if (in->password)
		TRY(password_hash(cx, in->password, &hash));
	TRY(sql_identity_add(cx, in->email, in->name, hash, cx->now, &added));
	if (added.id_null) /* somebody was faster: it is there now */
		return err_set(cx, ERR_CONFLICT, "identity made by another request");
	*ret = (SqlIdentityByEmail){ .id = added.id, .name = in->name, .email = in->email };
	return OK;
}

Err account_add_member(Ctx *cx, const MemberNew *in, UserId *ret)
{
	SqlIdentityByEmail identity;
	char email[255];
	SqlMemberAdd row;
	MemberNew clean = *in;
	Role role;
	bool added;

	if (!email_parse(in->email, email))
		return err_field(cx, "email", "Este e-mail não parece certo.");
	clean.email = arena_dup(cx->mem, email);
	TRY(role_get(cx, in->role, &role));
	TRY(find_or_add_identity(cx, &clean, &identity));
	TRY(sql_member_add(cx, identity.id, identity.name, identity.email, in->role, &row, &added));
	if (!added)
		return err_set(
			cx, ERR_CONFLICT, "user %" PRId64 " is a member already", identity.id);
	TRY(audit_add_change(cx, &(Change){ .action = "account.member_add",
					 .subject = "user",
					 .subject_id = identity.id }));
	*ret = (UserId){ identity.id };
	return OK;
}
