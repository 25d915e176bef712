/* What the pages of the agenda show. Times of a day are minutes from midnight of the branch's wall
 * clock: a day is drawn as people live it, also when the clock is changed. */
#ifndef AGENDA_AGENDA_VIEW_H
#define AGENDA_AGENDA_VIEW_H

#include "core/br.h"
#include "core/clock.h"
#include "modules/agenda/agenda.h"
#include "modules/agenda/day.sql.h"
#include "platform/ui/ui.h"

enum {
	SLOT_PX = 40, /* height of half an hour */
	WEEK_DAYS = 7,
	MONTH_CELLS = 42,  /* six weeks */
	MONTH_CHIPS = 5,   /* visits that a cell of the month names */
	CHAIR_NONE = 0,    /* the column of visits whose chair is chosen late */
	NEAREST_SLOTS = 4, /* offered after a refusal */
	LIST_DAYS = 7,
	REPEAT_MAX = 104,
	VISIT_MINUTES = 720 /* the longest visit that a form takes */
};

/* What a visit looks like: its presence, and before it arrives its confirmation too. */
typedef enum Look {
	LOOK_OPEN,
	LOOK_CONFIRMED,
	LOOK_ARRIVED,
	LOOK_IN_CHAIR,
	LOOK_DONE,
	LOOK_NO_SHOW,
	LOOK_CANCELLED,
	LOOK_COUNT
} Look;

typedef struct LookWords {
	const char *name, *title, *tone, *icon;
} LookWords;
extern const LookWords agenda_looks[LOOK_COUNT];
Look agenda_look(const Appointment *visit);
/* What is said of a visit in one line under the name: its title, else its type. */
const char *agenda_visit_what(const Appointment *visit);

typedef enum AgendaMode { MODE_DAY, MODE_WEEK, MODE_MONTH, MODE_LIST, MODE_COUNT } AgendaMode;
extern const char *const agenda_modes[MODE_COUNT]; /* as in the address */

/* What the address asks for. */
typedef struct AgendaAsk {
	AgendaMode mode;
	bool by_chair;
	int32_t date, today, first; /* first: the first day that is shown */
	int days;
	int64_t branch, dentist, type; /* 0: all */
	unsigned hidden;               /* bit set of Look: filtered away */
	const char *zone;
} AgendaAsk;
MUST_CHECK Err agenda_ask(Req *q, AgendaAsk *ret);
/* The address of the same with another mode and date. */
Url agenda_url(Arena *mem, const AgendaAsk *ask, AgendaMode mode, int32_t date);
Url agenda_url_chip(Arena *mem, const AgendaAsk *ask, Look toggled);
/* "Terça-feira, 24 de novembro", "23 a 28 de novembro", "Novembro de 2026" */
const char *agenda_title(Arena *mem, const AgendaAsk *ask);
const char *agenda_month_name(int month); /* 1: "janeiro" */
int64_t day_start(int32_t date, const char *zone);

/* A visit where it is drawn. */
typedef struct GridVisit {
	const Appointment *visit;
	const SqlDayBrief *brief; /* NULL: unknown */
	const Dentist *dentist;   /* NULL: no longer one */
	Look look;
	int from, to;    /* minutes of the day */
	int lane, lanes; /* of those that overlap */
	int32_t date;
	bool past;
	bool rest; /* what goes on from the day before */
} GridVisit;

/* Time of a column that is not free. */
typedef struct GridShade {
	int from, to;
	const char *kind; /* "closed" "lunch" "block" "reserved" "holiday" */
	const char *title, *icon, *tone;
} GridShade;

typedef struct GridColumn {
	int64_t id; /* dentist, chair, or date of a week */
	const char *title, *sub, *tone, *tip;
	int32_t date;
	bool today;
	GridVisit **visit;
	size_t visit_count;
	GridShade *shade;
	size_t shade_count;
	int open_minutes, busy_minutes;
	int percent; /* -1: nobody works */
} GridColumn;

/* The day or week: what was read, and how it is laid out. */
typedef struct AgendaView {
	Req *q;
	AgendaAsk ask;
	Dentist *dentist;
	Chair *chair;
	VisitType *type;
	Branch *branch;
	size_t dentist_count, chair_count, type_count, branch_count;
	Opening *opening;
	Block *block;
	Appointment *visit;
	SqlDayBrief *brief;
	SqlDayRule rule;
	SqlDayWaiting *waiting;
	size_t opening_count, block_count, visit_count, brief_count, waiting_count;
	GridVisit *grid; /* of the visits that pass the filters, by time */
	size_t grid_count;
	GridColumn *column;
	size_t column_count;
	int open_minute, close_minute; /* first and last row */
	int count[LOOK_COUNT];
	int open_minutes, busy_minutes; /* of what is shown */
	int now_minute;                 /* -1: today is not shown */
} AgendaView;

