/* mail: see mail.h. */
#include "platform/mail/mail.h"

#include "core/br.h"
#include "core/log.h"
#include "core/random.h"
#include "platform/mail/mail.sql.h"
#include "platform/mail/message.h"
#include "platform/mail/transport.h"

enum {
	SEND_ATTEMPTS = 8, /* the last one some 40 minutes after the first */
	SEND_TIMEOUT_S = 60,
	PURGE_BATCH = 1000
};

/* Set once by mail_init, read only afterwards. */
static MailConfig settings;

bool mail_init(const MailConfig *config)
{
	char address[255];

	if (str_is_empty(config->from) || !email_parse(config->from, address)) {
		LOG(LOG_ERROR, "the sender's address of mails is no address");
		return false;
	}
	if (!str_is_empty(config->smtp_url) && !str_starts(config->smtp_url, "smtp://") &&
		!str_starts(config->smtp_url, "smtps://")) {
		LOG(LOG_ERROR, "the mail server's url must begin with smtp:// or smtps://");
		return false;
	}
	settings = *config;
	return true;
}

bool mail_is_files(void)
{
	return str_is_empty(settings.smtp_url);
}

/* ---- writing ---- */

static Err queue_letter(Ctx *cx, int64_t id)
{
	return job_add(cx, MAIL_SEND, arena_printf(cx->mem, "{\"id\":%" PRId64 "}", id), NULL);
}

Err mail_send(Ctx *cx, const Letter *letter, int64_t *ret_id)
{
	char to[255], reply_to[255] = "";
	SqlMailAdd row;

	if (str_is_empty(letter->to) || !email_parse(letter->to, to) ||
		(!str_is_empty(letter->reply_to) && !email_parse(letter->reply_to, reply_to)))
		return err_field(cx, "email", "Confira o e-mail: parece incompleto.");
	TRY(job_enter(cx));
	TRY(sql_mail_add(cx,
		&(SqlMailAddIn){ .message_id = crypto_token(cx->mem, 18),
			.to_email = to,
			.to_name = letter->to_name,
			.from_name = letter->from_name,
			.reply_to = reply_to[0] ? reply_to : NULL,
			.subject = letter->subject,
			.body = letter->text,
			.html = letter->html },
		&row));
	TRY(queue_letter(cx, row.id));
	if (ret_id)
		*ret_id = row.id;
	return OK;
}

/* ---- showing ---- */

static MailItem item_of(const SqlMailRow *row)
{
	return (MailItem){ .id = row->id,
		.to = row->to_email,
		.to_name = row->to_name,
		.from_name = row->from_name,
		.reply_to = row->reply_to,
		.subject = row->subject,
		.text = row->body,
		.html = row->html,
		.state = row->state,
		.error = row->error,
		.created_at = row->created_at,
		.sent_at = row->sent_at };
}

Err mail_list(Ctx *cx, int64_t before, int n, MailItem **ret, size_t *ret_count)
{
	SqlMailRow *row;
	MailItem *item;
	size_t count;

	TRY(sql_mail_page(cx, before > 0 ? &before : NULL, n, &row, &count));
	item = NEW_ARRAY(cx->mem, MailItem, count + 1);
	for (size_t i = 0; i < count; i++)
		item[i] = item_of(&row[i]);
	*ret = item;
	*ret_count = count;
	return OK;
}

Err mail_get(Ctx *cx, int64_t id, MailItem *ret)
{
	SqlMailRow row;
	bool found;

	TRY(sql_mail_by_id(cx, id, &row, &found));
	if (!found)
		return err_set(cx, ERR_NOT_FOUND, "no letter %" PRId64, id);
	*ret = item_of(&row);
	return OK;
}

Err mail_retry(Ctx *cx, int64_t id)
{
	int64_t rows;

	TRY(sql_mail_again(cx, id, &rows));
	if (rows == 0)
		return err_set(cx, ERR_NOT_FOUND, "no failed letter %" PRId64, id);
	return queue_letter(cx, id);
}

/* ---- sending ---- */

static Delivery deliver(Ctx *cx, const SqlMailRow *row, const char **ret_error)
{
	Letter letter = { .to = row->to_email,
		.to_name = row->to_name,
		.from_name = row->from_name       ? row->from_name
			     : settings.from_name ? settings.from_name
						  : "Siso",
		.reply_to = row->reply_to,
		.subject = row->subject,
		.text = row->body,
		.html = row->html };
	Str message = message_build(cx->mem, &letter,
		&(Envelope){ .from = settings.from,
			.message_id = row->message_id,
			.at = row->created_at });
	Delivery delivery;
	long reply;

	if (mail_is_files()) {
		*ret_error = "folder";
		return transport_file(cx, settings.folder, row->message_id, message);
	}
	delivery = transport_smtp(cx, &settings, row->to_email, message, &reply);
	*ret_error = reply ? arena_printf(cx->mem, "smtp-%ld", reply) : "smtp";
	return delivery;
}

/* Nothing is held open while the server is spoken to. A letter that is taken but not yet noted as
 * sent, because of a crash, goes out again under the same Message-ID. */
static Err send_one(Ctx *cx, int64_t id)
{
	const char *error;
	SqlMailRow row;
	Delivery delivery;
	int64_t rows;
	bool found, final;

	TRY(sql_mail_by_id(cx, id, &row, &found));
	if (!found || strcmp(row.state, "queued") != 0)
		return OK;
	TRY(job_step(cx));
	delivery = deliver(cx, &row, &error);
	if (delivery == DELIVERED)
		return sql_mail_sent(cx, id, &rows);
	final = delivery == DELIVERY_REFUSED || job_is_last_try(cx);
	TRY(sql_mail_trouble(cx, id, error, final, &rows));
	if (delivery == DELIVERY_REFUSED)
		return OK; /* the job did its work: the letter's state tells what came of it */
	TRY(job_step(cx));
	return ERR_UNAVAILABLE;
}

Err mail_send_job_run(Ctx *cx, const char *data)
{
	int64_t id;

	TRY(job_id(cx, data, "id", &id));
	return send_one(cx, id);
}

Err mail_purge_job_run(Ctx *cx, const char *data)
{
	int64_t rows = PURGE_BATCH;

	(void)data;
	while (rows == PURGE_BATCH) {
		TRY(sql_mail_purge(
			cx, cx->now - MAIL_KEPT_DAYS * INT64_C(86400), PURGE_BATCH, &rows));
		TRY(job_step(cx));
	}
	return OK;
}

const Job mail_jobs[] = {
	{ MAIL_SEND, mail_send_job_run, SEND_ATTEMPTS, SEND_TIMEOUT_S },
	{ MAIL_PURGE, mail_purge_job_run, 3, 600 },
};
const size_t mail_job_count = COUNT(mail_jobs);

const Cron mail_crons[] = {
	{ MAIL_PURGE, "20 4 * * *", NULL, MAIL_PURGE, true },
};
const size_t mail_cron_count = COUNT(mail_crons);
