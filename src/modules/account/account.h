/* account: people who sign in: identities (one per person, for all companies), memberships (a
 * person in a company, with a role), roles and their permissions, sessions, invitations, API keys.
 * Owns the schema account. Identities are not a company's: they are reached only through the
 * schema's security definer functions, which answer one row for one e-mail or id. */
#ifndef ACCOUNT_ACCOUNT_H
#define ACCOUNT_ACCOUNT_H

#include "modules/module.h"

extern const Module account_module;

/* A person in cx->company. */
typedef struct Member {
	int64_t user;
	const char *name, *email;
	const char *role, *role_title; /* "reception", "Recepção" */
	const char *cro;               /* "SP 12345", dentists */
	bool active;
	int64_t last_seen; /* 0: never */
} Member;

/* ---- what the router asks (WebHooks) ---- */

/* Reads the access cookie or Bearer token or API key; refreshes when due. See router.h who_asks. */
MUST_CHECK Err account_who_asks(Req *q);
const char *account_csrf_token(Req *q);

/* ---- what modules ask ---- */

MUST_CHECK Err account_get_member(Ctx *cx, int64_t user, Member *ret);
/* Active members, by name; role NULL: all. At most 500. */
MUST_CHECK Err account_list_members(Ctx *cx, const char *role, Member **ret, size_t *ret_count);
/* Let the list of all (role NULL) leave with the transaction's first query, see db_note_along. */
MUST_CHECK Err account_note_members(Ctx *cx);
/* Also those who are not active any more, active first. */
MUST_CHECK Err account_list_everybody(Ctx *cx, Member **ret, size_t *ret_count);
/* Active members who hold the permission. */
MUST_CHECK Err account_list_holders(Ctx *cx, const char *perm, Member **ret, size_t *ret_count);

/* Make a person and a membership at once, password set: `siso user`, demo. ERR_CONFLICT: already a
 * member. An identity with the e-mail is joined, its password untouched. */
typedef struct MemberNew {
	const char *name, *email, *password, *role;
} MemberNew;
MUST_CHECK Err account_add_member(Ctx *cx, const MemberNew *in, UserId *ret);

/* Told once at start: the permissions of all modules, for the matrix. */
void account_set_perms(const Perm *perm, size_t count);

#endif
