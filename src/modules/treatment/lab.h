/* lab: what a laboratory makes for a patient: written, sent, received, checked; or sent back and
 * made again. Reception is warned when it would not be back before the patient comes. */
#ifndef TREATMENT_LAB_H
#define TREATMENT_LAB_H

#include "modules/treatment/treatment_rooms.h"

typedef enum LabStep { LAB_WRITTEN, LAB_SENT, LAB_RECEIVED, LAB_CHECKED, LAB_CANCELLED } LabStep;
const char *lab_step_title(LabStep step); /* "No laboratório" */
const char *lab_step_tone(LabStep step);

typedef struct LabCase {
	int64_t id, patient_id, laboratory_id, dentist_id, plan_line_id; /* line 0: none */
	const char *patient, *laboratory, *dentist, *work, *shade, *instructions, *reason;
	Int64s teeth;
	int64_t cost_cents;
	int32_t expected_on;                                    /* DATE_NONE: not said */
	int64_t sent_at, received_at, checked_at, cancelled_at; /* 0: not yet */
	int64_t next_visit;                                     /* of the patient; 0: none */
	int sent_back, version;
	LabStep step;
	bool late; /* expected before today and not here, or not before the next visit */
} LabCase;

typedef struct LabCaseForm {
	int64_t patient_id, laboratory_id, dentist_id, plan_line_id, cost_cents, version;
	const char *work, *teeth, *shade, *instructions;
	int32_t expected_on;
} LabCaseForm;
extern const Field lab_case_fields[];
extern const size_t lab_case_field_count;

/* ERR_INVALID: fields laboratory_id, dentist_id, teeth. ERR_CONFLICT: the patient is closed.
 * dentist 0: cx->user. */
MUST_CHECK Err lab_add(Ctx *cx, const LabCaseForm *in, int64_t *ret_id);
/* ERR_STALE: changed meanwhile. ERR_CONFLICT: it is over. */
MUST_CHECK Err lab_save(Ctx *cx, int64_t id, const LabCaseForm *in);
/* The next step: sent, received, checked. ERR_CONFLICT: it is not at the step before. */
MUST_CHECK Err lab_step(Ctx *cx, int64_t id, LabStep to);
/* Received but not good: to be made again. ERR_INVALID field reason. */
MUST_CHECK Err lab_send_back(Ctx *cx, int64_t id, const char *reason);
MUST_CHECK Err lab_cancel(Ctx *cx, int64_t id, const char *reason);
MUST_CHECK Err lab_get(Ctx *cx, int64_t id, LabCase *ret);
/* Those that go on, by expected date; over: those that ended, newest first. At most 300. */
MUST_CHECK Err lab_list(Ctx *cx, bool over, LabCase **ret, size_t *ret_count);
/* Those of a patient, newest first, in two halves for one round trip. */
MUST_CHECK Err lab_list_of_ask(Ctx *cx, PatientId patient);
MUST_CHECK Err lab_list_of_read(Ctx *cx, LabCase **ret, size_t *ret_count);

typedef struct Laboratory {
	int64_t id, cases; /* cases: that go on */
	const char *name, *phone, *email;
	int days;        /* promised */
	int real_tenths; /* measured, tenths of a day; -1: nothing received yet */
	bool active;
} Laboratory;
typedef struct LaboratoryForm {
	const char *name, *phone, *email;
	int64_t days;
	bool active;
} LaboratoryForm;
extern const Field laboratory_fields[];
extern const size_t laboratory_field_count;
MUST_CHECK Err laboratory_list(Ctx *cx, Laboratory **ret, size_t *ret_count);
/* id 0: a new one. ERR_INVALID field name: taken. */
MUST_CHECK Err laboratory_save(Ctx *cx, int64_t id, const LaboratoryForm *in);

/* The card of the patient's summary (Module.card). */
MUST_CHECK Err lab_card_ask(Ctx *cx, int64_t patient);
MUST_CHECK Err lab_card_show(Req *q, int64_t patient);

/* Daily job: a notice to who may work on it, once a case and visit. */
MUST_CHECK Err lab_warn(Ctx *cx, const char *data);

#endif
