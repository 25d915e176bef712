/* paper: what a dentist writes for the patient to take along: prescriptions, certificates,
 * requests. A draft may change; what was issued stands, and is voided with a reason. Printing and
 * signing belong to the documents. Who may prescribe and attest: Lei 5.081/1966, art. 6. */
#ifndef TREATMENT_PAPER_H
#define TREATMENT_PAPER_H

#include "modules/treatment/treatment_rooms.h"

enum { PAPER_DRUGS_MAX = 12 };

typedef struct Drug {
	const char *name;     /* "Amoxicilina 500 mg" */
	const char *quantity; /* "21 cápsulas" */
	const char *use;      /* "1 cápsula a cada 8 horas por 7 dias" */
} Drug;

typedef struct Paper {
	int64_t id, patient_id, visit_id, dentist_id;
	const char *kind;  /* "prescription" "certificate" "attendance" "exam" "referral" */
	const char *state; /* "draft" "issued" "void" */
	const char *text, *dentist, *void_reason;
	const Drug *drug;
	size_t drug_count;
	int days; /* certificate: away from work; 0: none */
	int64_t created_at, issued_at;
	int version;
} Paper;

typedef struct PaperForm {
	const char *kind, *text;
	Strs name, quantity, use; /* of the drugs, in order; empty rows are left out */
	int64_t days, visit_id, version;
	bool sure; /* the dentist has read the warning about an allergy */
} PaperForm;
extern const Field paper_fields[];
extern const size_t paper_field_count;

const char *paper_kind_title(const char *kind); /* "Receita" */

/* The first allergy of the patient that a drug of the paper touches, by its name or its family
 * ("penicilina" and amoxicilina); NULL: none. ret_drug: which. A help, no proof of safety. */
const char *paper_allergy(
	Arena *mem, const PatientHead *head, const PaperForm *in, const char **ret_drug);

/* Write a draft of cx->user. ERR_INVALID: nothing in it (fields text, name). */
MUST_CHECK Err paper_write(Ctx *cx, PatientId patient, const PaperForm *in, int64_t *ret_id);
/* ERR_STALE: changed meanwhile. ERR_CONFLICT: it was issued. */
MUST_CHECK Err paper_save(Ctx *cx, int64_t id, const PaperForm *in);
/* ERR_CONFLICT: another's, or no draft. */
MUST_CHECK Err paper_issue(Ctx *cx, int64_t id);
/* ERR_INVALID field reason: none given. */
MUST_CHECK Err paper_void(Ctx *cx, int64_t id, const char *reason);
MUST_CHECK Err paper_get(Ctx *cx, int64_t id, Paper *ret);
/* Newest first, at most 200. */
MUST_CHECK Err paper_list(Ctx *cx, PatientId patient, Paper **ret, size_t *ret_count);

#endif
