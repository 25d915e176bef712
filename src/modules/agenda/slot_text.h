/* slot_text: free times as the buttons and addresses of this module's pages name them. Not for
 * other modules. */
#ifndef AGENDA_SLOT_TEXT_H
#define AGENDA_SLOT_TEXT_H

#include "modules/agenda/agenda.h"

/* "start-dentist-branch", of the public pages: nothing of it may be 0. False: it is no slot. */
bool slot_read(const char *text, Slot *ret);
/* "start,dentist,chair,branch", of the reception's: 0 is "to be chosen". */
bool slot_read_place(const char *text, Slot *ret);

#endif
