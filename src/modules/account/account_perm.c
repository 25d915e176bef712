/* account_perm: the matrix of roles and permissions. Modules declare defaults (Perm.roles); a
 * company's differences are rows of account.role_perm. The effective bits of a role are kept in the
 * process, by company and role, and made anew when the company's auth_version is newer. */
#include <pthread.h>

#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_rooms.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/db/db.h"

static const struct {
	const char *name, *title;
} builtin_roles[] = {
	{ "owner", "Direção" },
	{ "manager", "Gerência" },
	{ "dentist", "Dentista" },
	{ "reception", "Recepção" },
	{ "finance", "Financeiro" },
	{ "assistant", "Auxiliar" },
};

/* Told once at start, before any thread. */
static const Perm *all_perms;
static size_t all_perms_count;

void account_set_perms(const Perm *perm, size_t count)
{
	all_perms = perm;
	all_perms_count = count;
}

size_t perms_count(void)
{
	return all_perms_count;
}

const Perm *perms_at(size_t i)
{
	return &all_perms[i];
}

int perms_index(const char *name)
{
	for (size_t i = 0; i < all_perms_count; i++)
		if (strcmp(all_perms[i].name, name) == 0)
			return (int)i;
	return -1;
}

bool perms_has(const uint64_t *bits, int bit)
{
	return bits && bit >= 0 && bit < PERM_WORDS * 64 && (bits[bit / 64] >> (bit % 64) & 1);
}

static void set_bit(uint64_t *bits, size_t bit, bool on)
{
	uint64_t mask = (uint64_t)1 << (bit % 64);

	bits[bit / 64] = on ? bits[bit / 64] | mask : bits[bit / 64] & ~mask;
}

bool perms_default(const Perm *perm, const char *base)
{
	return strcmp(base, "owner") == 0 || str_has_word(perm->roles, str_of(base));
}

/* ---- the cache ---- */

enum { CACHE_MAX = 1024, ROLE_MAX = 31, TITLE_MAX = 170 };

typedef struct Cached {
	int64_t company, version;
	char role[ROLE_MAX], title[TITLE_MAX];
	uint64_t bits[PERM_WORDS];
} Cached;

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static Cached cache[CACHE_MAX];

static Cached *place_of(int64_t company, const char *role)
{
	uint64_t hash = 1469598103934665603u ^ (uint64_t)company;

	for (; *role; role++)
		hash = (hash ^ (unsigned char)*role) * 1099511628211u;
	return &cache[(hash ^ hash >> 32) % CACHE_MAX];
}

static bool cache_get(Ctx *cx, const char *role, int64_t version, RolePerms *ret)
{
	const Cached *place;
	bool found;

	pthread_mutex_lock(&cache_lock);
	place = place_of(cx->company.v, role);
	found = place->company == cx->company.v && place->version >= version &&
		strcmp(place->role, role) == 0;
	if (found) {
		memcpy(ret->bits, place->bits, sizeof ret->bits);
		ret->title = arena_dup(cx->mem, place->title);
	}
	pthread_mutex_unlock(&cache_lock);
	return found;
}

static void cache_put(const Ctx *cx, const char *role, int64_t version, const RolePerms *perms)
{
	Cached *place;

	if (strlen(role) >= ROLE_MAX || !version)
		return;
	pthread_mutex_lock(&cache_lock);
	place = place_of(cx->company.v, role);
	*place = (Cached){ .company = cx->company.v, .version = version };
	memcpy(place->role, role, strlen(role) + 1);
	snprintf(place->title, sizeof place->title, "%s", perms->title);
	memcpy(place->bits, perms->bits, sizeof place->bits);
	pthread_mutex_unlock(&cache_lock);
}

/* ---- a role's bits ---- */

Err perms_load(Ctx *cx, const char *role, RolePerms *ret)
{
	SqlRolePerms *row;
	size_t count;
	Role found;

	TRY(role_get(cx, role, &found));
	*ret = (RolePerms){ .title = found.title };
	for (size_t i = 0; i < all_perms_count; i++)
		set_bit(ret->bits, i, perms_default(&all_perms[i], found.base));
	if (strcmp(role, "owner") == 0)
		return OK;
	TRY(sql_role_perms(cx, role, &row, &count));
	for (size_t i = 0; i < count; i++) {
		int bit = perms_index(row[i].perm);

		if (bit >= 0) /* a permission of a module that is no more: nothing to hold */
			set_bit(ret->bits, (size_t)bit, row[i].held);
	}
	return OK;
}

Err perms_of_role(Ctx *cx, const char *role, int64_t auth_version, RolePerms *ret)
{
	SqlAuthVersion now;
	Err err;

	if (cache_get(cx, role, auth_version, ret))
		return OK;
	/* the version is read before the rows: rows that are newer than their version only make the
	 * entry old too soon */
	TRY(sql_auth_version(cx, &now));
	err = perms_load(cx, role, ret);
	if (err == ERR_NOT_FOUND) { /* a role that was removed: may nothing */
		*ret = (RolePerms){ .title = role };
		return OK;
	}
	TRY(err);
	cache_put(cx, role, now.version, ret);
	return OK;
}

/* ---- roles ---- */

const char *role_builtin_title(const char *name)
{
	for (size_t i = 0; i < COUNT(builtin_roles); i++)
		if (strcmp(builtin_roles[i].name, name) == 0)
			return builtin_roles[i].title;
	return NULL;
}

