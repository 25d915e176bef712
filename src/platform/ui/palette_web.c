/* GET /palette: what a question finds. Pages and actions are found in the browser; the rest here.
 */
#include "platform/ui/design_view.h"
#include "platform/ui/setup.h"

enum { QUESTION_MAX = 100, QUESTION_MIN = 2 };

/* 200 with the hits as a fragment (nothing found: an empty one). */
static Err show(Req *q)
{
	const UiSetup *setup = ui_setup_get();
	const char *asked = req_query(q, "q");
	Hits *hits = NEW(q->cx->mem, Hits);
	char *question;

	if (!setup->find || !asked || strlen(asked) > QUESTION_MAX)
		return send_html(q, 200);
	question = str_fold(q->cx->mem, asked);
	if (strlen(question) < QUESTION_MIN)
		return send_html(q, 200);
	TRY(setup->find(q->cx, question, hits));
	ui_palette_hits(&q->html, hits);
	return send_html(q, 200);
}

const Route ui_routes[] = {
	{ GET, "/palette", show, PERM_SIGNED_IN, .rate_per_minute = 240 },
	{ GET, "/design", ui_design_show, PERM_ANYONE, ROUTE_DEV },
};
const size_t ui_route_count = COUNT(ui_routes);
