/* The life of a request: who may, what is checked, when it is committed. */
#include "fake_site.h"
#include "platform/web/builtin.h"
#include "test.h"

TEST(a_page_is_read_in_a_transaction_that_cannot_write)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/things/12?x=a%26b");
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_body(q), "12a&amp;b");
	CHECK_TEXT(fake_db.story, "read write read commit");
	CHECK_INT(fake_db.timeout_ms, 1234);
	CHECK_INT(cx->company.v, 1);
	CHECK_TEXT(cx->zone, "America/Recife");
}

TEST(nobody_is_sent_to_sign_in_and_finds_the_way_back)
{
	Req *q;

	fake_site_start();
	q = fake_request(cx, GET, "/things/12?x=a&y=b");
	CHECK_INT(fake_answer(q), 303);
	CHECK_TEXT(fake_header(q, "Location"), "/sign-in?next=%2Fthings%2F12%3Fx%3Da%26y%3Db");
	q = fake_request(cx, GET, "/things/12");
	q->htmx = true;
	CHECK_INT(fake_answer(q), 401);
	CHECK_TEXT(fake_header(q, "HX-Reswap"), "none");
	CHECK_TEXT(fake_header(q, "HX-Redirect"), "");
	q = fake_request(cx, GET, "/api/v1/things/1");
	CHECK_INT(fake_answer(q), 401);
	CHECK_TEXT(fake_header(q, "WWW-Authenticate"), "Bearer");
}

TEST(who_lacks_the_permission_is_refused)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/secrets");
	CHECK_INT(fake_answer(q), 403);
	CHECK_TEXT(fake_body(q), "page of forbidden");
	CHECK_TEXT(fake_header(q, "Cache-Control"), "no-store");
}

TEST(a_plan_without_the_feature_says_so)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/stock");
	CHECK_INT(fake_answer(q), 402);
	CHECK(strstr(cx->err.sentence, "plano"));
}

TEST(a_lapsed_clinic_reads_and_signs_out_but_does_not_write)
{
	Req *q;

	fake_site_start();
	fake_site.lapsed = true;
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "/things/1")), 200);
	q = fake_signed_in(cx, POST, "/things");
	fake_form(q, "name=x");
	CHECK_INT(fake_answer(q), 402);
	CHECK_INT(fake_site.runs, 0);
	q = fake_signed_in(cx, POST, "/sign-out");
	fake_form(q, "");
	CHECK_INT(fake_answer(q), 204);
}

TEST(an_unknown_host_is_a_404_with_a_page_or_a_problem)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/things/12");
	q->host = "b.test";
	CHECK_INT(fake_answer(q), 404);
	CHECK_TEXT(fake_body(q), "page of not-found");
	CHECK_TEXT(cx->err.sentence, "Este endereço não é de nenhuma clínica.");
	q = fake_request(cx, GET, "/api/v1/leads");
	q->host = "b.test";
	CHECK_INT(fake_answer(q), 404);
	CHECK_TEXT(q->response->content_type, "application/problem+json");
	CHECK(strstr(fake_body(q), "Este endereço não é de nenhuma clínica."));
	q = fake_signed_in(cx, GET, "/nowhere");
	CHECK_INT(fake_answer(q), 404);
	CHECK_TEXT(fake_body(q), "page of not-found");
}

TEST(another_method_of_a_known_path_is_405_with_the_ones_that_are)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, PUT, "/things/12");
	CHECK_INT(fake_answer(q), 405);
	CHECK_TEXT(fake_header(q, "Allow"), "GET, HEAD, DELETE");
}

TEST(an_id_that_is_no_number_is_not_found)
{
	static const char *const wrong[] = { "/things/0", "/things/-1", "/things/1x", "/things/01",
		"/things/99999999999999999999", "/things/ 1" };

	fake_site_start();
	for (size_t i = 0; i < COUNT(wrong); i++)
		CHECK_INT(fake_answer(fake_signed_in(cx, GET, wrong[i])), 404);
}

TEST(hostile_paths_and_queries_end_early)
{
	fake_site_start();
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "/things/\xff\xfe")), 404);
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "/things/1?x=%zz")), 400);
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "/things/1?x=%00")), 400);
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "//things/1")), 404);
}

