/* audit: writing and reading the books. Rules: README.md. */
#include "modules/audit/audit.h"

#include "core/clock.h"
#include "modules/audit/audit.sql.h"
#include "platform/db/db.h"

enum { TEXT_MAX = 2048, REQUEST_ID_MAX = 64, PEER_MAX = 60, EVENTS_MAX = 100 };

/* At most max bytes, cut between characters. */
static const char *cut(Arena *mem, const char *text, size_t max)
{
	size_t size = text ? strlen(text) : 0;

	if (size <= max)
		return text;
	while (max > 0 && ((unsigned char)text[max] & 0xC0) == 0x80)
		max--;
	return arena_copy(mem, text, max);
}

/* The reason that is written: what was said, or the key that did it. */
static const char *reason_of(const Ctx *cx, const Change *change)
{
	const char *reason = change->reason;

	if (!reason && cx->key)
		reason = arena_printf(
			cx->mem, "Chave de API %s (%" PRId64 ")", cx->key_name, cx->key);
	return cut(cx->mem, reason, 500);
}

Err audit_change_ask(Ctx *cx, const Change *change)
{
	return sql_audit_add_change_send(
		cx, &(SqlAuditAddChangeIn){ .user = cx->user.v ? &cx->user.v : NULL,
			    .action = change->action,
			    .subject = change->subject,
			    .subject_id = change->subject ? &change->subject_id : NULL,
			    .diff = change->diff,
			    .reason = reason_of(cx, change),
			    .request_id = cut(cx->mem, cx->request_id, REQUEST_ID_MAX),
			    .peer = cut(cx->mem, cx->peer, PEER_MAX) });
}

Err audit_change_read(Ctx *cx)
{
	int64_t rows;

	return sql_audit_add_change_read(cx, &rows);
}

Err audit_add_change(Ctx *cx, const Change *change)
{
	TRY(audit_change_ask(cx, change));
	return audit_change_read(cx);
}

Err audit_add_changes(Ctx *cx, const Change *change, Int64s subjects)
{
	int64_t rows;

	return sql_audit_add_changes(cx,
		&(SqlAuditAddChangesIn){ .user = cx->user.v ? &cx->user.v : NULL,
			.action = change->action,
			.subject = change->subject,
			.subjects = subjects,
			.diff = change->diff,
			.reason = reason_of(cx, change),
			.request_id = cut(cx->mem, cx->request_id, REQUEST_ID_MAX),
			.peer = cut(cx->mem, cx->peer, PEER_MAX) },
		&rows);
}

/* ---- differences ---- */

void diff_begin(Diff *diff, Arena *mem)
{
	*diff = (Diff){ .count = 0 };
	json_init(&diff->json, mem);
	json_put_object(&diff->json, NULL);
}

void diff_text(Diff *diff, const char *field, const char *before, const char *after)
{
	Arena *mem = diff->json.buf.mem;

	if (str_same(before, after))
		return;
	json_put_array(&diff->json, field);
	json_put_text(&diff->json, NULL, cut(mem, before, TEXT_MAX));
	json_put_text(&diff->json, NULL, cut(mem, after, TEXT_MAX));
	json_close(&diff->json);
	diff->count++;
}

void diff_int(Diff *diff, const char *field, int64_t before, int64_t after)
{
	if (before == after)
		return;
	json_put_array(&diff->json, field);
	json_put_int(&diff->json, NULL, before);
	json_put_int(&diff->json, NULL, after);
	json_close(&diff->json);
	diff->count++;
}

const char *diff_done(Diff *diff)
{
	const char *text = json_done(&diff->json);

	return diff->count ? text : NULL;
}

/* ---- timelines ---- */

Err audit_event_ask(Ctx *cx, const Event *event)
{
	int64_t user = event->user ? event->user : cx->user.v;

	return sql_audit_add_event_send(
		cx, &(SqlAuditAddEventIn){ .at = event->at ? event->at : cx->now,
			    .subject = event->subject,
			    .subject_id = event->subject_id,
			    .kind = event->kind,
			    .title = event->title,
			    .body = event->body,
			    .user = user ? &user : NULL,
			    .data = event->data });
}

Err audit_event_read(Ctx *cx)
{
	int64_t rows;

	return sql_audit_add_event_read(cx, &rows);
}

Err audit_add_event(Ctx *cx, const Event *event)
{
	TRY(audit_event_ask(cx, event));
	return audit_event_read(cx);
}

Err audit_add_events(Ctx *cx, const Event *event, Int64s subjects)
{
	int64_t user = event->user ? event->user : cx->user.v;
	int64_t rows;

	return sql_audit_add_events(cx,
		&(SqlAuditAddEventsIn){ .at = event->at ? event->at : cx->now,
			.subject = event->subject,
			.subjects = subjects,
			.kind = event->kind,
			.title = event->title,
			.body = event->body,
			.user = user ? &user : NULL,
			.data = event->data },
		&rows);
}

/* From the newest on. An entry happens before it is written, so when the last year's hold `limit`
 * that happened in it, nothing older belongs among them; else all years are asked. */
static Err newest_events(Ctx *cx, const char *subject, int64_t subject_id, int64_t born, int limit,
	SqlEventRow **ret, size_t *ret_count)
{
	SqlAuditIsOld age;

	TRY(sql_audit_events_newest_send(cx, subject, subject_id, limit));
	TRY(sql_audit_is_old_send(cx, subject, subject_id, born ? &born : NULL));
	TRY(sql_audit_events_newest_read(cx, ret, ret_count));
	TRY(sql_audit_is_old_read(cx, &age));
	if (!age.old || (*ret_count == (size_t)limit && (*ret)[limit - 1].at >= age.since))
		return OK;
	return sql_audit_events_all(cx, subject, subject_id, limit, ret, ret_count);
}

Err audit_list_events(Ctx *cx, const char *subject, int64_t subject_id, int64_t born,
	int64_t before, int limit, Event **ret, size_t *ret_count)
{
	SqlEventRow *row;
	size_t count;

	if (limit > EVENTS_MAX)
		limit = EVENTS_MAX;
	if (before)
		TRY(sql_audit_events(cx, subject, subject_id, before, limit, &row, &count));
	else
		TRY(newest_events(cx, subject, subject_id, born, limit, &row, &count));
	*ret = NEW_ARRAY(cx->mem, Event, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = (Event){ .id = row[i].id,
			.at = row[i].at,
			.subject = row[i].subject,
			.subject_id = row[i].subject_id,
			.kind = row[i].kind,
			.title = row[i].title,
			.body = row[i].body,
			.user = row[i].user_id,
			.user_name = row[i].user_name,
			.data = row[i].data };
	*ret_count = count;
	return OK;
}

Err audit_join_events(Ctx *cx, const char *from, int64_t from_id, const char *to, int64_t to_id)
{
	int64_t rows;

	return sql_audit_join(cx, to, to_id, from, from_id, &rows);
}

Err audit_part_events(Ctx *cx, const char *from, int64_t from_id, const char *to, int64_t to_id)
{
	int64_t rows;

	return sql_audit_part(cx, to, to_id, from, from_id, &rows);
}
