/* What a clinic says of itself under Configurações, through the whole router: identity, colours,
 * branches, hosts, plan; and the public files made from it. The pages are the module company's; the
 * test stands here because the person at the screen does. */
#include "browser.h"
#include "test.h"

#include "modules/company/company.h"

static const char *version_of_company(Ctx *cx)
{
	return sql_as(cx, "siso_app", 1, "select version from company.company");
}

/* What the newest such line in the book of changes says. */
static const char *last_change(Ctx *cx, const char *action)
{
	const char *diff = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem,
			"select diff from audit.change where action = '%s' order by at desc, id "
			"desc limit 1",
			action));

	return diff ? diff : "";
}

/* ---- identity ---- */

TEST(a_clinic_has_a_cnpj_with_letters_and_its_names)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user);
	Page page;

	CHECK_INT(post_form(&b, "/settings/company",
			  "name=Sorriso&short_name=So&legal_name=Sorriso+Ltda&cnpj=12.ABC.345/"
			  "01DE-35"
			  "&zone=America/Manaus&version=%s",
			  version_of_company(cx))
			  .status,
		303);
	page = get(&b, "/settings/company");
	CHECK(strstr(page.body, "value=\"12.ABC.345/01DE-35\""));
	CHECK(strstr(page.body, "value=\"Sorriso Ltda\""));
	CHECK_TEXT(sql_as(cx, "siso_app", 1, "select cnpj || ' ' || zone from company.company"),
		"12ABC34501DE35 America/Manaus");
	CHECK(strstr(get(&b, "/manifest.webmanifest").body, "\"name\":\"Sorriso\""));
}

TEST(wrong_data_of_a_clinic_is_said_at_its_field_and_nothing_typed_is_lost)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user);
	Page page = post_form(&b, "/settings/company",
		"name=Outro+Nome&cnpj=12.ABC.345/01DE-36&zone=America/Bahia&version=%s",
		version_of_company(cx));

	CHECK_INT(page.status, 422);
	CHECK(strstr(page.body, "href=\"#f-cnpj\"") && strstr(page.body, "value=\"Outro Nome\""));
	page = post_form(&b, "/settings/company", "name=Outro+Nome&zone=Europe/Atlantis&version=%s",
		version_of_company(cx));
	CHECK_INT(page.status, 422);
	CHECK(strstr(page.body, "href=\"#f-zone\""));
	CHECK(!sql_as(
		cx, "siso_app", 1, "select 1 from company.company where name = 'Outro Nome'"));
}

TEST(the_second_of_two_who_edit_the_clinic_is_told)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user);
	const char *version = version_of_company(cx);

	CHECK_INT(
		post_form(&b, "/settings/company", "name=Um&zone=America/Bahia&version=%s", version)
			.status,
		303);
	CHECK_INT(post_form(&b, "/settings/company", "name=Dois&zone=America/Bahia&version=%s",
			  version)
			  .status,
		409);
	CHECK_TEXT(sql_as(cx, "siso_app", 1, "select name from company.company"), "Um");
}

/* ---- colours ---- */

TEST(an_unreadable_colour_is_darkened_on_save_and_the_page_says_so)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user);
	Page page = post(&b, "/settings/theme", "hue=100&chroma=120&lightness=650&radius=8");

	CHECK_INT(page.status, 303);
	CHECK_TEXT(page.location, "/settings/theme?mended=1");
	page = get(&b, page.location);
	CHECK(strstr(page.body, "Escurecemos um pouco a cor") && !strstr(page.body, "fraco"));
	CHECK(sql_as(cx, "siso_app", 1,
		"select 1 from company.company where hue = 100 and lightness < 650"));
	CHECK(strstr(get(&b, "/theme.css").body, "--brand-h:100;"));
	CHECK(strstr(last_change(cx, "company.theme"), "\"hue\": ["));
	page = post(&b, "/settings/theme", "hue=165&chroma=85&lightness=430&radius=10");
	CHECK_TEXT(page.location, "/settings/theme");
}

TEST(a_colour_is_tried_before_it_is_saved)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user), stranger = browser_open(cx, "b.test");
	const char *tried = "hue=20&chroma=150&lightness=650&radius=4";
	Page page = get(&b, arena_printf(cx->mem, "/settings/theme/contrast?%s", tried));

	CHECK_INT(page.status, 200);
	CHECK(strstr(page.body, "fraco"));
	CHECK(strstr(get(&b, arena_printf(cx->mem, "/theme.css?%s", tried)).body, "--brand-h:20;"));
	CHECK(!strstr(get(&b, "/theme.css").body, "--brand-h:20;"));
	CHECK(!strstr(get(&stranger, "/theme.css").body, "--brand-h:20;"));
	/* what is no number never reaches the style sheet */
	CHECK(!strstr(
		get(&b, "/theme.css?hue=1;}body{&chroma=1&lightness=400&radius=1").body, "body{"));
	CHECK_INT(
		post(&b, "/settings/theme", "hue=400&chroma=1&lightness=400&radius=1").status, 422);
}

/* ---- branches ---- */

