/* What the pages of anamneses, alerts and questionnaires show. */
#ifndef PATIENT_ANAMNESIS_VIEW_H
#define PATIENT_ANAMNESIS_VIEW_H

#include "core/br.h"
#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/patient/alert.h"
#include "modules/patient/anamnesis_rooms.h"

/* ---- the patient's tab ---- */

typedef struct AnamnesisTab {
	Req *q;
	const PatientHead *head;
	const SqlAnamnesisRow *filling;
	size_t filling_count;
	const SqlQuestionnaireRow *paper; /* those in use */
	size_t paper_count;
	const SqlAlertRow *alert;
	size_t alert_count, standing;
	int64_t last_at; /* when answers were last signed; 0: never */
	bool old;        /* longer ago than its questionnaire allows */
	bool clinical;   /* may read answers and alerts */
	bool judges;     /* may confirm and end alerts */
	bool writes;     /* may begin and fill in */
	bool add_alert;  /* the dialog of a new alert is open: it was answered with errors */
	int64_t end_alert;
} AnamnesisTab;
void anamnesis_tab(Html *h, const AnamnesisTab *v);

/* ---- one filling ---- */

typedef struct FillingView {
	Req *q;
	const PatientHead *head;
	const Filling *filling;
	const SqlAlertRow *alert; /* those that came from these answers */
	size_t alert_count;
	const char *reviewer, *starter;
	bool judges;
} FillingView;
void anamnesis_page(Html *h, const FillingView *v);
/* The first question behind the section that begins at `at`. */
size_t section_end(const Filling *filling, size_t at);
/* Is option among the lines of value? */
bool answer_has(const char *value, const char *option);

/* Questions to answer: by the staff, on the tablet, or by link. */
typedef struct FillView {
	Req *q;
	const PatientHead *head; /* NULL: a public page */
	const Filling *filling;
	Url save, send;
	bool tablet;
	const SqlLinkStanding *link; /* NULL: no link stands */
} FillView;
void anamnesis_fill_page(Html *h, const FillView *v);
void anamnesis_public_page(Html *h, const FillView *v);

/* The way to it, shown once. */
typedef struct LinkView {
	const char *url, *whatsapp; /* whatsapp NULL: no mobile number is known */
	const char *text;           /* what the message says */
	Safe code;                  /* the picture that a camera reads */
	int64_t expires_at;
	bool tablet;
} LinkView;
void anamnesis_link_box(Html *h, const LinkView *v);

/* Before the questions: who are you? And when there is nothing to answer. */
typedef struct LinkDoor {
	Req *q;
	const char *token;
	const char *wrong; /* why the date is asked again */
} LinkDoor;
void anamnesis_door_page(Html *h, const LinkDoor *v);
typedef struct LinkEnd {
	Req *q;
	const char *icon, *title, *text;
	bool leave; /* the tablet goes back to the reception */
} LinkEnd;
void anamnesis_end_page(Html *h, const LinkEnd *v);

/* ---- Configurações ---- */

typedef struct PapersView {
	Req *q;
	const SqlQuestionnaireRow *paper;
	size_t paper_count;
	bool adding;
} PapersView;
void questionnaires_page(Html *h, const PapersView *v);

typedef struct PaperView {
	Req *q;
	const SqlQuestionnaireRow *paper;
	const SqlQuestionRow *question;
	size_t question_count;
	bool draft; /* what is shown is the draft */
} PaperView;
void questionnaire_page(Html *h, const PaperView *v);

typedef struct QuestionView {
	Req *q;
	const SqlQuestionnaireRow *paper;
	const SqlQuestionRow *question; /* NULL: a new one */
	Strs sections;                  /* known ones, to choose from */
} QuestionView;
void question_page(Html *h, const QuestionView *v);

const char *question_kind_title(const char *kind);
/* The answers that warn, as people write them ("Sim"), and back as they are stored ("yes"); an
 * option stays as it is. */
Strs alert_words(Arena *mem, Strs stored);
Strs alert_values(Arena *mem, Strs words);

#endif
