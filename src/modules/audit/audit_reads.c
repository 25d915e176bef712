/* audit_reads: who opened a chart, gathered in the process and written in batches: 2 µs a row
 * instead of a round trip in each request. A crash loses at most the last second. */
#include "modules/audit/audit.h"

#include <pthread.h>

#include "core/clock.h"
#include "modules/audit/audit.sql.h"
#include "platform/db/db.h"

enum { WAITING_MAX = 8192 };

typedef struct Read {
	int64_t company, user, subject_id, at;
	char subject[41], request_id[65], peer[61];
	bool done;
} Read;

/* What waits to be written; the one mutable state of this module, behind its lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Read waiting[WAITING_MAX];
static size_t waiting_count;
static size_t lost_count; /* did not fit: PostgreSQL was away for long */

void audit_note_read(Ctx *cx, const char *subject, int64_t subject_id)
{
	Read read = { .company = cx->company.v,
		.user = cx->key ? -cx->key : cx->user.v,
		.subject_id = subject_id,
		.at = time_now() };

	snprintf(read.subject, sizeof read.subject, "%s", subject);
	snprintf(read.request_id, sizeof read.request_id, "%s",
		cx->request_id ? cx->request_id : "");
	snprintf(read.peer, sizeof read.peer, "%s", cx->peer ? cx->peer : "");
	pthread_mutex_lock(&lock);
	if (waiting_count < WAITING_MAX)
		waiting[waiting_count++] = read;
	else
		lost_count++;
	pthread_mutex_unlock(&lock);
}

static size_t take_all(Ctx *cx, Read **ret, size_t *ret_lost)
{
	size_t count;

	pthread_mutex_lock(&lock);
	count = waiting_count;
	*ret = NEW_ARRAY(cx->mem, Read, count + 1);
	memcpy(*ret, waiting, count * sizeof **ret);
	*ret_lost = lost_count;
	waiting_count = 0;
	lost_count = 0;
	pthread_mutex_unlock(&lock);
	return count;
}

static void put_back(const Read *read, size_t count, size_t lost)
{
	pthread_mutex_lock(&lock);
	lost_count += lost;
	for (size_t i = 0; i < count; i++) {
		if (read[i].done)
			continue;
		if (waiting_count < WAITING_MAX)
			waiting[waiting_count++] = read[i];
		else
			lost_count++;
	}
	pthread_mutex_unlock(&lock);
}

/* One insert of the rows of one company, in a transaction of its own. */
static Err write_company(Ctx *cx, const Read *read, size_t count, int64_t company)
{
	int64_t *age = NEW_ARRAY(cx->mem, int64_t, count),
		*user = NEW_ARRAY(cx->mem, int64_t, count);
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, count), now = time_now(), rows;
	const char **subject = NEW_ARRAY(cx->mem, const char *, count);
	const char **request = NEW_ARRAY(cx->mem, const char *, count);
	const char **peer = NEW_ARRAY(cx->mem, const char *, count);
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (read[i].company != company)
			continue;
		age[n] = now - read[i].at;
		user[n] = read[i].user;
		id[n] = read[i].subject_id;
		subject[n] = read[i].subject;
		request[n] = read[i].request_id;
		peer[n++] = read[i].peer;
	}
	cx->company = (CompanyId){ company };
	db_begin(cx, /* read_only= */ false, /* timeout_ms= */ 5000);
	TRY(sql_audit_add_reads(cx, (Int64s){ age, n }, (Int64s){ user, n }, (Strs){ subject, n },
		(Int64s){ id, n }, (Strs){ request, n }, (Strs){ peer, n }, &rows));
	return db_commit(cx);
}

static Err write_all(Ctx *cx, Read *read, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (read[i].done)
			continue;
		TRY(write_company(cx, read + i, count - i, read[i].company));
		for (size_t k = i + 1; k < count; k++)
			if (read[k].company == read[i].company)
				read[k].done = true;
		read[i].done = true;
	}
	return OK;
}

Err audit_flush_reads(Ctx *cx)
{
	CompanyId company = cx->company;
	size_t lost, count;
	Read *read;
	Err err;

	count = take_all(cx, &read, &lost);
	err = write_all(cx, read, count);
	if (err)
		db_rollback(cx);
	cx->company = company;
	put_back(read, count, err ? lost : 0);
	if (!err && lost)
		return err_set(cx, ERR_UNAVAILABLE, "%zu chart reads were not recorded", lost);
	return err;
}
