/* What the files of the module share. Not for other modules. */
#ifndef PATIENT_PATIENT_ROOMS_H
#define PATIENT_PATIENT_ROOMS_H

#include "modules/audit/audit.h"
#include "modules/patient/patient.h"
#include "modules/patient/patient.sql.h"

enum {
	PATIENT_NAME_MAX = 120,
	PATIENT_TAG_MAX = 40,
	PATIENT_FIELDS = 36,
	PATIENT_SAVE_FIELDS = PATIENT_FIELDS - 8 /* without those that only registering knows */
};

#define PATIENT_KIN_KINDS "mother father spouse child sibling grandparent guardian caregiver other"

/* The one table of fields behind page, API and import; those for registering only stand at its end.
 */
extern const Field patient_fields[PATIENT_FIELDS];

/* How the API shows a patient. */
extern const OutField patient_out[];
extern const size_t patient_out_count;

/* Who writes, as a column that may be empty. */
/* ---- patient.c ---- */

/* What people type, which rows, Patient and PatientForm call by the same names. */
#define PATIENT_TYPED(p)                                                                           \
	.name = (p)->name, .social_name = (p)->social_name, .cpf = (p)->cpf, .rg = (p)->rg,        \
	.occupation = (p)->occupation, .sex = (p)->sex, .gender = (p)->gender,                     \
	.phone = (p)->phone, .phone2 = (p)->phone2, .phone2_note = (p)->phone2_note,               \
	.email = (p)->email, .cep = (p)->cep, .street = (p)->street, .number = (p)->number,        \
	.complement = (p)->complement, .district = (p)->district, .city = (p)->city,               \
	.uf = (p)->uf, .channel = (p)->channel, .times = (p)->times, .tags = (p)->tags,            \
	.source = (p)->source, .consent = (p)->consent, .notes = (p)->notes

/* A patient from the row that the queries of one patient return. */
Patient patient_of_row(const SqlPatientRow *r);
/* The form as it would be if nobody changed anything. */
PatientForm patient_form_of(const Patient *p);
/* Hold the patient until the transaction ends. ERR_CONFLICT: merged away or closed. */
MUST_CHECK Err patient_lock(Ctx *cx, PatientId id);
/* All of a patient, in two halves for one round trip with the head. */
MUST_CHECK Err patient_whole_ask(Ctx *cx, PatientId id);
MUST_CHECK Err patient_whole_read(Ctx *cx, Patient *ret);

/* What is searched of a patient. */
const char *patient_search_text(Ctx *cx, const PatientForm *in);
/* By what a phone is found whatever its ninth digit; NULL: none. */
const char *patient_phone_key(Ctx *cx, const char *phone);

/* What is stored beside what was typed. */
typedef struct PatientDerived {
	const char *search, *phone_key, *phone2_key;
	bool whatsapp, whatsapp2;
} PatientDerived;
PatientDerived patient_derive(Ctx *cx, const PatientForm *in);
/* The columns of it, for the queries that write a patient. */
#define PATIENT_DERIVED(in, more)                                                                  \
	.birth = (in)->birth == DATE_NONE ? NULL : &(in)->birth, .search = (more).search,          \
	.phone_key = (more).phone_key, .phone2_key = (more).phone2_key,                            \
	.phone_whatsapp = (more).whatsapp, .phone2_whatsapp = (more).whatsapp2
/* What only the whole form can be asked; afterwards it is as it will be stored. old: NULL for a new
 * patient. ERR_INVALID: a field says why. */
MUST_CHECK Err patient_settle(Ctx *cx, const Patient *old, PatientForm *in);
/* The error of a CPF that another patient has. */
MUST_CHECK Err patient_cpf_is_taken(Ctx *cx);

/* ---- patient_register.c ---- */

typedef struct PatientNew {
	PatientForm form;
	int64_t lead_id;
	PatientId id; /* afterwards; 0: another patient has the CPF, and nothing was written */
} PatientNew;

/* Ready for patient_register_many? Settles the form. ERR_INVALID: a field says why. */
MUST_CHECK Err patient_check_new(Ctx *cx, PatientForm *in);
/* Many at once, in as few round trips as one. */
MUST_CHECK Err patient_register_many(Ctx *cx, PatientNew *one, size_t count);

/* ---- patient_close.c ---- */

/* The name is gone for good: then the timeline's own words are not shown either. */
bool patient_is_anonymous(const PatientHead *head);

/* ---- patient_merge.c ---- */

/* A merge that can still be undone. */
typedef struct PatientMerge {
	int64_t id;
	const char *name; /* of the one that went */
	int64_t at;
	const char *user_name; /* NULL: the program */
} PatientMerge;

/* Alerts, anamneses, images and insurance of patient.brief, from what is there. */
MUST_CHECK Err patient_brief_count(Ctx *cx, PatientId id);
/* In two halves, for one round trip. */
MUST_CHECK Err patient_merges_ask(Ctx *cx, PatientId into);
MUST_CHECK Err patient_merges_read(Ctx *cx, PatientMerge **ret, size_t *ret_count);

/* ---- patient_list.c ---- */

