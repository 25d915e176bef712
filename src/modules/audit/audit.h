/* audit: what happened, append-only. Two books: `change` (who changed what, for the law and the
 * owner) and `event` (the timeline that people read on a lead or a patient). Owns the schema audit,
 * partitioned by month; a chain of hashes is sealed afterwards. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "modules/module.h"

extern const Module audit_module;

/* One line in the book of changes. diff: JSON object {"field": [old, new], …} or NULL. No texts
 * longer than 2 KiB; secrets never. */
typedef struct Change {
	const char *action;  /* "lead.update", "account.sign_in" */
	const char *subject; /* "lead"; NULL: none */
	int64_t subject_id;
	const char *diff;
	const char *reason;
} Change;

/* Write the line: who, when and from where come from cx. */
MUST_CHECK Err audit_add_change(Ctx *cx, const Change *change);
/* The same in two halves, to share a round trip with other queries. */
MUST_CHECK Err audit_change_ask(Ctx *cx, const Change *change);
MUST_CHECK Err audit_change_read(Ctx *cx);
/* The same line for many subjects (change->subject_id is not read), in one round trip. */
MUST_CHECK Err audit_add_changes(Ctx *cx, const Change *change, Int64s subjects);

/* Collects the difference of two versions of a record for Change.diff. */
typedef struct Diff {
	Json json;
	int count;
} Diff;
void diff_begin(Diff *diff, Arena *mem);
void diff_text(Diff *diff, const char *field, const char *before, const char *after);
void diff_int(Diff *diff, const char *field, int64_t before, int64_t after);
/* The JSON text, or NULL when nothing differs. */
const char *diff_done(Diff *diff);

/* One entry of a timeline. */
typedef struct Event {
	int64_t id;
	int64_t at;
	const char *subject; /* "lead", "patient" */
	int64_t subject_id;
	const char *kind;  /* "lead.created", "lead.stage", "note", "call", "task.done", "email" */
	const char *title; /* "Etapa mudou de Novo contato para Em conversa" */
	const char *body;  /* note text or NULL */
	int64_t user;      /* 0: the program, the public or an API key */
	const char *user_name; /* filled when listing; NULL: nobody */
	const char *data;      /* JSON object for links and undo, or NULL */
} Event;

/* Add to the timeline of event->subject_id; at 0 is now, user 0 with cx->user set is cx->user. */
MUST_CHECK Err audit_add_event(Ctx *cx, const Event *event);
/* The same in two halves. */
MUST_CHECK Err audit_event_ask(Ctx *cx, const Event *event);
MUST_CHECK Err audit_event_read(Ctx *cx);
/* The same entry on the timelines of many subjects (event->subject_id is not read), at once. */
MUST_CHECK Err audit_add_events(Ctx *cx, const Event *event, Int64s subjects);

enum { EVENTS_PAGE = 30 };
/* Newest first, entries older than `before` (an id; 0: from the newest), at most limit ≤ 100.
 * born: when the subject was written down, before which nothing is looked for; 0: not known. */
MUST_CHECK Err audit_list_events(Ctx *cx, const char *subject, int64_t subject_id, int64_t born,
	int64_t before, int limit, Event **ret, size_t *ret_count);
/* Carry a timeline over: events of (from, from_id) are also shown on (to, to_id) from now on
 * (merge, conversion). Nothing is rewritten. */
MUST_CHECK Err audit_join_events(
	Ctx *cx, const char *from, int64_t from_id, const char *to, int64_t to_id);

/* Take a carried timeline back where it belongs (a merge that is undone). */
MUST_CHECK Err audit_part_events(
	Ctx *cx, const char *from, int64_t from_id, const char *to, int64_t to_id);

/* Note that cx->user (or API key cx->key, kept as a negative number) read the chart of a patient;
 * flushed in batches by audit_flush_reads, at most a second or 200 rows later. Thread-safe; runs no
 * query. */
void audit_note_read(Ctx *cx, const char *subject, int64_t subject_id);
/* Called by main each second on its own connection, and at stop. */
MUST_CHECK Err audit_flush_reads(Ctx *cx);

#endif
