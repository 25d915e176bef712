/* What the pages of patients show. */
#ifndef PATIENT_PATIENT_VIEW_H
#define PATIENT_PATIENT_VIEW_H

#include "core/br.h"
#include "core/clock.h"
#include "modules/patient/patient_rooms.h"
#include "platform/ui/ui.h"

/* ---- the list ---- */

typedef struct PatientsView {
	Req *q;
	PatientFilter filter;
	bool filtered;
	PatientLines list;
	PatientWords words;
	int64_t total; /* of the clinic */
} PatientsView;
void patient_list_page(Html *h, const PatientsView *v);
void patient_list_part(Html *h, const PatientsView *v);
/* The list as it is, with one cursor: name is "after" or "before". */
Url patients_url(Arena *mem, const PatientFilter *f, const char *name, int64_t cursor);

/* ---- cards and family (html/patient_family.html) ---- */

typedef struct FamilyView {
	Req *q;
	int64_t patient_id;
	const InsuranceCard *card;
	const Kin *kin;
	size_t card_count, kin_count;
	PatientWords words;
	bool open;           /* the form was sent with errors: shown at once */
	const char *problem; /* one that belongs to no field; NULL: none */
} FamilyView;
/* All of it but what was answered with errors: one round trip. */
MUST_CHECK Err patient_family_read(Req *q, PatientId id, FamilyView *ret);
void patient_cards_part(Html *h, const FamilyView *v);
void patient_kin_part(Html *h, const FamilyView *v);

typedef struct PickView {
	const char *question, *field;
	int64_t except;
	const PatientHit *hit;
	size_t count;
} PickView;
void patient_pick_part(Html *h, const PickView *v);

/* ---- the page ---- */

typedef struct PatientView {
	Req *q;
	const PatientHead *head;
	const Patient *patient;
	FamilyView family;
	const SqlPatientConsents *consent;
	size_t consent_count;
	const PatientMerge *merge; /* those that can be undone */
	size_t merge_count;
	Safe cards; /* of all modules, written by their own templates */
	const Event *event;
	size_t event_count;
	int64_t event_next, patient_id; /* next: cursor; 0: the end */
} PatientView;
void patient_page(Html *h, const PatientView *v);
void patient_events(Html *h, const PatientView *v);

/* ---- the frame (patient_page_web.c, html/patient_head.html) ---- */

enum { PATIENT_TABS_MAX = 16, PATIENT_CARDS_MAX = 24 };

size_t patient_tabs(const PatientPage *v, UiTab ret[PATIENT_TABS_MAX]);
/* Those that the reader may see, in their order. */
size_t patient_cards(const Req *q, const Card *ret[PATIENT_CARDS_MAX]);
const char *patient_cpf_masked(Arena *mem, const char *cpf);
const char *patient_visit_text(Arena *mem, const Ctx *cx, int64_t at); /* "02/12, 09:00" */
bool patient_may_book(const Req *q, const PatientHead *head);
/* Under age and nobody signs for them. */
bool patient_needs_guardian(const PatientView *v);
/* Icon and tone of an entry of the timeline, by its kind. */
const char *patient_event_icon(const char *kind);
const char *patient_event_tone(const char *kind);
void patient_to_come_page(Html *h, const PatientPage *page, const UiEmpty *empty);

/* ---- words of the stored names ---- */

extern const UiOption patient_sexes[3], patient_channels[4], patient_times[4], patient_kin_kinds[9],
	patient_whatsapps[4], patient_states[27], patient_months[12], patient_aways[5];
/* The label of a value in a table of options; the value itself when it is not there. */
const char *patient_label(const UiOption *option, size_t count, const char *value);
/* "WhatsApp, e-mail"; NULL when empty. */
const char *patient_labels(Arena *mem, const UiOption *option, size_t count, Strs values);
/* The label of a coded value of a column of the patient; NULL: the column has no codes. */
const char *patient_word(const char *column, const char *code);
/* How a part is read by people in a comparison; NULL: empty. */
const char *patient_part_shown(Html *h, const PatientPart *part, const char *text);

/* ---- the form ---- */

typedef struct PatientFormView {
	Req *q;
	const Patient *patient; /* NULL: a new one */
	const PatientTwin *twin;
	size_t twin_count;
	const Patient *theirs; /* somebody saved this meanwhile, or the record became part of it */
	const PatientForm *mine;
	bool merged, closed; /* meanwhile */
	FamilyView family;
} PatientFormView;
void patient_form_page(Html *h, const PatientFormView *v);
/* What was typed, else what is stored. */
const char *patient_field_value(const PatientFormView *v, const char *name, const char *stored);
bool patient_ticked(const PatientFormView *v, const char *name, const char *value, Strs stored);

/* ---- merging ---- */

typedef struct MergeView {
	Req *q;
	const Patient *into, *from; /* from NULL: not chosen yet */
	const PatientTwin *twin;
	size_t twin_count;
} MergeView;
void patient_merge_page(Html *h, const MergeView *v);

#endif
