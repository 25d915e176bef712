/* What the tests of the CRM ask again and again. */
#ifndef CRM_TEST_CRM_FIXTURE_H
#define CRM_TEST_CRM_FIXTURE_H

#include "modules/crm/crm.h"

/* One number from a statement of the test's own; -1: no row, or null. */
int64_t ask(Ctx *cx, const char *format, ...) PRINTF(2, 3);
/* The first pipeline of the company, as it is now. */
Pipeline pipeline_of(Ctx *cx);
/* A new member; role: "reception". */
int64_t member(Ctx *cx, const char *name, const char *role);
/* Notices that the user has not read; nobody is signed in afterwards. */
int64_t unread(Ctx *cx, int64_t user);
/* Entries of the lead's timeline with this title. */
int events_titled(Ctx *cx, LeadId id, const char *title);

#endif
