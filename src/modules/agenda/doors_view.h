/* What the pages of the agenda's doors print. */
#ifndef AGENDA_DOORS_VIEW_H
#define AGENDA_DOORS_VIEW_H

#include "core/clock.h"
#include "modules/agenda/doors_rooms.h"
#include "platform/ui/ui.h"

extern const UiOption door_tones[];
extern const size_t door_tone_count;
extern const UiOption door_block_kinds[];
extern const size_t door_block_kind_count;
const char *block_kind_title(const char *kind);

/* Options of the selects that several pages share. */
typedef struct DoorOptions {
	const UiOption *chair, *branch, *dentist, *type;
	size_t chair_count, branch_count, dentist_count, type_count;
} DoorOptions;
MUST_CHECK Err door_options(Ctx *cx, DoorOptions *ret);
/* ERR_NOT_FOUND: not of the agenda. */
MUST_CHECK Err door_dentist(Ctx *cx, int64_t user, SqlDoorDentists *ret);
/* The settings changed: audit, a toast, and open agendas are told. */
MUST_CHECK Err settings_note(
	Req *q, const char *action, const char *subject, int64_t id, const char *toast);
/* Ids in the order that a list was carried into. */
MUST_CHECK Err settings_read_order(Req *q, Int64s *ret);
/* Page title, settings menu and the tabs; on: path of the tab. */
void settings_open(Html *h, const UiPage *page, const char *on);
void settings_outside(
	Html *h, const SqlDoorVisitRow *visit, size_t count, const char *title, const char *verb);
void settings_weekdays(Html *h, const char *name, const char *label, const char *hint, Strs on);
void settings_block_line(Html *h, const SqlDoorBlockRow *k);

typedef struct DentistsView {
	Req *q;
	const SqlDoorDentists *dentist;
	const char **hours;
	size_t dentist_count;
	bool more; /* members who are not here yet */
} DentistsView;
void settings_dentists_page(Html *h, const DentistsView *v);

typedef struct DentistView {
	Req *q;
	const SqlDoorDentists *dentist; /* NULL: a new one */
	const UiOption *member;         /* of a new one */
	size_t member_count;
	DoorOptions option;
	const SqlDoorShiftRow *shift;
	size_t shift_count;
	const SqlDoorExtras *extra;
	size_t extra_count;
	const SqlDoorBlockRow *block;
	size_t block_count;
	const char *feed; /* the address, shown once */
} DentistView;
void settings_dentist_page(Html *h, const DentistView *v);

typedef struct ShiftView {
	Req *q;
	const SqlDoorDentists *dentist;
	const SqlDoorShiftRow *shift; /* NULL: a new one */
	DoorOptions option;
	const SqlDoorVisitRow *outside; /* visits that would stand outside */
	size_t outside_count;
} ShiftView;
void settings_shift_page(Html *h, const ShiftView *v);
void settings_extra_page(Html *h, const ShiftView *v);
void settings_leave_page(Html *h, const ShiftView *v); /* remove a shift that visits stand in */

typedef struct ChairsView {
	Req *q;
	const SqlDoorChairs *chair;
	size_t chair_count;
	DoorOptions option;
	const SqlDoorVisitRow *outside; /* of the chair that was to be closed */
	size_t outside_count;
	int64_t closing;
} ChairsView;
void settings_chairs_page(Html *h, const ChairsView *v);

typedef struct TypesView {
	Req *q;
	const SqlDoorTypes *type;
	size_t type_count;
} TypesView;
void settings_types_page(Html *h, const TypesView *v);

typedef struct TypeView {
	Req *q;
	const SqlDoorTypes *type; /* NULL: a new one */
	const SqlDoorTypeDentists *dentist;
	size_t dentist_count;
} TypeView;
void settings_type_page(Html *h, const TypeView *v);

typedef struct BlocksView {
	Req *q;
	const SqlDoorBlockRow *block;
	size_t block_count;
} BlocksView;
void settings_blocks_page(Html *h, const BlocksView *v);

typedef struct BlockView {
	Req *q;
	const SqlDoorBlockRow *block; /* NULL: a new one */
	DoorOptions option;
	const SqlDoorVisitRow *outside; /* visits that stand in the blocked time */
	size_t outside_count;
	int64_t dentist; /* preset */
} BlockView;
void settings_block_page(Html *h, const BlockView *v);

/* A holiday of the shown year. */
typedef struct HolidayRow {
	int64_t id; /* 0: national */
	int32_t date;
	const char *name, *branch; /* branch NULL: all */
	bool national, optional, works, yearly;
} HolidayRow;

typedef struct HolidaysView {
	Req *q;
	int year;
	const HolidayRow *row;
	size_t row_count;
	DoorOptions option;
} HolidaysView;
void settings_holidays_page(Html *h, const HolidaysView *v);

typedef struct RulesView {
	Req *q;
	SqlDoorRuleRow rule;
	const char *base;       /* "https://host" */
	const char *kiosk;      /* its address, shown once */
	size_t dentists, types; /* that the public page offers */
} RulesView;
void settings_rules_page(Html *h, const RulesView *v);
void settings_online_page(Html *h, const RulesView *v);

#endif
