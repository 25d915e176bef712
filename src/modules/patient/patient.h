/* patient: the people a clinic treats. Owns the schema patient. This is its beginning: identity and
 * contacts, as a converted lead leaves them. */
#ifndef PATIENT_PATIENT_H
#define PATIENT_PATIENT_H

#include "modules/module.h"
#include "platform/ui/ui.h"

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
MUST_CHECK Err patient_register(
	Ctx *cx, const PatientForm *in, const char *source, int64_t lead_id, PatientId *ret);
/* ERR_NOT_FOUND: no such patient here. */
MUST_CHECK Err patient_get(Ctx *cx, PatientId id, Patient *ret);
/* ERR_CONFLICT: somebody saved since in->version (or the CPF is another's). */
MUST_CHECK Err patient_save(Ctx *cx, PatientId id, const PatientForm *in);
/* Possible twins by phone (DDD + last 8), e-mail, CPF; at most 10, best first. */
MUST_CHECK Err patient_find_twins(Ctx *cx, const char *phone, const char *email, const char *cpf,
	PatientTwin **ret, size_t *ret_count);

/* ---- the head of every page about a patient ---- */

/* A warning from the anamnesis or written by hand; one that ended is kept, but not here. */
typedef struct PatientAlert {
	int64_t id;
	const char *kind; /* "allergy" "disease" "medication" "pregnancy" "anticoagulant" "other" */
	const char *text; /* "Penicilina" */
	bool severe;      /* red; else amber */
} PatientAlert;

typedef struct PatientHead {
	int64_t id;
	const char *name;  /* as the person wants to be called: social name first */
	const char *legal; /* the registered name */
	const char *cpf, *phone;
	const char *whatsapp;  /* the phone that has it, E.164; NULL: none */
	const char *insurance; /* "Odontoprev"; NULL: particular */
	const char *photo;     /* hash of the file, shown by patient_avatar; NULL: initials */
	int32_t birth;  /* DATE_NONE: unknown */
	const PatientAlert *alert;
	size_t alert_count;
	bool has_balance;
	int64_t balance; /* cents that the patient owes; written by finance */
	int32_t no_shows, visits;
	int64_t next_visit; /* UTC seconds; 0: none */
	int64_t image_count;
	bool restricted; /* anonymised or closed: nothing may be added */
	int version;
} PatientHead;

/* In two halves, for one round trip together with the page's own queries. ERR_NOT_FOUND: no such
 * patient here. One that was merged away answers the head of the other: compare the id. */
MUST_CHECK Err patient_head_ask(Ctx *cx, PatientId id);
MUST_CHECK Err patient_head_read(Ctx *cx, PatientHead *ret);

typedef struct PatientPage {
	Req *q;
	const PatientHead *head;
	const char *tab;    /* Tab.path of the tab to mark; "" Resumo */
	const char *script; /* page module, as UiPage.script */
	bool wide;
} PatientPage;
/* Shell, name, alerts, figures, tabs of all modules that the reader may see; then comes the tab. */
void patient_page_open(Html *h, const PatientPage *page);
void patient_page_close(Html *h, const PatientPage *page);
/* The alerts alone, for drawers and lists. */
void patient_alerts(Html *h, const PatientAlert *alert, size_t count);
/* Photo or initials; size as of ui_avatar. */
void patient_avatar(Html *h, int64_t id, const char *name, const char *photo, const char *size);

/* ---- what other modules' SQL may join: patient.brief (company_id, patient_id) ----
 *
 * One row a patient: name (as called), phone, birth, alert (bool), alert_text, balance_cents,
 * no_shows, visits, last_visit_at, next_visit_at. The patient module writes the first ones;
 * those of visits and money are told by the two functions below. */

/* agenda: what the visits of this patient look like now. 0: none. */
typedef struct PatientVisits {
	int32_t visits, no_shows;
	int64_t last_at, next_at;
} PatientVisits;
MUST_CHECK Err patient_tell_visits(Ctx *cx, PatientId id, const PatientVisits *in);
/* finance: what the patient owes, in cents. */
MUST_CHECK Err patient_tell_balance(Ctx *cx, PatientId id, int64_t cents);
/* images: how many of this patient are shown. */
MUST_CHECK Err patient_tell_images(Ctx *cx, PatientId id, int64_t count);

/* A patient by name and phone alone, at the counter or from the public booking: the one who has
 * this phone and this name (folded) already, else a new one. ERR_INVALID: field name or phone. */
MUST_CHECK Err patient_meet(Ctx *cx, const char *name, const char *phone, const char *email,
	const char *source, PatientId *ret);

/* Hits for a patient picker (name, phone, CPF, birth), at most n ≤ 20, best first. */
typedef struct PatientHit {
	int64_t id;
	const char *name, *phone, *cpf;
	int32_t birth;
	bool alert;
} PatientHit;
MUST_CHECK Err patient_search(
	Ctx *cx, const char *question, int n, PatientHit **ret, size_t *ret_count);

/* Told to other modules: patient.created, .updated (name, phone, alert changed too), .merged,
 * .unmerged, .anonymised; id is the patient. */

#endif
