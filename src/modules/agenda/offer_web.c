/* The public page of an offer: somebody who waits takes the slot or lets it go. */
#include "modules/agenda/visit_link.h"
#include "modules/agenda/waiting_view.h"

enum { PER_MINUTE = 30 };

static int status_of(OfferState state)
{
	return state == OFFER_EXPIRED || state == OFFER_LOST ? 410 : 200;
}

static Err page(Req *q, OfferView *view)
{
	view->q = q;
	view->token = req_segment(q, "token");
	answer_header(q, "X-Robots-Tag", "noindex");
	offer_page(&q->html, view);
	return send_html(q, status_of(view->state));
}

/* GET /oferta/:token. 404 nobody's; 410 over. */
static Err show(Req *q)
{
	SqlOfferRow offer;
	OfferView view = { .offer = &offer };

	TRY(offer_get(q->cx, req_segment(q, "token"), &offer));
	view.state = offer_state(q->cx, &offer);
	return page(q, &view);
}

/* POST /oferta/:token/seen: the page was opened by a person's browser, not by a preview. */
static Err seen(Req *q)
{
	TRY(offer_see(q->cx, req_segment(q, "token")));
	return send_nothing(q);
}

/* POST /oferta/:token/accept. 200 with the visit; 410 when somebody was faster. */
static Err accept(Req *q)
{
	SqlOfferRow offer;
	OfferView view = { .offer = &offer };
	AppointmentId visit;

	q->cx->user = (UserId){ 0 };
	TRY(offer_accept(q->cx, req_segment(q, "token"), &view.state, &visit));
	if (view.state == OFFER_ACCEPTED)
		TRY(visit_link(q->cx, visit.v, &view.visit));
	TRY(offer_get(q->cx, req_segment(q, "token"), &offer));
	view.late = view.state == OFFER_LOST;
	answer_keep(q); /* 410 too: that it is lost is written down */
	return page(q, &view);
}

/* POST /oferta/:token/decline */
static Err decline(Req *q)
{
	SqlOfferRow offer;
	OfferView view = { .offer = &offer };

	q->cx->user = (UserId){ 0 };
	TRY(offer_decline(q->cx, req_segment(q, "token")));
	TRY(offer_get(q->cx, req_segment(q, "token"), &offer));
	view.state = offer_state(q->cx, &offer);
	return page(q, &view);
}

static const Route routes[] = {
	{ GET, "/oferta/:token", show, PERM_ANYONE, ROUTE_PUBLIC_FORM,
		.rate_per_minute = PER_MINUTE },
	{ POST, "/oferta/:token/seen", seen, PERM_ANYONE, ROUTE_PUBLIC_FORM,
		.rate_per_minute = PER_MINUTE },
	{ POST, "/oferta/:token/accept", accept, PERM_ANYONE, ROUTE_PUBLIC_FORM,
		.rate_per_minute = PER_MINUTE },
	{ POST, "/oferta/:token/decline", decline, PERM_ANYONE, ROUTE_PUBLIC_FORM,
		.rate_per_minute = PER_MINUTE },
};
const RouteList offer_routes = { routes, COUNT(routes), &booking_routes };
