/* bull_job: taking a job from Redis and finishing it; see bullmq.h. KEYS and ARGV as in bullmq.c.
 */
#include <jansson.h>
#include <unistd.h>

#include "platform/queue/bullmq_scripts.h"
#include "platform/queue/bull_conn.h"
#include "platform/queue/msgpack.h"

static_assert(BULL_KEYS_moveToActive == 11 && BULL_KEYS_moveToFinished == 14 &&
		      BULL_KEYS_moveToDelayed == 11,
	"the layout of working has changed");
static_assert(BULL_KEYS_extendLocks == 1 && BULL_KEYS_moveStalledJobsToWait == 9,
	"the layout of housekeeping has changed");

enum { DRAIN_DELAY_MS = 5000 }; /* ask at least so often, marker or not */

/* ---- reading what a script gives ---- */

static int64_t number_of(const redisReply *reply)
{
	int64_t number = 0;

	if (reply->type == REDIS_REPLY_INTEGER)
		return reply->integer;
	if (reply->type == REDIS_REPLY_STRING)
		number = (int64_t)strtod(reply->str, NULL);
	return number;
}

/* removeOnComplete and removeOnFail: absent, true, a count, or {age, count}. */
static BullKeep read_keep(const json_t *options, const char *name)
{
	const json_t *keep = json_object_get(options, name);

	if (json_is_true(keep))
		return (BullKeep){ 0, 0 };
	if (json_is_integer(keep))
		return (BullKeep){ json_integer_value(keep), 0 };
	if (json_is_object(keep)) {
		const json_t *count = json_object_get(keep, "count");

		return (BullKeep){ count ? json_integer_value(count) : -1,
			json_integer_value(json_object_get(keep, "age")) };
	}
	return (BullKeep){ -1, 0 };
}

static void read_options(const redisReply *text, BullJob *ret)
{
	json_t *options = json_loadb(text->str, text->len, 0, NULL);

	ret->attempts = (int)json_integer_value(json_object_get(options, "attempts"));
	ret->keep_done = read_keep(options, "removeOnComplete");
	ret->keep_failed = read_keep(options, "removeOnFail");
	json_decref(options);
}

static int64_t read_row(const redisReply *text)
{
	json_t *data = json_loadb(text->str, text->len, 0, NULL);
	int64_t row = json_integer_value(json_object_get(data, "id"));

	json_decref(data);
	return row > 0 ? row : 0;
}

static void read_hash(const redisReply *hash, BullJob *ret)
{
	for (size_t i = 0; i + 1 < hash->elements; i += 2) {
		const char *name = hash->element[i]->str;
		const redisReply *value = hash->element[i + 1];

		if (!name || value->type != REDIS_REPLY_STRING)
			continue;
		if (strcmp(name, "data") == 0)
			ret->row = read_row(value);
		else if (strcmp(name, "opts") == 0)
			read_options(value, ret);
		else if (strcmp(name, "atm") == 0)
			ret->made = (int)number_of(value);
		else if (strcmp(name, "defa") == 0)
			ret->must_fail = true;
	}
}

/* Answer of moveToActive, and of the others when they fetch: [hash | 0, id, limited ms, next due
 * ms], or a number: 0 fine, negative refused. */
static BullAnswer read_next(Bull *bull, const redisReply *reply, const char *token, BullJob *ret)
{
	int64_t limited_ms;

	if (!reply)
		return BULL_AWAY;
	bull->drained = true;
	bull->block_until_ms = bull->limit_until_ms = 0;
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 4)
		return BULL_NOTHING;
	limited_ms = number_of(reply->element[2]);
	bull->block_until_ms = number_of(reply->element[3]);
	bull->limit_until_ms = limited_ms > 0 ? bull_now_ms() + limited_ms : 0;
	if (reply->element[0]->type != REDIS_REPLY_ARRAY ||
		reply->element[1]->type != REDIS_REPLY_STRING ||
		reply->element[1]->len >= sizeof ret->id)
		return BULL_NOTHING;
	bull->drained = false;
	*ret = (BullJob){ .keep_done = { -1, 0 }, .keep_failed = { -1, 0 } };
	snprintf(ret->id, sizeof ret->id, "%s", reply->element[1]->str);
	snprintf(ret->token, sizeof ret->token, "%s", token);
	read_hash(reply->element[0], ret);
	return BULL_OK;
}

/* ---- taking ---- */

static const char *new_token(Bull *bull)
{
	return arena_printf(bull->mem, "%s:%p:%u", bull->worker, (void *)bull, bull->tokens++);
}

static void pack_fetch(Buf *buf, const Bull *bull, const char *token)
{
	msgpack_map(buf, 4);
	msgpack_text(buf, "token");
	msgpack_text(buf, token);
	msgpack_text(buf, "lockDuration");
	msgpack_int(buf, bull->lock_ms);
	msgpack_text(buf, "limiter");
	msgpack_nil(buf);
	msgpack_text(buf, "name");
	msgpack_text(buf, "siso");
}