/* Everything that the day or week needs, in few round trips. */
MUST_CHECK Err agenda_load(Req *q, AgendaView *ret);
/* Minutes of the opening that blocks take. */
int agenda_blocked(const AgendaView *v, const Opening *opening);
/* Columns, lanes, shades, counts. */
void agenda_lay_out(AgendaView *v);
/* What of the column is not free; openings by time. */
void agenda_shade(AgendaView *v, GridColumn *column, Opening **opening, size_t count);
/* panel: HTML that goes along; NULL: none. */
JsonText agenda_json(const AgendaView *v, Html *h, const char *panel);
const SqlDayBrief *agenda_brief_of(const AgendaView *v, int64_t patient); /* NULL: unknown */
const Dentist *agenda_dentist(const AgendaView *v, int64_t user);
const VisitType *agenda_type(const AgendaView *v, int64_t id);
int minute_of(int64_t at, int32_t date, const char *zone);

/* A toast whose undo takes back what was just done to the visit, as long as nobody did more. was:
 * the version before; where that still stands nothing was done, and there is no undo. */
MUST_CHECK Err agenda_visit_toast(Req *q, int64_t id, int64_t was, const char *text);

/* A message to the patient that asks whether the visit stands, ready to be sent by hand. */
Url agenda_visit_whatsapp(
	Arena *mem, const Appointment *visit, const char *phone, const Req *q, const char *zone);

void agenda_page(Html *h, const AgendaView *v);
void agenda_panel(Html *h, const AgendaView *v);
void agenda_toolbar(Html *h, const AgendaView *v);
void agenda_steps(Html *h, const AgendaAsk *ask);
void agenda_grid(Html *h, const AgendaView *v);

/* ---- month and list ---- */

typedef struct MonthDay {
	int32_t date;
	bool inside, today, closed;
	const char *holiday;
	int visits, waiting, unconfirmed, busy_minutes, open_minutes, percent;
	const Appointment **visit; /* of the one whose month it is, by time; NULL: everybody's */
	size_t visit_count;
} MonthDay;

typedef struct MonthView {
	Req *q;
	AgendaView *agenda; /* frame and filters alone */
	MonthDay day[MONTH_CELLS];
	size_t day_count;
} MonthView;
/* How full: green, amber, red. -1: no hours. */
const char *agenda_load_tone(int percent);
void agenda_month_page(Html *h, const MonthView *v);
/* Days from first on; what the month's cells and the small calendar's dots show. */
MUST_CHECK Err month_load(Req *q, const AgendaAsk *ask, int32_t first, MonthDay *day, size_t count);
void agenda_list_page(Html *h, const AgendaView *v);

/* ---- the week of everybody ---- */

typedef struct WeekCell {
	int32_t date;
	const GridVisit **visit;
	size_t visit_count;
	int open_minutes, busy_minutes;
	const char *away; /* what closes most of the day; NULL: nothing */
} WeekCell;

typedef struct WeekRow {
	const Dentist *dentist;
	WeekCell cell[WEEK_DAYS];
} WeekRow;

typedef struct WeekView {
	Req *q;
	const AgendaView *agenda;
	WeekRow *row;
	size_t row_count;
} WeekView;
void agenda_week_page(Html *h, const WeekView *v);
/* A visit in one line: carried to another cell it keeps its hour. */
void agenda_visit_line(Html *h, const AgendaView *v, const Appointment *visit);
/* What a carried visit is asked when its time is taken: filled by the page's script. */
void agenda_ask_dialog(Html *h);
/* Chips that choose whose week is shown. */
void agenda_people(Html *h, const AgendaView *v);

/* ---- one visit ---- */

typedef struct VisitView {
	Req *q;
	const Appointment *visit;
	Look look;
	const PatientHead *patient; /* NULL: a hold without one */
	const AgendaChange *change;
	size_t change_count;
	const Chair *chair;
	size_t chair_count;
	const char *zone;
	bool may_write, ended;
} VisitView;
/* The history in words. */
const char *agenda_change_icon(const AgendaChange *c);
const char *agenda_change_tone(const AgendaChange *c);
const char *agenda_change_title(Arena *mem, const AgendaChange *c);
const char *agenda_change_text(Arena *mem, const AgendaChange *c); /* NULL: nothing more to say */
bool agenda_visit_can_undo(const VisitView *v);
/* "58 anos · (11) 98842-1107" */
const char *agenda_visit_sub(Html *h, const VisitView *v);

void agenda_visit_page(Html *h, const VisitView *v);
void agenda_visit_cancel_page(Html *h, const VisitView *v);

