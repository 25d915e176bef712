/* The document, written from the tree of routes. Names of schemas come from the first path that
 * uses the table of fields: "/api/v1/leads/:id/tasks" gives LeadsTasks and LeadsTasksInput. */
#include "platform/web/openapi.h"

#include "platform/web/openapi_schema.h"
#include "platform/web/response.h"
#include "platform/web/routes.h"

enum { API_PREFIX = 8 /* "/api/v1/" */ };

static const char problem_type[] = "application/problem+json";

bool openapi_has(const RouteEntry *entry)
{
	return entry->route->flags & ROUTE_API && str_starts(entry->route->path, "/api/v1/");
}

/* "leads/:id/tasks" -> "LeadsTasks"; by_id: "LeadsByIdTasks". */
static const char *camel(Arena *mem, const char *path, bool by_name)
{
	bool up = true, skip = false;
	Buf out;

	buf_init(&out, mem, 256);
	for (const char *c = path; *c; c++) {
		if (*c == '/') {
			up = true;
			skip = false;
		} else if (*c == ':') {
			skip = !by_name;
			if (by_name)
				buf_puts(&out, "By");
			up = true;
		} else if (*c == '-' || *c == '_' || *c == '.') {
			up = true;
		} else if (!skip) {
			buf_putc(&out, up && *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
			up = false;
		}
	}
	return buf_text(&out);
}

/* "/api/v1/leads/:id" -> "/api/v1/leads/{id}" */
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

/* ---- names of schemas ---- */

/* The table of fields that a body of this route goes through; parameters of a GET are no schema. */
static const void *in_table(const Route *route)
{
	return route->method == GET ? NULL : route->in;
}

static const void *table_of(const Route *route, bool in)
{
	return in ? in_table(route) : route->out;
}

static const char *first_name(Arena *mem, const Route *route, bool in)
{
	return arena_printf(
		mem, "%s%s", camel(mem, route->path + API_PREFIX, false), in ? "Input" : "");
}

/* The route that gives the table its name: the first described one that uses it. */
static size_t namer_of(const void *table, bool in)
{
	for (size_t i = 0; i < routes_count(); i++)
		if (openapi_has(routes_at(i)) && table_of(routes_at(i)->route, in) == table)
			return i;
	return routes_count();
}

static bool names_schema(size_t number, bool in)
{
	const void *table = table_of(routes_at(number)->route, in);

	return table && namer_of(table, in) == number;
}

/* Two tables on one path ("/leads" and "/leads/:id") are Leads and Leads2. */
static const char *schema_name(Arena *mem, const void *table, bool in)
{
	size_t number = namer_of(table, in), same = 1;
	const char *name = first_name(mem, routes_at(number)->route, in);

	for (size_t i = 0; i < number; i++)
		if (names_schema(i, in) && !strcmp(first_name(mem, routes_at(i)->route, in), name))
			same++;
	return same == 1 ? name : arena_printf(mem, "%s%zu", name, same);
}

/* ---- parts ---- */

static void put_ref(Json *j, const char *kind, const char *name)
{
	char ref[256];

	snprintf(ref, sizeof(ref), "#/components/%s/%s", kind, name);
	json_put_text(j, "$ref", ref);
}

static void put_content(Json *j, const char *type)
{
	json_put_object(j, "content");
	json_put_object(j, type);
	json_put_object(j, "schema");
}

static void close_content(Json *j)
{
	json_close(j);
	json_close(j);
	json_close(j);
}

/* ---- operations ---- */

static void put_path_parameters(Json *j, Arena *mem, const Route *route)
{
	Str rest = str_of(route->path + 1), segment;

	while (str_cut(&rest, '/', &segment)) {
		bool id;

		if (!segment.len || segment.ptr[0] != ':')
			continue;
		id = segment.len >= 3 && !memcmp(segment.ptr + segment.len - 2, "id", 2);
		json_put_object(j, NULL);
		json_put_text(j, "name", arena_copy(mem, segment.ptr + 1, segment.len - 1));
		json_put_text(j, "in", "path");
		json_put_bool(j, "required", true);
		json_put_object(j, "schema");
		json_put_text(j, "type", id ? "integer" : "string");
		if (id) {
			json_put_text(j, "format", "int64");
			json_put_int(j, "minimum", 1);
		}
		json_close(j);
		json_close(j);
	}
}

static void put_query_parameter(Json *j, const char *name, const Field *field)
{
	Field shown = *field;

	json_put_object(j, NULL);
	json_put_text(j, "name", name);
	json_put_text(j, "in", "query");
	json_put_text(j, "description", field->title);
	if (field_is_required(field))
		json_put_bool(j, "required", true);
	shown.required = true; /* a parameter is left out, not null */
	json_put_object(j, "schema");
	schema_of_field(j, &shown);
	json_close(j);
	json_close(j);
}

static bool has_field(const Route *route, const char *name)
{
	for (size_t i = 0; i < route->in_count; i++)
		if (!strcmp(route->in[i].name, name))
			return true;
	return false;
}

static void put_parameters(Json *j, Arena *mem, const Route *route)
{
	static const Field after = { .name = "after",
		.title = "Cursor: o next da página anterior",
		.type = FIELD_TEXT,
		.max = 200 };

	json_put_array(j, "parameters");
	put_path_parameters(j, mem, route);
	/* beside a file there is no other body */
	for (size_t i = 0;
		(route->method == GET || route->body == BODY_FILE) && i < route->in_count; i++)
		put_query_parameter(j, route->in[i].name, &route->in[i]);
	if (route->out_list && !has_field(route, "after"))
		put_query_parameter(j, "after", &after);
	if (route->method == POST) {
		json_put_object(j, NULL);
		put_ref(j, "parameters", "IdempotencyKey");
		json_close(j);
	}
	if (route->method == PUT || route->method == PATCH) {
		json_put_object(j, NULL);
		put_ref(j, "parameters", "IfMatch");
		json_close(j);
	}
	json_close(j);
}

static void put_file_body(Json *j)
{
	json_put_object(j, "requestBody");
	json_put_bool(j, "required", true);
	put_content(j, "application/octet-stream");
	json_put_text(j, "type", "string");
	json_put_text(j, "format", "binary");
	close_content(j);
	json_close(j);
}

static void put_body(Json *j, Arena *mem, const Route *route)
{
	if (route->body == BODY_FILE) {
		put_file_body(j);
		return;
	}
	if (route->method == GET || !route->in)
		return;
	json_put_object(j, "requestBody");
	json_put_bool(j, "required", true);
	put_content(j, "application/json");
	put_ref(j, "schemas",
		arena_printf(mem, "%s%s", schema_name(mem, route->in, true),
			route->method == PATCH ? "Patch" : ""));
	close_content(j);
	json_close(j);
}

static void put_list_schema(Json *j, const char *name)
{
	json_put_text(j, "type", "object");
	json_put_array(j, "required");
	json_put_text(j, NULL, "data");
	json_put_text(j, NULL, "next");
	json_close(j);
	json_put_object(j, "properties");
	json_put_object(j, "data");
	json_put_text(j, "type", "array");
	json_put_object(j, "items");
	put_ref(j, "schemas", name);
	json_close(j);
	json_close(j);
	json_put_object(j, "next");
	json_put_array(j, "type");
	json_put_text(j, NULL, "string");
	json_put_text(j, NULL, "null");
	json_close(j);
	json_put_text(j, "description", "Envie como after para a página seguinte; null: acabou.");
	json_close(j);
	json_close(j);
}

int openapi_status(const Route *route)
{
	if (route->out_status)
		return route->out_status;
	if (!route->out)
		return 204;
	return route->method == POST && !route->out_list ? 201 : 200;
}

static void put_success(Json *j, Arena *mem, const Route *route)
{
	int status = openapi_status(route);

	json_put_object(j, arena_printf(mem, "%d", status));
	json_put_text(j, "description",
		status == 204   ? "Feito"
		: status == 201 ? "Criado"
				: "O que foi pedido");
	if (route->out) {
		put_content(j, "application/json");
		if (route->out_list)
			put_list_schema(j, schema_name(mem, route->out, false));
		else
			put_ref(j, "schemas", schema_name(mem, route->out, false));
		close_content(j);
	}
	json_close(j);
}

static const struct {
	const char *status, *name;
	Err err;
} problems[] = {
	{ "400", "BadRequest", ERR_BAD_REQUEST },
	{ "401", "SignedOut", ERR_SIGNED_OUT },
	{ "403", "Forbidden", ERR_FORBIDDEN },
	{ "404", "NotFound", ERR_NOT_FOUND },
	{ "409", "Conflict", ERR_CONFLICT },
	{ "412", "Stale", ERR_STALE },
	{ "422", "Invalid", ERR_INVALID },
	{ "429", "TooMany", ERR_TOO_MANY },
};

static bool may_answer(const Route *route, Err err)
{
	switch (err) {
	case ERR_NOT_FOUND:
		return strchr(route->path, ':') != NULL;
	case ERR_CONFLICT:
		return route->method != GET && route->method != DELETE;
	case ERR_STALE:
		return route->method == PUT || route->method == PATCH;
	case ERR_INVALID:
		return route->in != NULL;
	default:
		return true;
	}
}

static bool some_route_answers(Err err)
{
	for (size_t i = 0; i < routes_count(); i++)
		if (openapi_has(routes_at(i)) && may_answer(routes_at(i)->route, err))
			return true;
	return false;
}

static void put_problem(Json *j, const char *status, const char *name)
{
	json_put_object(j, status);
	put_ref(j, "responses", name);
	json_close(j);
}

static void put_responses(Json *j, Arena *mem, const Route *route)
{
	json_put_object(j, "responses");
	put_success(j, mem, route);
	for (size_t i = 0; i < COUNT(problems); i++)
		if (may_answer(route, problems[i].err))
			put_problem(j, problems[i].status, problems[i].name);
	put_problem(j, "default", "Problem");
	json_close(j);
}

const char *openapi_tag(Arena *mem, const Route *route)
{
	const char *from = route->path + API_PREFIX;

	return arena_copy(mem, from, strcspn(from, "/"));
}

static const char *const method_words[METHOD_COUNT] = { "get", "post", "put", "patch", "delete" };

const char *openapi_operation_id(Arena *mem, const Route *route)
{
	return arena_printf(mem, "%s%s", method_words[route->method],
		camel(mem, route->path + API_PREFIX, true));
}

static void put_operation(Json *j, Arena *mem, const RouteEntry *entry)
{
	const Route *route = entry->route;

	json_put_object(j, method_words[route->method]);
	json_put_text(j, "operationId", openapi_operation_id(mem, route));
	json_put_text(j, "summary", route->summary);
	json_put_text(j, "description",
		entry->perm_bit >= 0 ? arena_printf(mem, "Permissão: %s.", route->perm)
		: entry->perm_bit == PERM_BIT_ANYONE ? "Sem chave."
						     : "Qualquer chave da clínica.");
	if (entry->perm_bit == PERM_BIT_ANYONE)
		json_put_raw(j, "security", "[]");
	json_put_array(j, "tags");
	json_put_text(j, NULL, openapi_tag(mem, route));
	json_close(j);
	put_parameters(j, mem, route);
	put_body(j, mem, route);
	put_responses(j, mem, route);
	json_close(j);
}

/* ---- the document ---- */

static bool path_was_before(size_t number)
{
	for (size_t i = 0; i < number; i++)
		if (openapi_has(routes_at(i)) &&
			!strcmp(routes_at(i)->route->path, routes_at(number)->route->path))
			return true;
	return false;
}

static void put_paths(Json *j, Arena *mem)
{
	json_put_object(j, "paths");
	for (size_t i = 0; i < routes_count(); i++) {
		const char *path = routes_at(i)->route->path;

		if (!openapi_has(routes_at(i)) || path_was_before(i))
			continue;
		json_put_object(j, openapi_path(mem, routes_at(i)->route));
		for (size_t k = i; k < routes_count(); k++)
			if (openapi_has(routes_at(k)) && !strcmp(routes_at(k)->route->path, path))
				put_operation(j, mem, routes_at(k));
		json_close(j);
	}
	json_close(j);
}

static bool tag_was_before(Arena *mem, size_t number)
{
	const char *tag = openapi_tag(mem, routes_at(number)->route);

	for (size_t i = 0; i < number; i++)
		if (openapi_has(routes_at(i)) &&
			!strcmp(openapi_tag(mem, routes_at(i)->route), tag))
			return true;
	return false;
}

static void put_tags(Json *j, Arena *mem)
{
	json_put_array(j, "tags");
	for (size_t i = 0; i < routes_count(); i++) {
		if (!openapi_has(routes_at(i)) || tag_was_before(mem, i))
			continue;
		json_put_object(j, NULL);
		json_put_text(j, "name", openapi_tag(mem, routes_at(i)->route));
		json_put_text(j, "description",
			arena_printf(
				mem, "Tudo em /api/v1/%s.", openapi_tag(mem, routes_at(i)->route)));
		json_close(j);
	}
	json_close(j);
}

static void put_in_schema(Json *j, const char *name, const Route *route, bool all_optional)
{
	bool any = false;

	json_put_object(j, name);
	json_put_text(j, "type", "object");
	json_put_bool(j, "additionalProperties", false);
	for (size_t i = 0; i < route->in_count && !all_optional; i++)
		any |= field_is_required(&route->in[i]);
	if (any) {
		json_put_array(j, "required");
		for (size_t i = 0; i < route->in_count; i++)
			if (field_is_required(&route->in[i]))
				json_put_text(j, NULL, route->in[i].name);
		json_close(j);
	}
	json_put_object(j, "properties");
	for (size_t i = 0; i < route->in_count; i++) {
		json_put_object(j, route->in[i].name);
		schema_of_field(j, &route->in[i]);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void put_out_schema(Json *j, const char *name, const Route *route)
{
	json_put_object(j, name);
	schema_of_row(j, route->out, route->out_count);
	json_close(j);
}

/* Which methods use this table for a body: a PATCH needs the schema where nothing is required. */
static bool is_used_by(const Field *table, bool patch)
{
	for (size_t i = 0; i < routes_count(); i++) {
		const Route *route = routes_at(i)->route;

		if (openapi_has(routes_at(i)) && route->in == table && route->method != GET &&
			(route->method == PATCH) == patch)
			return true;
	}
	return false;
}

static void put_schemas(Json *j, Arena *mem)
{
	for (size_t i = 0; i < routes_count(); i++) {
		const Route *route = routes_at(i)->route;

		if (names_schema(i, true)) {
			const char *name = schema_name(mem, route->in, true);

			if (is_used_by(route->in, false))
				put_in_schema(j, name, route, false);
			if (is_used_by(route->in, true))
				put_in_schema(j, arena_printf(mem, "%sPatch", name), route, true);
		}
		if (names_schema(i, false))
			put_out_schema(j, schema_name(mem, route->out, false), route);
	}
}

/* What never changes, as JSON text. */
static const char problem_schema[] =
	"{\"type\":\"object\",\"description\":\"RFC 9457\",\"required\":[\"type\",\"title\","
	"\"status\"],\"properties\":{\"type\":{\"type\":\"string\",\"format\":\"uri-reference\"},"
	"\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":"
	"\"string\"},\"request_id\":{\"type\":\"string\"},\"errors\":{\"type\":\"array\",\"items\":"
	"{\"type\":\"object\",\"required\":[\"field\",\"detail\"],\"properties\":{\"field\":{"
	"\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}}}}";

static const char security_schemes[] =
	"{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"Chave de API, criada "
	"em Configurações, ou token de acesso.\"}}";

static const char parameters[] =
	"{\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"description\":\"O "
	"mesmo pedido enviado de novo com a mesma chave, em 24 horas, recebe a mesma resposta e "
	"nada "
	"é feito duas vezes.\",\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200}},"
	"\"IfMatch\":{\"name\":\"If-Match\",\"in\":\"header\",\"description\":\"ETag da leitura; "
	"se "
	"o registro mudou desde então, a resposta é 412.\",\"schema\":{\"type\":\"string\"}}}";

static void put_problem_response(Json *j, const char *name, const char *description, bool retry)
{
	json_put_object(j, name);
	json_put_text(j, "description", description);
	if (retry)
		json_put_raw(j, "headers",
			"{\"Retry-After\":{\"description\":\"Segundos de espera\",\"schema\":{"
			"\"type\":\"integer\"}}}");
	put_content(j, problem_type);
	put_ref(j, "schemas", "Problem");
	close_content(j);
	json_close(j);
}

static void put_components(Json *j, Arena *mem)
{
	json_put_object(j, "components");
	json_put_raw(j, "securitySchemes", security_schemes);
	json_put_raw(j, "parameters", parameters);
	json_put_object(j, "responses");
	for (size_t i = 0; i < COUNT(problems); i++)
		if (some_route_answers(problems[i].err))
			put_problem_response(j, problems[i].name, err_sentence(problems[i].err),
				problems[i].err == ERR_TOO_MANY);
	put_problem_response(j, "Problem", "Outro erro, sempre neste formato.", true);
	json_close(j);
	json_put_object(j, "schemas");
	json_put_raw(j, "Problem", problem_schema);
	put_schemas(j, mem);
	json_close(j);
	json_close(j);
}

static void put_info(Json *j)
{
	json_put_object(j, "info");
	json_put_text(j, "title", "Siso");
	json_put_text(j, "version", "1");
	json_put_text(j, "description",
		"API do Siso para sistemas da clínica. Datas e horas em UTC, dinheiro em centavos, "
		"telefones em E.164. Listas vêm em páginas: {\"data\": […], \"next\": …}. Limites "
		"em RateLimit-*; erros em application/problem+json.");
	json_put_object(j, "license");
	json_put_text(j, "name", "Uso conforme o contrato da clínica");
	json_put_text(j, "identifier", "LicenseRef-Siso");
	json_close(j);
	json_close(j);
}

Err openapi_document(Req *q)
{
	Json *j = &q->json;
	Arena *mem = q->cx->mem;

	json_put_object(j, NULL);
	json_put_text(j, "openapi", "3.1.0");
	put_info(j);
	json_put_raw(j, "servers", "[{\"url\":\"/\"}]");
	json_put_raw(j, "security", "[{\"key\":[]}]");
	put_tags(j, mem);
	put_paths(j, mem);
	put_components(j, mem);
	return send_json(q, 200);
}