static BullAnswer ask(Bull *bull, BullJob *ret)
{
	static const char *const key[] = { "wait", "active", "prioritized", "events", "stalled",
		"limiter", "delayed", "paused", "meta", "pc", "marker" };
	const char *token = new_token(bull);
	CLEANUP(bull_reply_free) redisReply *reply = NULL;
	BullCall call = bull_call(bull, BULL_moveToActive);
	Buf options;

	for (size_t i = 0; i < COUNT(key); i++)
		bull_key(&call, key[i]);
	bull_text(&call, bull->base);
	bull_int(&call, bull_now_ms());
	buf_init(&options, bull->mem, PACK_MAX);
	pack_fetch(&options, bull, token);
	bull_bytes(&call, &options);
	reply = bull_run(&call);
	bull->asked_ms = bull_now_ms();
	return read_next(bull, reply, token, ret);
}

/* Block on the marker, which says that there is work (score 0) or when there will be. BULL_OK: ask.
 */
static BullAnswer wait_for_marker(Bull *bull, int64_t wait_ms)
{
	CLEANUP(bull_reply_free) redisReply *reply = NULL;

	if (!bull_connect(bull))
		return BULL_AWAY;
	reply = redisCommand(bull->redis, "BZPOPMIN %smarker %s", bull->base,
		arena_printf(bull->mem, "%.3f", (double)wait_ms / 1000));
	if (!reply || reply->type == REDIS_REPLY_ERROR) {
		bull_note(bull, "BZPOPMIN", reply);
		return BULL_AWAY;
	}
	if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3)
		bull->block_until_ms = number_of(reply->element[2]);
	else if (!bull->block_until_ms)
		return bull_now_ms() - bull->asked_ms >= DRAIN_DELAY_MS ? BULL_OK : BULL_NOTHING;
	return bull->block_until_ms <= bull_now_ms() ? BULL_OK : BULL_NOTHING;
}

BullAnswer bull_take(Bull *bull, int wait_ms, BullJob *ret)
{
	int64_t now = bull_now_ms();
	BullAnswer answer;

	bull_begin(bull);
	if (bull->limit_until_ms > now) {
		/* not on the marker: another worker may have eaten it meanwhile */
		int64_t left = bull->limit_until_ms - now;

		usleep((useconds_t)(left < wait_ms ? left : wait_ms) * 1000);
		if (left > wait_ms)
			return BULL_NOTHING;
		bull->limit_until_ms = 0;
		bull->drained = false;
	}
	if (bull->drained) {
		int64_t wait = wait_ms;

		if (bull->block_until_ms && bull->block_until_ms - now < wait)
			wait = bull->block_until_ms - now;
		answer = wait > 0 ? wait_for_marker(bull, wait) : BULL_OK;
		if (answer != BULL_OK)
			return answer;
	}
	return ask(bull, ret);
}

/* ---- finishing ---- */

/* Once more over a new connection when the first was lost: if the first call did run, the second is
 * refused; without it a restart of Redis would run the job twice. */
static BullAnswer run_finish(Bull *bull, BullCall *call, const char *token, BullJob *ret_next)
{
	CLEANUP(bull_reply_free) redisReply *reply = bull_run(call);

	if (!reply && !bull->redis)
		reply = bull_run(call);
	return read_next(bull, reply, token, ret_next);
}

static void pack_reason(Buf *buf, Arena *mem, const char *reason)
{
	/* reasons are our own words: nothing in them needs quoting */
	msgpack_array(buf, 4);
	msgpack_text(buf, "failedReason");
	msgpack_text(buf, reason);
	msgpack_text(buf, "stacktrace");
	msgpack_text(buf, arena_printf(mem, "[\"%s\"]", reason));
}

static void pack_finish(Buf *buf, const Bull *bull, const BullJob *job, bool done)
{
	static const char *const parent_rules[] = { "fpof", "cpof", "idof", "rdof" };

	msgpack_map(buf, 11);
	msgpack_text(buf, "token");
	msgpack_text(buf, job->token);
	msgpack_text(buf, "name");
	msgpack_text(buf, "siso");
	bull_pack_keep(buf, "keepJobs", done ? job->keep_done : job->keep_failed);
	msgpack_text(buf, "limiter");
	msgpack_nil(buf);
	msgpack_text(buf, "lockDuration");
	msgpack_int(buf, bull->lock_ms);
	msgpack_text(buf, "attempts");
	msgpack_int(buf, job->attempts);
	msgpack_text(buf, "maxMetricsSize");
	msgpack_text(buf, "");
	for (size_t i = 0; i < COUNT(parent_rules); i++) {
		msgpack_text(buf, parent_rules[i]);
		msgpack_bool(buf, false);
	}
}

