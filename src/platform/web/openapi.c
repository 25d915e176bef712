/* The document, written from the routes of the API. Parts of one shape stand here as they come out,
 * with ' for ". */
#include "platform/web/openapi.h"

#include "platform/web/openapi_schema.h"
#include "platform/web/response.h"

typedef struct Doc {
	Json *j;
	Arena *mem;
	ApiRoutes all;
} Doc;

static void put(const Doc *d, const char *key, const char *format, ...) PRINTF(3, 4);

/* JSON with ' for ": only for texts of ours, which need no escaping. */
static void put(const Doc *d, const char *key, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(d->mem, format, args);
	va_end(args);
	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	json_put_raw(d->j, key, text);
}

/* ---- what an operation takes ---- */

static void put_path_parameters(const Doc *d, const Route *route)
{
	Str rest = str_of(route->path + 1), segment;

	while (str_cut(&rest, '/', &segment)) {
		bool id = segment.len >= 3 && !memcmp(segment.ptr + segment.len - 2, "id", 2);

		if (segment.ptr[0] == ':')
			put(d, NULL, "{'name':'%.*s','in':'path','required':true,'schema':%s}",
				(int)segment.len - 1, segment.ptr + 1,
				id ? "{'type':'integer','format':'int64','minimum':1}"
				   : "{'type':'string'}");
	}
}

