#include "platform/html/html.h"
#include "platform/html/test/golden.h"
#include "test.h"

static Html begin(Ctx *cx)
{
	Html h;

	html_init(&h, cx, NULL);
	return h;
}

static const char *escaped(Ctx *cx, const char *text)
{
	Html h = begin(cx);

	html_put_text(&h, text);
	return html_text_of(&h);
}

static const char *url_part(Ctx *cx, const char *text)
{
	Html h = begin(cx);

	html_put_url_part(&h, text);
	return html_text_of(&h);
}

TEST(text_is_escaped_whatever_stands_where)
{
	CHECK_TEXT(escaped(cx, NULL), "");
	CHECK_TEXT(escaped(cx, ""), "");
	CHECK_TEXT(escaped(cx, "Ana Lima"), "Ana Lima");
	CHECK_TEXT(escaped(cx, "<b>"), "&lt;b&gt;");
	CHECK_TEXT(escaped(cx, "&&a\"'"), "&amp;&amp;a&quot;&#39;");
	CHECK_TEXT(escaped(cx, "ção <€>"), "ção &lt;€&gt;");
}

TEST(numbers_are_written_whole_at_both_ends)
{
	Html h = begin(cx);

	html_put_int(&h, INT64_MIN);
	html_put_uint(&h, UINT64_MAX);
	html_put_uint(&h, 0);
	html_put_uint(&h, (uint64_t)INT64_MAX + 1);
	CHECK_TEXT(html_text_of(&h), "-9223372036854775808"
				     "18446744073709551615"
				     "0"
				     "9223372036854775808");
}

TEST(a_page_grows_over_its_first_room_and_stops_at_its_limit)
{
	Html h = begin(cx);
	char *chunk = arena_alloc(cx->mem, (1 << 20) + 1);

	memset(chunk, 'a', 1 << 20);
	for (int i = 0; i < 10000; i++)
		html_raw(&h, "0123456789", 10);
	CHECK_INT(strlen(html_text_of(&h)), 100000);
	CHECK(!h.buf.overflow);
	html_init(&h, cx, NULL);
	for (int i = 0; i < 17; i++)
		html_raw(&h, chunk, 1 << 20);
	CHECK(h.buf.overflow);
	CHECK_INT(strlen(html_text_of(&h)), HTML_LIMIT);
}

TEST(url_parts_keep_only_what_means_nothing_in_a_url)
{
	CHECK_TEXT(url_part(cx, "aZ09-._~"), "aZ09-._~");
	CHECK_TEXT(url_part(cx, "a b/c?d=e&f#g+h%"), "a%20b%2Fc%3Fd%3De%26f%23g%2Bh%25");
	CHECK_TEXT(url_part(cx, "\"<>'\\:@"), "%22%3C%3E%27%5C%3A%40");
	CHECK_TEXT(url_part(cx, "ç"), "%C3%A7");
	CHECK_TEXT(url_part(cx, NULL), "");
}

TEST(urls_are_made_from_a_literal_form)
{
	CHECK_TEXT(
		url_printf(cx->mem, "/leads/%" PRId64 "?q=%s&p=%d%%", (int64_t)-7, "a b&c", 3).text,
		"/leads/-7?q=a%20b%26c&p=3%");
	CHECK_TEXT(url_printf(cx->mem, "/x/%zu/%u/%lu/%llu", (size_t)1, 2u, 3ul, 4ull).text,
		"/x/1/2/3/4");
	CHECK_TEXT(url_printf(cx->mem, "/x/%lu", UINT64_MAX).text, "/x/18446744073709551615");
	CHECK_TEXT(url_printf(cx->mem, "/x/%s", bad_find(cx, "x")).text, "/x/");
	CHECK_TEXT(url_printf(cx->mem, "tel:%s", "+5511987654321").text, "tel:+5511987654321");
	CHECK_TEXT(url_printf(cx->mem, "mailto:%s", "a@b.c?x").text, "mailto:a@b.c%3Fx");
	CHECK_TEXT(url_printf(cx->mem, "#f-%s", "a b").text, "#f-a%20b");
	CHECK_TEXT(url_printf(cx->mem, "/").text, "/");
	CHECK_TEXT(url_printf(cx->mem, "https://wa.me/%s", "5511").text, "https://wa.me/5511");
}

