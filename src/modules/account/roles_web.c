/* roles_web: Perfis e permissões (the matrix) and the API keys, whose scopes are permissions. */
#include "core/clock.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_view.h"
#include "platform/db/db.h"

/* "crm.write" → "CRM": the title of the module that the permission's name begins with. */
static const char *group_of(Arena *mem, const char *perm)
{
	size_t size = strcspn(perm, ".");

	for (size_t i = 0; i < module_count; i++)
		if (strlen(modules[i]->name) == size && strncmp(modules[i]->name, perm, size) == 0)
			return modules[i]->title;
	return arena_copy(mem, perm, size);
}

static const char *group_when_new(Arena *mem, size_t i)
{
	const char *group = group_of(mem, perms_at(i)->name);

	return i && str_same(group, group_of(mem, perms_at(i - 1)->name)) ? NULL : group;
}

/* ---- the matrix ---- */

/* Is any cell of the role not as its base declares? */
static bool differs(const Role *role, const RolePerms *perms)
{
	for (size_t i = 0; i < perms_count(); i++)
		if (perms_has(perms->bits, (int)i) != perms_default(perms_at(i), role->base))
			return true;
	return false;
}

static Err load_matrix(Req *q, Role *role, RolesView *view)
{
	Arena *mem = q->cx->mem;
	MatrixRow *row = NEW_ARRAY(mem, MatrixRow, perms_count() + 1);
	RolePerms *perms = NEW_ARRAY(mem, RolePerms, view->role_count + 1);

	for (size_t r = 0; r < view->role_count; r++) {
		TRY(perms_load(q->cx, role[r].name, &perms[r]));
		role[r].changed = differs(&role[r], &perms[r]);
	}
	for (size_t i = 0; i < perms_count(); i++) {
		bool *held = NEW_ARRAY(mem, bool, view->role_count + 1);

		for (size_t r = 0; r < view->role_count; r++)
			held[r] = perms_has(perms[r].bits, (int)i);
		row[i] = (MatrixRow){ group_when_new(mem, i), perms_at(i)->name, perms_at(i)->title,
			held };
	}
	view->row = row;
	view->row_count = perms_count();
	return OK;
}

static Err show(Req *q, int status)
{
	RolesView view = { .q = q };
	UiOption *base;
	Role *role;

	TRY(role_list_all(q->cx, &role, &view.role_count));
	view.role = role;
	base = NEW_ARRAY(q->cx->mem, UiOption, view.role_count);
	for (size_t i = 0; i < view.role_count; i++)
		if (role[i].builtin && strcmp(role[i].name, "owner") != 0)
			base[view.base_count++] =
				(UiOption){ .value = role[i].name, .label = role[i].title };
	view.base = base;
	TRY(load_matrix(q, role, &view));
	account_roles_page(&q->html, &view);
	return send_html(q, status);
}

Err roles_page(Req *q)
{
	return show(q, 200);
}

typedef struct CellForm {
	const char *role, *perm;
	bool held;
} CellForm;

static const Field cell_fields[] = {
	FIELD(CellForm, role, FIELD_TEXT, "Perfil", 1, 30, true),
	FIELD(CellForm, perm, FIELD_TEXT, "Permissão", 3, 60, true),
	FIELD(CellForm, held, FIELD_BOOL, "Permitir", 0, 0, false),
};

enum { ALSO_NAMED = 3 }; /* of those that changed with it */

static void put_cell(
	Req *q, const char *role, const char *title, const Perm *perm, bool held, bool beside)
{
	account_role_cell(&q->html, role, perm->name,
		arena_printf(q->cx->mem, "%s: %s", title, perm->title), held, beside);
}

/* The cells that changed with the one that was pressed, and a toast that names them. */
static void put_changed(Req *q, const CellForm *in, const RolePerms *before, const RolePerms *after)
{
	const char *also = "";
	int count = 0;

	for (size_t i = 0; i < perms_count(); i++) {
		const Perm *perm = perms_at(i);
		bool held = perms_has(after->bits, (int)i);

		if (held == perms_has(before->bits, (int)i) || !strcmp(perm->name, in->perm))
			continue;
		put_cell(q, in->role, after->title, perm, held, true);
		if (++count <= ALSO_NAMED)
			also = arena_printf(
				q->cx->mem, "%s%s%s", also, *also ? "; " : "", perm->title);
	}
	if (count > ALSO_NAMED)
		also = arena_printf(q->cx->mem, "%s e mais %d", also, count - ALSO_NAMED);
	if (count)
		answer_toast(q,
			arena_printf(q->cx->mem, "%s: %s",
				in->held ? "Liberamos junto, porque esta depende"
					 : "Retiramos junto, porque dependem desta",
				also),
			NULL);
}

/* POST /settings/roles/set. htmx: 200 with the cell, and those that changed with it; else 303 back.
 * 403: the owner's column. */
Err roles_set(Req *q)
{
	RolePerms before, after;
	CellForm in;

	if (!form_read(q, cell_fields, COUNT(cell_fields), &in))
		return err_set(q->cx, ERR_BAD_REQUEST, "cell without role or permission");
	TRY(perms_load(q->cx, in.role, &before));
	TRY(role_set_perm(q->cx, in.role, in.perm, in.held));
	if (!q->htmx)
		return redirect(q, "/settings/roles");
	TRY(perms_load(q->cx, in.role, &after));
	put_cell(q, in.role, after.title, perms_at((size_t)perms_index(in.perm)), in.held, false);
	put_changed(q, &in, &before, &after);
	return send_html(q, 200);
}

