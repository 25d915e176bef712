/* What the pages of visits, notes and papers show. */
#ifndef TREATMENT_TREATMENT_VIEW_H
#define TREATMENT_TREATMENT_VIEW_H

#include "core/clock.h"
#include "modules/treatment/act.h"
#include "modules/treatment/note.h"
#include "modules/treatment/paper.h"
#include "modules/treatment/teeth.h"
#include "modules/treatment/visit.h"
#include "platform/ui/ui.h"

typedef struct TreatmentDayView {
	Req *q;
	const DentistDay *day;
	int32_t date;
	int64_t dentist; /* whose day; 0: choose one */
	const char *dentist_name;
	const UiOption *dentist_option;
	size_t dentist_count;
} TreatmentDayView;
void visit_day_page(Html *h, const TreatmentDayView *v);

typedef struct NoteTemplate {
	int64_t id;
	const char *title, *text;
	bool active;
} NoteTemplate;

typedef struct NotesView {
	Req *q;
	const PatientHead *head;
	const Note *note;
	size_t note_count;
	int64_t next; /* cursor; 0: the end */
	const NoteTemplate *template;
	size_t template_count;
	int64_t visit_id;  /* a new note belongs to this visit; 0: none */
	const Note *edit;  /* this one is being written on */
	const Note *newer; /* what somebody else wrote meanwhile */
} NotesView;
void note_tab_page(Html *h, const NotesView *v);
void note_more(Html *h, const NotesView *v);
/* The form of a new note, or of v->edit, without a page around it. */
void note_form(Html *h, const NotesView *v);
void note_list(Html *h, const NotesView *v);
void note_text_field(Html *h, const char *text);

typedef struct NoteHistoryView {
	Req *q;
	const PatientHead *head;
	const Note *note;
	const NoteVersion *version;
	size_t version_count;
	bool whole;
} NoteHistoryView;
void note_history_page(Html *h, const NoteHistoryView *v);

typedef struct NoteTemplatesView {
	Req *q;
	const NoteTemplate *template;
	size_t template_count;
	int64_t open; /* shown for editing; 0: the new one */
} NoteTemplatesView;
void note_templates_page(Html *h, const NoteTemplatesView *v);

typedef struct VisitView {
	Req *q;
	const PatientHead *head;
	const Visit *visit;
	const PlanLine *line;
	size_t line_count;
	const VisitAct *act;
	size_t act_count;
	const LineKit *kit;
	size_t kit_count;
	NotesView notes;
} VisitView;
void visit_page(Html *h, const VisitView *v);

typedef struct VisitStartView {
	Req *q;
	int64_t patient_id, appointment_id;
	const UiOption *chair;
	size_t chair_count;
} VisitStartView;
void visit_chair_page(Html *h, const VisitStartView *v);

typedef struct PapersView {
	Req *q;
	const PatientHead *head;
	const Paper *paper;
	size_t paper_count;
	const char *kind;  /* of the form that is open; NULL: none */
	const Paper *edit; /* the draft in the form; NULL: a new one */
} PapersView;
void paper_tab_page(Html *h, const PapersView *v);

#endif