TEST(a_change_is_committed_before_it_is_answered)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, POST, "/things");
	fake_form(q, "name=Ana+O%27K&size=3");
	CHECK_INT(fake_answer(q), 303);
	CHECK_TEXT(fake_header(q, "Location"), "/things/Ana%20O%27K?n=3");
	CHECK_TEXT(fake_db.story, "read write write commit");
}

TEST(a_commit_that_fails_is_no_success)
{
	Req *q;

	fake_site_start();
	fake_db.commit_fails = true;
	q = fake_signed_in(cx, POST, "/things");
	fake_form(q, "name=x");
	CHECK_INT(fake_answer(q), 503);
	CHECK_TEXT(fake_header(q, "Retry-After"), "2");
	CHECK_TEXT(fake_header(q, "Location"), "");
	CHECK_TEXT(fake_header(q, "Set-Cookie"), "");
}

TEST(a_form_shown_again_has_changed_nothing)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, POST, "/things");
	fake_form(q, "name=&size=3");
	CHECK_INT(fake_answer(q), 422);
	CHECK(strlen(fake_body(q)) > 5);
	CHECK_TEXT(fake_db.story, "read write write rollback");
}

TEST(an_error_answer_may_ask_to_keep_what_it_counted)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, POST, "/things");
	fake_form(q, "name=keep");
	CHECK_INT(fake_answer(q), 422);
	CHECK_TEXT(fake_db.story, "read write write commit");
}

TEST(an_error_of_a_service_becomes_its_page)
{
	Req *q;

	fake_site_start();
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "/things/404")), 404);
	q = fake_signed_in(cx, GET, "/things/500");
	CHECK_INT(fake_answer(q), 500);
	CHECK_TEXT(fake_body(q), "page of internal");
	q = fake_signed_in(cx, GET, "/things/404");
	q->htmx = true;
	CHECK_INT(fake_answer(q), 404);
	CHECK_TEXT(fake_header(q, "HX-Reswap"), "none"); /* the page below stays */
}

TEST(a_handler_that_forgets_to_answer_is_a_bug)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, POST, "/forget");
	fake_form(q, "");
	CHECK_INT(fake_answer(q), 500);
	CHECK(strstr(fake_db.story, "rollback"));
	CHECK(!strstr(fake_db.story, "commit"));
}

TEST(without_a_database_the_answer_is_friendly_and_503)
{
	Req *q;

	fake_site_start();
	fake_site.database_down = true;
	q = fake_signed_in(cx, GET, "/things/1");
	CHECK_INT(fake_answer(q), 503);
	CHECK_TEXT(fake_body(q), "page of unavailable");
	CHECK_TEXT(fake_header(q, "Retry-After"), "2");
}

TEST(who_opened_a_chart_is_noted_once_it_was_shown)
{
	fake_site_start();
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "/charts/12")), 200);
	CHECK_INT(fake_site.charts_read, 1);
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "/charts/404")), 404);
	CHECK_INT(fake_site.charts_read, 1);
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "/things/12")), 200);
	CHECK_INT(fake_site.charts_read, 1);
}

TEST(health_and_readiness_need_neither_company_nor_database)
{
	Req *q;

	fake_site_start();
	q = fake_request(cx, GET, "/healthz");
	q->host = "10.0.0.1";
	CHECK_INT(fake_answer(q), 200);
	q = fake_request(cx, GET, "/readyz");
	q->host = "10.0.0.1";
	CHECK_INT(fake_answer(q), 503);
	CHECK_TEXT(fake_body(q), "PostgreSQL has not answered yet\n");
	builtin_note_database(true);
	q = fake_request(cx, GET, "/readyz");
	CHECK_INT(fake_answer(q), 200);
	builtin_note_database(false);
	q = fake_request(cx, GET, "/readyz");
	CHECK_INT(fake_answer(q), 503);
	CHECK_TEXT(fake_db.story, "");
}

TEST(metrics_are_for_this_machine_only)
{
	Req *q;

	fake_site_start();
	(void)fake_answer(fake_signed_in(cx, GET, "/things/12"));
	q = fake_request(cx, GET, "/metrics");
	CHECK_INT(fake_answer(q), 200);
	CHECK(strstr(fake_body(q), "siso_requests_total{method=\"GET\",route=\"/things/:id\","
				   "status=\"2xx\"}"));
	CHECK(strstr(fake_body(q), "process_resident_memory_bytes "));
	q = fake_request(cx, GET, "/metrics");
	cx->peer = "203.0.113.9";
	CHECK_INT(fake_answer(q), 404);
}

