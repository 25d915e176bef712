/* fake_site: two clinics, a receptionist, and a handful of routes, to run the router without a
 * database and without nginx. */
#ifndef WEB_TEST_FAKE_SITE_H
#define WEB_TEST_FAKE_SITE_H

#include "fake_db.h"
#include "platform/web/response.h"
#include "platform/web/router.h"

/* Router with the routes of fake_site.c, everything else as at the start of the program. */
void fake_site_start(void);

/* A request for host "a.test" (company 1) as nginx passes it, to be changed before fake_answer. */
Req *fake_request(Ctx *cx, Method method, const char *path);
/* The same with the session of the receptionist and what her browser adds to a form of ours. */
Req *fake_signed_in(Ctx *cx, Method method, const char *path);
void fake_form(Req *q, const char *body); /* with the CSRF token */
void fake_json(Req *q, const char *body);

/* Run it; the status. */
int fake_answer(Req *q);
const char *fake_header(const Req *q, const char *name); /* "" when not there */
const char *fake_body(const Req *q);

typedef struct FakeSite {
	bool lapsed;
	bool database_down;
	int charts_read;
	int runs; /* of handlers that change something */
} FakeSite;

extern FakeSite fake_site;

#endif
