/* mail: letters by e-mail. A letter is a row of siso.mail, written in the caller's transaction and
 * sent by the job mail.send: through SMTP, or as a file in a folder (development). Its Message-ID
 * is fixed in the row, so that a letter sent twice (a crash behind the sending) is one letter to
 * the reader. */
#ifndef MAIL_MAIL_H
#define MAIL_MAIL_H

#include "platform/queue/job.h"
#include "platform/web/web.h"

#define MAIL_SEND  "mail.send"
#define MAIL_PURGE "mail.purge"

enum { MAIL_KEPT_DAYS = 180 };

typedef struct MailConfig {
	/* "smtp://[user:password@]host[:port]" or "smtps://…"; NULL or "": files in the folder.
	 * With a password the connection must be encrypted and the certificate right; without, it
	 * is encrypted where the server can; on this machine no certificate is asked for. */
	const char *smtp_url;
	const char *folder;    /* existing; for *.eml */
	const char *from;      /* "nao-responda@clinica.example": the sender's address */
	const char *from_name; /* when a letter has none; NULL: "Siso" */
	const char *ca_file;   /* NULL: the system's certificates */
} MailConfig;

typedef struct Letter {
	const char *to;        /* address */
	const char *to_name;   /* NULL: none */
	const char *from_name; /* the clinic's; NULL: the installation's */
	const char *reply_to;  /* address; NULL: none */
	const char *subject;
	const char *text;
	const char *html; /* whole document; NULL: text alone */
} Letter;

typedef struct MailItem {
	int64_t id;
	const char *to, *to_name, *from_name, *reply_to, *subject, *text, *html;
	const char *state;           /* "queued", "sent", "failed" */
	const char *error;           /* code of the last failure, or NULL */
	int64_t created_at, sent_at; /* sent_at 0: not yet */
} MailItem;

/* Once, before any job. False: the URL or the sender's address is wrong, said in the log. The texts
 * must outlive the program. */
bool mail_init(const MailConfig *config);
/* Are letters written to files only? */
bool mail_is_files(void);

/* Write the letter of cx->company and queue it. *ret_id: its row; ret_id may be NULL. ERR_INVALID:
 * the address is no address (cx->bad of field "email" is set). Line breaks in names and subject
 * become spaces. */
MUST_CHECK Err mail_send(Ctx *cx, const Letter *letter, int64_t *ret_id);

/* Letters of cx->company, newest first, below id `before` (0: from the top). */
MUST_CHECK Err mail_list(Ctx *cx, int64_t before, int n, MailItem **ret, size_t *ret_count);
/* ERR_NOT_FOUND: no such letter. */
MUST_CHECK Err mail_get(Ctx *cx, int64_t id, MailItem *ret);
/* Send a failed letter again. ERR_NOT_FOUND: none such. */
MUST_CHECK Err mail_retry(Ctx *cx, int64_t id);

/* The jobs mail.send and mail.purge, and the nightly schedule of the latter. */
extern const Job mail_jobs[];
extern const size_t mail_job_count;
extern const Cron mail_crons[];
extern const size_t mail_cron_count;
JobRun mail_send_job_run;
JobRun mail_purge_job_run;

/* GET /dev/mail and /dev/mail/:id (development): the company's letters, to read and to follow. */
extern const Route mail_routes[];
extern const size_t mail_route_count;

#endif
