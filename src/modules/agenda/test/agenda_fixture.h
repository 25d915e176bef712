/* A small clinic for the tests of the agenda: one branch in São Paulo, two chairs, two dentists who
 * work Monday to Friday 8 to 12 and 13 to 18 (Ianara in chair 1, Marcelo in chair 2), types and
 * three patients. The tests' now is Sunday, 22 November 2026, 9:00 there. */
#ifndef AGENDA_TEST_AGENDA_FIXTURE_H
#define AGENDA_TEST_AGENDA_FIXTURE_H

#include "modules/agenda/agenda_rooms.h"

typedef struct Clinic {
	int64_t branch, chair, chair2, ianara, marcelo, type, long_type;
	int64_t ana, bia, caio; /* patients */
} Clinic;

Clinic clinic_start(Ctx *cx);
/* Run SQL as the superuser would not: in the test's own transaction and company. */
void clinic_sql(Ctx *cx, const char *format, ...) PRINTF(2, 3);
/* "2026-11-24T10:00" of the branch. */
int64_t when(const char *text);
const char *hm(Ctx *cx, int64_t at);
Booking booking(const Clinic *clinic, const char *from);
/* Booked, or the test fails. */
int64_t booked(Ctx *cx, const Clinic *clinic, const char *from);
Appointment visit(Ctx *cx, int64_t id);

#endif
