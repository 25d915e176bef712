/* privacy: what the LGPD (Lei 13.709/2018) asks of a clinic: consents by purpose and version,
 * requests of patients and their deadlines, who opened a chart, copies of everything, closing and
 * making anonymous under the twenty years of Lei 13.787/2018, art. 6. Owns the schema privacy. */
#ifndef PRIVACY_PRIVACY_H
#define PRIVACY_PRIVACY_H

#include "modules/patient/patient.h"

extern const Module privacy_module;

enum {
	PRIVACY_ANSWER_DAYS = 15,  /* LGPD art. 19, II */
	PRIVACY_RETAIN_YEARS = 20, /* Lei 13.787/2018, art. 6 */
	PRIVACY_EXPORT_DAYS = 7,   /* a copy can be fetched so long */
	PRIVACY_EXPORT_HOURS = 4   /* one that is not made by then has failed */
};

/* ---- consents ---- */

typedef struct ConsentText {
	int64_t id;
	const char *purpose; /* "treatment" "marketing" "images" "research" "ai" */
	const char *title, *body;
	int version;
} ConsentText;
/* The purposes, in the order in which pages show them. */
enum { CONSENT_PURPOSES = 5 };
extern const UiOption consent_purposes[CONSENT_PURPOSES];
const char *consent_purpose_title(const char *purpose);
/* The text of each purpose that is asked now. */
MUST_CHECK Err consent_list_texts(Ctx *cx, ConsentText **ret, size_t *ret_count);
/* A new version. ERR_INVALID: fields title, body. */
typedef struct ConsentTextForm {
	const char *purpose, *title, *body;
} ConsentTextForm;
extern const Field consent_text_fields[];
extern const size_t consent_text_field_count;
MUST_CHECK Err consent_write_text(Ctx *cx, const ConsentTextForm *in);

typedef struct Consent {
	const char *purpose, *channel, *evidence, *who;
	bool granted;
	int64_t at, text_id;
	int version; /* of the text that was agreed to */
} Consent;
/* The answer that counts of each purpose; and all answers, newest first. */
MUST_CHECK Err consent_list(Ctx *cx, PatientId patient, Consent **ret, size_t *ret_count);
MUST_CHECK Err consent_list_log(Ctx *cx, PatientId patient, Consent **ret, size_t *ret_count);
typedef struct ConsentForm {
	int64_t text_id;
	bool granted;
	const char *channel, *evidence;
} ConsentForm;
extern const Field consent_fields[];
extern const size_t consent_field_count;
/* ERR_NOT_FOUND: no such text here. */
MUST_CHECK Err consent_give(Ctx *cx, PatientId patient, const ConsentForm *in);

/* ---- requests ---- */

typedef struct PrivacyRequest {
	int64_t id, patient_id, asked_at, answered_at; /* answered 0: open */
	const char *patient, *kind, *text, *state, *answer;
	int32_t due_on;
	bool late;
} PrivacyRequest;
typedef struct PrivacyRequestForm {
	const char *kind, *text;
} PrivacyRequestForm;
extern const Field privacy_request_fields[];
extern const size_t privacy_request_field_count;
enum { PRIVACY_KINDS = 6 };
extern const UiOption privacy_kinds[PRIVACY_KINDS];
const char *privacy_request_title(const char *kind);
MUST_CHECK Err privacy_ask(
	Ctx *cx, PatientId patient, const PrivacyRequestForm *in, int64_t *ret_id);
typedef struct PrivacyAnswerForm {
	const char *answer;
	bool refused;
} PrivacyAnswerForm;
extern const Field privacy_answer_fields[];
extern const size_t privacy_answer_field_count;
/* ERR_CONFLICT: answered already. */
MUST_CHECK Err privacy_answer(Ctx *cx, int64_t id, const PrivacyAnswerForm *in);
/* Open ones by deadline, or the answered ones, newest first; at most 200. */
MUST_CHECK Err privacy_list_requests(Ctx *cx, bool open, PrivacyRequest **ret, size_t *ret_count);
MUST_CHECK Err privacy_list_requests_of(
	Ctx *cx, PatientId patient, PrivacyRequest **ret, size_t *ret_count);

/* ---- who opened the chart ---- */

typedef struct ChartRead {
	int64_t at;
	const char *who, *peer;
} ChartRead;
/* People and keys, newest first; at most 200. */
MUST_CHECK Err privacy_list_reads(Ctx *cx, PatientId patient, ChartRead **ret, size_t *ret_count);

/* ---- closing and making anonymous ---- */

typedef struct Retention {
	bool clinical; /* there is a record to keep */
	int32_t until; /* kept at least until then; DATE_NONE: nothing to keep */
	bool over;     /* may be made anonymous now */
} Retention;
/* Twenty years after the last entry; for who was a child then, never before 38 (18 and twenty). */
MUST_CHECK Err privacy_retention(Ctx *cx, PatientId patient, Retention *ret);

typedef struct Closing {
	bool any;
	const char *kind, *reason, *who; /* "restricted" "anonymised" "reopened" */
	int32_t retain_until;
	int64_t at;
} Closing;
MUST_CHECK Err privacy_last_closing(Ctx *cx, PatientId patient, Closing *ret);
/* Close: nothing may be added, the patient is not found by name any more, consents for news end.
 * ERR_INVALID field reason. ERR_CONFLICT: closed already. */
MUST_CHECK Err privacy_restrict(Ctx *cx, PatientId patient, const char *reason);
/* Take a closing back. ERR_CONFLICT: it was made anonymous, or is not closed. */
MUST_CHECK Err privacy_reopen(Ctx *cx, PatientId patient, const char *reason);
/* What being made anonymous leaves as it is, and why, as it is told to who confirms it. */
typedef struct PrivacyStays {
	const char *what, *why;
} PrivacyStays;
enum { PRIVACY_STAYS = 6 };
extern const PrivacyStays privacy_stays[PRIVACY_STAYS];
/* Name, documents, contacts, faces and signatures are gone for good, here and in all modules.
 * ERR_CONFLICT: the record must still be kept; the sentence says until when and why. */
MUST_CHECK Err privacy_anonymise(Ctx *cx, PatientId patient, const char *reason);

/* ---- copies ---- */

typedef struct PrivacyExport {
	int64_t id, patient_id, asked_at, finished_at, size_bytes; /* patient 0: the whole clinic */
	const char *state, *step, *file;
	int done, total;
} PrivacyExport;
/* Ask for a copy of everything about the patient (0: of the whole clinic); a worker makes it. One
 * that is being made is not asked for twice; one that never ended counts as failed. */
MUST_CHECK Err privacy_start_export(Ctx *cx, PatientId patient, int64_t *ret_id);
MUST_CHECK Err privacy_last_export(Ctx *cx, PatientId patient, bool *ret_found, PrivacyExport *ret);
MUST_CHECK Err privacy_get_export(Ctx *cx, int64_t id, PrivacyExport *ret);

#endif
