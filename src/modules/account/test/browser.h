/* browser: a person at a screen, for tests: keeps cookies and the page's CSRF token, goes through
 * the whole router into a real PostgreSQL, and really commits. Companies 1 and 2 answer at a.test,
 * b.test. */
#ifndef ACCOUNT_TEST_BROWSER_H
#define ACCOUNT_TEST_BROWSER_H

#include "modules/account/account_rooms.h"
#include "platform/db/db.h"
#include "platform/web/web.h"

#define TEST_PASSWORD "quatro palavras bem longas"

typedef struct Jar {
	char name[40], value[4096];
} Jar;

typedef struct Browser {
	Ctx *cx; /* the test's: its memory holds the pages */
	Db *db;  /* own connection */
	const char *host, *peer, *agent;
	const char *bearer; /* Authorization: Bearer; NULL: cookies */
	int64_t now;
	Jar jar[8];
	char csrf[200];
	bool htmx, foreign; /* foreign: sent by a page of another site */
} Browser;

typedef struct Page {
	int status;
	const char *location, *body, *retry_after;
	int queries;
	bool set_access, set_refresh; /* which cookies the answer carried */
} Page;

/* An own address each: limits count by it. */
Browser browser_open(Ctx *cx, const char *host);
/* An address that nobody had: not in this run, and not in an earlier one on the same cluster. */
const char *fresh_peer(Ctx *cx);
Page browse(Browser *b, Method method, const char *path, const char *body);
Page get(Browser *b, const char *path);
/* form NULL: an empty one. The token of the last page goes along. */
Page post(Browser *b, const char *path, const char *form);
/* printf-like post */
Page post_form(Browser *b, const char *path, const char *format, ...) PRINTF(3, 4);
Page post_json(Browser *b, const char *path, const char *json);
const char *cookie_of(const Browser *b, const char *name); /* "" when there is none */
void set_cookie(Browser *b, const char *name, const char *value);

/* A member of a company with TEST_PASSWORD, committed; the e-mail is new in each call. */
const char *new_person(Ctx *cx, int64_t company, const char *role, int64_t *ret_user);
/* Signed in as a new member of that role at a.test. */
Browser signed_in(Ctx *cx, const char *role, int64_t *ret_user);

/* Run SQL as a role, committed; the first column of the first row, or NULL. */
const char *sql_as(Ctx *cx, const char *role, int64_t company, const char *sql);
/* What stands between two texts in a page, or NULL. */
const char *between(Ctx *cx, const char *text, const char *before, const char *after);

#endif
