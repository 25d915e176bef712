/* The same POST sent twice, on PostgreSQL. */
#include "core/random.h"
#include "fake_site.h"
#include "platform/web/idempotency.sql.h"
#include "test.h"
#include "test_db.h"

static void close_db(void *db)
{
	db_close(db);
}

/* A context whose transactions are its own. */
static Ctx *other_context(Ctx *cx)
{
	Ctx *own = NEW(cx->mem, Ctx);

	*own = (Ctx){ .mem = cx->mem, .now = cx->now, .zone = cx->zone, .peer = cx->peer };
	own->db = db_open(&(DbConfig){ test_conninfo(cx, "siso_app"), "test" });
	arena_defer(cx->mem, close_db, own->db);
	return own;
}

static Req *post(Ctx *own, const char *key, const char *body)
{
	Db *db = own->db;
	Req *q = fake_request(own, POST, "/api/v1/things");

	own->db = db;
	own->bad_count = 0;
	own->err.sentence = NULL;
	q->authorization = "Bearer good";
	q->idempotency_key = key;
	fake_json(q, body);
	return q;
}

TEST(the_same_post_sent_again_is_answered_and_not_done_again)
{
	Ctx *own = other_context(cx);
	const char *key = crypto_token(cx->mem, 16);
	const char *first;
	Req *q;

	fake_site_start();
	q = post(own, key, "{\"name\":\"Ana\",\"size\":3}");
	CHECK_INT(fake_answer(q), 201);
	first = fake_body(q);
	CHECK_INT(fake_site.runs, 1);
	q = post(own, key, "{\"name\":\"Ana\",\"size\":3}");
	CHECK_INT(fake_answer(q), 201);
	CHECK_TEXT(fake_body(q), first);
	CHECK_TEXT(fake_header(q, "Location"), "/api/v1/things/3");
	CHECK_TEXT(q->response->content_type, "application/json");
	CHECK_TEXT(fake_header(q, "Idempotency-Replayed"), "true");
	CHECK_INT(fake_site.runs, 1);
}

TEST(a_key_used_for_another_body_is_refused)
{
	Ctx *own = other_context(cx);
	const char *key = crypto_token(cx->mem, 16);

	fake_site_start();
	CHECK_INT(fake_answer(post(own, key, "{\"name\":\"Ana\"}")), 201);
	CHECK_INT(fake_answer(post(own, key, "{\"name\":\"Eva\"}")), 422);
	CHECK_INT(fake_site.runs, 1);
}

TEST(a_refused_post_may_be_mended_under_the_same_key)
{
	Ctx *own = other_context(cx);
	const char *key = crypto_token(cx->mem, 16);

	fake_site_start();
	CHECK_INT(fake_answer(post(own, key, "{\"name\":\"\"}")), 422);
	CHECK_INT(fake_answer(post(own, key, "{\"name\":\"Ana\"}")), 201);
	CHECK_INT(fake_site.runs, 2);
}

TEST(while_the_first_is_being_done_the_second_hears_409)
{
	Ctx *own = other_context(cx), *first = other_context(cx);
	const char *key = crypto_token(cx->mem, 16);
	SqlIdempotencyLock lock = { 0 };

	fake_site_start();
	first->company = (CompanyId){ 1 };
	db_begin(first, false, 5000);
	CHECK(sql_idempotency_lock(first, arena_printf(cx->mem, "idempotency 9 %s", key), &lock) ==
		OK);
	CHECK(lock.got);
	CHECK_INT(fake_answer(post(own, key, "{\"name\":\"Ana\"}")), 409);
	CHECK_INT(fake_site.runs, 0);
	db_rollback(first);
	CHECK_INT(fake_answer(post(own, key, "{\"name\":\"Ana\"}")), 201);
}

TEST(a_key_that_is_no_key_is_refused)
{
	Ctx *own = other_context(cx);

	fake_site_start();
	CHECK_INT(fake_answer(post(own, "with space", "{\"name\":\"Ana\"}")), 400);
	CHECK_INT(fake_answer(post(own, "", "{\"name\":\"Ana\"}")), 201);
}

TEST(keys_of_two_users_do_not_meet)
{
	SqlIdempotencyFind kept;
	bool found = true;
	int64_t rows;

	CHECK(sql_idempotency_add(cx,
		      &(SqlIdempotencyAddIn){ .user_id = 1,
			      .key = "k",
			      .request_hash = "h",
			      .status = 201,
			      .content_type = "application/json",
			      .body = "{}" },
		      &rows) == OK);
	CHECK(sql_idempotency_find(cx, 2, "k", &kept, &found) == OK);
	CHECK(!found);
	CHECK(sql_idempotency_find(cx, 1, "k", &kept, &found) == OK);
	CHECK(found && kept.status == 201);
	test_as_company(cx, 2);
	CHECK(sql_idempotency_find(cx, 1, "k", &kept, &found) == OK);
	CHECK(!found);
}
