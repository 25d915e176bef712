/* Files in a bucket of any S3 service (path-style addresses). What is put is signed with its own
 * hash, so the service refuses what was damaged on the way. Calls block: uploads and jobs only. */
#include <curl/curl.h>
#include <unistd.h>

#include "core/clock.h"
#include "platform/storage/s3_sign.h"
#include "platform/storage/storage_driver.h"

enum { CONNECT_S = 5, STALL_S = 30, STALL_BYTES = 1024, LINK_S = 600, HEADERS_MAX = 5 };

#define EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* One call: what is sent, and what came back. */
typedef struct Call {
	Ctx *cx;
	const char *method, *key;
	const StoredFile *file; /* PUT: what fd holds */
	int fd;                 /* PUT: to read from; GET: to write to; else -1 */
	int64_t at;             /* bytes moved */
	long status;
	int64_t length; /* Content-Length of the answer; -1: none */
} Call;

void storage_s3_init(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
}

/* "s3.sa-east-1.amazonaws.com": the endpoint without scheme and slash. */
static const char *host_of(Ctx *cx)
{
	const char *endpoint = storage_config()->s3.endpoint, *host = strstr(endpoint, "://");

	host = host ? host + 3 : endpoint;
	return arena_copy(cx->mem, host, strcspn(host, "/"));
}

static const char *object_path(Ctx *cx, const char *key)
{
	const char *prefix = storage_config()->s3.prefix;

	return s3_encode(cx->mem,
		arena_printf(cx->mem, "/%s/%s%s", storage_config()->s3.bucket, prefix ? prefix : "",
			key),
		/* keep_slash= */ true);
}

static S3Keys keys(void)
{
	const StorageConfig *config = storage_config();

	return (S3Keys){ config->s3.key_id, config->s3.secret, config->s3.region };
}

/* ---- curl ---- */

static size_t send_bytes(char *to, size_t size, size_t count, void *arg)
{
	Call *call = arg;
	ssize_t got = pread(call->fd, to, size * count, call->at);

	if (got < 0)
		return CURL_READFUNC_ABORT;
	call->at += got;
	return (size_t)got;
}

/* curl begins again when a kept connection was closed under it. */
static int seek_bytes(void *arg, curl_off_t at, int from)
{
	Call *call = arg;

	if (from != SEEK_SET)
		return CURL_SEEKFUNC_CANTSEEK;
	call->at = at;
	return CURL_SEEKFUNC_OK;
}

/* An error's text is of no use and must not be taken for the file. */
static size_t take_bytes(char *bytes, size_t size, size_t count, void *arg)
{
	Call *call = arg;
	size_t left = size * count;

	if (call->fd < 0 || call->file)
		return left;
	while (left) {
		ssize_t put = pwrite(call->fd, bytes, left, call->at);

		if (put <= 0)
			return 0;
		bytes += put;
		left -= (size_t)put;
		call->at += put;
	}
	return size * count;
}

static void set_common(CURL *curl, Call *call)
{
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, call);
	if (storage_config()->s3.ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, storage_config()->s3.ca_file);
}

static void set_method(CURL *curl, Call *call)
{
	if (call->file) {
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(
			curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)call->file->size_bytes);
		curl_easy_setopt(curl, CURLOPT_READFUNCTION, send_bytes);
		curl_easy_setopt(curl, CURLOPT_READDATA, call);
		curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, seek_bytes);
		curl_easy_setopt(curl, CURLOPT_SEEKDATA, call);
	} else if (!strcmp(call->method, "HEAD")) {
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	} else {
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
	}
}

/* Headers as signed, and the signature. */
static struct curl_slist *make_headers(Call *call, const char *path)
{
	Arena *mem = call->cx->mem;
	int64_t now = time_now(); /* the service compares with its own clock: cx->now may be old */
	const char *hash = call->file ? call->file->hash : EMPTY_HASH;
	S3Header header[HEADERS_MAX] = { { "host", host_of(call->cx) },
		{ "x-amz-content-sha256", hash }, { "x-amz-date", s3_date(mem, now) } };
	S3Request request = { call->method, path, hash, header, 3 };
	S3Keys with = keys();
	struct curl_slist *list = NULL;

	for (size_t i = 0; i < request.header_count; i++)
		list = curl_slist_append(
			list, arena_printf(mem, "%s: %s", header[i].name, header[i].value));
	list = curl_slist_append(list, arena_printf(mem, "Authorization: %s",
					       s3_authorization(mem, &with, &request, now)));
	if (call->file)
		list = curl_slist_append(
			list, arena_printf(mem, "Content-Type: %s", call->file->type));
	return curl_slist_append(list, "Expect:"); /* no waiting for 100 Continue */
}

static Err perform(Call *call)
{
	const char *path = object_path(call->cx, call->key);
	const char *endpoint = storage_config()->s3.endpoint;
	int slash = str_ends(endpoint, "/") ? 1 : 0;
	struct curl_slist *headers = make_headers(call, path);
	CURL *curl = curl_easy_init();
	curl_off_t length = -1;
	CURLcode code;

	if (!curl || !headers)
		abort();
	set_common(curl, call);
	set_method(curl, call);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_URL,
		arena_printf(
			call->cx->mem, "%.*s%s", (int)strlen(endpoint) - slash, endpoint, path));
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &call->status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	call->length = length;
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	if (code != CURLE_OK)
		return err_set(call->cx, ERR_UNAVAILABLE, "s3 %s: %s", call->method,
			curl_easy_strerror(code));
	return OK;
}

static Err refused(Call *call)
{
	return err_set(call->cx, ERR_UNAVAILABLE, "s3 %s: status %ld", call->method, call->status);
}

/* ---- the driver ---- */

static Err put(Ctx *cx, const char *key, int fd, const char *path, const StoredFile *file)
{
	Call look = { .cx = cx, .method = "HEAD", .key = key, .fd = -1 };
	Call call = { .cx = cx, .method = "PUT", .key = key, .fd = fd, .file = file };

	(void)path;
	TRY(perform(&look));
	if (look.status == 200 && look.length == file->size_bytes)
		return OK;
	if (look.status != 200 && look.status != 404)
		return refused(&look);
	TRY(perform(&call));
	return call.status == 200 ? OK : refused(&call);
}

static Err open_file(Ctx *cx, const char *key, int *ret_fd)
{
	Call call = { .cx = cx, .method = "GET", .key = key };

	TRY(storage_scratch(cx, &call.fd));
	TRY(perform(&call));
	if (call.status == 404)
		return err_set(cx, ERR_NOT_FOUND, "storage: an object is missing");
	if (call.status != 200)
		return refused(&call);
	*ret_fd = call.fd;
	return OK;
}

static Err remove_file(Ctx *cx, const char *key)
{
	Call call = { .cx = cx, .method = "DELETE", .key = key, .fd = -1 };

	TRY(perform(&call));
	return call.status == 204 || call.status == 200 || call.status == 404 ? OK : refused(&call);
}

static const char *uri(Ctx *cx, const char *key)
{
	const char *path = object_path(cx, key);
	S3Header host = { "host", host_of(cx) };
	S3Request request = { "GET", path, "UNSIGNED-PAYLOAD", &host, 1 };
	S3Keys with = keys();

	return arena_printf(cx->mem, "/s3%s?%s", path,
		s3_signed_query(cx->mem, &with, &request, time_now(), LINK_S));
}

const StorageDriver storage_s3 = {
	.put = put, .open = open_file, .remove = remove_file, .uri = uri
};