/* ---- the form ---- */

/* What the form sends; times are the wall clock of the branch. */
typedef struct VisitForm {
	int64_t patient_id, dentist_id, chair_id, branch_id, visit_type_id;
	const char *name, *phone;
	int32_t date;
	const char *time;
	int64_t minutes, version, waiting_id, line_id;
	const char *title, *note, *repeat, *until, *scope, *slot;
	const char *asked; /* "08:45": asked to arrive then */
	const char *back;  /* page of this site that asked for the form; NULL: the agenda */
	int32_t until_date;
	int64_t times;
	bool encaixe, outside_hours;
} VisitForm;

typedef struct VisitFormView {
	Req *q;
	const Appointment *visit; /* NULL: a new one */
	Dentist *dentist;
	Chair *chair;
	VisitType *type;
	Branch *branch;
	size_t dentist_count, chair_count, type_count, branch_count;
	VisitForm start;     /* what the fields say before anything is typed */
	const char *patient; /* name of start.patient_id */
	const char *refusal; /* why the time was refused; NULL: it was not */
	const char *changed; /* what somebody did to the visit meanwhile; NULL: nothing */
	bool outside;        /* refused because nobody works then */
	bool overlap;        /* refused because something is there */
	Slot *slot;          /* nearest free */
	size_t slot_count;
	const char *zone;
} VisitFormView;
void agenda_visit_form_page(Html *h, const VisitFormView *v);
void agenda_visit_conflict(Html *h, const VisitFormView *v);
void agenda_visit_patients(Html *h, const PatientHit *hit, size_t count);
/* Who works, where, what is booked: what every form offers. */
MUST_CHECK Err agenda_visit_choices(Ctx *cx, VisitFormView *ret);
/* ERR_CONFLICT at starts_at: the time is over, and the person has not said to be sure. was: where
 * the visit stands already; 0: it is new. */
MUST_CHECK Err agenda_visit_check_past(Ctx *cx, const Booking *in, int64_t was);
/* After ERR_CONFLICT at starts_at: why, and the nearest free slots. */
MUST_CHECK Err agenda_visit_refusal(Req *q, const Booking *in, VisitFormView *view);

/* ---- free slots ---- */

/* What a new visit is for: goes along in the address from its form to the search and back. */
typedef struct VisitAbout {
	int64_t patient, waiting, line;
	const char *title, *back;
} VisitAbout;
/* The search, with what the form knows already. */
Url agenda_slots_url(Arena *mem, const VisitFormView *v);

typedef struct SlotsView {
	Req *q;
	VisitAbout about;
	VisitFormView choice;
	SlotQuery ask;
	int32_t from, to;
	const char *period;
	int64_t visit_id; /* picked slots move this visit; 0: they make a new one */
	const Appointment *visit;
	bool asked;
	Slot *slot;
	size_t slot_count;
	const char *zone;
} SlotsView;
void agenda_visit_slots_page(Html *h, const SlotsView *v);
const char *agenda_slot_who(const VisitFormView *choice, const Slot *slot);
/* Where picking the slot leads: the form of a new visit, or of the one that is moved. */
Url agenda_slot_url(Arena *mem, const SlotsView *v, const Slot *slot);

/* ---- the card of the patient's page ---- */

typedef struct VisitCardView {
	int64_t patient;
	const SqlDayOfPatient *row;
	size_t row_count;
	bool may_write;
} VisitCardView;
void agenda_visit_card(Html *h, const VisitCardView *v);

/* Routes of the files beside. */
Err agenda_show(Req *q);
Err agenda_show_json(Req *q);
Err agenda_show_load(Req *q);
Err agenda_show_month(Req *q, const AgendaAsk *ask);
Err agenda_show_list(Req *q, const AgendaAsk *ask);
Err agenda_show_week(Req *q, AgendaView *agenda);
Err agenda_visit_show(Req *q);
Err agenda_visit_presence(Req *q);
Err agenda_visit_confirmation(Req *q);
Err agenda_visit_ask_cancel(Req *q);
Err agenda_visit_cancel(Req *q);
Err agenda_visit_undo(Req *q);
Err agenda_visit_unbook(Req *q);
Err agenda_visit_blank(Req *q);
Err agenda_visit_create(Req *q);
Err agenda_visit_edit(Req *q);
Err agenda_visit_save(Req *q);
Err agenda_visit_drop(Req *q);
Err agenda_visit_find_patients(Req *q);
Err agenda_visit_find_slots(Req *q);
Err agenda_visit_card_ask(Ctx *cx, int64_t patient);
Err agenda_visit_card_show(Req *q, int64_t patient);

#endif
