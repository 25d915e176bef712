/* What routes and their tables of fields are called. A schema has the name of the first path that
 * uses the table: "/api/v1/leads/:id/tasks" gives LeadsTasks and LeadsTasksInput. */
#include "platform/web/openapi.h"

static const char prefix[] = "/api/v1/";

ApiRoutes openapi_routes(Arena *mem)
{
	const RouteEntry **list = NEW_ARRAY(mem, const RouteEntry *, routes_count());
	size_t count = 0;

	for (size_t i = 0; i < routes_count(); i++) {
		const Route *route = routes_at(i)->route;

		if (route->flags & ROUTE_API && str_starts(route->path, prefix))
			list[count++] = routes_at(i);
	}
	return (ApiRoutes){ list, count };
}

/* "/api/v1/leads/:id/tasks" -> "LeadsTasks"; by_name: "LeadsByIdTasks". */
static const char *camel(Arena *mem, const Route *route, bool by_name)
{
	Str rest = str_of(route->path + strlen(prefix)), segment;
	Buf out;

	buf_init(&out, mem, 256);
	while (str_cut(&rest, '/', &segment)) {
		bool name = str_starts(segment.ptr, ":"), up = true;

		if (name && by_name)
			buf_puts(&out, "By");
		for (size_t i = name; i < segment.len && (by_name || !name); i++) {
			char c = segment.ptr[i];
			bool between = c == '-' || c == '_' || c == '.';

			if (!between)
				buf_putc(&out, up && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
			up = between;
		}
	}
	return buf_text(&out);
}

const char *openapi_path(Arena *mem, const Route *route)
{
	Str rest = str_of(route->path + 1), segment;
	Buf out;

	buf_init(&out, mem, 512);
	while (str_cut(&rest, '/', &segment)) {
		bool name = segment.len && segment.ptr[0] == ':';

		buf_printf(&out, name ? "/{%.*s}" : "/%.*s", (int)(segment.len - name),
			segment.ptr + name);
	}
	return buf_text(&out);
}

const char *openapi_tag(Arena *mem, const Route *route)
{
	const char *from = route->path + strlen(prefix);

	return arena_copy(mem, from, strcspn(from, "/"));
}

const char *openapi_method(const Route *route)
{
	static const char *const words[METHOD_COUNT] = { "get", "post", "put", "patch", "delete" };

	return words[route->method];
}

const char *openapi_operation_id(Arena *mem, const Route *route)
{
	return arena_printf(mem, "%s%s", openapi_method(route), camel(mem, route, true));
}

int openapi_status(const Route *route)
{
	if (route->out_status)
		return route->out_status;
	if (!route->out)
		return 204;
	return route->method == POST && !route->out_list ? 201 : 200;
}

/* ---- schemas ---- */

const void *openapi_table(const Route *route, bool in)
{
	if (in)
		return route->method == GET ? NULL : route->in;
	return route->out;
}

static size_t namer_of(ApiRoutes all, const void *table, bool in)
{
	size_t i = 0;

	while (i < all.count && openapi_table(all.v[i]->route, in) != table)
		i++;
	return i;
}

bool openapi_names(ApiRoutes all, size_t number, bool in)
{
	const void *table = openapi_table(all.v[number]->route, in);

	return table && namer_of(all, table, in) == number;
}

/* Two tables on one path ("/leads" and "/leads/:id") are Leads and Leads2. */
const char *openapi_schema(Arena *mem, ApiRoutes all, const void *table, bool in)
{
	size_t number = namer_of(all, table, in), same = 1;
	const char *path = camel(mem, all.v[number]->route, false), *kind = in ? "Input" : "";

	for (size_t i = 0; i < number; i++)
		if (openapi_names(all, i, in) && !strcmp(camel(mem, all.v[i]->route, false), path))
			same++;
	return same == 1 ? arena_printf(mem, "%s%s", path, kind)
			 : arena_printf(mem, "%s%s%zu", path, kind, same);
}
