/* transport: see transport.h. SMTP by libcurl. */
#include "platform/mail/transport.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

enum { SMTP_TIMEOUT_MS = 45000, SMTP_CONNECT_MS = 10000 };

static size_t give(char *bytes, size_t size, size_t count, void *arg)
{
	Str *rest = arg;
	size_t n = size * count < rest->len ? size * count : rest->len;

	memcpy(bytes, rest->ptr, n);
	rest->ptr += n;
	rest->len -= n;
	return n;
}

/* Has the URL a password; is its host this machine? */
static void look_at(const char *text, bool *ret_password, bool *ret_local)
{
	CURLU *url = curl_url();
	char *password = NULL, *host = NULL;

	*ret_password = *ret_local = false;
	if (curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK) {
		*ret_password = curl_url_get(url, CURLUPART_PASSWORD, &password, 0) == CURLUE_OK;
		if (curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK)
			*ret_local = str_same(host, "localhost") || str_starts(host, "127.") ||
				     str_same(host, "[::1]");
	}
	curl_free(password);
	curl_free(host);
	curl_url_cleanup(url);
}

static void set_security(CURL *curl, const MailConfig *config)
{
	bool password, local;

	look_at(config->smtp_url, &password, &local);
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
		(long)(password && !local ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (config->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, config->ca_file);
	/* without a secret to protect, an unknown certificate is still better than clear text */
	if (local || (!password && str_starts(config->smtp_url, "smtp:"))) {
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
}

static void set_letter(CURL *curl, const MailConfig *config, struct curl_slist *to, Str *message)
{
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_URL, config->smtp_url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)SMTP_TIMEOUT_MS);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)SMTP_CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, config->from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)message->len);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, message);
}

Delivery transport_smtp(
	Ctx *cx, const MailConfig *config, const char *to, Str message, long *ret_reply)
{
	struct curl_slist *list = curl_slist_append(NULL, to);
	CURL *curl = curl_easy_init();
	CURLcode code;
	long reply = 0;

	assert(curl);
	set_letter(curl, config, list, &message);
	set_security(curl, config);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
	curl_easy_cleanup(curl);
	curl_slist_free_all(list);
	*ret_reply = reply;
	if (code == CURLE_OK)
		return DELIVERED;
	(void)err_set(cx, ERR_UNAVAILABLE, "smtp: %s, reply %ld", curl_easy_strerror(code), reply);
	/* 5xx to sender, recipient or letter; a refused password is ours to mend, not the letter's
	 * end */
	if (reply >= 550 && reply <= 554 &&
		(code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
			code == CURLE_WEIRD_SERVER_REPLY))
		return DELIVERY_REFUSED;
	return DELIVERY_LATER;
}

static bool write_all(int fd, Str message)
{
	while (message.len > 0) {
		ssize_t written = write(fd, message.ptr, message.len);

		if (written <= 0)
			return false;
		message.ptr += written;
		message.len -= (size_t)written;
	}
	return fsync(fd) == 0;
}

Delivery transport_file(Ctx *cx, const char *folder, const char *name, Str message)
{
	const char *path = arena_printf(cx->mem, "%s/%s.eml", folder, name);
	const char *part = arena_printf(cx->mem, "%s.part", path);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	bool fine = fd >= 0 && write_all(fd, message);

	if (fd >= 0)
		close(fd);
	if (fine && rename(part, path) == 0)
		return DELIVERED;
	(void)err_set(cx, ERR_UNAVAILABLE, "could not write a letter to the mail folder: %m");
	unlink(part);
	return DELIVERY_LATER;
}
