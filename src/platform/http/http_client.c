/* http_client: see http_client.h. libcurl does the work. The guard against addresses of our own
 * network stands where the socket is opened, so it sees what the name really resolved to, each
 * time. */
#include "platform/http/http_client.h"

#include <netdb.h>
#include <curl/curl.h>
#include <sodium.h>

#include "core/clock.h"

enum {
	TIMEOUT_MS = 10000,
	CONNECT_MS = 5000,
	ANSWER_MAX = 1 << 20,
	HEADERS_MAX = 100,
	HEADER_BYTES_MAX = 64 << 10
};

/* Set once by http_init, read only afterwards. */
static HttpConfig settings;

/* One running request. */
typedef struct Exchange {
	Ctx *cx;
	const HttpRequest *request;
	Buf body;
	HttpHeader *header;
	size_t header_count, header_bytes;
	bool refused; /* the guard said no */
	bool too_large;
} Exchange;

void http_init(const HttpConfig *config)
{
	CURLcode failed = curl_global_init(CURL_GLOBAL_DEFAULT);

	assert(!failed);
	settings = *config;
}

/* ---- what may be asked ---- */

static bool port_is_allowed(const char *port)
{
	int64_t number;

	return str_int64(str_of(port), &number) &&
	       (number == 80 || number == 443 || (number > 1023 && number < 65536));
}

/* An address that says itself that it is none of the internet: told at once instead of in the log
 * of a failed request. What names lead to is seen when connecting. */
static bool host_may_be_public(const char *host)
{
	struct addrinfo hint = { .ai_flags = AI_NUMERICHOST }, *address = NULL;
	size_t length = strcspn(host[0] == '[' ? host + 1 : host, "]");
	char name[256];
	bool may;

	if (length >= sizeof name)
		return false;
	memcpy(name, host[0] == '[' ? host + 1 : host, length);
	name[length] = '\0';
	if (!strcasecmp(name, "localhost") || str_ends(name, ".localhost"))
		return false;
	if (getaddrinfo(name, NULL, &hint, &address))
		return true; /* a name */
	may = http_is_public(address->ai_addr);
	freeaddrinfo(address);
	return may;
}

static bool url_is_allowed(const char *text, bool foreign)
{
	CURLU *url = curl_url();
	unsigned flags = foreign ? CURLU_DISALLOW_USER : 0;
	char *scheme = NULL, *port = NULL, *host = NULL;
	bool fine = !curl_url_set(url, CURLUPART_URL, text, flags) &&
		    !curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) &&
		    !curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) &&
		    !curl_url_get(url, CURLUPART_HOST, &host, 0) &&
		    (str_same(scheme, "http") || str_same(scheme, "https"));

	if (fine && foreign)
		fine = settings.allow_private ||
		       (port_is_allowed(port) && (settings.proxy || host_may_be_public(host)));
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(url);
	return fine;
}

bool http_is_allowed(const char *url)
{
	return url_is_allowed(url, /* foreign= */ true);
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	Exchange *exchange = arg;

	(void)purpose;
	if (exchange->request->foreign && !settings.allow_private && !settings.proxy &&
		!http_is_public(&address->addr)) {
		exchange->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- what comes ---- */

static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
	Exchange *exchange = arg;
	size_t all = size * count;

	if (exchange->body.len + all > exchange->body.max_bytes) {
		exchange->too_large = true;
		return 0;
	}
	buf_add(&exchange->body, bytes, all);
	return all;
}

static char *lower(Arena *mem, Str text)
{
	char *copy = arena_copy(mem, text.ptr, text.len);

	for (size_t i = 0; i < text.len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] + ('a' - 'A'));
	return copy;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *arg)
{
	Exchange *exchange = arg;
	size_t all = size * count;
	Arena *mem = exchange->cx->mem;
	Str rest = str_trim((Str){ bytes, all }), name;

	exchange->header_bytes += all;
	if (exchange->header_bytes > HEADER_BYTES_MAX) {
		exchange->too_large = true;
		return 0;
	}
	if (str_starts(arena_copy(mem, bytes, all), "HTTP/")) {
		exchange->header_count = 0; /* those before were of a 100 Continue */
		return all;
	}
	if (rest.len == 0 || !memchr(rest.ptr, ':', rest.len) ||
		exchange->header_count == HEADERS_MAX)
		return all;
	str_cut(&rest, ':', &name);
	rest = str_trim(rest);
	exchange->header[exchange->header_count++] = (HttpHeader){ lower(mem, str_trim(name)),
		arena_copy(mem, rest.len ? rest.ptr : "", rest.len) };
	return all;
}