static BullAnswer finish(
	Bull *bull, const BullJob *job, const char *reason, bool fetch, BullJob *ret_next)
{
	static const char *const key[] = { "wait", "active", "prioritized", "events", "stalled",
		"limiter", "delayed", "paused", "meta", "pc" };
	const char *state = reason ? "failed" : "completed";
	BullCall call = bull_call(bull, BULL_moveToFinished);
	Buf options, fields;

	bull_begin(bull);
	for (size_t i = 0; i < COUNT(key); i++)
		bull_key(&call, key[i]);
	bull_key(&call, state);
	bull_key(&call, job->id);
	bull_key(&call, arena_printf(bull->mem, "metrics:%s", state));
	bull_key(&call, "marker");
	bull_text(&call, job->id);
	bull_int(&call, bull_now_ms());
	bull_text(&call, reason ? "failedReason" : "returnvalue");
	bull_text(&call, reason ? reason : "null");
	bull_text(&call, state);
	bull_text(&call, fetch ? "1" : "0");
	bull_text(&call, bull->base);
	buf_init(&options, bull->mem, PACK_MAX);
	pack_finish(&options, bull, job, !reason);
	bull_bytes(&call, &options);
	buf_init(&fields, bull->mem, PACK_MAX);
	if (reason)
		pack_reason(&fields, bull->mem, reason);
	bull_bytes(&call, &fields);
	return run_finish(bull, &call, job->token, ret_next);
}

BullAnswer bull_done(Bull *bull, const BullJob *job, bool fetch, BullJob *ret_next)
{
	return finish(bull, job, NULL, fetch, ret_next);
}

BullAnswer bull_fail(
	Bull *bull, const BullJob *job, const char *reason, bool fetch, BullJob *ret_next)
{
	return finish(bull, job, reason, fetch, ret_next);
}

BullAnswer bull_delay(Bull *bull, const BullJob *job, int64_t delay_ms, const char *reason,
	bool fetch, BullJob *ret_next)
{
	static const char *const before[] = { "marker", "active", "prioritized", "delayed" };
	static const char *const after[] = { "events", "meta", "stalled", "wait", "limiter", "pc" };
	BullCall call = bull_call(bull, BULL_moveToDelayed);
	Buf options, fields;

	bull_begin(bull);
	for (size_t i = 0; i < COUNT(before); i++)
		bull_key(&call, before[i]);
	bull_key(&call, job->id);
	for (size_t i = 0; i < COUNT(after); i++)
		bull_key(&call, after[i]);
	bull_text(&call, bull->base);
	bull_int(&call, bull_now_ms());
	bull_text(&call, job->id);
	bull_text(&call, job->token);
	bull_int(&call, delay_ms > 0 ? delay_ms : 1);
	bull_text(&call, reason ? "0" : "1"); /* does it count as an attempt? */
	buf_init(&fields, bull->mem, PACK_MAX);
	if (reason)
		pack_reason(&fields, bull->mem, reason);
	bull_bytes(&call, &fields);
	bull_text(&call, fetch ? "1" : "0");
	buf_init(&options, bull->mem, PACK_MAX);
	pack_fetch(&options, bull, job->token);
	bull_bytes(&call, &options);
	return run_finish(bull, &call, job->token, ret_next);
}

/* ---- housekeeping ---- */

BullAnswer bull_extend_locks(Bull *bull, const BullJob *job, size_t count)
{
	CLEANUP(bull_reply_free) redisReply *reply = NULL;
	BullCall call = bull_call(bull, BULL_extendLocks);
	Buf tokens, ids;

	bull_begin(bull);
	bull_key(&call, "stalled");
	bull_text(&call, bull->base);
	buf_init(&tokens, bull->mem, PACK_MAX);
	buf_init(&ids, bull->mem, PACK_MAX);
	msgpack_array(&tokens, (unsigned)count);
	msgpack_array(&ids, (unsigned)count);
	for (size_t i = 0; i < count; i++) {
		msgpack_text(&tokens, job[i].token);
		msgpack_text(&ids, job[i].id);
	}
	bull_bytes(&call, &tokens);
	bull_bytes(&call, &ids);
	bull_int(&call, bull->lock_ms);
	reply = bull_run(&call);
	return reply ? BULL_OK : BULL_AWAY;
}

BullAnswer bull_check_stalled(Bull *bull, int stalled_ms, int max_stalls)
{
	static const char *const key[] = { "stalled", "wait", "active", "stalled-check", "meta",
		"paused", "marker", "events", "repeat" };
	CLEANUP(bull_reply_free) redisReply *reply = NULL;
	BullCall call = bull_call(bull, BULL_moveStalledJobsToWait);

	bull_begin(bull);
	for (size_t i = 0; i < COUNT(key); i++)
		bull_key(&call, key[i]);
	bull_int(&call, max_stalls);
	bull_text(&call, bull->base);
	bull_int(&call, bull_now_ms());
	bull_int(&call, stalled_ms);
	reply = bull_run(&call);
	return reply ? BULL_OK : BULL_AWAY;
}
