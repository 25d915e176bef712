/* anamnesis: what the clinic asks about a patient's health, and what was answered. A questionnaire
 * is asked in versions; a filling keeps the version that it answered, its answers and the drawn
 * signature, and is read-only from then on. No answer is never read as "no". Rules: README.md. */
#ifndef PATIENT_ANAMNESIS_H
#define PATIENT_ANAMNESIS_H

#include "modules/patient/anamnesis.sql.h"
#include "modules/patient/anamnesis_sign.h"
#include "modules/patient/patient.h"

enum {
	QUESTIONS_MAX = 120, /* of a questionnaire */
	ANSWER_MAX = 2000,   /* characters of a text */
	DETAIL_MAX = 500,    /* beside a "yes" */
	LINK_DAYS = 7,       /* a link lives, unless the sender says otherwise */
	LINK_DAYS_MAX = 60,
	LINK_TABLET_S = 2 * 3600, /* the tablet of the waiting room */
	LINK_TRIES = 5,           /* at the birth date; then the link is dead */
	LINK_PASS_S = 4 * 3600    /* the birth date is not asked again for so long */
};

/* A question with what was said now and the time before. */
typedef struct Asked {
	SqlQuestionRow question;
	const char *value, *detail; /* NULL: not answered */
	const char *before, *before_detail;
	int64_t before_at;  /* 0: never asked, or not answered then */
	bool changed;       /* answered both times, and not the same */
	const char *denied; /* an alert of earlier answers that these do not call for; NULL: none */
} Asked;

typedef struct Filling {
	SqlAnamnesisRow head;
	Asked *asked;
	size_t asked_count;
	size_t answered; /* how many have an answer */
	size_t changed;
	int64_t before_at; /* when the patient was last asked anything; 0: never */
} Filling;

/* Begin one, or go on with the one that is open for this questionnaire (its way becomes `way`:
 * "reception" "tablet" "link"). ERR_NOT_FOUND: no such questionnaire in use. */
MUST_CHECK Err anamnesis_start(
	Ctx *cx, PatientId patient, int64_t questionnaire, const char *way, int64_t *ret);
/* ERR_NOT_FOUND: no such filling here. */
MUST_CHECK Err anamnesis_get(Ctx *cx, int64_t id, Filling *ret);
/* Keep what is filled in so far, or of it what the form names as "changed"; what is wrong is left
 * out. ERR_CONFLICT: it was sent already. */
MUST_CHECK Err anamnesis_save(Ctx *cx, int64_t id, const Form *form);

typedef struct Signature {
	const char *name;   /* who signs */
	bool guardian;      /* and not the patient */
	const char *points; /* JSON of the strokes: signature_read */
	const char *ip, *agent;
} Signature;

/* Check, sign and close. Alerts are derived, brief, audit and timeline are written,
 * "anamnesis.answered" is told with the id of the filling, and who sent the link gets a notice.
 * ERR_INVALID: fields "q<id>", "signer", "signature". ERR_CONFLICT: it was sent already. */
MUST_CHECK Err anamnesis_send(Ctx *cx, int64_t id, const Form *form, const Signature *in);
/* Give up one that is open. ERR_CONFLICT: it is not. */
MUST_CHECK Err anamnesis_drop(Ctx *cx, int64_t id);
/* The dentist has gone through the answers with the patient: all alerts that came from them and
 * still wait are confirmed too. ERR_CONFLICT: not sent, or reviewed already. */
MUST_CHECK Err anamnesis_review(Ctx *cx, int64_t id);

/* Mark what these answers deny: alerts of this patient that stand, come from earlier answers to the
 * same questions, and would not come from these. The dentist decides whether they end. */
MUST_CHECK Err anamnesis_mark_denied(Ctx *cx, Filling *filling);

/* What an answer reads like: "Sim", "12,5", "22/11/2026", options with commas. NULL stays NULL. */
const char *answer_text(Arena *mem, const char *kind, const char *value);

/* ---- links (anamnesis_link.c) ---- */

typedef enum LinkState {
	LINK_GOOD,
	LINK_UNKNOWN, /* never was, or is another clinic's */
	LINK_EXPIRED,
	LINK_USED,   /* answers were sent */
	LINK_REVOKED /* taken back, or a newer one was made */
} LinkState;

typedef struct Link {
	int64_t id;
	int64_t anamnesis;
	bool asks_birth;
	int attempts;
	int64_t expires_at;
} Link;

/* A new way to an open filling; the ones before it stop working. *ret_token is shown once. days 0:
 * the clinic's tablet. ERR_INVALID: the patient's birth date is not known (it is what the link asks
 * for). ERR_CONFLICT: the filling is not open. */
MUST_CHECK Err link_make(Ctx *cx, int64_t anamnesis, int days, const char **ret_token);
MUST_CHECK Err link_find(Ctx *cx, const char *token, LinkState *ret_state, Link *ret);
/* Is this the birth date? Counts the try; keep the transaction also when not. */
MUST_CHECK Err link_try_birth(Ctx *cx, const Link *link, int32_t birth, bool *ret_right);
/* What a browser keeps to show that it knew the birth date, and whether this is it. */
const char *link_pass(Ctx *cx, const Link *link);
bool link_pass_is_good(Ctx *cx, const Link *link, const char *pass);

/* ---- questionnaires (anamnesis_paper.c, anamnesis_start.c) ---- */

typedef struct QuestionForm {
	const char *section, *text, *hint, *kind, *detail, *alert_kind, *alert_text;
	Strs options, alert_on;
	bool required, alert_severe;
} QuestionForm;

/* The draft of a questionnaire, copied from what is published when there is none. */
MUST_CHECK Err questionnaire_draft(Ctx *cx, int64_t questionnaire, int64_t *ret_version);
/* ERR_INVALID: options or alerts that do not fit the kind. ERR_CONFLICT: the question is of a
 * published version. */
MUST_CHECK Err questionnaire_add_question(
	Ctx *cx, int64_t questionnaire, const QuestionForm *in, int64_t *ret);
MUST_CHECK Err questionnaire_save_question(Ctx *cx, int64_t question, const QuestionForm *in);
MUST_CHECK Err questionnaire_remove_question(Ctx *cx, int64_t question);
/* From now on this is asked. ERR_CONFLICT: no draft, or it asks nothing. */
MUST_CHECK Err questionnaire_publish(Ctx *cx, int64_t questionnaire);
MUST_CHECK Err questionnaire_discard(Ctx *cx, int64_t questionnaire);

#endif
