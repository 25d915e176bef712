/* patient: the people a clinic treats. Owns the schema patient. This is its beginning: identity and
 * contacts, as a converted lead leaves them. */
#ifndef PATIENT_PATIENT_H
#define PATIENT_PATIENT_H

#include "modules/module.h"

extern const Module patient_module;

typedef struct PatientId {
	int64_t v;
} PatientId;

typedef struct Patient {
	int64_t id;
	const char *name, *social_name, *cpf, *phone, *phone2, *email, *source, *notes;
	int32_t birth; /* DATE_NONE: unknown */
	int64_t lead_id;
	bool consent;
	int64_t created_at;
	int version;
	int64_t merged_into; /* 0: itself */
} Patient;

typedef struct PatientForm {
	const char *name, *social_name, *cpf, *phone, *phone2, *email, *notes;
	int32_t birth;
	bool consent;
	int64_t version; /* that the person saw; for saving only */
} PatientForm;

/* Somebody who may be the same person, and why ("phone", "email", "cpf", "name"). */
typedef struct PatientTwin {
	int64_t id;
	const char *name, *phone, *email, *cpf, *why;
	int32_t birth;
} PatientTwin;

/* Register. ERR_CONFLICT: another patient has this CPF. Writes audit and timeline. */
MUST_CHECK Err patient_register(Ctx *cx, const PatientForm *in, const char *source, int64_t lead_id,
	PatientId *ret);
/* ERR_NOT_FOUND: no such patient here. */
MUST_CHECK Err patient_get(Ctx *cx, PatientId id, Patient *ret);
/* ERR_CONFLICT: somebody saved since in->version (or the CPF is another's). */
MUST_CHECK Err patient_save(Ctx *cx, PatientId id, const PatientForm *in);
/* Possible twins by phone (DDD + last 8), e-mail, CPF; at most 10, best first. */
MUST_CHECK Err patient_find_twins(Ctx *cx, const char *phone, const char *email, const char *cpf,
	PatientTwin **ret, size_t *ret_count);

#endif
