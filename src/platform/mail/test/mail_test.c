/* Letters from the caller's transaction to a file in the folder, with a real PostgreSQL. */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/mail/mail.h"
#include "platform/queue/queue.h"
#include "test.h"
#include "test_db.h"

static const Letter reset = { .to = "Ana@Clinic.example",
	.to_name = "Ana",
	.from_name = "Clínica",
	.subject = "Nova senha",
	.text = "Abra https://clinic.example/reset/abc" };

/* A folder of this test; letters in it. */
static const char *use_folder(Ctx *cx)
{
	char *folder = test_scratch(cx->mem, "siso-mail.XXXXXX");

	CHECK(mkdtemp(folder) != NULL);
	CHECK(mail_init(&(MailConfig){ .folder = folder, .from = "nao-responda@siso.example" }));
	return folder;
}

static int count_files(const char *folder, bool remove_them)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int count = 0;

	while (dir && (entry = readdir(dir))) {
		if (!str_ends(entry->d_name, ".eml"))
			continue;
		count++;
		if (remove_them)
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	return count;
}

static void forget(const char *folder)
{
	count_files(folder, true);
	rmdir(folder);
}

static const char *run(Ctx *cx, int64_t id)
{
	MailItem item;

	if (mail_send_job_run(cx, arena_printf(cx->mem, "{\"id\": %" PRId64 "}", id)) != OK)
		test_fail(__FILE__, __LINE__, "mail.send: %s", cx->err.log);
	CHECK(mail_get(cx, id, &item) == OK);
	return item.state;
}

/* Jobs commit in steps; this removes what they left. */
static void clean(Ctx *cx)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_owner"));

	PQclear(PQexec(conn, "truncate siso.mail, siso.outbox"));
	PQfinish(conn);
}

TEST(a_letter_is_a_row_and_a_job)
{
	QueueItem *job;
	MailItem *item;
	size_t count;
	int64_t id;

	clean(cx);
	CHECK(mail_send(cx, &reset, &id) == OK);
	CHECK(mail_send(cx, &reset, NULL) == OK);
	CHECK(mail_list(cx, 0, 10, &item, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_TEXT(item[1].to, "ana@clinic.example");
	CHECK_TEXT(item[1].subject, "Nova senha");
	CHECK_TEXT(item[1].state, "queued");
	CHECK_INT(item[1].id, id);
	CHECK(mail_list(cx, item[0].id, 10, &item, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(queue_list(cx, NULL, 0, 10, &job, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_TEXT(job[0].name, "mail.send");
	test_as_company(cx, 2);
	CHECK(mail_get(cx, id, &item[0]) == ERR_NOT_FOUND);
}

TEST(a_wrong_address_is_said_at_the_field)
{
	Letter letter = reset;

	letter.to = "ana";
	CHECK(mail_send(cx, &letter, NULL) == ERR_INVALID);
	CHECK(bad_find(cx, "email") != NULL);
	letter.to = NULL;
	CHECK(mail_send(cx, &letter, NULL) == ERR_INVALID);
	letter.to = "ana@clinic.example";
	letter.reply_to = "x\r\nBcc: y@z.example";
	CHECK(mail_send(cx, &letter, NULL) == ERR_INVALID);
}

TEST(a_letter_goes_to_a_file_once)
{
	const char *folder = use_folder(cx);
	int64_t id;

	clean(cx);
	CHECK(mail_send(cx, &reset, &id) == OK);
	CHECK_TEXT(run(cx, id), "sent");
	CHECK_INT(count_files(folder, false), 1);
	CHECK_TEXT(run(cx, id), "sent");
	CHECK_INT(count_files(folder, true), 1);
	CHECK_TEXT(run(cx, id), "sent"); /* a job that comes twice sends once */
	CHECK_INT(count_files(folder, false), 0);
	db_rollback(cx);
	clean(cx);
	forget(folder);
}

TEST(trouble_is_noted_and_tried_again)
{
	int64_t id;
	MailItem item;

	clean(cx);
	CHECK(mail_init(&(MailConfig){ .folder = "/nowhere", .from = "a@siso.example" }));
	CHECK(mail_send(cx, &reset, &id) == OK);
	CHECK(mail_send_job_run(cx, arena_printf(cx->mem, "{\"id\": %" PRId64 "}", id)) ==
		ERR_UNAVAILABLE);
	CHECK(mail_get(cx, id, &item) == OK);
	CHECK_TEXT(item.state, "queued");
	CHECK_TEXT(item.error, "folder");
	CHECK(mail_retry(cx, id) == ERR_NOT_FOUND);
	db_rollback(cx);
	clean(cx);
}

TEST(a_job_without_an_id_is_a_bug)
{
	CHECK(mail_send_job_run(cx, "{}") == ERR_BUG);
	CHECK(mail_send_job_run(cx, "{\"id\": \"x\"}") == ERR_BUG);
	CHECK(mail_send_job_run(cx, "{\"id\": 999999}") == OK); /* the row was thrown away */
}

TEST(old_letters_are_thrown_away)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_owner"));
	PGresult *r;

	clean(cx);
	PQclear(PQexec(conn, "insert into siso.mail (company_id, message_id, to_email, subject, "
			     "text, state, created_at)"
			     " select c, 'abcdefghijklmnop', 'a@b.example', 's', 't', s,"
			     " to_timestamp(1795348800) - make_interval(days => d)"
			     " from (values (1, 'sent', 181), (1, 'sent', 179), (1, 'queued', 400),"
			     " (1, 'failed', 181), (2, 'sent', 400)) v (c, s, d)"));
	CHECK(mail_purge_job_run(cx, "{}") == OK);
	r = PQexec(conn, "select count(*) from siso.mail");
	CHECK_TEXT(PQgetvalue(r, 0, 0), "3");
	PQclear(r);
	PQfinish(conn);
	db_rollback(cx);
	clean(cx);
}

TEST(settings_are_checked)
{
	CHECK(!mail_init(&(MailConfig){ .folder = "/", .from = "nobody" }));
	CHECK(!mail_init(&(MailConfig){ .folder = "/" }));
	CHECK(!mail_init(&(MailConfig){ .smtp_url = "http://x", .from = "a@siso.example" }));
	CHECK(mail_init(&(MailConfig){ .smtp_url = "smtp://x", .from = "a@siso.example" }));
	CHECK(!mail_is_files());
}
