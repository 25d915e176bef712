/* bull_conn: the connection beneath bullmq.h, and calls of its scripts. For bullmq.c and
 * bull_job.c. */
#ifndef QUEUE_BULL_CONN_H
#define QUEUE_BULL_CONN_H

#include <hiredis/hiredis.h>

#include "core/str.h"
#include "platform/queue/bullmq.h"

enum { CALL_WORDS_MAX = 32, PACK_MAX = 64 << 10 };

struct Bull {
	char *address, *prefix, *queue, *worker, *role;
	char *base; /* "bull:siso:" */
	int lock_ms;
	redisContext *redis; /* NULL: not connected */
	Arena *mem;          /* of the running call */
	char trouble[160];
	unsigned tokens;  /* given out so far; each take has its own */
	bool drained;     /* no job when last asked: wait for the marker before asking again */
	int64_t asked_ms; /* when last asked */
	int64_t block_until_ms; /* the next delayed job is due then; 0: none known */
	int64_t limit_until_ms; /* rate limited until then */
};

/* A script's KEYS and ARGV, in order. */
typedef struct BullCall {
	Bull *bull;
	int script;
	int count;
	const char *word[CALL_WORDS_MAX];
	size_t size[CALL_WORDS_MAX];
} BullCall;

int64_t bull_now_ms(void);
/* A call begins: its memory is fresh, and a connection that the other side has closed is forgotten.
 */
void bull_begin(Bull *bull);
/* Connected, named, scripts loaded; false: trouble says why. */
bool bull_connect(Bull *bull);
void bull_disconnect(Bull *bull);
/* Remember what went wrong; NULL reply: the connection is gone and is closed. */
void bull_note(Bull *bull, const char *what, const redisReply *reply);
bool bull_is_error(const redisReply *reply, const char *code);
void bull_reply_free(redisReply **reply);

BullCall bull_call(Bull *bull, int script);
void bull_key(BullCall *call, const char *name); /* the queue's prefix is put before it */
void bull_text(BullCall *call, const char *text);
void bull_int(BullCall *call, int64_t value);
void bull_bytes(BullCall *call, Buf *bytes);
/* "keepJobs": {count, age}, under name. */
void bull_pack_keep(Buf *buf, const char *name, BullKeep keep);
/* Put the call into the pipeline; false: the connection is gone. */
bool bull_send(BullCall *call);
/* Run it; loads the scripts again when Redis has forgotten them. NULL: trouble says why. An error
 * reply is NULL too. */
redisReply *bull_run(BullCall *call);

#endif