static const char *sent_role(Req *q)
{
	const char *role = form_value(&q->form, "role");

	return role ? role : "";
}

Err roles_reset(Req *q)
{
	TRY(role_reset(q->cx, sent_role(q)));
	answer_toast(q, "Permissões de fábrica de volta", NULL);
	return redirect(q, "/settings/roles");
}

Err roles_delete(Req *q)
{
	TRY(role_delete(q->cx, sent_role(q)));
	answer_toast(q, "Perfil excluído", NULL);
	return redirect(q, "/settings/roles");
}

typedef struct RoleForm {
	const char *title, *base;
} RoleForm;

static const Field role_fields[] = {
	FIELD(RoleForm, title, FIELD_TEXT, "Nome do perfil", 1, 40, true),
	FIELD(RoleForm, base, FIELD_TEXT, "Começar de", 1, 30, true),
};

/* POST /settings/roles. 303 back; 422 with the form. */
Err roles_create(Req *q)
{
	const char *name;
	RoleForm in;
	Err err = ERR_INVALID;

	if (form_read(q, role_fields, COUNT(role_fields), &in))
		err = role_create(q->cx, in.title, in.base, &name);
	if (err == ERR_INVALID)
		return show(q, 422);
	TRY(err);
	answer_toast(q, "Perfil criado", NULL);
	return redirect(q, "/settings/roles");
}

/* ---- API keys ---- */

typedef struct KeyForm {
	const char *name;
	int32_t expires;
	Strs scopes;
} KeyForm;

const Field key_fields[] = {
	FIELD(KeyForm, name, FIELD_TEXT, "Nome", 1, 60, true),
	FIELD(KeyForm, expires, FIELD_DATE, "Vale até", 0, 0, false),
	FIELD(KeyForm, scopes, FIELD_TEXTS, "Permissões", 0, 200, false),
};

static bool is_ticked(const Form *form, const char *scope)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->pair[i].name, "scopes") == 0 &&
			strcmp(form->pair[i].value, scope) == 0)
			return true;
	return false;
}

/* Only what the maker holds may be given to a key. */
static void load_scopes(Req *q, KeysView *view)
{
	ScopeRow *scope = NEW_ARRAY(q->cx->mem, ScopeRow, perms_count() + 1);
	const char *shown = NULL;

	for (size_t i = 0; i < perms_count(); i++) {
		const char *group = group_of(q->cx->mem, perms_at(i)->name);

		if (!perms_has(q->cx->perms, (int)i))
			continue;
		scope[view->scope_count++] =
			(ScopeRow){ str_same(group, shown) ? NULL : group, perms_at(i)->name,
				perms_at(i)->title, is_ticked(&q->form, perms_at(i)->name) };
		shown = group;
	}
	view->scope = scope;
}

static Err load_keys(Req *q, KeysView *view)
{
	SqlApiKeyList *row;
	KeyRow *key;

	TRY(sql_api_key_list(q->cx, &row, &view->key_count));
	key = NEW_ARRAY(q->cx->mem, KeyRow, view->key_count + 1);
	for (size_t i = 0; i < view->key_count; i++) {
		Buf scopes;

		buf_init(&scopes, q->cx->mem, 16 << 10);
		for (size_t s = 0; s < row[i].scopes.count; s++)
			buf_printf(&scopes, "%s%s", s ? ", " : "", row[i].scopes.v[s]);
		key[i] = (KeyRow){ .id = row[i].id,
			.name = row[i].name,
			.prefix = row[i].prefix,
			.scopes = arena_dup(q->cx->mem, buf_text(&scopes)),
			.maker = row[i].created_by_name,
			.created_at = row[i].created_at,
			.expires_at = row[i].expires_at,
			.last_used_at = row[i].last_used_at,
			.revoked = row[i].revoked,
			.expired = !row[i].expires_at_null && row[i].expires_at <= q->cx->now };
	}
	view->key = key;
	return OK;
}

static Err show_keys(Req *q, int status, const char *made)
{
	KeysView view = { .q = q, .made = made };

	if (made)
		q->form = (Form){ 0 };
	load_scopes(q, &view);
	TRY(load_keys(q, &view));
	answer_header(q, "Cache-Control", "no-store");
	account_keys_page(&q->html, &view);
	return send_html(q, status);
}

Err keys_page(Req *q)
{
	return show_keys(q, 200, NULL);
}

/* POST /settings/api-keys. 200 with the key, shown once; 422 with the form; 403. */
Err keys_create(Req *q)
{
	const char *text;
	int64_t end = 0;
	KeyForm in;
	Err err = ERR_INVALID;

	if (form_read(q, key_fields, COUNT(key_fields), &in)) {
		if (in.expires != DATE_NONE) { /* the whole day counts */
			Clock clock = { .hour = 23, .minute = 59, .second = 59 };

			date_split(in.expires, &clock.year, &clock.month, &clock.day);
			end = time_of_clock(&clock, q->cx->zone);
		}
		err = key_create(q->cx, in.name, in.scopes, end, &text);
	}
	if (err == ERR_INVALID)
		return show_keys(q, 422, NULL);
	TRY(err);
	return show_keys(q, 200, text);
}

Err keys_revoke(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(key_revoke(q->cx, id));
	answer_toast(q, "Chave revogada", NULL);
	return redirect(q, "/settings/api-keys");
}
