/* module: what a module declares to the program. modules.def is the one list of modules; each
 * defines `const Module <name>_module` and everything else follows from its tables. */
#ifndef MODULES_MODULE_H
#define MODULES_MODULE_H

#include "platform/queue/job.h"
#include "platform/web/web.h"

/* A tab of the patient's page that another module fills: "/patients/:id/" and path is a route of
 * that module, whose page begins with patient_page_open (modules/patient/patient.h). */
typedef struct Tab {
	int order; /* Resumo 0, Odontograma 10, Anamnese 20, Evolução 30, Imagens 40, … */
	const char *title; /* "Odontograma" */
	const char *path;  /* "chart" */
	const char *perm;
} Tab;

/* What a module shows on the patient's summary: a card, made in two halves so that all cards of the
 * page share one round trip. ask sends its queries, show reads them in the same order and writes
 * the card (or nothing). Asked only for those who hold perm. */
typedef struct Card {
	int order;
	const char *perm;
	Err (*ask)(Ctx *cx, int64_t patient);
	Err (*show)(Req *q, int64_t patient);
} Card;

/* A visit of a patient, for what other modules hang on one. */
typedef struct PastVisit {
	int64_t id, started_at;
	const char *dentist; /* NULL: not a member any more */
} PastVisit;

enum { PAST_VISITS = 60 };

/* The newest PAST_VISITS of a patient, in two halves like a card. The module that owns visits has
 * them; those that only offer a choice of them ask with module_visits_ask. */
typedef struct Visits {
	Err (*ask)(Ctx *cx, int64_t patient);
	Err (*read)(Ctx *cx, PastVisit **ret, size_t *ret_count);
} Visits;

/* What the book of changes says of the subjects that this module writes in it: their columns as
 * the forms name them (a title up to its ';'), their coded values as the screens do. */
typedef struct Words {
	const char *subjects; /* "lead lead.export" */
	const Field *column;
	size_t column_count;
	const char *(*value)(
		const char *column, const char *code); /* NULL, or answers NULL: as is */
} Words;

typedef struct Module {
	const char *name;  /* folder, PostgreSQL schema, plan feature */
	const char *title; /* "CRM" */
	bool always;       /* no plan feature: company, account, audit */
	const Route *route;
	size_t route_count;
	const RouteList *api; /* more routes, in files of their own, chained by next; NULL: none */
	const Perm *perm;
	size_t perm_count;
	const Nav *nav;
	size_t nav_count;
	const Job *job;
	size_t job_count;
	const Cron *cron;
	size_t cron_count;
	/* Add hits for a palette question, at most 8; NULL: nothing to find. Asked only for those
	 * who hold find_perm. */
	Err (*find)(Ctx *cx, const char *question, Hits *hits);
	const char *find_perm;
	const Tab *tab;
	size_t tab_count;
	const Card *card;
	size_t card_count;
	const Visits *visits; /* one module's; NULL: has none */
	const Words *words;
	size_t words_count;
	/* Fill cx->company with believable, fixed demonstration data (seeded, relative to cx->now).
	 */
	Err (*demo)(Ctx *cx);
	/* A module says that something happened (names in each module's README); NULL: deaf. json:
	 * the thing as the API shows it. */
	Err (*on_event)(Ctx *cx, const char *name, int64_t id, const char *json);
	/* Asked once before many things are told at once: is anybody here who hears of `name`?
	 * NULL: on_event is called for each. */
	Err (*listens)(Ctx *cx, const char *name, bool *ret);
	/* Every company starts with this (default pipeline, roles); NULL: nothing. */
	Err (*on_company)(Ctx *cx);
} Module;

/* All modules of modules.def in its order (src/main.c makes the list). */
extern const Module *const modules[];
extern const size_t module_count;

/* Tell every module that `name` ("lead.converted") happened to the thing with id, now, in the same
 * transaction. The first error ends it. */
MUST_CHECK Err module_tell(Ctx *cx, const char *name, int64_t id, const char *json);
/* The same for many things: json[i] is that of ids.v[i]. */
MUST_CHECK Err module_tell_many(Ctx *cx, const char *name, Int64s ids, const char *const *json);

/* The patient's newest visits: ask sends, read fills *ret after it (none when no module has
 * visits). */
MUST_CHECK Err module_visits_ask(Ctx *cx, int64_t patient);
MUST_CHECK Err module_visits_read(Ctx *cx, PastVisit **ret, size_t *ret_count);

#endif