TEST(a_foreign_url_is_http_or_nothing)
{
	CHECK_TEXT(url_foreign(cx->mem, "https://a.b/c?d=e&f").text, "https://a.b/c?d=e&f");
	CHECK_TEXT(url_foreign(cx->mem, "http://a.b").text, "http://a.b");
	CHECK_TEXT(url_foreign(cx->mem, "javascript:alert(1)").text, "#");
	CHECK_TEXT(url_foreign(cx->mem, "HTTPS://a.b").text, "#");
	CHECK_TEXT(url_foreign(cx->mem, "https://a b").text, "#");
	CHECK_TEXT(url_foreign(cx->mem, "https://a\x01").text, "#");
	CHECK_TEXT(url_foreign(cx->mem, "https://a\"onload=x").text, "#");
	CHECK_TEXT(url_foreign(cx->mem, "//a.b").text, "#");
	CHECK_TEXT(url_foreign(cx->mem, NULL).text, "#");
}

TEST(formats_read_as_people_write)
{
	Html h = begin(cx);

	CHECK_TEXT(fmt_money(&h, 124000), "R$\u00a01.240,00");
	CHECK_TEXT(fmt_money_short(&h, 124000), "R$\u00a01.240");
	CHECK_TEXT(fmt_number(&h, 1234), "1.234");
	CHECK_TEXT(fmt_percent(&h, 125), "12,5%");
	CHECK_TEXT(fmt_date(&h, 0), "01/01/1970");
	CHECK_TEXT(fmt_moment(&h, TEST_NOW), "22/11/2026 09:00");
	CHECK_TEXT(fmt_when(&h, TEST_NOW + 5 * 3600), "hoje, 14:00");
	CHECK_TEXT(fmt_phone(&h, "+5511987654321"), "(11) 98765-4321");
	CHECK_TEXT(fmt_cpf(&h, "52998224725"), "529.982.247-25");
	CHECK_TEXT(fmt_cnpj(&h, "12ABC34501DE35"), "12.ABC.345/01DE-35");
	CHECK(!fmt_phone(&h, NULL) && !fmt_cpf(&h, "") && !fmt_cnpj(&h, NULL));
	CHECK_TEXT(fmt_count(&h, 1, "lead", "leads"), "1 lead");
	CHECK_TEXT(fmt_count(&h, 0, "lead", "leads"), "0 leads");
	CHECK_TEXT(fmt_count(&h, 1500, "lead", "leads"), "1.500 leads");
}

TEST(initials_leave_out_titles_and_particles)
{
	Html h = begin(cx);

	CHECK_TEXT(fmt_initials(&h, "Marta Vasconcelos"), "MV");
	CHECK_TEXT(fmt_initials(&h, "dra. érica   de souza e ávila"), "ÉÁ");
	CHECK_TEXT(fmt_initials(&h, "Ana"), "A");
	CHECK_TEXT(fmt_initials(&h, "João da Silva dos Santos"), "JS");
	CHECK_TEXT(fmt_initials(&h, "da"), "D");
	CHECK_TEXT(fmt_initials(&h, ""), "");
	CHECK_TEXT(fmt_initials(&h, NULL), "");
	CHECK_TEXT(fmt_initials(&h, "\xF0\x9F\xA6\xB7 Clinic"), "\xF0\x9F\xA6\xB7"
								"C");
	CHECK_TEXT(fmt_initials(&h, "\xC3"), "\xC3"); /* broken bytes stay inside their bounds */
}

TEST(a_wrong_field_is_told)
{
	Html h = begin(cx);

	CHECK(err_field(cx, "phone", "Telefone inválido.") == ERR_INVALID);
	CHECK_TEXT(fmt_bad(&h, "phone"), "Telefone inválido.");
	CHECK(!fmt_bad(&h, "name"));
}

