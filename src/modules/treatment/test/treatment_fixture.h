/* Who is there before a test of treatment begins. */
#ifndef TREATMENT_TEST_TREATMENT_FIXTURE_H
#define TREATMENT_TEST_TREATMENT_FIXTURE_H

#include "modules/treatment/treatment.h"
#include "test.h"
#include "test_db.h"

/* Registered by that name, and nothing else known of them. */
PatientId a_patient(Ctx *cx, const char *name);
/* A member; not signed in. */
UserId a_dentist(Ctx *cx, const char *name);
int64_t a_branch(Ctx *cx);
/* The agenda knows the member as a dentist. */
void may_be_booked(Ctx *cx, int64_t user);
/* The one number that a statement of the test's own returns; 0: none. */
int64_t ask(Ctx *cx, const char *sql);

#endif
