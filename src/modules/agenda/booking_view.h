/* What the public pages print: booking, and the patient's own visit. */
#ifndef AGENDA_BOOKING_VIEW_H
#define AGENDA_BOOKING_VIEW_H

#include "core/clock.h"
#include "modules/agenda/booking.h"
#include "modules/agenda/visit_link.h"
#include "platform/ui/ui.h"

/* Days and times to choose from; the form around knows what is done with the choice. */
typedef struct SlotsView {
	int minutes;        /* set before loading: of a visit that moves; 0: as the type takes */
	int32_t day, today; /* the day shown */
	const BookingDay *week;
	size_t week_count;
	const char *token;     /* of the visit that moves; NULL: a new one … */
	int64_t type, dentist; /* … of this type with this dentist, 0: any */
	int64_t branch_id;     /* … there, 0: anywhere; set before loading */
	const Slot *slot;
	const char **zone, **branch; /* of each slot; branch NULL: there is one only */
	size_t slot_count;
	bool none;          /* nothing is free at all */
	int32_t prev, next; /* first days of the weeks around; DATE_NONE: none */
} SlotsView;
void booking_slots(Html *h, const SlotsView *v);
Url slots_url(Arena *mem, const SlotsView *v, int32_t day);
/* Fill in the week around `day` and its slots; day DATE_NONE: the first that has any. */
MUST_CHECK Err slots_load(
	Ctx *cx, int64_t type, int64_t dentist, int32_t day, bool online, SlotsView *ret);

typedef struct BookingView {
	Req *q;
	const char *welcome;
	const SqlBookingTypes *type; /* to choose from */
	size_t type_count;
	const SqlBookingDentists *dentist; /* to choose from */
	size_t dentist_count;
	const SqlBookingBranches *branch; /* to choose from, when there are several */
	size_t branch_count;
	int64_t type_id, dentist_id, branch_id; /* chosen; dentist, branch 0: any */
	const char *type_name, *dentist_name, *branch_name;
	SlotsView slots;
	const char *notice; /* why the page is shown again */
	const char *phone;  /* of the clinic */
} BookingView;
void booking_types_page(Html *h, const BookingView *v);
void booking_branches_page(Html *h, const BookingView *v);
void booking_dentists_page(Html *h, const BookingView *v);
void booking_slots_page(Html *h, const BookingView *v);

typedef struct HoldView {
	Req *q;
	const char *token;
	const SqlOnlineRow *online;
	const char *notice, *tone;
	int status;
} HoldView;
void booking_person_page(Html *h, const HoldView *v);
void booking_code_page(Html *h, const HoldView *v);
void booking_over_page(Html *h, const HoldView *v);

typedef struct LinkView {
	Req *q;
	const char *token;
	const SqlLinkVisit *visit;
	LinkState state;
	const char *phone; /* of the branch, else the clinic's */
	bool fresh;        /* booked just now */
	const char *done;  /* what was just done */
	const char *notice;
	SlotsView slots;
} LinkView;
void link_page(Html *h, const LinkView *v);
void link_cancel_page(Html *h, const LinkView *v);
void link_move_page(Html *h, const LinkView *v);

#endif
