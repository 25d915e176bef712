/* patient: the people a clinic treats: identity, contacts, family, convênios. Owns the schema
 * patient. Rules: README.md. */
#ifndef PATIENT_PATIENT_H
#define PATIENT_PATIENT_H

#include "modules/module.h"
#include "modules/patient/cep.h"
#include "platform/ui/ui.h"

extern const Module patient_module;

typedef struct PatientId {
	int64_t v;
} PatientId;

typedef struct Patient {
	int64_t id;
	const char *name, *social_name, *cpf, *rg, *occupation;
	const char *sex;    /* "female" "male" "other"; NULL: not told */
	const char *gender; /* as the person says it */
	int32_t birth;      /* DATE_NONE: unknown */
	const char *phone, *phone2, *phone2_note, *email;
	const char *whatsapp; /* which phone has it: "phone" "phone2" "both" "none" */
	const char *cep, *street, *number, *complement, *district, *city, *uf;
	const char *channel; /* preferred: "whatsapp" "phone" "email" "sms" */
	Strs times;          /* preferred: "morning" "afternoon" "evening" "saturday" */
	Strs consents;       /* channels by which news are welcome */
	bool consent;        /* by at least one */
	Strs tags;
	const char *source, *notes;
	const char *photo; /* hash of the file */
	int64_t lead_id;
	int64_t created_at;
	int version;
	bool restricted;     /* anonymised or closed: nothing may be added */
	int64_t merged_into; /* 0: itself */
} Patient;

typedef struct PatientForm {
	const char *name, *social_name, *cpf, *rg, *occupation, *sex, *gender;
	int32_t birth;
	const char *phone, *phone2, *phone2_note, *email;
	const char *whatsapp; /* NULL: the phone, when it is a mobile */
	const char *cep, *street, *number, *complement, *district, *city, *uf;
	const char *channel;
	Strs times, consents;
	/* Alone it means all channels. Where only this differs from what is stored, it decides. */
	bool consent;
	Strs tags;
	const char *source, *notes;
	int64_t version; /* that the person saw; for saving only */
	/* For registering only: the first card and who answers for the patient. NULL: none. */
	const char *insurer, *plan, *card_number;
	int32_t card_until; /* DATE_NONE: not told */
	const char *guardian, *guardian_kind, *guardian_phone, *guardian_cpf;
} PatientForm;

/* Somebody who may be the same person, and why ("phone", "email", "cpf", "name"). */
typedef struct PatientTwin {
	int64_t id;
	const char *name, *phone, *email, *cpf, *why;
	int32_t birth;
} PatientTwin;

/* Register. source: where from, when in->source says nothing. ERR_CONFLICT: another patient has
 * this CPF. ERR_INVALID: a field, as cx->bad says. Writes audit and timeline; tells
 * patient.created. */
MUST_CHECK Err patient_register(
	Ctx *cx, const PatientForm *in, const char *source, int64_t lead_id, PatientId *ret);
/* ERR_NOT_FOUND: no such patient here. */
MUST_CHECK Err patient_get(Ctx *cx, PatientId id, Patient *ret);
/* ERR_CONFLICT: somebody saved since in->version, the CPF is another's (then cx->bad says so), or
 * the patient was merged or closed. Tells patient.updated when something changed. */
MUST_CHECK Err patient_save(Ctx *cx, PatientId id, const PatientForm *in);
/* Possible twins by phone (DDD + last 8), e-mail, CPF; at most 10, best first. */
MUST_CHECK Err patient_find_twins(Ctx *cx, const char *phone, const char *email, const char *cpf,
	PatientTwin **ret, size_t *ret_count);

/* ---- insurance cards and family ---- */

typedef struct InsuranceCard {
	int64_t id;
	const char *insurer, *plan, *number, *holder;
	int32_t valid_until; /* DATE_NONE: not told */
} InsuranceCard;

