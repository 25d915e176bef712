/* Who is told of an event, how it is signed, and which addresses are never asked. What a receiver
 * gets over the network is test/scenario/webhook.test.mjs. */
#include "test.h"

#include "modules/webhook/webhook_rooms.h"
#include "platform/auth/seal.h"
#include "platform/auth/key.h"
#include "platform/http/http_client.h"
#include "platform/json/json.h"
#include "test_db.h"

static void start(Ctx *cx)
{
	CHECK(auth_set_secret("a-test-secret-of-more-than-32-characters", NULL));
	http_init(&(HttpConfig){ .allow_private = false });
	cx->user = (UserId){ 0 };
}

static int64_t endpoint(Ctx *cx, const char *title, const char *event)
{
	EndpointForm form = { .title = title,
		.url = "https://exemplo.com.br/siso",
		.events = { &event, event != NULL },
		.active = true };
	int64_t id = 0;

	CHECK(webhook_add(cx, &form, &id) == OK);
	return id;
}

static size_t deliveries(Ctx *cx, int64_t id, SqlWebhookLog **ret)
{
	size_t count;

	CHECK(sql_webhook_log(cx, id, NULL, 50, ret, &count) == OK);
	return count;
}

TEST(a_body_is_signed_as_the_libraries_of_stripe_verify_it)
{
	/* python3: hmac.new(b"whsec_segredo", b'1795348800.{"event":"lead.created"}', "sha256") */
	CHECK_TEXT(webhook_signature(
			   cx->mem, "whsec_segredo", 1795348800, "{\"event\":\"lead.created\"}"),
		"t=1795348800,v1=9efdf2d9f054f0c20897d151c30df93c2c342ff2847d68d59b67e770fa42e662");
}

TEST(an_event_is_delivered_to_those_who_listen)
{
	int64_t all, some, other;
	SqlWebhookLog *log;
	json_t *body;

	start(cx);
	all = endpoint(cx, "Tudo", NULL);
	some = endpoint(cx, "Perdidos", "lead.lost");
	test_as_company(cx, 2);
	other = endpoint(cx, "De outra clínica", NULL);
	test_as_company(cx, 1);
	CHECK(webhook_on_event(cx, "lead.created", 7, "{\"id\":7,\"name\":\"Ana \\\"A\\\"\"}") ==
		OK);
	CHECK_INT(deliveries(cx, some, &log), 0);
	CHECK_INT(deliveries(cx, all, &log), 1);
	CHECK_TEXT(log[0].event, "lead.created");
	CHECK_TEXT(log[0].state, "waiting");
	CHECK(json_parse(cx, str_of(log[0].body), &body) == OK);
	CHECK_TEXT(json_string_value(json_object_get(body, "event")), "lead.created");
	CHECK_INT(json_integer_value(json_object_get(body, "at")), cx->now);
	CHECK_TEXT(json_string_value(json_object_get(json_object_get(body, "data"), "name")),
		"Ana \"A\"");
	test_as_company(cx, 2);
	CHECK_INT(deliveries(cx, other, &log), 0);
}

TEST(an_endpoint_that_is_paused_or_removed_is_told_nothing)
{
	EndpointForm pause = {
		.title = "Pausado", .url = "https://exemplo.com.br/", .active = false
	};
	SqlWebhookLog *log;
	int64_t id;

	start(cx);
	id = endpoint(cx, "Pausado", NULL);
	CHECK(webhook_save(cx, id, &pause) == OK);
	CHECK(webhook_on_event(cx, "lead.created", 7, NULL) == OK);
	CHECK_INT(deliveries(cx, id, &log), 0);
	CHECK(webhook_remove(cx, id) == OK);
	CHECK(webhook_on_event(cx, "lead.created", 7, NULL) == OK);
	CHECK(webhook_remove(cx, id) == ERR_NOT_FOUND);
	CHECK(webhook_save(cx, id, &pause) == ERR_NOT_FOUND);
}

TEST(a_delivery_is_sent_again_by_its_own_endpoint_and_clinic_only)
{
	SqlWebhookLog *log;
	int64_t id, other;

	start(cx);
	id = endpoint(cx, "Um", NULL);
	other = endpoint(cx, "Outro", "lead.lost");
	CHECK(webhook_on_event(cx, "lead.created", 7, NULL) == OK);
	CHECK_INT(deliveries(cx, id, &log), 1);
	CHECK(webhook_resend(cx, other, log[0].id) == ERR_NOT_FOUND);
	CHECK(webhook_resend(cx, id, log[0].id) == OK);
	test_as_company(cx, 2);
	CHECK(webhook_resend(cx, id, log[0].id) == ERR_NOT_FOUND);
}

TEST(a_secret_stands_sealed_in_the_table)
{
	SqlWebhookEndpoint row;
	int64_t id;

	start(cx);
	id = endpoint(cx, "Selado", NULL);
	CHECK(sql_webhook_endpoint(cx, id, &row) == OK);
	CHECK(str_starts(row.secret, "s1:"));
	CHECK(str_starts(secret_open(cx->mem, "webhook", row.secret), "whsec_"));
	CHECK(secret_open(cx->mem, "totp", row.secret) == NULL);
}

