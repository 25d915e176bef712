/* What the tablet at the reception and the print of the day show. */
#ifndef AGENDA_KIOSK_VIEW_H
#define AGENDA_KIOSK_VIEW_H

#include "core/clock.h"
#include "modules/agenda/agenda.h"
#include "modules/agenda/doors_rooms.h"
#include "platform/ui/ui.h"

typedef struct KioskView {
	Req *q;
	const char *token;
	const char *notice;     /* kind words after a wrong attempt */
	const char *first_name; /* of who was found */
	const SqlDoorKioskVisits *visit;
	size_t visit_count;
	const char *stamp; /* signed: these visits, this minute */
	bool arrived;
} KioskView;
/* Each word that was typed begins a word of the name, in its order, the first the first: "maria s"
 * is Maria da Silva; "silva" is nobody. */
bool kiosk_is_called(Arena *mem, const char *typed, const char *name);
void kiosk_page(Html *h, const KioskView *v);

typedef struct PrintView {
	Req *q;
	int32_t day;
	int64_t dentist; /* 0: all, a page each */
	AgendaDay of;
	const char **phone; /* of each visit */
} PrintView;
void print_page(Html *h, const PrintView *v);

#endif
