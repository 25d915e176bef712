#include "test.h"

#include "modules/company/company_view.h"
#include "platform/queue/job.h"
#include "test_db.h"

/* A job that has failed, as the worker leaves it. */
static int64_t failed_job(Ctx *cx, const char *name)
{
	QueueItem *item;
	size_t count;

	CHECK(job_add(cx, name, "{}", NULL) == OK);
	CHECK(queue_list(cx, NULL, 0, 1, &item, &count) == OK);
	CHECK_INT(count, 1);
	PQclear(PQexec(db_native(cx->db), arena_printf(cx->mem,
						  "update siso.outbox set state = 'failed', "
						  "finished_at = now(), attempts = 5, "
						  "last_error = 'unavailable' where id = %" PRId64,
						  item[0].id)));
	return item[0].id;
}

static size_t failed_count(Ctx *cx)
{
	QueueItem *item;
	size_t count;

	CHECK(queue_list(cx, "failed", 0, 10, &item, &count) == OK);
	return count;
}

TEST(a_failed_job_is_listed_until_it_is_asked_again_or_given_up)
{
	size_t before = failed_count(cx);
	int64_t first = failed_job(cx, "mail.send"), second = failed_job(cx, "webhook.deliver");

	CHECK_INT(failed_count(cx), before + 2);
	CHECK(queue_retry(cx, first) == OK);
	CHECK(queue_retry(cx, first) == ERR_NOT_FOUND);
	CHECK_INT(failed_count(cx), before + 1);
	test_as_company(cx, 2);
	CHECK(queue_discard(cx, second) == ERR_NOT_FOUND);
	test_as_company(cx, 1);
	CHECK(queue_discard(cx, second) == OK);
	CHECK(queue_discard(cx, second) == ERR_NOT_FOUND);
	CHECK_INT(failed_count(cx), before);
}

TEST(a_failure_is_told_in_words)
{
	const char *icon;

	CHECK_TEXT(job_area("mail.send", &icon), "Envio de e-mail");
	CHECK_TEXT(icon, "mail");
	CHECK_TEXT(job_area("mailbox.send", &icon), "Outro trabalho");
	CHECK_TEXT(job_reason("unavailable"), "Um serviço externo não respondeu.");
	CHECK_TEXT(job_reason(NULL), "Não deu certo depois de todas as tentativas.");
}
