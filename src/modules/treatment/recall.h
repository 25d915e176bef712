/* recall: who should come back. A rule says after which procedures and in how many months; the date
 * that follows may be moved by hand and stays moved. Each attempt to reach the patient is kept. A
 * visit booked near the date takes the patient off the list, its falling away puts them back.
 * What a dentist asks for at the end of a visit is a recall too. Reactivation is a recall without a
 * rule: patients whom nobody has seen for long. */
#ifndef TREATMENT_RECALL_H
#define TREATMENT_RECALL_H

#include "modules/treatment/visit.h"

enum {
	RECALL_NEAR_DAYS = 60,  /* a visit booked so long before the date counts, never more than
				   half the way to it */
	RECALL_HIDE_DAYS = 7,   /* after an attempt without an answer */
	RECALL_ATTEMPTS_MAX = 5 /* then the list says so */
};

typedef struct Recall {
	int64_t id, patient_id, rule_id, appointment_id; /* rule 0: reactivation */
	const char *patient, *phone, *rule, *state, *note, *last_outcome;
	int32_t previous_on, due_calc, due_on, hidden_until; /* DATE_NONE: not */
	int64_t last_at, next_visit;
	bool asked;         /* for by the dentist of a visit, who has it in `note` what for */
	int64_t dentist_id; /* who asked; 0: nobody */
	const char *dentist;
	int minutes, attempts, version; /* minutes: that were asked for; 0: not said */
} Recall;
/* "Profilaxia", "Pedido de Dra. Ianara", "Reativação" */
const char *recall_title(Arena *mem, const Recall *recall);

typedef struct RecallAttempt {
	int64_t at;
	const char *who, *channel, *outcome, *note;
} RecallAttempt;

typedef struct AttemptForm {
	const char *channel, *outcome, *note;
} AttemptForm;
extern const Field attempt_fields[];
extern const size_t attempt_field_count;
/* "Não respondeu"; "" for an unknown word. */
const char *attempt_outcome_title(const char *outcome);

/* What is due until the day, longest overdue first; rule 0: all, RECALL_ASKED: what dentists asked
 * for. At most 300. */
enum { RECALL_ASKED = -1 };
MUST_CHECK Err recall_list_due(
	Ctx *cx, int32_t until, int64_t rule, Recall **ret, size_t *ret_count);
/* "scheduled", "declined", "done", "cancelled", newest first. */
MUST_CHECK Err recall_list_state(Ctx *cx, const char *state, Recall **ret, size_t *ret_count);
MUST_CHECK Err recall_list_of(Ctx *cx, PatientId patient, Recall **ret, size_t *ret_count);
MUST_CHECK Err recall_get(Ctx *cx, int64_t id, Recall *ret);
MUST_CHECK Err recall_list_attempts(Ctx *cx, int64_t id, RecallAttempt **ret, size_t *ret_count);

/* An attempt: no answer hides the patient for a week, "declined" ends it. ERR_CONFLICT: it is over.
 */
MUST_CHECK Err recall_try(Ctx *cx, int64_t id, const AttemptForm *in);
typedef struct RecallForm {
	int32_t due_on, hidden_until;
	const char *note;
	int64_t version;
} RecallForm;
extern const Field recall_fields[];
extern const size_t recall_field_count;
/* Another date, or hidden until one. ERR_STALE. */
MUST_CHECK Err recall_move(Ctx *cx, int64_t id, const RecallForm *in);
/* ERR_INVALID field note: without a reason. */
MUST_CHECK Err recall_cancel(Ctx *cx, int64_t id, const char *reason);

/* The next visit that ended ones ask for; one that is booked already counts. */
MUST_CHECK Err recall_ask(Ctx *cx, const Visit *visit);

typedef struct LostPatient {
	int64_t patient_id, recall_id; /* recall 0: nobody has tried yet */
	const char *name, *phone, *last_outcome;
	int64_t last_visit;
	int attempts;
} LostPatient;
/* Not seen for so many months and nothing booked, the latest first. At most 300. */
MUST_CHECK Err recall_list_lost(Ctx *cx, int months, LostPatient **ret, size_t *ret_count);
/* Begin to win one back: the id of their recall without a rule. */
MUST_CHECK Err recall_reactivate(Ctx *cx, PatientId patient, int64_t *ret_id);

typedef struct RecallRule {
	int64_t id;
	const char *name, *words;
	int months;
	bool active;
} RecallRule;
typedef struct RecallRuleForm {
	const char *name, *words;
	int64_t months;
	bool active;
} RecallRuleForm;
extern const Field recall_rule_fields[];
extern const size_t recall_rule_field_count;
MUST_CHECK Err recall_list_rules(Ctx *cx, RecallRule **ret, size_t *ret_count);
/* id 0: a new one. ERR_INVALID field name: taken. */
MUST_CHECK Err recall_save_rule(Ctx *cx, int64_t id, const RecallRuleForm *in);

typedef struct RecallCounts {
	int64_t late, soon, scheduled;
} RecallCounts;
/* Overdue, due within thirty days, and booked. */
MUST_CHECK Err recall_count(Ctx *cx, RecallCounts *ret);

/* Module.on_event: act.done makes and ends recalls, visits booked or lost move them. */
MUST_CHECK Err recall_on_event(Ctx *cx, const char *name, int64_t id, const char *json);
/* Rules that every company begins with. */
MUST_CHECK Err recall_start_company(Ctx *cx);

#endif
