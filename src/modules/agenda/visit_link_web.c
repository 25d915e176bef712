/* The page of a visit that its patient opens by the link: confirm, move, cancel. No clinical word
 * stands here. */
#include "core/clock.h"
#include "modules/agenda/booking_view.h"
#include "modules/agenda/slot_text.h"
#include "modules/company/company.h"

enum { PER_MINUTE = 60, CHANGES_PER_MINUTE = 10 };

static Err asked(Req *q, LinkView *view, SqlLinkVisit *visit)
{
	Company company;

	q->cx->user = (UserId){ 0 };
	view->q = q;
	view->token = req_segment(q, "token");
	view->visit = visit;
	answer_header(q, "X-Robots-Tag", "noindex");
	TRY(link_get(q->cx, view->token, visit, &view->state));
	view->phone = visit->branch_phone;
	if (!view->phone) {
		TRY(company_get(q->cx, &company));
		view->phone = company.phone;
	}
	return OK;
}

static Err page(Req *q, LinkView *view)
{
	link_page(&q->html, view);
	return send_html(q,
		view->state == LINK_OVER || (view->state == LINK_CANCELLED && !view->done) ? 410
											   : 200);
}

/* GET /consulta/:token. 404 nobody's; 410 past or cancelled. */
static Err show(Req *q)
{
	SqlLinkVisit visit;
	LinkView view = { .fresh = str_same(req_query(q, "nova"), "1") };

	TRY(asked(q, &view, &visit));
	return page(q, &view);
}

/* POST /consulta/:token/confirmar */
static Err confirm(Req *q)
{
	SqlLinkVisit visit;
	LinkView view = { .done = "Presença confirmada. Até lá!" };

	TRY(asked(q, &view, &visit));
	TRY(link_confirm(q->cx, view.token));
	TRY(asked(q, &view, &visit));
	return page(q, &view);
}

/* GET /consulta/:token/desmarcar */
static Err ask_cancel(Req *q)
{
	SqlLinkVisit visit;
	LinkView view = { 0 };

	TRY(asked(q, &view, &visit));
	if (view.state != LINK_OPEN)
		return page(q, &view);
	link_cancel_page(&q->html, &view);
	return send_html(q, 200);
}

typedef struct CancelForm {
	const char *reason;
} CancelForm;

static const Field cancel_fields[] = {
	FIELD(CancelForm, reason, FIELD_TEXT, "Motivo", 0, 200, false),
};

/* POST /consulta/:token/desmarcar. 200 with what was done; 409 when it is too late. */
static Err cancel(Req *q)
{
	SqlLinkVisit visit;
	LinkView view = { .done = "Consulta desmarcada. Obrigado por avisar." };
	CancelForm in;

	TRY(asked(q, &view, &visit));
	if (!form_read(q, cancel_fields, COUNT(cancel_fields), &in)) {
		link_cancel_page(&q->html, &view);
		return send_html(q, 422);
	}
	TRY(link_cancel(q->cx, view.token, in.reason));
	TRY(asked(q, &view, &visit));
	return page(q, &view);
}

static Err page_move(Req *q, LinkView *view, int32_t day, int status)
{
	const SqlLinkVisit *visit = view->visit;

	view->slots.token = view->token;
	view->slots.minutes = (int)((visit->ends_at - visit->starts_at) / 60);
	TRY(slots_load(q->cx, visit->visit_type_id, visit->dentist_id, day, /* online= */ false,
		&view->slots));
	link_move_page(&q->html, view);
	return send_html(q, status);
}

/* GET /consulta/:token/remarcar?day= */
static Err ask_move(Req *q)
{
	const char *text = req_query(q, "day");
	int32_t day = DATE_NONE;
	SqlLinkVisit visit;
	LinkView view = { 0 };

	TRY(asked(q, &view, &visit));
	if (view.state != LINK_OPEN)
		return page(q, &view);
	if (text && (!date_parse(text, &day) || day > date_of(2200, 1, 1)))
		day = DATE_NONE;
	return page_move(q, &view, day, 200);
}

typedef struct MoveForm {
	const char *slot;
} MoveForm;

static const Field move_fields[] = {
	FIELD(MoveForm, slot, FIELD_TEXT, "Horário", 1, 80, true),
};

/* POST /consulta/:token/remarcar. 303 to the visit; 409 with the times that are left. */
static Err move(Req *q)
{
	SqlLinkVisit visit;
	LinkView view = { 0 };
	MoveForm in;
	Slot slot;
	Err err;

	TRY(asked(q, &view, &visit));
	if (!form_read(q, move_fields, COUNT(move_fields), &in) || !slot_read(in.slot, &slot))
		return err_set(q->cx, ERR_BAD_REQUEST, "no slot was picked");
	err = link_move(q->cx, view.token, &slot);
	if (err == OK)
		return redirect(q, "/consulta/%s?nova=2", view.token);
	if (err != ERR_CONFLICT || view.state != LINK_OPEN)
		return err;
	view.notice = "Este horário acabou de ser ocupado. Escolha outro.";
	q->cx->bad_count = 0;
	return page_move(q, &view, date_today(slot.starts_at, visit.zone), 409);
}

#define FORM(address, handler)                                                                     \
	{                                                                                          \
		POST, address, handler, PERM_ANYONE, ROUTE_PUBLIC_FORM,                            \
			.rate_per_minute = CHANGES_PER_MINUTE                                      \
	}
/* clang-format off */
#define PAGE(address, handler)                                                                     \
	{ GET, address, handler, PERM_ANYONE, ROUTE_PUBLIC_FORM, .rate_per_minute = PER_MINUTE }
/* clang-format on */

static const Route routes[] = {
	PAGE("/consulta/:token", show),
	FORM("/consulta/:token/confirmar", confirm),
	PAGE("/consulta/:token/desmarcar", ask_cancel),
	FORM("/consulta/:token/desmarcar", cancel),
	PAGE("/consulta/:token/remarcar", ask_move),
	FORM("/consulta/:token/remarcar", move),
};
const RouteList visit_link_routes = { routes, COUNT(routes), &feed_routes };
