/* bullmq: opening a queue and adding jobs; bull_job.c takes and finishes them. The order of KEYS
 * and ARGV is that of the scripts' own head comments in the pinned package; the assertions stop the
 * build when their number changes. */
#include "platform/queue/bullmq.h"

#include "platform/queue/bullmq_scripts.h"
#include "platform/queue/bull_conn.h"
#include "platform/queue/msgpack.h"

static_assert(BULL_KEYS_addStandardJob == 9 && BULL_KEYS_addDelayedJob == 6 &&
		      BULL_KEYS_addPrioritizedJob == 9,
	"the layout of adding has changed");

enum {
	KEEP_DONE_COUNT = 10000,
	KEEP_DONE_S = 86400,
	KEEP_FAILED_S = 30 * 86400,
	BACKOFF_MS = 10000
};

/* ---- opening ---- */

static char *keep_text(const char *text)
{
	char *copy = strdup(text);

	assert(copy);
	return copy;
}

Bull *bull_open(const BullConfig *config)
{
	Bull *bull = calloc(1, sizeof *bull);
	int made;

	assert(bull);
	bull->address = keep_text(config->address);
	bull->prefix = keep_text(config->prefix);
	bull->queue = keep_text(config->queue);
	bull->worker = keep_text(config->worker);
	bull->role = keep_text(config->role);
	bull->lock_ms = config->lock_ms;
	made = asprintf(&bull->base, "%s:%s:", config->prefix, config->queue);
	assert(made > 0);
	bull->mem = arena_new(ARENA_LIMIT);
	return bull;
}

void bull_close(Bull *bull)
{
	if (!bull)
		return;
	bull_disconnect(bull);
	arena_free(bull->mem);
	free(bull->address);
	free(bull->prefix);
	free(bull->queue);
	free(bull->worker);
	free(bull->role);
	free(bull->base);
	free(bull);
}

const char *bull_trouble(const Bull *bull)
{
	return bull->trouble;
}

/* A write, as adding needs one: refused while loading, full or read-only. */
static bool takes_writes(Bull *bull)
{
	CLEANUP(bull_reply_free) redisReply *reply = NULL;

	if (!bull_connect(bull))
		return false;
	reply = redisCommand(bull->redis, "HSET %smeta version bullmq:" BULLMQ_VERSION, bull->base);
	if (reply && reply->type == REDIS_REPLY_INTEGER)
		return true;
	bull_note(bull, "health", reply);
	return false;
}

bool bull_is_up(Bull *bull)
{
	bull_begin(bull);
	return takes_writes(bull);
}

/* ---- adding ---- */

static const char *job_id(Arena *mem, const BullNew *job)
{
	if (job->relay_count)
		return arena_printf(mem, "job-%" PRId64 "-%" PRId64, job->row, job->relay_count);
	return arena_printf(mem, "job-%" PRId64, job->row);
}

/* Options as Node's Queue.add would store them. Attempts and back-off are for show: PostgreSQL's
 * row decides. */
static void pack_options(Buf *buf, const BullNew *job, const char *id)
{
	msgpack_map(buf, (job->delay_ms > 0) + (job->priority > 0) + 5);
	msgpack_text(buf, "jobId");
	msgpack_text(buf, id);
	msgpack_text(buf, "attempts");
	msgpack_int(buf, 1);
	msgpack_text(buf, "backoff");
	msgpack_map(buf, 2);
	msgpack_text(buf, "type");
	msgpack_text(buf, "exponential");
	msgpack_text(buf, "delay");
	msgpack_int(buf, BACKOFF_MS);
	bull_pack_keep(buf, "removeOnComplete", (BullKeep){ KEEP_DONE_COUNT, KEEP_DONE_S });
	bull_pack_keep(buf, "removeOnFail", (BullKeep){ KEEP_DONE_COUNT, KEEP_FAILED_S });
	if (job->delay_ms > 0) {
		msgpack_text(buf, "delay");
		msgpack_int(buf, job->delay_ms);
	}
	if (job->priority > 0) {
		msgpack_text(buf, "priority");
		msgpack_int(buf, job->priority);
	}
}

static void pack_job(Buf *buf, const Bull *bull, const BullNew *job, const char *id)
{
	msgpack_array(buf, 10);
	msgpack_text(buf, bull->base);
	msgpack_text(buf, id);
	msgpack_text(buf, job->name);
	msgpack_int(buf, bull_now_ms());
	for (int i = 0; i < 6; i++) /* parent, its dependencies, repeat, deduplication: none */
		msgpack_nil(buf);
}