/* ---- compiled templates ---- */

#define PAGE(call)                                                                                 \
	({                                                                                         \
		Html page = begin(cx);                                                             \
		Html *h = &page;                                                                   \
		call;                                                                              \
		html_text_of(h);                                                                   \
	})

TEST(a_card_is_written_as_the_readme_says)
{
	Row row = { .id = 7,
		.name = "Ana <b> & Cia",
		.tag = { "vip", "\"x\"" },
		.tag_count = 2,
		.stalled = true };

	CHECK_TEXT(PAGE(golden_card(h, &row)),
		"<article class=\"card is-stalled\" id=\"lead-7\"><a href=\"/leads/7\">"
		"Ana &lt;b&gt; &amp; Cia</a>\n<span class=\"badge\">vip</span>\n"
		"<span class=\"badge\">&quot;x&quot;</span>\nSem próxima ação\n"
		"<svg class=\"i\" aria-hidden=\"true\"><use href=\"/icons.svg#phone\"/></svg>"
		"</article>");
	row = (Row){ .name = NULL, .due = TEST_NOW + 5 * 3600 };
	CHECK_TEXT(PAGE(golden_card(h, &row)),
		"<article class=\"card\" id=\"lead-0\"><a href=\"/leads/0\"></a>\nhoje, 14:00\n"
		"<svg class=\"i\" aria-hidden=\"true\"><use href=\"/icons.svg#phone\"/></svg>"
		"</article>");
}

TEST(values_of_every_type_are_escaped_for_their_place)
{
	Values v = { .text = "\"'<&>",
		.name = "a<b",
		.small = 200,
		.short_one = -3,
		.large = UINT64_MAX,
		.number = -1,
		.url = url_printf(cx->mem, "/a?b=%s&c", "\""),
		.safe = { "<b>\"ok\"</b>" },
		.json = { "{\"a\":\"\\u003c\"}" } };

	CHECK_TEXT(PAGE(golden_values(h, &v)),
		"<p title=\"&quot;&#39;&lt;&amp;&gt;\">&quot;&#39;&lt;&amp;&gt;|a&lt;b|200|-3|"
		"18446744073709551615|-1|4|<b>\"ok\"</b></p>"
		"<a href=\"/a?b=%22&amp;c\" data-points=\"{&quot;a&quot;:&quot;\\u003c&quot;}\" "
		"hx-vals=\"{&quot;a&quot;:&quot;\\u003c&quot;}\">{{a}}</a>");
	v = (Values){ 0 };
	CHECK_TEXT(PAGE(golden_values(h, &v)),
		"<p title=\"\">||0|0|0|0|4|</p>"
		"<a href=\"\" data-points=\"\" hx-vals=\"\">{{b</a>");
}

TEST(urls_cannot_be_left_by_what_is_put_into_them)
{
	CHECK_TEXT(PAGE(golden_url(h, "+1 a@b/\"&?#", NULL)),
		"<a "
		"href=\"/busca?q=%2B1%20a%40b%2F%22%26%3F%23&amp;n=-1&amp;e=#%2B1%20a%40b%2F%22%26"
		"%3F%23\">a</a>\n"
		"<a href=\"tel:+1%20a@b%2F%22%26%3F%23\">b</a>\n"
		"<a href=\"mailto:+1%20a@b%2F%22%26%3F%23?subject=+1%20a@b%2F%22%26%3F%23\">c</a>\n"
		"<a href=\"https://wa.me/%2B1%20a%40b%2F%22%26%3F%23\">d</a>\n"
		"<a href=\"/x?a=%2B1%20a%40b%2F%22%26%3F%23\">e</a>\n"
		"<svg><use href=\"/icons.svg#%2B1%20a%40b%2F%22%26%3F%23\"/></svg>");
}

