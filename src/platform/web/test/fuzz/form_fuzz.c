/* Any bytes as a form body and as a JSON body. What is accepted must keep the table's promises. */
#include <jansson.h>

#include "core/clock.h"
#include "platform/web/form.h"
#include "platform/web/form_json.h"

typedef struct All {
	const char *a, *b, *c, *d, *e, *f, *g, *h, *i, *j;
	int64_t k, l, m, n;
	bool o;
	int32_t p;
	Strs q;
	Int64s r;
} All;

static const Field fields[] = {
	FIELD(All, a, FIELD_TEXT, "A", 1, 10, true),
	FIELD(All, b, FIELD_LONG, "B", 0, 20, false),
	FIELD(All, c, FIELD_SECRET, "C", 0, 30, false),
	FIELD(All, d, FIELD_EMAIL, "D", 0, 0, false),
	FIELD(All, e, FIELD_PHONE, "E", 0, 0, false),
	FIELD(All, f, FIELD_CPF, "F", 0, 0, false),
	FIELD(All, g, FIELD_CNPJ, "G", 0, 0, false),
	FIELD(All, h, FIELD_COLOR, "H", 0, 0, false),
	CHOICE_FIELD(All, i, "I", "one two", false),
	FIELD(All, j, FIELD_JSON, "J", 0, 0, false),
	FIELD(All, k, FIELD_INT, "K", -5, 5, false),
	FIELD(All, l, FIELD_MONEY, "L", 0, 0, false),
	FIELD(All, m, FIELD_ID, "M", 0, 0, false),
	FIELD(All, n, FIELD_TIME, "N", 0, 0, false),
	FIELD(All, o, FIELD_BOOL, "O", 0, 0, false),
	FIELD(All, p, FIELD_DATE, "P", 0, 0, false),
	FIELD(All, q, FIELD_TEXTS, "Q", 0, 5, false),
	FIELD(All, r, FIELD_IDS, "R", 0, 0, false),
};

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void check(const All *in)
{
	const char *const texts[] = { in->a, in->b, in->c, in->d, in->e, in->f, in->g, in->h,
		in->i };

	for (size_t i = 0; i < COUNT(texts); i++)
		must(!texts[i] || str_is_clean_utf8(str_of(texts[i])));
	must(in->a && in->a[0] && str_utf8_length(str_of(in->a)) <= 10);
	must(!strpbrk(in->a, "\r\n\t"));
	must(!in->b || (str_utf8_length(str_of(in->b)) <= 20 && !strchr(in->b, '\r')));
	must(!in->e || (in->e[0] == '+' && strlen(in->e) <= 16));
	must(!in->f || strlen(in->f) == 11);
	must(!in->g || strlen(in->g) == 14);
	must(!in->h || strlen(in->h) == 7);
	must(in->k >= -5 && in->k <= 5 && in->m >= 0);
	must(in->q.count <= 5);
	for (size_t i = 0; i < in->q.count; i++)
		must(in->q.v[i][0] && str_is_clean_utf8(str_of(in->q.v[i])));
	for (size_t i = 0; i < in->r.count; i++)
		must(in->r.v[i] > 0);
	if (in->j) {
		json_t *json = json_loads(in->j, 0, NULL);

		must(json_is_object(json) && json_object_size(json) > 0);
		json_decref(json);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem, .zone = "America/Sao_Paulo" };
	json_t *body = json_loadb((const char *)bytes, size, JSON_ALLOW_NUL, NULL);
	Form form;
	All in = { 0 };

	if (form_parse(&cx, (Str){ (const char *)bytes, size }, &form) == OK &&
		form_fill(&cx, &form, fields, COUNT(fields), &in))
		check(&in);
	cx.bad_count = 0;
	in = (All){ 0 };
	if (body && form_fill_json(&cx, body, fields, COUNT(fields), &in))
		check(&in);
	json_decref(body);
	arena_free(mem);
	return 0;
}