static bool send_add(Bull *bull, const BullNew *job)
{
	static const char *const standard[] = { "wait", "paused", "meta", "id", "completed",
		"delayed", "active", "events", "marker" };
	static const char *const delayed[] = { "marker", "meta", "id", "delayed", "completed",
		"events" };
	static const char *const prioritized[] = { "marker", "meta", "id", "prioritized", "delayed",
		"completed", "active", "events", "pc" };
	const char *const *key = standard;
	size_t key_count = COUNT(standard);
	const char *id = job_id(bull->mem, job);
	BullCall call = bull_call(bull, BULL_addStandardJob);
	Buf packed, options;

	if (job->delay_ms > 0) {
		call = bull_call(bull, BULL_addDelayedJob);
		key = delayed;
		key_count = COUNT(delayed);
	} else if (job->priority > 0) {
		call = bull_call(bull, BULL_addPrioritizedJob);
		key = prioritized;
		key_count = COUNT(prioritized);
	}
	for (size_t i = 0; i < key_count; i++)
		bull_key(&call, key[i]);
	buf_init(&packed, bull->mem, PACK_MAX);
	buf_init(&options, bull->mem, PACK_MAX);
	pack_job(&packed, bull, job, id);
	pack_options(&options, job, id);
	bull_bytes(&call, &packed);
	bull_text(&call, arena_printf(bull->mem, "{\"id\":%" PRId64 "}", job->row));
	bull_bytes(&call, &options);
	return bull_send(&call);
}

/* One round trip; *ret_forgotten: Redis has lost the scripts. */
static BullAnswer add_all(
	Bull *bull, const BullNew *job, size_t count, bool *ret_added, bool *ret_forgotten)
{
	BullAnswer answer = BULL_OK;

	*ret_forgotten = false;
	for (size_t i = 0; i < count; i++)
		if (!send_add(bull, &job[i]))
			return BULL_AWAY;
	for (size_t i = 0; i < count; i++) {
		CLEANUP(bull_reply_free) redisReply *reply = NULL;

		if (redisGetReply(bull->redis, (void **)&reply) != REDIS_OK) {
			bull_note(bull, "add", NULL);
			return BULL_AWAY;
		}
		ret_added[i] = reply->type == REDIS_REPLY_STRING ||
			       (reply->type == REDIS_REPLY_INTEGER && reply->integer >= 0);
		if (ret_added[i])
			continue;
		*ret_forgotten = *ret_forgotten || bull_is_error(reply, "NOSCRIPT");
		bull_note(bull, "add", reply);
		answer = BULL_AWAY;
	}
	return answer;
}

BullAnswer bull_add(Bull *bull, const BullNew *job, size_t count, bool *ret_added)
{
	BullAnswer answer;
	bool forgotten;

	bull_begin(bull);
	memset(ret_added, 0, count * sizeof *ret_added);
	if (!bull_connect(bull))
		return BULL_AWAY;
	answer = add_all(bull, job, count, ret_added, &forgotten);
	if (!forgotten)
		return answer;
	bull_disconnect(bull); /* connecting loads them; what was added is not added again */
	if (!bull_connect(bull))
		return BULL_AWAY;
	return add_all(bull, job, count, ret_added, &forgotten);
}

BullAnswer bull_find_unfinished(Bull *bull, const BullNew *job, size_t count, bool *ret_found)
{
	bull_begin(bull);
	memset(ret_found, 0, count * sizeof *ret_found);
	if (!bull_connect(bull))
		return BULL_AWAY;
	for (size_t i = 0; i < count; i++)
		if (redisAppendCommand(bull->redis, "HMGET %s%s timestamp finishedOn", bull->base,
			    job_id(bull->mem, &job[i])) != REDIS_OK)
			return BULL_AWAY;
	for (size_t i = 0; i < count; i++) {
		CLEANUP(bull_reply_free) redisReply *reply = NULL;

		if (redisGetReply(bull->redis, (void **)&reply) != REDIS_OK ||
			reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) {
			bull_note(bull, "find", reply);
			bull_disconnect(bull); /* the rest of the pipeline is of no use */
			return BULL_AWAY;
		}
		ret_found[i] = reply->element[0]->type == REDIS_REPLY_STRING &&
			       reply->element[1]->type == REDIS_REPLY_NIL;
	}
	return BULL_OK;
}
