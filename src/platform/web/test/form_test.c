#include "platform/web/form.h"

#include "core/clock.h"
#include "platform/web/form_json.h"
#include "platform/web/form_words.h"
#include "test.h"

typedef struct Sample {
	const char *name, *notes, *password, *email, *phone, *cpf, *cnpj, *color, *kind, *custom;
	int64_t count, price, owner, due;
	bool active;
	int32_t birth;
	Strs tags;
	Int64s stages;
} Sample;

static const Field fields[] = {
	FIELD(Sample, name, FIELD_TEXT, "Nome", 1, 10, true),
	FIELD(Sample, notes, FIELD_LONG, "Observações", 0, 20, false),
	FIELD(Sample, password, FIELD_SECRET, "Senha", 0, 0, false),
	FIELD(Sample, email, FIELD_EMAIL, "E-mail", 0, 0, false),
	FIELD(Sample, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(Sample, cpf, FIELD_CPF, "CPF", 0, 0, false),
	FIELD(Sample, cnpj, FIELD_CNPJ, "CNPJ", 0, 0, false),
	FIELD(Sample, color, FIELD_COLOR, "Cor", 0, 0, false),
	CHOICE_FIELD(Sample, kind, "Tipo", "call visit mail", false),
	FIELD(Sample, custom, FIELD_JSON, "Campos próprios", 0, 0, false),
	FIELD(Sample, count, FIELD_INT, "Quantidade", 1, 1000, false),
	FIELD(Sample, price, FIELD_MONEY, "Valor", 0, 100000000, false),
	FIELD(Sample, owner, FIELD_ID, "Responsável", 0, 0, false),
	FIELD(Sample, due, FIELD_TIME, "Prazo", 0, 0, false),
	FIELD(Sample, active, FIELD_BOOL, "Ativo", 0, 0, false),
	FIELD(Sample, birth, FIELD_DATE, "Data de nascimento", 0, 0, false),
	FIELD(Sample, tags, FIELD_TEXTS, "Etiquetas", 0, 3, false),
	FIELD(Sample, stages, FIELD_IDS, "Etapas", 0, 0, false),
};

static Form parsed(Ctx *cx, const char *body)
{
	Form form = { NULL, 0 };

	CHECK(form_parse(cx, str_of(body), &form) == OK);
	return form;
}

static bool filled(Ctx *cx, const char *body, Sample *in)
{
	Form form = parsed(cx, body);

	*in = (Sample){ 0 };
	cx->bad_count = 0;
	return form_fill(cx, &form, fields, COUNT(fields), in);
}

static bool json_filled(Ctx *cx, const char *body, Sample *in)
{
	json_t *root = json_loads(body, 0, NULL);
	bool good;

	CHECK(root != NULL);
	*in = (Sample){ 0 };
	cx->bad_count = 0;
	good = form_fill_json(cx, root, fields, COUNT(fields), in);
	json_decref(root);
	return good;
}

/* What is said of a field when a good form has this one more pair. */
static const char *said(Ctx *cx, const char *pair, const char *field)
{
	Sample in;
	bool good = filled(cx, arena_printf(cx->mem, "name=Ana&%s", pair), &in);

	CHECK(good == (cx->bad_count == 0));
	return bad_find(cx, field);
}

TEST(a_body_becomes_pairs_in_order)
{
	Form form = parsed(cx, "a=1&b=x+y%20z&a=%C3%A7&empty=&alone&&=noname&c=a%3Db%26c");

	CHECK_INT(form.count, 7);
	CHECK_TEXT(form_value(&form, "a"), "ç");
	CHECK_TEXT(form_value(&form, "b"), "x y z");
	CHECK_TEXT(form_value(&form, "empty"), "");
	CHECK_TEXT(form_value(&form, "alone"), "");
	CHECK_TEXT(form_value(&form, "c"), "a=b&c");
	CHECK(form_value(&form, "missing") == NULL);
	CHECK_INT(form_values(&form, cx->mem, "a").count, 2);
	CHECK_TEXT(form_values(&form, cx->mem, "a").v[0], "1");
	CHECK_INT(parsed(cx, "").count, 0);
}

TEST(broken_bodies_are_refused)
{
	static const char *const bad[] = { "a=%", "a=%4", "a=%zz", "%=1", "a=%00", "a=%FF", "a=%C3",
		"a=%ED%A0%80", "a=%C0%80", "a=%07", "%1B=1", "a=\xFF", "a=%7f" };
	Form form;

	for (size_t i = 0; i < COUNT(bad); i++)
		if (form_parse(cx, str_of(bad[i]), &form) != ERR_BAD_REQUEST)
			test_fail(__FILE__, __LINE__, "\"%s\" is taken", bad[i]);
}

TEST(more_than_a_thousand_pairs_are_refused)
{
	char *body = arena_alloc(cx->mem, 4 * FORM_PAIRS_MAX + 1);
	Form form;

	for (size_t i = 0; i < FORM_PAIRS_MAX; i++)
		memcpy(body + 4 * i, "a=1&", 4);
	CHECK(form_parse(cx, (Str){ body, 4 * FORM_PAIRS_MAX - 1 }, &form) == OK);
	CHECK_INT(form.count, FORM_PAIRS_MAX);
	CHECK(form_parse(cx, (Str){ body, 4 * FORM_PAIRS_MAX }, &form) == ERR_BAD_REQUEST);
}

TEST(a_phone_pasted_with_direction_marks_is_understood)
{
	Sample in;

	CHECK(filled(cx, "name=Ana&phone=%E2%80%AA%2B55+11+98765%E2%80%914321%E2%80%AC", &in));
	CHECK_TEXT(in.phone, "+5511987654321");
}

TEST(a_good_form_fills_the_struct)
{
	Sample in;

	CHECK(filled(cx,
		"csrf=x&name=++Ana%0ALima+&notes=a%0D%0Ab%0Dc&password=+p+&email=ANA%40x.com.br"
		"&phone=(11)+98765-4321&cpf=529.982.247-25&cnpj=12abc34501de35&color=%231A7F5A"
		"&kind=visit&count=12&price=1.240,50&owner=7&due=22/11/2026+09:00&active=on"
		"&birth=01/02/1990&tags=a,b&tags=+c+&tags=&stages=3&stages=9&custom.size=M"
		"&custom.shoe=",
		&in));
	CHECK_TEXT(in.name, "Ana Lima");
	CHECK_TEXT(in.notes, "a\nb\nc");
	CHECK_TEXT(in.password, " p ");
	CHECK_TEXT(in.email, "ana@x.com.br");
	CHECK_TEXT(in.phone, "+5511987654321");
	CHECK_TEXT(in.cpf, "52998224725");
	CHECK_TEXT(in.cnpj, "12ABC34501DE35");
	CHECK_TEXT(in.color, "#1a7f5a");
	CHECK_TEXT(in.kind, "visit");
	CHECK_INT(in.count, 12);
	CHECK_INT(in.price, 124050);
	CHECK_INT(in.owner, 7);
	CHECK_INT(in.due, TEST_NOW);
	CHECK(in.active);
	CHECK_INT(in.birth, date_of(1990, 2, 1));
	CHECK_INT(in.tags.count, 2);
	CHECK_TEXT(in.tags.v[0], "a,b");
	CHECK_TEXT(in.tags.v[1], "c");
	CHECK_INT(in.stages.count, 2);
	CHECK_INT(in.stages.v[1], 9);
	CHECK_TEXT(in.custom, "{\"size\":\"M\",\"shoe\":null}");
}

TEST(what_is_left_out_is_empty)
{
	Sample in;

	CHECK(filled(cx, "name=Ana&phone=&birth=+&tags=", &in));
	CHECK(in.phone == NULL && in.notes == NULL && in.kind == NULL && in.custom == NULL);
	CHECK_INT(in.birth, DATE_NONE);
	CHECK_INT(in.owner, 0);
	CHECK_INT(in.due, 0);
	CHECK(!in.active);
	CHECK_INT(in.tags.count + in.stages.count, 0);
}

TEST(wrong_values_are_answered_at_the_field)
{
	static const char *const rows[][3] = {
		{ "name=", "name", "Informe o nome." },
		{ "name=12345678901", "name", "No máximo 10 caracteres." },
		{ "notes=123456789012345678901", "notes", "No máximo 20 caracteres." },
		{ "email=ana%40x", "email", "E-mail completo, por exemplo nome@exemplo.com.br." },
		{ "phone=98765-4321", "phone", "Telefone com DDD, por exemplo (11) 98765-4321." },
		{ "phone=11+8765-4321", "phone",
			"Falta o nono dígito? Quer dizer (11) 98765-4321?" },
		{ "cpf=529.982.247-26", "cpf", "CPF não confere: verifique os dígitos." },
		{ "cnpj=11222333000182", "cnpj", "CNPJ não confere: verifique os dígitos." },
		{ "color=red", "color", "Cor com seis dígitos, por exemplo #1a7f5a." },
		{ "color=%23%23aaaaa", "color", "Cor com seis dígitos, por exemplo #1a7f5a." },
		{ "kind=fax", "kind", "Escolha uma das opções." },
		{ "kind=call+visit", "kind", "Escolha uma das opções." },
		{ "count=1,5", "count", "Número inteiro, por exemplo 12." },
		{ "count=99999999999999999999", "count", "Número inteiro, por exemplo 12." },
		{ "count=0", "count", "No mínimo 1." },
		{ "count=1001", "count", "No máximo 1.000." },
		{ "price=abc", "price", "Valor em reais, por exemplo 1.240,00." },
		{ "price=-1", "price",
			"No mínimo R$\xC2\xA0"
			"0,00." },
		{ "owner=-7", "owner", "Escolha uma das opções." },
		{ "owner=x", "owner", "Escolha uma das opções." },
		{ "due=22/11/2026", "due", "Data e hora, por exemplo 22/11/2026 14:30." },
		{ "active=maybe", "active", "Responda sim ou não." },
		{ "birth=31/02/1990", "birth", "Data como dia/mês/ano, por exemplo 22/11/2026." },
		{ "birth=01/02/0199", "birth", "Confira o ano desta data." },
		{ "tags=a&tags=b&tags=c&tags=d", "tags", "No máximo 3 itens." },
		{ "stages=1&stages=x", "stages", "Escolha entre as opções." },
		{ "stages=0", "stages", "Escolha uma das opções." },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(said(cx, rows[i][0], rows[i][1]), rows[i][2]);
}

TEST(length_counts_characters_not_bytes)
{
	Sample in;

	CHECK(filled(cx, "name=%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7", &in));
	CHECK(!filled(
		cx, "name=%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7%C3%A7x", &in));
}

TEST(all_wrong_fields_are_marked_at_once)
{
	Sample in;

	CHECK(!filled(cx, "phone=1&cpf=2&email=3", &in));
	CHECK_INT(cx->bad_count, 4);
	CHECK(cx->err.log != NULL && !strstr(cx->err.log, "3"));
}

TEST(yes_and_no_are_understood_in_portuguese)
{
	Sample in;

	CHECK(filled(cx, "name=Ana&active=Sim", &in));
	CHECK(in.active);
	CHECK(filled(cx, "name=Ana&active=N%C3%83O", &in));
	CHECK(!in.active);
}

TEST(the_last_value_of_a_name_counts)
{
	Sample in;

	CHECK(filled(cx, "name=Ana&active=0&active=1&custom.a=1&custom.a=2", &in));
	CHECK(in.active);
	CHECK_TEXT(in.custom, "{\"a\":\"2\"}");
}

TEST(a_partial_form_leaves_the_rest_alone)
{
	Form form = parsed(cx, "phone=&count=5&tags=");
	Sample in = { .name = "Ana",
		.phone = "+551130000000",
		.count = 1,
		.active = true,
		.birth = 3,
		.tags = { (const char *const[]){ "a" }, 1 } };

	CHECK(form_fill_some(cx, &form, fields, COUNT(fields), &in));
	CHECK_TEXT(in.name, "Ana");
	CHECK(in.phone == NULL);
	CHECK_INT(in.count, 5);
	CHECK(in.active);
	CHECK_INT(in.birth, 3);
	CHECK_INT(in.tags.count, 0);
	form = parsed(cx, "name=");
	CHECK(!form_fill_some(cx, &form, fields, COUNT(fields), &in));
	CHECK_TEXT(in.name, "Ana");
}

TEST(missing_values_are_asked_for_in_portuguese)
{
	static const char *const rows[][2] = { { "Nome", "o nome" },
		{ "Data de nascimento", "a data de nascimento" }, { "CPF", "o CPF" },
		{ "E-mail", "o e-mail" }, { "Razão social", "a razão social" },
		{ "Chance", "a chance" }, { "Etapa", "a etapa" }, { "Etiquetas", "as etiquetas" },
		{ "Procedimentos", "os procedimentos" }, { "Observação", "a observação" },
		{ "Observações", "as observações" }, { "Cidade", "a cidade" }, { "UF", "a UF" },
		{ "Mês", "o mês" }, { "Cor", "a cor" }, { "Cores", "as cores" },
		{ "Dia do vencimento", "o dia do vencimento" }, { "Ícone", "o ícone" },
		{ "Mensagem", "a mensagem" }, { "Mensagens", "as mensagens" },
		{ "Valor (R$)", "o valor (R$)" }, { "Fuso horário", "o fuso horário" },
		{ "O que fazer", "o que fazer" }, { "Quando", "quando" },
		{ "Quais dados", "quais dados" }, { "Quantidade", "a quantidade" } };

	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(words_with_article(cx->mem, rows[i][0]), rows[i][1]);
}

TEST(a_json_body_fills_the_struct)
{
	Sample in;

	CHECK(json_filled(cx,
		"{\"name\":\" Ana \",\"notes\":null,\"phone\":\"11987654321\",\"count\":12,"
		"\"price\":124050,\"owner\":7,\"due\":\"2026-11-22T12:00:00Z\",\"active\":true,"
		"\"birth\":\"1990-02-01\",\"tags\":[\"a,b\",\"c\"],\"stages\":[3,9],"
		"\"custom\":{\"size\":\"M\",\"n\":[1,2.5,null,true]},\"kind\":\"mail\"}",
		&in));
	CHECK_TEXT(in.name, "Ana");
	CHECK(in.notes == NULL);
	CHECK_TEXT(in.phone, "+5511987654321");
	CHECK_INT(in.price, 124050);
	CHECK_INT(in.due, TEST_NOW);
	CHECK(in.active);
	CHECK_INT(in.birth, date_of(1990, 2, 1));
	CHECK_INT(in.tags.count, 2);
	CHECK_INT(in.stages.v[1], 9);
	CHECK_TEXT(in.custom, "{\"size\":\"M\",\"n\":[1,2.5,null,true]}");
	CHECK_TEXT(in.kind, "mail");
	CHECK_TEXT(in.cpf, NULL);
}

TEST(json_of_the_wrong_type_is_told_so)
{
	static const char *const rows[][3] = {
		{ "{\"name\":5}", "name", "Esperado um texto (JSON string)." },
		{ "{\"name\":\"x\",\"count\":\"5\"}", "count", "Esperado um número inteiro." },
		{ "{\"name\":\"x\",\"count\":5.5}", "count", "Esperado um número inteiro." },
		{ "{\"name\":\"x\",\"price\":12.5}", "price",
			"Esperado um número inteiro de centavos." },
		{ "{\"name\":\"x\",\"active\":1}", "active", "Esperado true ou false." },
		{ "{\"name\":\"x\",\"tags\":\"a\"}", "tags", "Esperada uma lista (JSON array)." },
		{ "{\"name\":\"x\",\"tags\":[1]}", "tags", "Esperada uma lista de textos." },
		{ "{\"name\":\"x\",\"stages\":[\"1\"]}", "stages",
			"Esperada uma lista de números inteiros." },
		{ "{\"name\":\"x\",\"stages\":[0]}", "stages", "Escolha uma das opções." },
		{ "{\"name\":\"x\",\"custom\":[]}", "custom", "Esperado um objeto (JSON object)." },
		{ "{\"name\":\"x\",\"custom\":{\"a\":[\"\\u202e\"]}}", "custom",
			"Tem caracteres que não podem ser usados aqui." },
		{ "{\"name\":\"x\",\"birth\":19900201}", "birth",
			"Esperado um texto (JSON string)." },
		{ "{\"name\":\"x\\u202ey\"}", "name",
			"Tem caracteres que não podem ser usados aqui." },
		{ "{\"name\":\"x\\u001by\"}", "name",
			"Tem caracteres que não podem ser usados aqui." },
		{ "{\"name\":null}", "name", "Informe o nome." },
		{ "{}", "name", "Informe o nome." },
		{ "{\"name\":\"x\",\"nome\":1}", "nome", "Campo desconhecido." },
	};
	Sample in;

	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK(!json_filled(cx, rows[i][0], &in));
		CHECK_TEXT(bad_find(cx, rows[i][1]), rows[i][2]);
	}
	CHECK(!json_filled(cx, "[]", &in));
	CHECK_TEXT(cx->err.sentence, "Esperado um objeto (JSON object).");
}

TEST(an_unknown_member_s_name_does_not_reach_the_log)
{
	Sample in;

	CHECK(!json_filled(cx, "{\"name\":\"x\",\"secret-word\":1}", &in));
	CHECK(!strstr(cx->err.log, "secret-word"));
}

TEST(a_string_with_nul_inside_is_refused)
{
	json_t *root = json_loads("{\"name\":\"a\\u0000b\"}", JSON_ALLOW_NUL, NULL);
	Sample in = { 0 };

	CHECK(!form_fill_json(cx, root, fields, COUNT(fields), &in));
	CHECK(bad_find(cx, "name") != NULL);
	json_decref(root);
}

TEST(a_partial_json_body_leaves_the_rest_alone)
{
	json_t *root = json_loads("{\"phone\":null,\"count\":5}", 0, NULL);
	Sample in = { .name = "Ana", .phone = "+551130000000", .active = true };

	CHECK(form_fill_json_some(cx, root, fields, COUNT(fields), &in));
	CHECK_TEXT(in.name, "Ana");
	CHECK(in.phone == NULL && in.active);
	CHECK_INT(in.count, 5);
	json_decref(root);
}

TEST(custom_fields_have_a_limit)
{
	char *text = arena_alloc(cx->mem, FORM_JSON_MAX + 1);
	json_t *root, *custom;
	Form form;
	Sample in = { 0 };

	memset(text, 'x', FORM_JSON_MAX);
	form = parsed(cx, arena_printf(cx->mem, "name=a&custom.k=%s", text));
	CHECK(!form_fill(cx, &form, fields, COUNT(fields), &in));
	CHECK(bad_find(cx, "custom") != NULL);
	cx->bad_count = 0;
	custom = json_object();
	json_object_set_new(custom, "k", json_string(text));
	root = json_object();
	json_object_set_new(root, "name", json_string("a"));
	json_object_set_new(root, "custom", custom);
	CHECK(!form_fill_json(cx, root, fields, COUNT(fields), &in));
	CHECK(bad_find(cx, "custom") != NULL);
	json_decref(root);
}

typedef struct Row {
	int64_t id, owner, price, due;
	int32_t count;
	const char *name, *custom, *nothing;
	bool active;
	int32_t birth, death;
	Strs tags;
} Row;

TEST(a_row_is_written_as_its_table_says)
{
	static const OutField out[] = {
		OUT(Row, id, OUT_ID, "Número"),
		OUT(Row, owner, OUT_ID, "Responsável"),
		OUT(Row, price, OUT_MONEY, "Valor"),
		OUT(Row, due, OUT_TIME, "Prazo"),
		OUT(Row, count, OUT_INT, "Quantidade"),
		OUT(Row, name, OUT_TEXT, "Nome"),
		OUT(Row, custom, OUT_JSON, "Campos próprios"),
		OUT(Row, nothing, OUT_JSON, "Nada"),
		OUT(Row, active, OUT_BOOL, "Ativo"),
		OUT(Row, birth, OUT_DATE, "Nascimento"),
		OUT(Row, death, OUT_DATE, "Morte"),
		OUT(Row, tags, OUT_TEXTS, "Etiquetas"),
	};
	Row row = { .id = 7,
		.price = -5,
		.due = TEST_NOW,
		.count = -3,
		.name = "A\"",
		.custom = "{\"a\":1}",
		.active = true,
		.birth = 0,
		.death = DATE_NONE,
		.tags = { (const char *const[]){ "x", "y" }, 2 } };
	Json j;

	json_init(&j, cx->mem);
	json_put_object(&j, NULL);
	json_put_out(&j, out, COUNT(out), &row);
	CHECK_TEXT(json_done(&j),
		"{\"id\":7,\"owner\":null,\"price\":-5,\"due\":\"2026-11-22T12:00:00Z\",\"count\":-"
		"3,"
		"\"name\":\"A\\\"\",\"custom\":{\"a\":1},\"nothing\":null,\"active\":true,"
		"\"birth\":\"1970-01-01\",\"death\":null,\"tags\":[\"x\",\"y\"]}");
}

typedef struct Whole {
	int64_t id;
	Rows parts;
} Whole;

typedef struct Part {
	const char *name;
	int32_t size;
} Part;

TEST(a_row_may_hold_rows)
{
	static const OutField part_out[] = {
		OUT(Part, name, OUT_TEXT, "Nome"),
		OUT(Part, size, OUT_INT, "Tamanho"),
	};
	static const OutField whole_out[] = {
		OUT(Whole, id, OUT_ID, "Número"),
		OUT_LIST(Whole, parts, "Partes", Part, part_out),
	};
	const Part part[] = { { "A", 1 }, { NULL, 2 } };
	Json j;

	json_init(&j, cx->mem);
	json_put_array(&j, NULL);
	for (size_t count = 0; count <= COUNT(part); count += 2) {
		json_put_object(&j, NULL);
		json_put_out(&j, whole_out, COUNT(whole_out),
			&(Whole){ .id = 7, .parts = { part, count } });
		json_close(&j);
	}
	CHECK_TEXT(json_done(&j),
		"[{\"id\":7,\"parts\":[]},{\"id\":7,\"parts\":[{\"name\":\"A\",\"size\":1},"
		"{\"name\":null,\"size\":2}]}]");
}

TEST(a_name_that_is_told_back_is_cut_between_characters)
{
	json_t *tree;
	Buf body;

	buf_init(&body, cx->mem, 200);
	buf_puts(&body, "{\"x");
	for (int i = 0; i < 39; i++)
		buf_puts(&body, "é");
	buf_puts(&body, "\":1}");
	CHECK(json_parse(cx, str_of(buf_text(&body)), &tree) == OK);
	CHECK(!form_fill_json(cx, tree, NULL, 0, NULL));
	CHECK_INT(cx->bad_count, 1);
	CHECK(str_is_clean_utf8(str_of(cx->bad[0].field)));
	CHECK_INT(strlen(cx->bad[0].field), 63);
}
