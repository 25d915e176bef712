/* What the pages of the waiting list and of offers print. */
#ifndef AGENDA_WAITING_VIEW_H
#define AGENDA_WAITING_VIEW_H

#include "modules/agenda/doors_view.h"
#include "modules/agenda/waiting.h"

extern const UiOption priority_options[];
extern const size_t priority_option_count;

typedef struct WaitingListView {
	Req *q;
	const SqlWaitingRow *entry;
	size_t entry_count;
	const SqlFreedRow *freed;
	size_t freed_count;
	DoorOptions option;
	int64_t dentist; /* filter */
	bool may_write, may_admin;
	bool offer_auto;
} WaitingListView;
void waiting_list_page(Html *h, const WaitingListView *v);

/* On the patient's summary: what the person waits for, and the way onto the list. */
typedef struct WaitingCardView {
	int64_t patient;
	const SqlWaitingRow *entry;
	size_t entry_count;
	bool may_write;
} WaitingCardView;
void waiting_card(Html *h, const WaitingCardView *v);

typedef struct WaitingPickView {
	Req *q;
	const char *question;
	const PatientHit *hit;
	size_t hit_count;
} WaitingPickView;
void waiting_pick_page(Html *h, const WaitingPickView *v);
void waiting_hits(Html *h, const WaitingPickView *v);

typedef struct WaitingEntryView {
	Req *q;
	const SqlWaitingRow *entry; /* NULL: a new one */
	int64_t patient_id;         /* of a new one */
	const char *patient;
	DoorOptions option;
	const UiOption *visit; /* later visits that may move */
	size_t visit_count;
	const Slot *slot;
	const char **slot_dentist, **slot_zone;
	size_t slot_count;
	const SqlOfferRow *offer;
	size_t offer_count;
	const char *link; /* of an offer, made anew */
	bool may_write;
} WaitingEntryView;
void waiting_entry_page(Html *h, const WaitingEntryView *v);

typedef struct OfferingView {
	Req *q;
	Slot slot;
	const char *dentist, *branch, *zone;
	const SqlWaitingRow *entry;
	size_t entry_count;
	int count, minutes;    /* by rule */
	const OfferMade *made; /* after the click */
	size_t made_count;
	const SqlOfferRow *offer; /* made before */
	size_t offer_count;
	bool is_free;
} OfferingView;
void waiting_offering_page(Html *h, const OfferingView *v);

/* The public page of an offer. */
typedef struct OfferView {
	Req *q;
	const char *token;
	const SqlOfferRow *offer;
	OfferState state;
	const char *visit; /* link of the visit, when it was accepted just now */
	bool late;         /* somebody was faster while this page was open */
} OfferView;
void offer_page(Html *h, const OfferView *v);

#endif