TEST(a_branch_is_made_changed_and_put_out_of_use)
{
	int64_t user;
	Browser b = signed_in(cx, "manager", &user);
	const char *good = "name=Unidade+Norte&zone=America/Manaus&uf=AM&cep=69005-070", *id;
	Page page;

	sql_as(cx, "siso_owner", 0, "delete from company.branch where cep = '69005070'");
	CHECK_INT(post(&b, "/settings/branches", good).status, 303);
	CHECK_INT(post(&b, "/settings/branches", good).status, 422); /* the name is taken */
	id = sql_as(cx, "siso_app", 1, "select id from company.branch where cep = '69005070'");
	page = post_form(&b, arena_printf(cx->mem, "/settings/branches/%s", id),
		"name=Unidade+Norte&zone=America/Manaus&cep=69005-070&version=1");
	CHECK_INT(page.status, 303);
	CHECK(strstr(get(&b, "/settings/branches").body, "Inativa"));
	CHECK(strstr(last_change(cx, "branch.update"), "\"active\": [1, 0]"));
	page = post_form(&b, arena_printf(cx->mem, "/settings/branches/%s", id),
		"name=Outra&zone=America/Manaus&version=1&active=1");
	CHECK_INT(page.status, 409);
}

TEST(what_is_wrong_with_a_branch_is_said_at_its_field)
{
	static const char *const wrong[][2] = {
		{ "name=&zone=America/Bahia", "href=\"#f-name\"" },
		{ "name=X&zone=Mars/Base", "href=\"#f-zone\"" },
		{ "name=X&zone=America/Bahia&uf=XX", "href=\"#f-uf\"" },
		{ "name=X&zone=America/Bahia&cep=123", "href=\"#f-cep\"" },
		{ "name=X&zone=America/Bahia&phone=12", "href=\"#f-phone\"" },
	};
	int64_t user;
	Browser b = signed_in(cx, "owner", &user);

	for (size_t i = 0; i < COUNT(wrong); i++) {
		Page page = post(&b, "/settings/branches", wrong[i][0]);

		CHECK_INT(page.status, 422);
		CHECK(strstr(page.body, wrong[i][1]));
	}
	CHECK_INT(get(&b, "/settings/branches/999999999").status, 404);
}

/* ---- hosts ---- */

TEST(an_own_domain_leads_to_the_clinic_and_may_become_the_main_one)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user), guest = browser_open(cx, "sorriso.example");

	CHECK_INT(get(&guest, "/login").status, 404);
	CHECK_INT(post(&b, "/settings/domains", "host=Sorriso.Example").status, 303);
	CHECK_INT(get(&guest, "/login").status, 200);
	CHECK_INT(post(&b, "/settings/domains/main", "host=sorriso.example").status, 303);
	CHECK_TEXT(sql_as(cx, "siso_app", 1, "select host from company.domain where main"),
		"sorriso.example");
	CHECK_TEXT(
		last_change(cx, "domain.update"), "{\"host\": [\"a.test\", \"sorriso.example\"]}");
	CHECK_INT(post(&b, "/settings/domains/remove", "host=sorriso.example").status, 404);
	CHECK_INT(post(&b, "/settings/domains/main", "host=a.test").status, 303);
	CHECK_INT(post(&b, "/settings/domains/remove", "host=sorriso.example").status, 303);
	CHECK_INT(get(&guest, "/login").status, 404);
}

TEST(a_domain_that_is_taken_or_none_is_refused)
{
	static const char *const wrong[] = { "b.test", "localhost", "-a.example", "a..example",
		"http://a.example", "a.example/x", "a_b.example", "" };
	int64_t user;
	Browser b = signed_in(cx, "owner", &user);
	Page page;

	for (size_t i = 0; i < COUNT(wrong); i++) {
		page = post_form(&b, "/settings/domains", "host=%s", wrong[i]);
		CHECK_INT(page.status, 422);
		CHECK(strstr(page.body, "href=\"#f-host\""));
	}
	CHECK_INT(post(&b, "/settings/domains/main", "host=b.test").status, 404);
	CHECK_INT(post(&b, "/settings/domains/remove", "host=b.test").status, 404);
	CHECK_TEXT(
		sql_as(cx, "siso_app", 1, "select host from company.domain where main"), "a.test");
}

/* ---- plan ---- */

static int times(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

TEST(the_plan_s_page_shows_what_is_used_and_which_modules_are_in_it)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user);
	Page page;

	sql_as(cx, "siso_owner", 0,
		"update company.company set plan = 'inicial', storage_max = 209715200,"
		" features = 'crm patient', version = version + 1 where id = 1");
	sql_as(cx, "siso_app", 1,
		"insert into siso.file_use as u (company_id, files, size_bytes) values (1, 3, "
		"52428800)"
		" on conflict (company_id) do update set size_bytes = 52428800");
	get(&b, "/settings/plan");
	/* another process changed it: the watch sees it within a second */
	CHECK(company_watch(cx) == OK);
	page = get(&b, "/settings/plan");
	CHECK(strstr(page.body, "Plano inicial") && strstr(page.body, "50 de 200"));
	CHECK_INT(times(page.body, "badge tone tone-green"), 2);
	sql_as(cx, "siso_app", 1, "update siso.file_use set files = 0, size_bytes = 0");
	sql_as(cx, "siso_owner", 0,
		"update company.company c set plan = d.plan, storage_max = d.storage_max,"
		" features = d.features, version = c.version + 1 from company.company d"
		" where c.id = 1 and d.id = 2");
}

TEST(who_may_not_change_the_clinic_sees_none_of_it)
{
	static const char *const paths[] = { "/settings/company", "/settings/theme",
		"/settings/branches", "/settings/domains", "/settings/plan" };
	int64_t user;
	Browser b = signed_in(cx, "reception", &user);

	for (size_t i = 0; i < COUNT(paths); i++)
		CHECK_INT(get(&b, paths[i]).status, 403);
	CHECK_INT(post(&b, "/settings/domains", "host=x.example").status, 403);
	CHECK_INT(post(&b, "/settings/theme", "hue=1&chroma=1&lightness=400&radius=1").status, 403);
}
