/* What the shell shows to whom, and what components promise in their markup. */
#include "platform/ui/test/fake_web.h"
#include "test.h"

static Req *fresh(Ctx *cx)
{
	fake_web = (FakeWeb){ 0 };
	fake_setup();
	return fake_request(cx->mem);
}

static bool has(Req *q, const char *text)
{
	return strstr(html_text_of(&q->html), text);
}

static size_t times(Req *q, const char *text)
{
	size_t count = 0;

	for (const char *at = html_text_of(&q->html); (at = strstr(at, text)); at += strlen(text))
		count++;
	return count;
}

static void write_page(Req *q, const UiPage *page)
{
	ui_page_open(&q->html, page);
	ui_page_close(&q->html, page);
}

TEST(the_sidebar_shows_only_what_the_user_may_open)
{
	Req *q = fresh(cx);

	fake_web.refused = "finance.read";
	write_page(q, &(UiPage){ .q = q, .title = "Funil", .nav = "/leads" });
	CHECK(has(q, "href=\"/leads\""));
	CHECK(!has(q, "href=\"/finance\""));
	CHECK(!has(q, "href=\"/reports\""));
	CHECK(!has(q, "Gestão")); /* a group without entries has no title */
}

TEST(an_entry_of_a_module_that_the_plan_lacks_is_not_shown)
{
	Req *q = fresh(cx);

	write_page(q, &(UiPage){ .q = q, .title = "Funil", .nav = "/leads" });
	CHECK(!has(q, "href=\"/stock\""));
}

TEST(the_page_s_own_entry_is_marked_and_counted)
{
	Req *q = fresh(cx);

	write_page(q, &(UiPage){ .q = q, .title = "Funil", .nav = "/leads" });
	CHECK(has(q, "<a href=\"/leads\" title=\"Funil de vendas\" aria-current=\"page\""));
	CHECK(has(q, "<span class=\"count\">14</span>"));
	CHECK(has(q, "Funil</a>")); /* under the phone's icon only the first word fits */
}

TEST(settings_pages_have_their_menu_beside_and_others_do_not)
{
	Req *q = fresh(cx);

	write_page(q, &(UiPage){ .q = q, .title = "Clínica", .nav = "/settings/company" });
	CHECK(has(q, "class=\"settings-nav\""));
	CHECK_INT(times(q, "href=\"/settings/theme\""), 1);

	q = fresh(cx);
	write_page(q, &(UiPage){ .q = q, .title = "Funil", .nav = "/leads" });
	CHECK(!has(q, "class=\"settings-nav\""));
	CHECK(has(q, "href=\"/settings/company\"")); /* the one link at the foot */
}

TEST(who_may_no_settings_sees_no_link_to_them)
{
	Req *q = fresh(cx);

	fake_web.refused = "company.write";
	write_page(q, &(UiPage){ .q = q, .title = "Funil", .nav = "/leads" });
	CHECK(has(q, "href=\"/settings/people\"")); /* the first that may be opened */
	CHECK(!has(q, "href=\"/settings/company\""));
}