TEST(attributes_come_and_go)
{
	CHECK_TEXT(PAGE(golden_attributes(h, true, false, NULL)),
		"<input type=\"checkbox\" name=\"active\" checked>\n"
		"<button class=\"btn\"\ndata-on=\"1\"\ntype=\"button\">x</button>");
	CHECK_TEXT(PAGE(golden_attributes(h, false, true, "red")),
		"<input type=\"checkbox\" name=\"active\" disabled>\n"
		"<button class=\"btn is-busy tone-red\"\ndata-on=\"0\"\ndata-tone=\"red\"\n"
		"type=\"button\">x</button>");
}

TEST(one_branch_is_taken)
{
	CHECK_TEXT(PAGE(golden_branch(h, -1)), "menos\n");
	CHECK_TEXT(PAGE(golden_branch(h, 0)), "zero\n");
	CHECK_TEXT(PAGE(golden_branch(h, 3)), "ímpar\n");
	CHECK_TEXT(PAGE(golden_branch(h, 4)), "par\n");
	CHECK_TEXT(PAGE(golden_branch(h, 10)), "muitos\n");
}

TEST(loops_run_in_text_and_in_values)
{
	CHECK_TEXT(PAGE(golden_loop(h, 0)), "<ul class=\"\"></ul>");
	CHECK_TEXT(PAGE(golden_loop(h, 3)), "2\n1\n0\n<ul class=\"c0 c1 c2\"></ul>");
}

TEST(white_space_is_dropped_where_nobody_sees_it)
{
	CHECK_TEXT(PAGE(golden_white_space(h)), "<div>Olá,\n<b>Ana</b>\n<i>Lima</i>\ntudo "
						"bem?<br>Até\nlogo</div><p>um</p><p>dois</p>três");
	CHECK_TEXT(PAGE(golden_inline(h, true, "R$ 1")), "<p>Total:\n<b>R$ 1</b>\nreais</p>");
	CHECK_TEXT(PAGE(golden_inline(h, false, "")), "<p>Total:\nreais</p>");
}

TEST(white_space_in_pre_and_textarea_is_kept)
{
	CHECK_TEXT(PAGE(golden_verbatim(h, "\n x <")),
		"<textarea name=\"notes\">\n\n x &lt;</textarea><pre>\n  a\n    \n x "
		"&lt;\n\t%b\n</pre>"
		"<textarea>\n</textarea>");
}

TEST(templates_call_templates)
{
	CHECK_TEXT(PAGE(golden_page(h)),
		"<main><h1>Oi</h1><p>Ligar <svg class=\"i\" aria-hidden=\"true\"><use "
		"href=\"/icons.svg#phone\"/></svg>já</p>"
		"<svg class=\"i\" aria-hidden=\"true\"><use href=\"/icons.svg#a\"/></svg>\n"
		"<svg class=\"i\" aria-hidden=\"true\"><use "
		"href=\"/icons.svg#b\"/></svg>\n</main>");
}

TEST(forms_that_post_carry_the_token_of_the_page)
{
	Html h;

	html_init(&h, cx, "a\"b");
	golden_form(&h);
	CHECK_TEXT(html_text_of(&h),
		"<form method=\"post\" action=\"/leads\"><input type=\"hidden\" name=\"csrf\" "
		"value=\"a&quot;b\"><button>Salvar</button></form>"
		"<form action=\"/leads\"><button>Buscar</button></form>"
		"<form hx-delete=\"/leads/1\"><input type=\"hidden\" name=\"csrf\" "
		"value=\"a&quot;b\">"
		"<button>Apagar</button></form>");
	html_init(&h, cx, "");
	golden_form(&h);
	CHECK(!strstr(html_text_of(&h), "csrf"));
}

TEST(scripts_styles_and_comments_stand_as_written)
{
	CHECK_TEXT(PAGE(golden_script(h, (JsonText){ "[1]" })),
		"<script src=\"/app.js\" defer></script>\n"
		"<script type=\"application/json\" id=\"data\">[1]</script>"
		"<style>\na { color: red }\n</style><!-- seen\nby all -->");
	CHECK_TEXT(PAGE(golden_percent(h)), "% de desconto<p title=\"100%\">{ 5 % }</p>");
}
