/* bull_conn: see bull_conn.h. */
#include "platform/queue/bull_conn.h"

#include <curl/curl.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/time.h>

#define BULL_SCRIPTS_DEFINE
#include "platform/queue/bullmq_scripts.h"
#include "platform/queue/msgpack.h"

enum { CONNECT_MS = 1000, COMMAND_MS = 5000, REDIS_PORT = 6379 };

/* Where a REDIS_URL points; text in the arena. */
typedef struct Address {
	const char *path; /* unix socket; else host and port */
	const char *host, *user, *password, *database;
	int port;
} Address;

int64_t bull_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void bull_reply_free(redisReply **reply)
{
	if (*reply)
		freeReplyObject(*reply);
}

bool bull_is_error(const redisReply *reply, const char *code)
{
	return reply && reply->type == REDIS_REPLY_ERROR && str_starts(reply->str, code);
}

void bull_disconnect(Bull *bull)
{
	if (bull->redis)
		redisFree(bull->redis);
	bull->redis = NULL;
}

void bull_note(Bull *bull, const char *what, const redisReply *reply)
{
	const char *why = "connection lost";

	if (reply)
		why = reply->str ? reply->str : "unexpected answer";
	else if (bull->redis && bull->redis->err)
		why = bull->redis->errstr;
	snprintf(bull->trouble, sizeof bull->trouble, "%s: %s", what, why);
	if (!reply)
		bull_disconnect(bull);
}

/* ---- connecting ---- */