Err role_get(Ctx *cx, const char *name, Role *ret)
{
	const char *title = role_builtin_title(name);
	SqlRoleFind row;
	bool found;

	if (title) {
		*ret = (Role){ .name = name, .title = title, .base = name, .builtin = true };
		return OK;
	}
	TRY(sql_role_find(cx, name, &row, &found));
	if (!found)
		return err_set(cx, ERR_NOT_FOUND, "no such role");
	*ret = (Role){ .name = name, .title = row.title, .base = row.base };
	return OK;
}

Err role_list_all(Ctx *cx, Role **ret, size_t *ret_count)
{
	size_t count, n = COUNT(builtin_roles);
	SqlRoleList *row;

	TRY(sql_role_list(cx, &row, &count));
	*ret = NEW_ARRAY(cx->mem, Role, n + count);
	for (size_t i = 0; i < n; i++)
		(*ret)[i] = (Role){ .name = builtin_roles[i].name,
			.title = builtin_roles[i].title,
			.base = builtin_roles[i].name,
			.builtin = true };
	for (size_t i = 0; i < count; i++)
		(*ret)[n + i] = (Role){ .name = row[i].name,
			.title = row[i].title,
			.base = row[i].base,
			.members = row[i].members };
	*ret_count = n + count;
	return OK;
}

static Err note(Ctx *cx, const char *action, const char *role, const char *perm, const char *before,
	const char *after)
{
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_text(&diff, "role", NULL, role);
	if (perm)
		diff_text(&diff, perm, before, after);
	TRY(audit_add_change(
		cx, &(Change){ .action = action, .subject = "role", .diff = diff_done(&diff) }));
	return company_touch_auth(cx);
}

/* What perm needs is given with it; what needs perm is taken with it. */
static Err set_with_it(Ctx *cx, const char *role, const Perm *perm, bool held)
{
	if (held)
		return perm->needs ? role_set_perm(cx, role, perm->needs, true) : OK;
	for (size_t i = 0; i < all_perms_count; i++)
		if (all_perms[i].needs && !strcmp(all_perms[i].needs, perm->name))
			TRY(role_set_perm(cx, role, all_perms[i].name, false));
	return OK;
}

Err role_set_perm(Ctx *cx, const char *role, const char *perm, bool held)
{
	int bit = perms_index(perm);
	RolePerms before;
	int64_t rows;
	Role found;

	if (bit < 0)
		return err_set(cx, ERR_NOT_FOUND, "no such permission");
	if (strcmp(role, "owner") == 0)
		return err_tell(cx, ERR_FORBIDDEN, "A Direção sempre tem todas as permissões.",
			"the owner's permissions are not to be changed");
	TRY(role_get(cx, role, &found));
	TRY(perms_load(cx, role, &before));
	if (perms_has(before.bits, bit) == held)
		return OK;
	TRY(set_with_it(cx, role, perms_at((size_t)bit), held));
	if (held == perms_default(perms_at((size_t)bit), found.base))
		TRY(sql_role_perm_clear(cx, role, perm, &rows));
	else
		TRY(sql_role_perm_set(cx, role, perm, held, &rows));
	return note(
		cx, "account.role_perm", role, perm, held ? "não" : "sim", held ? "sim" : "não");
}

Err role_reset(Ctx *cx, const char *role)
{
	int64_t rows;
	Role found;

	TRY(role_get(cx, role, &found));
	TRY(sql_role_perm_clear(cx, role, /* perm= */ NULL, &rows));
	return rows ? note(cx, "account.role_reset", role, NULL, NULL, NULL) : OK;
}

Err role_create(Ctx *cx, const char *title, const char *base, const char **ret_name)
{
	unsigned char bytes[6];
	SqlRoleAdd row;
	bool added;
	char *name;

	if (!role_builtin_title(base) || strcmp(base, "owner") == 0)
		return err_field(cx, "base", "Escolha de qual perfil ele parte.");
	for (size_t i = 0; i < COUNT(builtin_roles); i++)
		if (strcmp(str_fold(cx->mem, title), str_fold(cx->mem, builtin_roles[i].title)) ==
			0)
			return err_field(cx, "title", "Já existe um perfil com esse nome.");
	crypto_random(bytes, sizeof bytes);
	name = arena_printf(cx->mem, "own_%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2],
		bytes[3], bytes[4], bytes[5]);
	TRY(sql_role_add(cx, name, title, base, &row, &added));
	if (!added)
		return err_field(cx, "title", "Já existe um perfil com esse nome.");
	*ret_name = name;
	return note(cx, "account.role_create", title, NULL, NULL, NULL);
}

Err role_delete(Ctx *cx, const char *name)
{
	int64_t rows;
	Role found;

	TRY(role_get(cx, name, &found));
	if (found.builtin)
		return err_set(cx, ERR_FORBIDDEN, "a built-in role stays");
	TRY(sql_role_remove(cx, name, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT,
			"Há pessoas ou convites com esse perfil. Mude o perfil delas antes.",
			"role is in use");
	TRY(sql_role_perm_clear(cx, name, /* perm= */ NULL, &rows));
	return note(cx, "account.role_delete", found.title, NULL, NULL, NULL);
}
