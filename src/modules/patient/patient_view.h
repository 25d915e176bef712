/* What the pages of patients show. */
#ifndef PATIENT_PATIENT_VIEW_H
#define PATIENT_PATIENT_VIEW_H

#include "core/clock.h"
#include "modules/audit/audit.h"
#include "modules/patient/patient.h"
#include "platform/ui/ui.h"

typedef struct PatientsView {
	Req *q;
	const char *question;
	const Patient *patient;
	size_t patient_count;
	int64_t total, next; /* cursor; 0: the end */
} PatientsView;
void patient_list_page(Html *h, const PatientsView *v);

typedef struct PatientView {
	Req *q;
	const PatientHead *head;
	const Patient *patient;
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
const char *patient_alert_icon(const char *kind);
const char *patient_alert_word(const char *kind); /* "Alergia: ", or "" */
const char *patient_cpf_masked(Arena *mem, const char *cpf);
const char *patient_visit_text(Arena *mem, const Ctx *cx, int64_t at); /* "02/12, 09:00" */
bool patient_may_book(const Req *q, const PatientHead *head);
/* Icon and tone of an entry of the timeline, by its kind. */
const char *patient_event_icon(const char *kind);
const char *patient_event_tone(const char *kind);
void patient_to_come_page(Html *h, const PatientPage *page, const UiEmpty *empty);

typedef struct PatientFormView {
	Req *q;
	const Patient *patient; /* NULL: a new one */
	const PatientTwin *twin;
	size_t twin_count;
} PatientFormView;
void patient_form_page(Html *h, const PatientFormView *v);

#endif