void bull_begin(Bull *bull)
{
	char byte;

	arena_reset(bull->mem);
	if (bull->redis && recv(bull->redis->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
		bull_disconnect(bull);
}

static const char *url_part(Arena *mem, CURLU *url, CURLUPart part)
{
	char *text = NULL;
	const char *copy;

	if (curl_url_get(url, part, &text, CURLU_URLDECODE) != CURLUE_OK)
		return NULL;
	copy = arena_dup(mem, text);
	curl_free(text);
	return copy;
}

static bool read_address(Arena *mem, const char *text, Address *ret)
{
	CURLU *url;
	const char *port, *path;
	int64_t number = REDIS_PORT;
	bool fine;

	if (str_starts(text, "unix://"))
		text += strlen("unix://");
	*ret = (Address){ .path = text };
	if (text[0] == '/')
		return true;
	url = curl_url();
	fine = str_starts(text, "redis://") &&
	       curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
	if (fine) {
		*ret = (Address){ .host = url_part(mem, url, CURLUPART_HOST),
			.user = url_part(mem, url, CURLUPART_USER),
			.password = url_part(mem, url, CURLUPART_PASSWORD) };
		port = url_part(mem, url, CURLUPART_PORT);
		path = url_part(mem, url, CURLUPART_PATH);
		fine = ret->host && (!port || str_int64(str_of(port), &number));
		ret->port = (int)number;
		ret->database = path && path[0] == '/' && path[1] ? path + 1 : NULL;
	}
	curl_url_cleanup(url);
	return fine;
}

static bool command(Bull *bull, int count, const char **word)
{
	CLEANUP(bull_reply_free)
	redisReply *reply = redisCommandArgv(bull->redis, count, word, NULL);

	if (reply && reply->type != REDIS_REPLY_ERROR)
		return true;
	bull_note(bull, word[0], reply);
	return false;
}

static bool sign_in(Bull *bull, const Address *address)
{
	if (address->password) {
		const char *word[] = { "AUTH", address->user, address->password };
		bool named = !str_is_empty(address->user);

		if (!named)
			word[1] = address->password;
		if (!command(bull, named ? 3 : 2, word))
			return false;
	}
	if (address->database) {
		const char *word[] = { "SELECT", address->database };

		return command(bull, COUNT(word), word);
	}
	return true;
}

static bool introduce(Bull *bull)
{
	char encoded[256];
	const char *name, *meta = arena_printf(bull->mem, "%smeta", bull->base);
	const char *version[] = { "HSET", meta, "version", "bullmq:" BULLMQ_VERSION };
	const char *events[] = { "HSETNX", meta, "opts.maxLenEvents", "10000" };

	sodium_bin2base64(encoded, sizeof encoded, (const unsigned char *)bull->queue,
		strlen(bull->queue), sodium_base64_VARIANT_ORIGINAL);
	name = arena_printf(bull->mem, "%s:%s%s", bull->prefix, encoded, bull->role);
	return command(bull, 3, (const char *[]){ "CLIENT", "SETNAME", name }) &&
	       command(bull, COUNT(version), version) && command(bull, COUNT(events), events);
}

static bool load_scripts(Bull *bull)
{
	for (int i = 0; i < BULL_SCRIPT_COUNT; i++) {
		const char *word[] = { "SCRIPT", "LOAD", bull_scripts[i].text };

		redisAppendCommandArgv(bull->redis, COUNT(word), word, NULL);
	}
	for (int i = 0; i < BULL_SCRIPT_COUNT; i++) {
		CLEANUP(bull_reply_free) redisReply *reply = NULL;

		if (redisGetReply(bull->redis, (void **)&reply) != REDIS_OK ||
			reply->type != REDIS_REPLY_STRING ||
			!str_same(reply->str, bull_scripts[i].sha1)) {
			bull_note(bull, "SCRIPT LOAD", reply);
			bull_disconnect(bull);
			return false;
		}
	}
	return true;
}

bool bull_connect(Bull *bull)
{
	struct timeval limit = { CONNECT_MS / 1000, CONNECT_MS % 1000 * 1000 };
	struct timeval wait = { COMMAND_MS / 1000, COMMAND_MS % 1000 * 1000 };
	Address address;

	if (bull->redis && !bull->redis->err)
		return true;
	bull_disconnect(bull);
	if (!read_address(bull->mem, bull->address, &address)) {
		snprintf(bull->trouble, sizeof bull->trouble, "the address is no redis:// URL");
		return false;
	}
	bull->redis = address.path ? redisConnectUnixWithTimeout(address.path, limit)
				   : redisConnectWithTimeout(address.host, address.port, limit);
	if (!bull->redis || bull->redis->err || redisSetTimeout(bull->redis, wait) != REDIS_OK) {
		bull_note(bull, "connect", NULL);
		return false;
	}
	if (sign_in(bull, &address) && introduce(bull) && load_scripts(bull))
		return true;
	bull_disconnect(bull);
	return false;
}

/* ---- calls ---- */

void bull_pack_keep(Buf *buf, const char *name, BullKeep keep)
{
	msgpack_text(buf, name);
	msgpack_map(buf, keep.age_s ? 2 : 1);
	msgpack_text(buf, "count");
	msgpack_int(buf, keep.count);
	if (keep.age_s) {
		msgpack_text(buf, "age");
		msgpack_int(buf, keep.age_s);
	}
}

BullCall bull_call(Bull *bull, int script)
{
	return (BullCall){ .bull = bull, .script = script };
}

static void add_word(BullCall *call, const char *word, size_t size)
{
	assert(call->count < CALL_WORDS_MAX);
	call->word[call->count] = word;
	call->size[call->count++] = size;
}

void bull_text(BullCall *call, const char *text)
{
	add_word(call, text, strlen(text));
}

void bull_key(BullCall *call, const char *name)
{
	bull_text(call, arena_printf(call->bull->mem, "%s%s", call->bull->base, name));
}

void bull_int(BullCall *call, int64_t value)
{
	bull_text(call, arena_printf(call->bull->mem, "%" PRId64, value));
}

void bull_bytes(BullCall *call, Buf *bytes)
{
	add_word(call, buf_text(bytes), bytes->len);
}

bool bull_send(BullCall *call)
{
	const char *word[CALL_WORDS_MAX + 3] = { "EVALSHA", bull_scripts[call->script].sha1,
		arena_printf(call->bull->mem, "%d", bull_scripts[call->script].keys) };
	size_t size[CALL_WORDS_MAX + 3];

	if (!bull_connect(call->bull))
		return false;
	for (int i = 0; i < 3; i++)
		size[i] = strlen(word[i]);
	memcpy(word + 3, call->word, sizeof *word * call->count);
	memcpy(size + 3, call->size, sizeof *size * call->count);
	return redisAppendCommandArgv(call->bull->redis, call->count + 3, word, size) == REDIS_OK;
}

redisReply *bull_run(BullCall *call)
{
	Bull *bull = call->bull;
	redisReply *reply = NULL;

	for (int tries = 0; tries < 2; tries++) {
		if (!bull_send(call))
			return NULL;
		if (redisGetReply(bull->redis, (void **)&reply) != REDIS_OK)
			reply = NULL;
		if (reply && reply->type != REDIS_REPLY_ERROR)
			return reply;
		bull_note(bull, "script", reply);
		if (!bull_is_error(reply, "NOSCRIPT") || !load_scripts(bull))
			break;
		freeReplyObject(reply);
		reply = NULL;
	}
	bull_reply_free(&reply);
	return NULL;
}