TEST(addresses_of_our_own_network_are_refused_in_production)
{
	static const char *const bad[] = { "http://127.0.0.1:8080/", "http://localhost/x",
		"http://10.0.0.8/", "http://192.168.1.1/",
		"http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[fd00::1]/",
		"http://2130706433/", "ftp://exemplo.com.br/", "https://exemplo.com.br:22/",
		"https://ana:senha@exemplo.com.br/", "file:///etc/passwd", "javascript:alert(1)",
		"exemplo.com.br/siso", "https://", "//exemplo.com.br/",
		"http://exemplo.com.br/\r\nX: y" };
	int64_t id;

	start(cx);
	for (size_t i = 0; i < COUNT(bad); i++) {
		EndpointForm form = { .title = "Mau", .url = bad[i], .active = true };

		cx->bad_count = 0;
		if (webhook_add(cx, &form, &id) != ERR_INVALID || !bad_find(cx, "url"))
			test_fail(__FILE__, __LINE__, "%s was not refused", bad[i]);
	}
}

TEST(an_event_that_does_not_exist_is_refused)
{
	const char *event = "lead.exploded";
	EndpointForm form = { .title = "x",
		.url = "https://exemplo.com.br/",
		.events = { &event, 1 },
		.active = true };
	int64_t id;

	start(cx);
	CHECK(webhook_add(cx, &form, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "events") != NULL);
}

/* A job commits before it asks the network, so what this test makes is taken away by itself. */
TEST(a_name_that_leads_into_our_own_network_is_not_asked_and_not_tried_again)
{
	SqlWebhookInsert row;
	SqlWebhookLog *log;
	int64_t rows;

	start(cx);
	/* saved in development, or the name leads elsewhere since */
	CHECK(sql_webhook_insert(cx, "Por dentro", "http://localhost:9/x",
		      secret_seal(cx->mem, "webhook", "whsec_x"), (Strs){ 0 }, &row) == OK);
	CHECK(webhook_deliver(cx, row.id, "lead.created", "{}") == OK);
	CHECK_INT(deliveries(cx, row.id, &log), 1);
	CHECK(webhook_job(cx, arena_printf(cx->mem, "{\"id\":%" PRId64 "}", log[0].id)) == OK);
	CHECK_INT(deliveries(cx, row.id, &log), 1);
	CHECK_TEXT(log[0].state, "failed");
	CHECK_TEXT(log[0].error, "O endereço não é permitido.");
	CHECK_INT(log[0].attempts, 1);
	CHECK(sql_webhook_remove(cx, row.id, &rows) == OK);
	CHECK(db_commit(cx) == OK);
}

/* Port 9 of this machine: nobody answers. As the test above, it cleans up behind its commits. */
TEST(an_endpoint_that_does_not_answer_is_left_alone_for_a_while)
{
	SqlWebhookDelivery d;
	SqlWebhookInsert row;
	SqlWebhookLog *log;
	const char *first, *second;
	int64_t rows;
	bool found;

	start(cx);
	http_init(&(HttpConfig){ .allow_private = true });
	CHECK(sql_webhook_insert(cx, "Mudo", "http://127.0.0.1:9/",
		      secret_seal(cx->mem, "webhook", "whsec_x"), (Strs){ 0 }, &row) == OK);
	CHECK(webhook_deliver(cx, row.id, "lead.created", "{}") == OK);
	CHECK(webhook_deliver(cx, row.id, "lead.created", "{}") == OK);
	CHECK_INT(deliveries(cx, row.id, &log), 2);
	first = arena_printf(cx->mem, "{\"id\":%" PRId64 "}", log[1].id);
	second = arena_printf(cx->mem, "{\"id\":%" PRId64 "}", log[0].id);
	CHECK(webhook_job(cx, first) == ERR_UNAVAILABLE);
	CHECK(sql_webhook_delivery(cx, log[1].id, &d, &found) == OK && found);
	CHECK_INT(d.failures, 1);
	CHECK(d.silent_until > 0);
	/* the other one is not even tried … */
	cx->now = d.silent_until - 1;
	CHECK(webhook_job(cx, second) == ERR_UNAVAILABLE);
	CHECK_INT(deliveries(cx, row.id, &log), 2);
	CHECK_INT(log[0].attempts, 0);
	CHECK_INT(log[1].attempts, 1);
	/* … until the time is over */
	cx->now = d.silent_until;
	CHECK(webhook_job(cx, second) == ERR_UNAVAILABLE);
	CHECK_INT(deliveries(cx, row.id, &log), 2);
	CHECK_INT(log[0].attempts, 1);
	CHECK(sql_webhook_remove(cx, row.id, &rows) == OK);
	CHECK(db_commit(cx) == OK);
}
