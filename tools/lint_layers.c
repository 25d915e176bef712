/* The layer law: includes point down, and never lead back to where they came from. */
#include "lint.h"

/* "src/modules/crm/x.c" -> "modules", "crm" */
static void cut_place(const char *path, Str *ret_layer, Str *ret_folder)
{
	Str rest = str_of(path);

	*ret_layer = *ret_folder = (Str){ "", 0 };
	if (str_cut(&rest, '/', ret_layer) && rest.ptr && str_cut(&rest, '/', ret_folder) &&
		!rest.ptr)
		*ret_folder = (Str){ "", 0 };
}

static int rank(Str layer)
{
	static const char *const layers[] = { "core", "platform", "modules" };

	for (size_t i = 0; i < COUNT(layers); i++)
		if (str_is(layer, layers[i]))
			return (int)i;
	return COUNT(layers); /* app, program, main.c: above all modules */
}

/* "modules/crm/crm.h": the one header of a module that others may see. */
static bool is_public_header(Str name, Str folder)
{
	Str file = { folder.ptr + folder.len + 1,
		name.len - (size_t)(folder.ptr + folder.len + 1 - name.ptr) };

	return file.len == folder.len + 2 && !memcmp(file.ptr, folder.ptr, folder.len) &&
	       !memcmp(file.ptr + folder.len, ".h", 2);
}

/* "modules/crm", "platform/db"; "core", "app", "main.c" of what has no folders. */
static const char *room_of(Lint *l, Str layer, Str folder)
{
	return arena_printf(l->mem, "%.*s%s%.*s", (int)layer.len, layer.ptr, folder.len ? "/" : "",
		(int)folder.len, folder.ptr);
}

/* Remember that a room knows a neighbour, and where it was first said. */
static void note_arrow(Lint *l, const char *path, int line, const char *from, const char *to)
{
	for (size_t i = 0; i < l->arrow_count; i++)
		if (!strcmp(l->arrow[i].from, from) && !strcmp(l->arrow[i].to, to))
			return;
	if (l->arrow_count == LINT_LISTS_MAX)
		lint_error(l, path, line, "circle", "more rooms than lint can hold");
	else
		l->arrow[l->arrow_count++] = (LintArrow){ from, to, arena_dup(l->mem, path), line };
}

/* Along arrows not walked yet from one room to another, as "a → b → c"; NULL: no way. */
static const char *find_way(Lint *l, bool *walked, const char *from, const char *to)
{
	if (!strcmp(from, to))
		return to;
	for (size_t i = 0; i < l->arrow_count; i++) {
		const char *rest;

		if (walked[i] || strcmp(l->arrow[i].from, from) != 0)
			continue;
		walked[i] = true;
		rest = find_way(l, walked, l->arrow[i].to, to);
		if (rest)
			return arena_printf(l->mem, "%s → %s", from, rest);
	}
	return NULL;
}

void lint_check_circles(Lint *l)
{
	for (size_t i = 0; i < l->arrow_count; i++) {
		const LintArrow *arrow = &l->arrow[i];
		bool walked[LINT_LISTS_MAX] = { false };
		const char *back = find_way(l, walked, arrow->to, arrow->from);

		if (back)
			lint_error(l, arrow->path, arrow->line, "circle", "%s → %s", arrow->from,
				back);
	}
}

/* Of another module only its public header, and no way back from any room. */
static void check_neighbour(Lint *l, const char *path, int line, const char *included)
{
	Str layer, folder, its_layer, its_folder;
	const char *room, *its_room;

	cut_place(path + strlen("src/"), &layer, &folder);
	cut_place(included, &its_layer, &its_folder);
	room = room_of(l, layer, folder);
	its_room = room_of(l, its_layer, its_folder);
	if (!strcmp(room, its_room))
		return;
	if (str_is(its_layer, "modules") && its_folder.len &&
		!is_public_header(str_of(included), its_folder))
		lint_error(l, path, line, "layer",
			"\"%s\": others see of the module only \"modules/%.*s/%.*s.h\"", included,
			(int)its_folder.len, its_folder.ptr, (int)its_folder.len, its_folder.ptr);
	else if (rank(its_layer) == rank(layer))
		note_arrow(l, path, line, room, its_room);
}

void lint_include(Lint *l, const char *path, int line, Str name)
{
	const char *included = arena_copy(l->mem, name.ptr, name.len);
	bool in_src = str_starts(path, "src/");
	Str layer, folder, its_layer, its_folder;

	if (!in_src || str_ends(included, ".def"))
		return;
	if (!memchr(name.ptr, '/', name.len)) {
		if (!lint_is_test(path))
			lint_error(l, path, line, "include",
				"\"%s\": write the full path from src/", included);
		return;
	}
	cut_place(path + 4, &layer, &folder);
	cut_place(included, &its_layer, &its_folder);
	if (strstr(included, "../"))
		lint_error(l, path, line, "include", "\"%s\": write the full path from src/",
			included);
	else if (rank(its_layer) > rank(layer))
		lint_error(l, path, line, "layer", "\"%s\" climbs: %.*s may not know %.*s",
			included, (int)layer.len, layer.ptr, (int)its_layer.len, its_layer.ptr);
	else
		check_neighbour(l, path, line, included);
}