static void put_query_parameter(Json *j, const Field *field)
{
	Field shown = *field;

	json_put_object(j, NULL);
	json_put_text(j, "name", field->name);
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

static void put_parameters(const Doc *d, const Route *route)
{
	static const Field after = { .name = "after",
		.title = "Cursor: o next da página anterior",
		.type = FIELD_TEXT,
		.max = 200 };
	/* beside a file there is no other body */
	bool query = route->method == GET || route->body == BODY_FILE;

	json_put_array(d->j, "parameters");
	put_path_parameters(d, route);
	for (size_t i = 0; query && i < route->in_count; i++)
		put_query_parameter(d->j, &route->in[i]);
	if (route->out_list && !has_field(route, "after"))
		put_query_parameter(d->j, &after);
	if (route->method == POST)
		put(d, NULL, "{'$ref':'#/components/parameters/IdempotencyKey'}");
	if (route->method == PUT || route->method == PATCH)
		put(d, NULL, "{'$ref':'#/components/parameters/IfMatch'}");
	json_close(d->j);
}

static void put_body(const Doc *d, const Route *route)
{
	if (route->body == BODY_FILE)
		put(d, "requestBody",
			"{'required':true,'content':{'application/octet-stream':"
			"{'schema':{'type':'string','format':'binary'}}}}");
	else if (openapi_table(route, true))
		put(d, "requestBody",
			"{'required':true,'content':{'application/json':"
			"{'schema':{'$ref':'#/components/schemas/%s%s'}}}}",
			openapi_schema(d->mem, d->all, route->in, true),
			route->method == PATCH ? "Patch" : "");
}

/* ---- what it answers ---- */

static void put_success(const Doc *d, const Route *route)
{
	int status = openapi_status(route);
	const char *key = arena_printf(d->mem, "%d", status), *name;

	if (!route->out) {
		put(d, key, "{'description':'%s'}", status == 204 ? "Feito" : "O que foi pedido");
		return;
	}
	name = openapi_schema(d->mem, d->all, route->out, false);
	json_put_object(d->j, key);
	json_put_text(d->j, "description", status == 201 ? "Criado" : "O que foi pedido");
	if (route->out_list)
		put(d, "content",
			"{'application/json':{'schema':{'type':'object','required':['data','next'],"
			"'properties':{'data':{'type':'array','items':"
			"{'$ref':'#/components/schemas/%s'}},'next':{'type':['string','null'],"
			"'description':'Envie como after para a página seguinte; null: acabou.'}}}}"
			"}",
			name);
	else
		put(d, "content",
			"{'application/json':{'schema':{'$ref':'#/components/schemas/%s'}}}", name);
	json_close(d->j);
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

static void put_responses(const Doc *d, const Route *route)
{
	json_put_object(d->j, "responses");
	put_success(d, route);
	for (size_t i = 0; i < COUNT(problems); i++)
		if (may_answer(route, problems[i].err))
			put(d, problems[i].status, "{'$ref':'#/components/responses/%s'}",
				problems[i].name);
	put(d, "default", "{'$ref':'#/components/responses/Problem'}");
	json_close(d->j);
}

/* ---- operations ---- */

static void put_operation(const Doc *d, const RouteEntry *entry)
{
	const Route *route = entry->route;
	Json *j = d->j;

	json_put_object(j, openapi_method(route));
	json_put_text(j, "operationId", openapi_operation_id(d->mem, route));
	json_put_text(j, "summary", route->summary);
	json_put_text(j, "description",
		entry->perm_bit >= 0 ? arena_printf(d->mem, "Permissão: %s.", route->perm)
		: entry->perm_bit == PERM_BIT_ANYONE ? "Sem chave."
						     : "Qualquer chave da clínica.");
	if (entry->perm_bit == PERM_BIT_ANYONE)
		put(d, "security", "[]");
	put(d, "tags", "['%s']", openapi_tag(d->mem, route));
	put_parameters(d, route);
	put_body(d, route);
	put_responses(d, route);
	json_close(j);
}

static bool is_first(const Doc *d, size_t number, const char *(*name)(Arena *, const Route *))
{
	const char *mine = name(d->mem, d->all.v[number]->route);

	for (size_t i = 0; i < number; i++)
		if (!strcmp(name(d->mem, d->all.v[i]->route), mine))
			return false;
	return true;
}

static void put_tags(const Doc *d)
{
	json_put_array(d->j, "tags");
	for (size_t i = 0; i < d->all.count; i++) {
		const char *tag = openapi_tag(d->mem, d->all.v[i]->route);

		if (is_first(d, i, openapi_tag))
			put(d, NULL, "{'name':'%s','description':'Tudo em /api/v1/%s.'}", tag, tag);
	}
	json_close(d->j);
}

static void put_paths(const Doc *d)
{
	json_put_object(d->j, "paths");
	for (size_t i = 0; i < d->all.count; i++) {
		const Route *route = d->all.v[i]->route;

		if (!is_first(d, i, openapi_path))
			continue;
		json_put_object(d->j, openapi_path(d->mem, route));
		for (size_t k = i; k < d->all.count; k++)
			if (!strcmp(d->all.v[k]->route->path, route->path))
				put_operation(d, d->all.v[k]);
		json_close(d->j);
	}
	json_close(d->j);
}

/* ---- schemas ---- */

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

/* Is the table the body of a PATCH, or of anything else? */
static bool is_used_by(const Doc *d, const Field *table, bool patch)
{
	for (size_t i = 0; i < d->all.count; i++) {
		const Route *route = d->all.v[i]->route;

		if (openapi_table(route, true) == table && (route->method == PATCH) == patch)
			return true;
	}
	return false;
}

/* A PATCH needs one of its own, where nothing is required. */
static void put_schemas(const Doc *d)
{
	for (size_t i = 0; i < d->all.count; i++) {
		const Route *route = d->all.v[i]->route;

		if (openapi_names(d->all, i, true)) {
			const char *name = openapi_schema(d->mem, d->all, route->in, true);

			if (is_used_by(d, route->in, false))
				put_in_schema(d->j, name, route, false);
			if (is_used_by(d, route->in, true))
				put_in_schema(
					d->j, arena_printf(d->mem, "%sPatch", name), route, true);
		}
		if (openapi_names(d->all, i, false)) {
			json_put_object(d->j, openapi_schema(d->mem, d->all, route->out, false));
			schema_of_row(d->j, route->out, route->out_count);
			json_close(d->j);
		}
	}
}

/* ---- the document ---- */

static void put_problem(const Doc *d, const char *name, const char *description, bool retry)
{
	put(d, name,
		"{'description':'%s',%s'content':{'application/problem+json':"
		"{'schema':{'$ref':'#/components/schemas/Problem'}}}}",
		description,
		retry ? "'headers':{'Retry-After':{'description':'Segundos de espera',"
			"'schema':{'type':'integer'}}},"
		      : "");
}

static void put_problems(const Doc *d)
{
	json_put_object(d->j, "responses");
	for (size_t i = 0; i < COUNT(problems); i++) {
		bool some = false;

		for (size_t k = 0; k < d->all.count; k++)
			some |= may_answer(d->all.v[k]->route, problems[i].err);
		if (some)
			put_problem(d, problems[i].name, err_sentence(problems[i].err),
				problems[i].err == ERR_TOO_MANY);
	}
	put_problem(d, "Problem", "Outro erro, sempre neste formato.", true);
	json_close(d->j);
}

static void put_components(const Doc *d)
{
	json_put_object(d->j, "components");
	put(d, "securitySchemes",
		"{'key':{'type':'http','scheme':'bearer',"
		"'description':'Chave de API, criada em Configurações, ou token de acesso.'}}");
	put(d, "parameters",
		"{'IdempotencyKey':{'name':'Idempotency-Key','in':'header',"
		"'description':'O mesmo pedido enviado de novo com a mesma chave, em 24 horas, "
		"recebe a mesma resposta e nada é feito duas vezes.',"
		"'schema':{'type':'string','minLength':1,'maxLength':200}},"
		"'IfMatch':{'name':'If-Match','in':'header',"
		"'description':'ETag da leitura; se o registro mudou desde então, a resposta é "
		"412.',"
		"'schema':{'type':'string'}}}");
	put_problems(d);
	json_put_object(d->j, "schemas");
	put(d, "Problem",
		"{'type':'object','description':'RFC 9457','required':['type','title','status'],"
		"'properties':{'type':{'type':'string','format':'uri-reference'},"
		"'title':{'type':'string'},'status':{'type':'integer'},"
		"'detail':{'type':'string'},'request_id':{'type':'string'},"
		"'errors':{'type':'array','items':{'type':'object','required':['field','detail'],"
		"'properties':{'field':{'type':'string'},'detail':{'type':'string'}}}}}}");
	put_schemas(d);
	json_close(d->j);
	json_close(d->j);
}

static void put_info(const Doc *d)
{
	json_put_object(d->j, "info");
	json_put_text(d->j, "title", "Siso");
	json_put_text(d->j, "version", "1");
	json_put_text(d->j, "description",
		"API do Siso para sistemas da clínica. Datas e horas em UTC, dinheiro em centavos, "
		"telefones em E.164. Listas vêm em páginas: {\"data\": […], \"next\": …}. Limites "
		"em RateLimit-*; erros em application/problem+json.");
	put(d, "license",
		"{'name':'Uso conforme o contrato da clínica','identifier':'LicenseRef-Siso'}");
	json_close(d->j);
}

Err openapi_document(Req *q)
{
	Doc d = { &q->json, q->cx->mem, openapi_routes(q->cx->mem) };

	json_put_object(d.j, NULL);
	json_put_text(d.j, "openapi", "3.1.0");
	put_info(&d);
	put(&d, "servers", "[{'url':'/'}]");
	put(&d, "security", "[{'key':[]}]");
	put_tags(&d);
	put_paths(&d);
	put_components(&d);
	return send_json(q, 200);
}
