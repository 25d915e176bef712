/* act: what the chart's pages need of acts beside treatment_rooms.h. */
#ifndef TREATMENT_ACT_H
#define TREATMENT_ACT_H

#include "modules/treatment/treatment_rooms.h"

/* One step in the life of an act. */
typedef struct ActStep {
	int64_t act_id;
	const char *kind;       /* of Act, or "void" */
	int64_t at, written_at; /* in the mouth; on the screen */
	const char *user_name;  /* NULL: the program */
	const char *reason;
} ActStep;
/* In two halves, so that what a page asks shares a round trip. */

/* Newest first, at most n; teeth none: of all. */
MUST_CHECK Err act_steps_ask(Ctx *cx, int64_t patient, Int64s teeth, int n);
MUST_CHECK Err act_steps_read(Ctx *cx, ActStep **ret, size_t *ret_count);
/* Days (cx->zone) on which the chart changed, oldest first. */
MUST_CHECK Err act_days_ask(Ctx *cx, int64_t patient);
MUST_CHECK Err act_days_read(Ctx *cx, int32_t **ret, size_t *ret_count);
/* act_list (treatment_rooms.h); at and voided as they were asked. */
MUST_CHECK Err act_list_ask(Ctx *cx, int64_t patient, int64_t at, bool voided);
MUST_CHECK Err act_list_read(Ctx *cx, int64_t at, bool voided, Act **ret, size_t *ret_count);
/* Lock the act until the transaction ends. ERR_NOT_FOUND: not of this patient. ERR_CONFLICT: it is
 * not as the person saw it; version 0: never mind. */
MUST_CHECK Err act_expect(Ctx *cx, int64_t id, int64_t patient, int64_t version);
/* act_check.c: may it be written? Fills what follows from its condition or procedure, and its days.
 * ERR_INVALID, with the field of act_add. */
enum { ACT_CLOCKS_APART_S = 60 }; /* a done_at so far ahead is a clock's, not a mistake */
MUST_CHECK Err act_check(Ctx *cx, Act *act);
/* "Planejado"; NULL: no such kind. */
const char *act_verb(const char *kind);

/* Who carries in a bridge, tooth by tooth as act.teeth: a correction, kept in the book of changes.
 * ERR_INVALID field role: nobody carries, or it is no bridge. */
MUST_CHECK Err act_set_roles(Ctx *cx, int64_t id, Strs roles);
/* "pôntico"; NULL: is none of a bridge. */
const char *act_role_title(const char *role);

/* act_api_web.c */
extern const RouteList act_api;

#endif