/* The cards in force, the newest last. */
MUST_CHECK Err patient_list_cards(Ctx *cx, PatientId id, InsuranceCard **ret, size_t *ret_count);
/* ERR_NOT_FOUND: no such patient. ERR_CONFLICT: closed. */
MUST_CHECK Err patient_add_card(Ctx *cx, PatientId id, const InsuranceCard *card, int64_t *ret);
/* Taken off the list, kept for what was billed on it. ERR_NOT_FOUND. */
MUST_CHECK Err patient_remove_card(Ctx *cx, PatientId id, int64_t card);

/* A relative, or who answers for the patient: another patient (other_id), or a name. */
typedef struct Kin {
	int64_t id, other_id; /* 0: no patient here */
	const char *kind; /* what the other is to the patient: "mother" "father" "spouse" "child"
			     "sibling" "grandparent" "guardian" "caregiver" "other" */
	const char *name, *phone, *cpf;
	bool pays, signs;
	bool theirs; /* stands in the other's family: shown, changed there */
} Kin;

/* Also those in whose family the patient stands; at most 40. */
MUST_CHECK Err patient_list_kin(Ctx *cx, PatientId id, Kin **ret, size_t *ret_count);
/* kin->other_id, or a name. ERR_INVALID with the field; ERR_CONFLICT: stands there already. */
MUST_CHECK Err patient_add_kin(Ctx *cx, PatientId id, const Kin *kin, int64_t *ret);
MUST_CHECK Err patient_remove_kin(Ctx *cx, PatientId id, int64_t kin);

/* ---- merging ---- */

/* Make `from` part of `into`, for good after 24 hours. What `into` has not is taken over; in->…
 * says what is kept of both (NULL: what `into` has). Rows that hang on `from` go along, also those
 * of other modules (patient.merged). ERR_INVALID: the same twice; ERR_CONFLICT: one was merged or
 * closed. */
MUST_CHECK Err patient_merge(
	Ctx *cx, PatientId from, PatientId into, const PatientForm *in, int64_t *ret_merge);
/* Take it back; *ret_into is the one that had stayed. ERR_NOT_FOUND: no such merge; ERR_CONFLICT:
 * older than 24 hours, undone, or not the last one. */
MUST_CHECK Err patient_unmerge(Ctx *cx, int64_t merge, PatientId *ret_into);

/* For those who hear patient.merged and patient.unmerged: what the JSON
 * {"merge":7,"from":2,"into":1} says, which rows of `what` ("agenda.appointment") went along, and
 * which those were. */
typedef struct MergeTold {
	int64_t id, from, into;
} MergeTold;
MUST_CHECK Err patient_merge_read(Ctx *cx, const char *json, MergeTold *ret);
MUST_CHECK Err patient_merge_note(Ctx *cx, int64_t merge, const char *what, Int64s rows);
MUST_CHECK Err patient_merge_noted(Ctx *cx, int64_t merge, const char *what, Int64s *ret);

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
	int32_t birth;         /* DATE_NONE: unknown */
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
	int64_t first_at, last_at, next_at; /* the first that was or will be */
} PatientVisits;
MUST_CHECK Err patient_tell_visits(Ctx *cx, PatientId id, const PatientVisits *in);
/* The same in two halves, to share a round trip. */
MUST_CHECK Err patient_visits_ask(Ctx *cx, PatientId id, const PatientVisits *in);
MUST_CHECK Err patient_visits_read(Ctx *cx, PatientId id);
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

/* ---- closing, asked by privacy ---- */

/* Closed: nothing may be added, the name is not found any more, consents for news end.
 * ERR_CONFLICT: it is so already. */
MUST_CHECK Err patient_close(Ctx *cx, PatientId id, bool closed);
/* Take away name, documents, contacts, family, faces and signatures, for good, of the records that
 * became this one too. Tells patient.anonymised: other modules take away what they hold of a name.
 * What stays, and why, is listed in privacy's README. */
MUST_CHECK Err patient_anonymise(Ctx *cx, PatientId id);

/* Told to other modules: patient.created, .updated (name, phone, alert changed too) with the
 * patient as the API shows it; .merged, .unmerged (id is the one that stays) as above; .anonymised.
 * id is the patient. */

#endif
