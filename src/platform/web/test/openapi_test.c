/* The document of the API says what the routes' rows say. */
#include "fake_site.h"
#include "test.h"

static json_t *at(json_t *node, const char *path)
{
	char *copy = strdup(path), *rest = copy;

	/* Keys are separated by a space: they contain slashes and dots. */
	for (char *key; node && (key = strsep(&rest, " "));)
		node = json_is_array(node) ? json_array_get(node, (size_t)strtol(key, NULL, 10))
					   : json_object_get(node, key);
	free(copy);
	return node;
}

static void check_text(json_t *document, const char *path, const char *want)
{
	CHECK_TEXT(json_string_value(at(document, path)), want);
}

static json_t *document_of(Ctx *cx)
{
	json_t *document;
	Req *q;

	fake_site_start();
	q = fake_request(cx, GET, "/api/v1/openapi.json");
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(q->response->content_type, "application/json");
	document = json_loads(fake_body(q), JSON_REJECT_DUPLICATES, NULL);
	CHECK(document);
	return document;
}

TEST(the_document_describes_each_api_route)
{
	json_t *d = document_of(cx);

	check_text(d, "openapi", "3.1.0");
	check_text(d, "paths /api/v1/things post operationId", "postThings");
	check_text(d, "paths /api/v1/things post summary", "Cria uma coisa");
	check_text(d, "paths /api/v1/things/{id} get operationId", "getThingsById");
	check_text(d, "paths /api/v1/things/{id} get parameters 0 name", "id");
	check_text(d, "paths /api/v1/things/{id} get responses 404 $ref",
		"#/components/responses/NotFound");
	check_text(d,
		"paths /api/v1/things get responses 200 content application/json schema "
		"properties data items $ref",
		"#/components/schemas/Things");
	check_text(d, "paths /api/v1/things get parameters 0 name", "after");
	check_text(d, "paths /api/v1/things post parameters 0 $ref",
		"#/components/parameters/IdempotencyKey");
	check_text(d,
		"paths /api/v1/things/{id} patch requestBody content application/json schema $ref",
		"#/components/schemas/ThingsInputPatch");
	CHECK(at(d, "paths /api/v1/things/{id} patch responses 204"));
	CHECK(at(d, "paths /api/v1/things/{id} patch responses 409"));
	CHECK(!at(d, "paths /api/v1/things/{id} get responses 409"));
	CHECK(!at(d, "paths /api/v1/things post security"));
	CHECK(at(d, "paths /api/v1/things post responses 201"));
	CHECK(!at(d, "paths /things/{id}"));
	CHECK(!at(d, "paths /api/v1/openapi.json"));
	json_decref(d);
}

TEST(a_table_of_fields_is_its_schema)
{
	json_t *d = document_of(cx);

	check_text(d, "components schemas ThingsInput required 0", "name");
	check_text(d, "components schemas ThingsInput properties name type", "string");
	CHECK_INT(json_integer_value(
			  at(d, "components schemas ThingsInput properties name maxLength")),
		20);
	check_text(d, "components schemas ThingsInput properties size type 0", "integer");
	check_text(d, "components schemas ThingsInput properties size type 1", "null");
	CHECK_INT(
		json_integer_value(at(d, "components schemas ThingsInput properties size maximum")),
		100);
	CHECK(!at(d, "components schemas ThingsInputPatch required"));
	check_text(d, "components schemas Things properties size title", "Tamanho");
	json_decref(d);
}

/* `openapi` prints the document, for a linter that is no part of the build. */
TEST(the_document_can_be_kept)
{
	const char *path = getenv("SISO_OPENAPI_OUT");
	FILE *file = path ? fopen(path, "we") : NULL;
	Req *q;

	fake_site_start();
	q = fake_request(cx, GET, "/api/v1/openapi.json");
	CHECK_INT(fake_answer(q), 200);
	if (!file)
		return;
	CHECK(fwrite(q->response->body, 1, q->response->size, file) == q->response->size);
	fclose(file);
}

TEST(the_reference_is_a_page_that_people_can_read)
{
	const char *page;
	Req *q;

	fake_site_start();
	q = fake_request(cx, GET, "/api/v1/docs");
	CHECK_INT(fake_answer(q), 200);
	page = fake_body(q);
	CHECK(strstr(page, "<code>/api/v1/things/{id}</code>"));
	CHECK(strstr(page, "id=\"getThingsById\""));
	CHECK(strstr(page, "texto, até 20 caracteres"));
	CHECK(strstr(page, "id=\"problem-not-found\""));
	CHECK(strstr(page, "thing.write"));
	CHECK(!strstr(page, "/things/new"));
}
