/* What the pages of the CRM show. */
#ifndef CRM_CRM_VIEW_H
#define CRM_CRM_VIEW_H

#include "core/clock.h"
#include "core/money.h"
#include "modules/account/account.h"
#include "modules/audit/audit.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/crm_web.h"
#include "platform/ui/ui.h"

/* Choices for forms and filters, asked for in one round trip. */
typedef struct LeadChoices {
	UiOption *stage, *source, *owner, *reason;
	size_t stage_count, source_count, owner_count, reason_count;
	const Pipeline *pipeline; /* all of them; stage has the open ones of theirs */
	size_t pipeline_count;
	const SqlCrmFields *field; /* the company's own */
	size_t field_count;
} LeadChoices;

MUST_CHECK Err lead_choices(Ctx *cx, LeadChoices *ret);
/* What the choice with this id is called; NULL: it is none of them. */
const char *choice_label(const UiOption *option, size_t count, int64_t id);

/* ---- board ---- */

typedef struct BoardColumn {
	const Stage *stage;
	const SqlCardRow *card;
	size_t card_count;
	int64_t total, value_cents;
	int percent; /* of the richest column */
} BoardColumn;

typedef struct BoardView {
	Req *q;
	const Pipeline *pipeline; /* all of them */
	size_t pipeline_count;
	const Pipeline *shown;
	BoardColumn *column;
	size_t column_count;
	int64_t open_cents, weighted_cents, won_cents;
	int64_t conversion_tenths; /* percent; -1: none ended yet */
	int64_t days_tenths;
	int64_t late;
	const Member *member;
	size_t member_count;
	int64_t owner;
	const char *question;
	bool filtered;
} BoardView;
void crm_board_page(Html *h, const BoardView *v);
void crm_board_cards(Html *h, const BoardColumn *column, const BoardView *v);
void crm_card(Html *h, const SqlCardRow *card, const BoardView *v);

/* ---- one lead ---- */

typedef struct LeadView {
	Req *q;
	const Lead *lead;
	const Pipeline *pipeline; /* the lead's */
	const Task *task;
	size_t task_count;
	const Event *event;
	size_t event_count;
	int64_t event_next; /* cursor; 0: the end */
	const Twin *twin;
	size_t twin_count;
	LeadChoices choice;
	const json_t *custom;
} LeadView;
void crm_lead_page(Html *h, const LeadView *v);
void crm_lead_drawer(Html *h, const LeadView *v);
void crm_lead_events(Html *h, const LeadView *v);

typedef struct LeadFormView {
	Req *q;
	const Lead *lead; /* NULL: a new one */
	LeadChoices choice;
	const json_t *custom;
	const Twin *twin;
	size_t twin_count;
	const Lead *theirs; /* what somebody else saved meanwhile; NULL: nobody */
	const LeadForm *mine;
} LeadFormView;
void crm_lead_form(Html *h, const LeadFormView *v);
void crm_twins(Html *h, const Twin *twin, size_t count);

typedef struct LoseView {
	Req *q;
	const Lead *lead;
	LeadChoices choice;
} LoseView;
void crm_lose_page(Html *h, const LoseView *v);

typedef struct ConvertView {
	Req *q;
	const Lead *lead;
	const PatientTwin *twin;
	size_t twin_count;
} ConvertView;
void crm_convert_page(Html *h, const ConvertView *v);

/* ---- tasks ---- */

typedef struct DayView {
	Req *q;
	const Task *task;
	size_t task_count;
	bool everyone;
	int64_t late, today, later;
	int64_t midnight; /* the end of today */
} DayView;
void crm_day_page(Html *h, const DayView *v);

typedef struct TaskFormView {
	Req *q;
	const Task *task; /* NULL: a new one */
	const Lead *lead; /* NULL: of no lead */
	LeadChoices choice;
} TaskFormView;
void crm_task_form(Html *h, const TaskFormView *v);

/* Words for people. */
const char *task_icon(const char *type);
const char *task_type_title(const char *type);
extern const UiOption task_types[];
extern const size_t task_type_count;
extern const UiOption task_priorities[];
extern const size_t task_priority_count;
extern const UiOption task_repeats[];
extern const size_t task_repeat_count;
const char *event_icon(const char *kind);
const char *event_tone(const char *kind);

#endif