TEST(nginx_learns_whose_events_a_listener_may_hear)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/may-listen");
	CHECK_INT(fake_answer(q), 204);
	CHECK_TEXT(fake_header(q, "X-Company"), "1");
	CHECK_TEXT(fake_header(q, "X-User"), "9");
	CHECK_INT(fake_answer(fake_request(cx, GET, "/may-listen")), 401);
}

TEST(lane_and_turn_are_known_before_a_worker_is_taken)
{
	uint64_t tenant = 9;
	Lane lane;

	fake_site_start();
	(void)fake_answer(fake_signed_in(cx, GET, "/things/12"));
	CHECK(!router_sort(fake_signed_in(cx, GET, "/slow"), &lane, &tenant));
	CHECK_INT(lane, LANE_HEAVY);
	CHECK_INT(tenant, 1);
	CHECK(router_sort(fake_request(cx, GET, "/healthz"), &lane, &tenant));
	CHECK(router_sort(fake_request(cx, GET, "/readyz"), &lane, &tenant));
}

static Err nothing(Req *q)
{
	return send_nothing(q);
}

static bool starts_with(Route route)
{
	static const Perm perm = { "a.read", "Ler", "owner" };
	static Route kept;
	RouteRow row = { &kept, "a", NULL };

	kept = route;
	return router_init(&row, 1, &perm, 1, &(WebHooks){ 0 });
}

TEST(a_route_table_with_a_mistake_stops_the_program)
{
	CHECK(starts_with((Route){ GET, "/a", nothing, "a.read" }));
	CHECK(!starts_with((Route){ GET, "/a", nothing, NULL }));
	CHECK(!starts_with((Route){ GET, "/a", nothing, "a.wirte" }));
	CHECK(!starts_with((Route){ GET, "/a", NULL, "a.read" }));
	CHECK(!starts_with((Route){ GET, "a", nothing, "a.read" }));
	CHECK(!starts_with((Route){ GET, "/a//b", nothing, "a.read" }));
	CHECK(!starts_with((Route){ GET, "/healthz", nothing, "a.read" }));
	CHECK(!starts_with((Route){ POST, "/a", nothing, PERM_ANYONE }));
	CHECK(!starts_with((Route){ GET, "/api/v1/a", nothing, "a.read", ROUTE_API }));
	CHECK(starts_with((Route){ POST, "/a", nothing, PERM_ANYONE, ROUTE_PUBLIC_FORM }));
}

TEST(a_permission_is_found_by_its_name)
{
	static const Perm perm[] = { { "c.x", "", "" }, { "a.x", "", "" }, { "b.x", "", "" },
		{ "b.x", "", "" } };

	CHECK(router_init(NULL, 0, perm, 3, &(WebHooks){ 0 }));
	CHECK_INT(perm_bit("c.x"), 0);
	CHECK_INT(perm_bit("a.x"), 1);
	CHECK_INT(perm_bit("b.x"), 2);
	CHECK_INT(perm_bit("b"), -1);
	CHECK_INT(perm_bit(""), -1);
	CHECK_INT(perm_count(), 3);
	CHECK_TEXT(perm_at(2)->name, "b.x");
	CHECK(!router_init(NULL, 0, perm, 4, &(WebHooks){ 0 }));
}

TEST(what_a_permission_needs_is_declared_and_held_by_its_roles_too)
{
	static const Perm good[] = { { "a.read", "", "dentist reception" },
		{ "a.write", "", "dentist", "a.read" } };
	static const Perm unknown[] = { { "a.write", "", "dentist", "a.read" } };
	static const Perm apart[] = { { "a.read", "", "reception" },
		{ "a.write", "", "dentist", "a.read" } };

	CHECK(router_init(NULL, 0, good, 2, &(WebHooks){ 0 }));
	CHECK(!router_init(NULL, 0, unknown, 1, &(WebHooks){ 0 }));
	CHECK(!router_init(NULL, 0, apart, 2, &(WebHooks){ 0 }));
}

TEST(a_development_page_does_not_exist_in_production)
{
	fake_site_start();
	CHECK_INT(fake_answer(fake_signed_in(cx, GET, "/dev")), 404);
}