TEST(a_name_from_outside_is_escaped_everywhere)
{
	Req *q = fresh(cx);
	Who who = *q->who;
	Site site = *q->site;

	who.name = "<script>alert(1)</script>";
	site.name = "\"><img src=x>";
	site.short_name = "</title><b>";
	q->who = &who;
	q->site = &site;
	write_page(q, &(UiPage){ .q = q, .title = "<i>", .nav = "/leads" });
	CHECK(!has(q, "<script>alert"));
	CHECK(!has(q, "<img src=x>"));
	CHECK(!has(q, "</title><b>"));
	CHECK(!has(q, "<i>"));
	CHECK(has(q, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(a_page_has_nothing_that_the_strict_policy_would_block)
{
	Req *q = fresh(cx);

	write_page(
		q, &(UiPage){ .q = q, .title = "Funil", .nav = "/leads", .script = "funnel.js" });
	CHECK(!has(q, " style=\""));
	CHECK(!has(q, " onclick="));
	CHECK(!has(q, "<script>"));
	CHECK_INT(times(q, "<script "), 3);
	CHECK_INT(times(q, "<script src=\"/static/"), 3);
}

TEST(the_toast_of_the_page_before_is_shown_once_with_its_undo)
{
	Req *q = fresh(cx);

	fake_web.flash = "Lead movido";
	fake_web.undo = "/leads/5/undo";
	write_page(q, &(UiPage){ .q = q, .title = "Funil", .nav = "/leads" });
	CHECK_INT(times(q, "Lead movido"), 1);
	CHECK(has(q, "<form method=\"post\" action=\"/leads/5/undo\">"));
	CHECK(has(q, "name=\"csrf\" value=\"token-of-this-browser\""));
}

TEST(a_lapsed_company_is_told_on_every_page)
{
	Req *q = fresh(cx);
	Site site = *q->site;

	site.lapsed = true;
	q->site = &site;
	write_page(q, &(UiPage){ .q = q, .title = "Funil", .nav = "/leads" });
	CHECK(has(q, "A assinatura venceu"));
}

static Err broken_chrome(Req *q, UiChrome *ret)
{
	ret->unread = 9;
	return err_set(q->cx, ERR_UNAVAILABLE, "no database");
}

TEST(a_shell_that_could_not_ask_is_shown_without_its_counts)
{
	Req *q = fresh(cx);

	ui_setup(&(UiSetup){ .chrome = broken_chrome, .notifications_path = "/notices" });
	q->cx->err.log = "the page's own";
	write_page(q, &(UiPage){ .q = q, .title = "Funil" });
	CHECK(has(q, "aria-label=\"Notificaçõ"
		     "es\""));
	CHECK_TEXT(q->cx->err.log, "the page's own");
}

TEST(a_wrong_field_says_so_to_eyes_and_ears)
{
	Req *q = fresh(cx);

	(void)err_field(q->cx, "cpf", "Confira os dígitos finais.");
	ui_field(&q->html, &(UiField){ .name = "cpf",
				   .label = "CPF",
				   .input = UI_CPF,
				   .value = "\"1<",
				   .hint = "Só números" });
	CHECK(has(q, "aria-invalid=\"true\" aria-describedby=\"f-cpf-bad f-cpf-hint\""));
	CHECK(has(q, "id=\"f-cpf-bad\""));
	CHECK(has(q, "Confira os dígitos finais."));
	CHECK(has(q, "value=\"&quot;1&lt;\""));
	CHECK(has(q, "<label for=\"f-cpf\">CPF</label>"));
}

TEST(a_password_is_never_written_back)
{
	Req *q = fresh(cx);

	ui_field(&q->html, &(UiField){ .name = "password",
				   .label = "Senha",
				   .input = UI_PASSWORD,
				   .value = "segredo" });
	CHECK(!has(q, "segredo"));
}

TEST(a_select_groups_its_options_and_marks_the_chosen_one)
{
	static const UiOption option[] = { { "a", "Um", NULL, "Redes" },
		{ "b", "Dois", NULL, "Redes" }, { "c", "Três", NULL, NULL } };
	Req *q = fresh(cx);

	ui_field(&q->html, &(UiField){ .name = "source",
				   .label = "Origem",
				   .input = UI_SELECT,
				   .value = "b",
				   .option = option,
				   .option_count = COUNT(option),
				   .empty = "Escolha" });
	CHECK_INT(times(q, "<optgroup"), 1);
	CHECK(has(q, "<option value=\"b\" selected>Dois</option>"));
	CHECK_INT(times(q, " selected"), 1);
}

TEST(an_empty_tag_is_no_tag)
{
	static const char *const tag[] = { "implante", "" };
	Req *q = fresh(cx);

	ui_field(&q->html, &(UiField){ .name = "tags",
				   .label = "Etiquetas",
				   .input = UI_TAGS,
				   .values = { tag, COUNT(tag) } });
	/* the one that is there, and the pattern that the browser makes new ones from */
	CHECK_INT(times(q, "<button type=\"button\" data-untag"), 2);
}

TEST(a_stored_phone_is_shown_as_people_write_it)
{
	Req *q = fresh(cx);

	ui_field(&q->html, &(UiField){ .name = "phone",
				   .label = "Celular",
				   .input = UI_PHONE,
				   .value = "+5511987654321" });
	CHECK(has(q, "value=\"(11) 98765-4321\""));
}

TEST(typed_text_comes_back_and_the_record_s_own_only_before_anything_was_sent)
{
	static const FormPair pair[] = { { "name", "" } };
	Form sent = { pair, 1 }, none = { 0 };

	CHECK_TEXT(ui_typed(&sent, "name", "Ana"), "");
	CHECK_TEXT(ui_typed(&none, "name", "Ana"), "Ana");
	(void)cx;
}

TEST(an_icon_that_was_not_built_shows_as_a_question_mark)
{
	CHECK(asset_has_icon("phone"));
	CHECK(!asset_has_icon("no-such-icon"));
	CHECK(str_ends(asset_icon("no-such-icon").text, "#circle-help"));
	CHECK(str_ends(asset_icon(NULL).text, "#circle-help"));
	CHECK(str_starts(asset("app.css").text, "/static/app."));
	(void)cx;
}

TEST(an_error_for_htmx_is_a_toast_that_leaves_the_page_alone)
{
	Req *q = fresh(cx);

	q->htmx = true;
	q->cx->err.sentence = "Este horário já foi <ocupado>.";
	ui_error_page(q, ERR_CONFLICT);
	CHECK(str_starts(html_text_of(&q->html), "<div id=\"toasts\" hx-swap-oob=\"beforeend\">"));
	CHECK(has(q, "&lt;ocupado&gt;"));
}

TEST(an_error_page_replaces_what_was_written_before_it)
{
	Req *q = fresh(cx);

	html_raw(&q->html, "<p>half a page", 14);
	ui_error_page(q, ERR_NOT_FOUND);
	CHECK(!has(q, "half a page"));
	CHECK(has(q, "Erro 404 · protocolo 7f3a91c2"));
	CHECK_INT(times(q, "<!doctype html>"), 1);
}

TEST(an_error_without_company_or_user_needs_neither)
{
	Req *q = fresh(cx);

	q->site = NULL;
	q->who = NULL;
	ui_error_page(q, ERR_UNAVAILABLE);
	CHECK(has(q, "Tentar de novo"));
	CHECK(!has(q, "class=\"side\""));
}

TEST(a_host_of_no_company_says_what_to_check_and_no_name)
{
	Req *q = fresh(cx);

	q->site = NULL;
	q->who = NULL;
	q->host = "b<i>.test";
	ui_error_page(q, ERR_NOT_FOUND);
	CHECK(has(q, "b&lt;i&gt;.test"));
	CHECK(has(q, "Está escrito como no convite"));
	CHECK(!has(q, "Siso"));
	CHECK(!has(q, "href=\"/\""));
}

static const Route *route_of(const char *path)
{
	for (size_t i = 0; i < ui_route_count; i++)
		if (!strcmp(ui_routes[i].path, path))
			return &ui_routes[i];
	return NULL;
}

TEST(the_palette_answers_with_escaped_hits_under_their_kinds)
{
	Req *q = fresh(cx);

	fake_web.question = "Mart";
	CHECK(route_of("/palette")->run(q) == OK);
	CHECK_INT(times(q, "palette-group"), 2);
	CHECK(has(q, "Marta &lt;b&gt;Souza&lt;/b&gt;"));
}

TEST(the_palette_asks_nobody_about_one_letter_or_a_page_of_text)
{
	Req *q = fresh(cx);

	fake_web.question = "m";
	CHECK(route_of("/palette")->run(q) == OK);
	CHECK_TEXT(html_text_of(&q->html), "");
	fake_web.question =
		"marta vasconcelos marta vasconcelos marta vasconcelos marta vasconcelos marta "
		"vasconcelos marta";
	CHECK(route_of("/palette")->run(q) == OK);
	CHECK_TEXT(html_text_of(&q->html), "");
}

TEST(the_design_page_exists_in_development_only)
{
	CHECK(route_of("/design")->flags & ROUTE_DEV);
	(void)cx;
}

TEST(the_same_person_has_the_same_colour_and_trouble_is_nobody_s)
{
	CHECK_TEXT(ui_tone_of("Renata Azevedo"), ui_tone_of("Renata Azevedo"));
	for (int i = 0; i < 200; i++) {
		const char *tone = ui_tone_of(arena_printf(cx->mem, "pessoa %d", i));

		CHECK(strcmp(tone, "red") && strcmp(tone, "amber"));
	}
}

TEST(a_value_that_no_option_has_is_its_own_label)
{
	const UiOption risk[] = { { .value = "high", .label = "Alto" },
		{ .value = "low", .label = "Baixo" } };

	(void)cx;
	CHECK_TEXT(ui_option_label(risk, COUNT(risk), "low"), "Baixo");
	CHECK_TEXT(ui_option_label(risk, COUNT(risk), "odd"), "odd");
}

TEST(a_form_that_comes_back_keeps_the_version_that_was_read)
{
	Req *q = fresh(cx);

	ui_version(&q->html, &q->form, 7);
	CHECK(has(q, "name=\"version\" value=\"7\""));
	q->form = (Form){ &(const FormPair){ "version", "5" }, 1 };
	ui_version(&q->html, &q->form, 7);
	CHECK(has(q, "name=\"version\" value=\"5\""));
	ui_version(&q->html, NULL, 9);
	CHECK(has(q, "name=\"version\" value=\"9\""));
}
