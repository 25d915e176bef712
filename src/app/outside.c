/* Storage, mail, HTTP and error reports, set up once from the environment. */
#include "app/outside.h"

#include <errno.h>
#include <sys/stat.h>

#include "platform/http/http_client.h"
#include "platform/mail/mail.h"
#include "platform/storage/storage.h"
#include "platform/web/sentry.h"

static char files_folder[4200], mail_folder[4200];

static bool make_folder(const char *path)
{
	if (!mkdir(path, 0750) || errno == EEXIST)
		return true;
	fprintf(stderr, "siso: could not make folder \"%s\": %m\n", path);
	return false;
}

bool outside_init(const AppConfig *config)
{
	const char *data = config->data ? config->data : "data";
	const char *from = getenv("MAIL_FROM");

	snprintf(files_folder, sizeof files_folder, "%s/files", data);
	snprintf(mail_folder, sizeof mail_folder, "%s/mail", data);
	if (!make_folder(files_folder) || !make_folder(mail_folder))
		return false;
	storage_init(&(StorageConfig){ .root = files_folder,
		.s3 = { .endpoint = getenv("S3_ENDPOINT"),
			.bucket = getenv("S3_BUCKET"),
			.region = getenv("S3_REGION"),
			.key_id = getenv("S3_KEY_ID"),
			.secret = getenv("S3_SECRET"),
			.prefix = getenv("S3_PREFIX") } });
	http_init(&(HttpConfig){
		.allow_private = config->development, .proxy = getenv("SISO_HTTP_PROXY") });
	return mail_init(&(MailConfig){ .smtp_url = getenv("SMTP_URL"),
		.folder = mail_folder,
		.from = from ? from : "nao-responda@siso.test" });
}

Err outside_sweep(Ctx *cx, const char *data)
{
	int64_t count;

	(void)data;
	return storage_sweep(cx, &count);
}