typedef struct PatientFilter {
	const char *q, *tag, *insurer, *sort; /* sort: "name" (or NULL), "newest" */
	int64_t birth_month, away;            /* away: no visit for so many months; 0: not asked */
	int64_t after, before, limit;
} PatientFilter;

extern const Field patient_filter_fields[];
extern const size_t patient_filter_field_count;

/* What a list shows. */
typedef struct PatientLine {
	int64_t id;
	const char *name, *called, *social_name, *cpf, *phone, *email, *insurance, *photo;
	const char *alert_text;
	int32_t birth;
	Strs tags;
	bool alert;
	int64_t lead_id, last_visit, next_visit, created_at;
	int version;
} PatientLine;

typedef struct PatientLines {
	const PatientLine *line;
	size_t count;
	int64_t prev, next; /* cursors: before, after; 0: the end */
} PatientLines;

/* A question of digits or a date gives its best hits alone, without pages. */
MUST_CHECK Err patient_list_lines(
	Ctx *cx, const PatientFilter *f, int32_t limit, PatientLines *ret);
bool patient_is_filtered(const PatientFilter *f);

/* Tags and convênios in use, to choose from. */
typedef struct PatientWords {
	UiOption *tag, *insurer;
	size_t tag_count, insurer_count;
} PatientWords;

/* In two halves, for one round trip. */
MUST_CHECK Err patient_words_ask(Ctx *cx);
MUST_CHECK Err patient_words_read(Ctx *cx, PatientWords *ret);
/* kind: "tag" or "insurer". */
MUST_CHECK Err patient_learn(Ctx *cx, const char *kind, Strs words);
/* Those of `before` that are not in `after` and nowhere else. */
MUST_CHECK Err patient_forget_tags(Ctx *cx, Strs before, Strs after);

/* ---- patient_tell.c ---- */

typedef enum PartKind { PART_TEXT, PART_DATE, PART_TEXTS } PartKind;

/* A field that stands in Patient and in PatientForm: for differences. */
typedef struct PatientPart {
	const char *name;
	PartKind kind;
	const char *said;  /* in "Mudou: …" */
	const char *title; /* beside two values */
	size_t of_patient, of_form;
} PatientPart;

#define PATIENT_PART(member, kind, said, title)                                                    \
	{                                                                                          \
#member, (kind), (said), (title), offsetof(Patient, member),                       \
			offsetof(PatientForm, member)                                              \
	}

extern const PatientPart patient_parts[];
extern const size_t patient_part_count;

/* The part's value in a Patient or PatientForm as text, NULL: none. */
const char *patient_part_text(Arena *mem, const PatientPart *part, const void *of, size_t offset);
/* Write this one part of `from` into `to`. */
void patient_part_copy(const PatientPart *part, PatientForm *to, const PatientForm *from);
/* The audit's diff, or NULL; and what changed, in words. */
const char *patient_difference(
	Ctx *cx, const Patient *old, const PatientForm *in, const char **ret_titles);
/* Add to the timeline. */
MUST_CHECK Err patient_event(
	Ctx *cx, PatientId id, const char *kind, const char *title, const char *body);
/* Tell all modules that `event` happened to the patient, as the API shows them. */
MUST_CHECK Err patient_tell(Ctx *cx, PatientId id, const char *event);
MUST_CHECK Err patient_tell_many(Ctx *cx, Int64s ids, const char *event);

/* ---- patient_head.c ---- */

/* Name, phone and birth of the row that other modules join, in two halves. */
MUST_CHECK Err patient_brief_ask(Ctx *cx, PatientId id, const PatientForm *in);
MUST_CHECK Err patient_brief_read(Ctx *cx);

/* ---- patient_family.c ---- */

/* Of InsuranceCard and Kin, for pages and programs. */
enum { INSURANCE_CARD_FIELDS = 5, KIN_FIELDS = 7 };
extern const Field insurance_card_fields[INSURANCE_CARD_FIELDS], kin_fields[KIN_FIELDS];

/* In two halves, as patient_list_cards and patient_list_kin. */
MUST_CHECK Err patient_cards_ask(Ctx *cx, PatientId id);
MUST_CHECK Err patient_cards_read(Ctx *cx, InsuranceCard **ret, size_t *ret_count);
MUST_CHECK Err patient_kin_ask(Ctx *cx, PatientId id);
MUST_CHECK Err patient_kin_read(Ctx *cx, Kin **ret, size_t *ret_count);
/* A card and a guardian of a new patient have names, or there is none. */
MUST_CHECK Err patient_check_family(Ctx *cx, const PatientForm *in);
/* The first cards and guardians of new patients, of those whose form names them. */
MUST_CHECK Err patient_register_family(Ctx *cx, const PatientNew *one, size_t count);
/* patient.brief.insurance, after cards changed. */
MUST_CHECK Err patient_brief_insurance(Ctx *cx, PatientId id);
/* "Mãe"; seen from the other side: "Filho(a)". */
const char *patient_kin_title(const char *kind, bool theirs);

/* demo.c: patients of the demonstration. */
Err patient_demo(Ctx *cx);

/* api_web.c */
extern const RouteList patient_api;

#endif