const char *http_header(const HttpAnswer *answer, const char *name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (strcmp(answer->header[i].name, name) == 0)
			return answer->header[i].value;
	return NULL;
}

/* ---- asking ---- */

static bool is_one_line(const char *text)
{
	return text[strcspn(text, "\r\n")] == '\0';
}

/* False: a header has a line break in it. */
static bool list_headers(Ctx *cx, const HttpRequest *request, struct curl_slist **ret)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");

	for (size_t i = 0; i < request->header_count; i++) {
		const HttpHeader *header = &request->header[i];

		if (!is_one_line(header->name) || !is_one_line(header->value)) {
			curl_slist_free_all(list);
			return false;
		}
		list = curl_slist_append(
			list, arena_printf(cx->mem, *header->value ? "%s: %s" : "%s;%s",
				      header->name, header->value));
	}
	*ret = list;
	return true;
}

static void set_limits(CURL *curl, const HttpRequest *request)
{
	long timeout = request->timeout_ms > 0 ? request->timeout_ms : TIMEOUT_MS;

	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout);
	curl_easy_setopt(
		curl, CURLOPT_CONNECTTIMEOUT_MS, timeout < CONNECT_MS ? timeout : CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_PROXY, settings.proxy ? settings.proxy : "");
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "siso");
	if (settings.ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, settings.ca_file);
}

static void set_request(CURL *curl, const HttpRequest *request, struct curl_slist *headers)
{
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (request->body.len > 0) {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.ptr);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
	} else if (str_same(request->method, "POST")) {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
	}
	if (str_same(request->method, "HEAD"))
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	if (request->method)
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_answer(CURL *curl, Exchange *exchange)
{
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, exchange);
}

/* Texts of libcurl name hosts and ports, never what was sent. */
static Err failure(Ctx *cx, const Exchange *exchange, CURLcode code)
{
	if (exchange->refused)
		return err_set(cx, ERR_INVALID, "the address is not a public one");
	if (exchange->too_large)
		return err_set(cx, ERR_TOO_LARGE, "the answer is larger than %zu bytes",
			exchange->body.max_bytes);
	if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
		return err_set(cx, ERR_INVALID, "the url cannot be asked");
	return err_set(cx, ERR_UNAVAILABLE, "http: %s", curl_easy_strerror(code));
}

static Err perform(Ctx *cx, CURL *curl, Exchange *exchange, HttpAnswer *ret)
{
	int64_t start_us = time_now_us();
	CURLcode code = curl_easy_perform(curl);
	long status = 0;
	const char *type;

	if (code != CURLE_OK)
		return failure(cx, exchange, code);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	*ret = (HttpAnswer){ .status = (int)status,
		.body = { buf_text(&exchange->body), exchange->body.len },
		.header = exchange->header,
		.header_count = exchange->header_count,
		.duration_us = time_now_us() - start_us };
	type = http_header(ret, "content-type");
	ret->content_type = type ? type : "";
	return OK;
}

Err http_send(Ctx *cx, const HttpRequest *request, HttpAnswer *ret)
{
	Exchange exchange = { .cx = cx, .request = request };
	struct curl_slist *headers = NULL;
	CURL *curl;
	Err err;

	if (!url_is_allowed(request->url, request->foreign))
		return err_set(cx, ERR_INVALID, "the url is not one we may ask");
	if (!list_headers(cx, request, &headers))
		return err_set(cx, ERR_INVALID, "a header has a line break");
	exchange.header = NEW_ARRAY(cx->mem, HttpHeader, HEADERS_MAX);
	buf_init(&exchange.body, cx->mem, request->answer_max ? request->answer_max : ANSWER_MAX);
	curl = curl_easy_init();
	assert(curl);
	set_limits(curl, request);
	set_request(curl, request, headers);
	set_answer(curl, &exchange);
	err = perform(cx, curl, &exchange, ret);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	return err;
}

char *http_hmac_hex(Arena *mem, Str key, Str message)
{
	crypto_auth_hmacsha256_state state;
	unsigned char sum[crypto_auth_hmacsha256_BYTES];
	char *hex = arena_alloc(mem, 2 * sizeof sum + 1);

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.ptr, key.len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)message.ptr, message.len);
	crypto_auth_hmacsha256_final(&state, sum);
	sodium_memzero(&state, sizeof state);
	return sodium_bin2hex(hex, 2 * sizeof sum + 1, sum, sizeof sum);
}
