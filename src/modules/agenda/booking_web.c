/* The public booking page: what, with whom, when, who, and the code. Works without scripts and sets
 * no cookie: the address carries what was chosen. A robot that fills the trap sees its code asked
 * for and gets none. */
#include "core/br.h"
#include "core/clock.h"
#include "modules/agenda/booking_view.h"
#include "modules/agenda/slot_text.h"
#include "modules/company/company.h"

enum { PER_MINUTE = 60, HOLDS_PER_MINUTE = 10, CODES_PER_MINUTE = 10 };

static Err rules(Req *q, BookingView *view)
{
	SqlDoorRuleRow rule;
	Company company;

	view->q = q;
	q->cx->user = (UserId){ 0 };
	TRY(rule_get(q->cx, &rule));
	TRY(company_get(q->cx, &company));
	view->welcome = rule.welcome;
	view->phone = company.phone;
	if (!rule.online)
		return err_tell(q->cx, ERR_NOT_FOUND,
			company.phone ? arena_printf(q->cx->mem,
						"Esta clínica não marca consultas pela internet. "
						"Ligue para %s.",
						phone_text(q->cx->mem, company.phone))
				      : "Esta clínica não marca consultas pela internet. Ligue "
					"para marcar.",
			"online booking is off");
	return OK;
}

static int32_t day_asked(Req *q)
{
	const char *text = req_query(q, "day");
	int32_t day;

	return text && date_parse(text, &day) && day > 0 && day < date_of(2200, 1, 1) ? day
										      : DATE_NONE;
}

static Err choose_type(Req *q, BookingView *view, int64_t type)
{
	SqlBookingTypes *list;

	TRY(sql_booking_types(q->cx, &list, &view->type_count));
	view->type = list;
	for (size_t i = 0; i < view->type_count; i++)
		if (list[i].id == type && list[i].dentists) {
			view->type_id = type;
			view->type_name = list[i].name;
		}
	return OK;
}

/* A clinic with one address asks for no choice. */
static Err choose_branch(Req *q, BookingView *view, int64_t id, bool *ret_chosen)
{
	SqlBookingBranches *list;

	TRY(sql_booking_branches(q->cx, view->type_id, &list, &view->branch_count));
	view->branch = list;
	*ret_chosen = view->branch_count < 2 || str_same(req_query(q, "branch"), "0");
	for (size_t i = 0; view->branch_count > 1 && i < view->branch_count; i++)
		if (list[i].id == id) {
			*ret_chosen = true;
			view->branch_id = id;
			view->branch_name = list[i].name;
		}
	return OK;
}

/* A type that one dentist alone does asks for no choice. */
static Err choose_dentist(Req *q, BookingView *view, bool *ret_chosen)
{
	const char *asked = req_query(q, "dentist");
	SqlBookingDentists *list;
	int64_t id = 0;

	TRY(sql_booking_dentists(
		q->cx, view->type_id, view->branch_id, &list, &view->dentist_count));
	view->dentist = list;
	*ret_chosen = str_same(asked, "0") || view->dentist_count == 1;
	if (view->dentist_count == 1)
		id = list[0].user_id;
	else if (asked && !str_int64(str_of(asked), &id))
		id = 0;
	for (size_t i = 0; i < view->dentist_count; i++)
		if (list[i].user_id == id) {
			*ret_chosen = true;
			view->dentist_id = id;
			view->dentist_name = list[i].name;
		}
	return OK;
}

static Err page_slots(Req *q, BookingView *view, int32_t day, int status)
{
	view->slots.type = view->type_id;
	view->slots.dentist = view->dentist_id;
	view->slots.branch_id = view->branch_id;
	TRY(slots_load(
		q->cx, view->type_id, view->dentist_id, day, /* online= */ true, &view->slots));
	booking_slots_page(&q->html, view);
	return send_html(q, status);
}

/* GET /agendar?type=&branch=&dentist=&day= */
static Err show(Req *q)
{
	BookingView view = { 0 };
	bool chosen;

	TRY(rules(q, &view));
	TRY(choose_type(q, &view, req_query_int(q, "type", 0)));
	if (!view.type_id) {
		booking_types_page(&q->html, &view);
		return send_html(q, 200);
	}
	TRY(choose_branch(q, &view, req_query_int(q, "branch", 0), &chosen));
	if (!chosen) {
		booking_branches_page(&q->html, &view);
		return send_html(q, 200);
	}
	TRY(choose_dentist(q, &view, &chosen));
	if (!chosen) {
		booking_dentists_page(&q->html, &view);
		return send_html(q, 200);
	}
	return page_slots(q, &view, day_asked(q), 200);
}

typedef struct PickForm {
	int64_t type, branch, dentist;
	const char *slot;
} PickForm;

static const Field pick_fields[] = {
	FIELD(PickForm, type, FIELD_ID, "Tipo", 0, 0, true),
	FIELD(PickForm, branch, FIELD_INT, "Unidade", 0, INT64_MAX, false),
	FIELD(PickForm, dentist, FIELD_INT, "Dentista", 0, INT64_MAX, false),
	FIELD(PickForm, slot, FIELD_TEXT, "Horário", 1, 80, true),
};

/* POST /agendar: keep this slot. 303 to the person's data; 409 with the times that are left. */
static Err pick(Req *q)
{
	BookingView view = { 0 };
	const char *token;
	bool chosen;
	PickForm in;
	Slot slot;
	Err err;

	TRY(rules(q, &view));
	if (!form_read(q, pick_fields, COUNT(pick_fields), &in) || !slot_read(in.slot, &slot))
		return err_set(q->cx, ERR_BAD_REQUEST, "no slot was picked");
	err = booking_hold(q->cx, in.type, &slot, !in.dentist, &token);
	if (err != ERR_CONFLICT) {
		TRY(err);
		return redirect(q, "/agendar/%s", token);
	}
	view.notice = q->cx->err.sentence;
	q->cx->bad_count = 0;
	TRY(choose_type(q, &view, in.type));
	if (!view.type_id)
		return err;
	TRY(choose_branch(q, &view, in.branch, &chosen));
	view.dentist_id = in.dentist;
	return page_slots(q, &view, date_today(slot.starts_at, q->cx->zone), 409);
}

/* ---- the slot is held ---- */

static Err hold_asked(Req *q, HoldView *view, SqlOnlineRow *online)
{
	BookingView rule = { 0 };

	TRY(rules(q, &rule));
	view->q = q;
	view->token = req_segment(q, "token");
	view->online = online;
	answer_header(q, "X-Robots-Tag", "noindex");
	return booking_get(q->cx, view->token, online);
}

static Err page_over(Req *q, HoldView *view)
{
	booking_over_page(&q->html, view);
	return send_html(q, 410);
}

/* Where a visitor who comes back belongs; true: answered. */
static Err go_on(Req *q, HoldView *view, bool *ret_answered)
{
	const char *link;

	*ret_answered = true;
	if (!strcmp(view->online->state, "booked")) {
		SqlLinkVisit visit;
		LinkState state;

		link = link_token(q->cx, view->online->appointment_id);
		TRY(link_get(q->cx, link, &visit, &state));
		return redirect(q, "/consulta/%s", link);
	}
	if (!booking_is_held(q->cx, view->online) && !view->online->code_hash)
		return page_over(q, view);
	*ret_answered = false;
	return OK;
}

/* GET /agendar/:token. 404 nobody's; 410 the ten minutes are over. */
static Err show_person(Req *q)
{
	SqlOnlineRow online;
	HoldView view = { 0 };
	bool answered;

	TRY(hold_asked(q, &view, &online));
	TRY(go_on(q, &view, &answered));
	if (answered)
		return OK;
	booking_person_page(&q->html, &view);
	return send_html(q, 200);
}

static const Field person_fields[] = {
	FIELD(PersonForm, name, FIELD_TEXT, "Nome", 1, 120, true),
	FIELD(PersonForm, phone, FIELD_PHONE, "Telefone", 1, 0, true),
	FIELD(PersonForm, email, FIELD_EMAIL, "E-mail", 1, 254, true),
};

/* POST /agendar/:token: who it is. 303 to the code; 422 with the form; 429 too many codes. */
static Err take_person(Req *q)
{
	SqlOnlineRow online;
	HoldView view = { .tone = "amber" };
	PersonForm in;
	bool answered;
	Err err;

	TRY(hold_asked(q, &view, &online));
	TRY(go_on(q, &view, &answered));
	if (answered)
		return OK;
	if (!str_is_empty(form_value(&q->form, "homepage")))
		return redirect(q, "/agendar/%s/codigo", view.token);
	err = form_read(q, person_fields, COUNT(person_fields), &in)
		      ? booking_ask_code(q->cx, view.token, &in)
		      : ERR_INVALID;
	if (err == OK)
		return redirect(q, "/agendar/%s/codigo", view.token);
	if (err != ERR_INVALID && err != ERR_TOO_MANY)
		return err;
	if (err == ERR_TOO_MANY)
		view.notice = q->cx->err.sentence;
	booking_person_page(&q->html, &view);
	return send_html(q, err_status(err));
}

static Err page_code(Req *q, HoldView *view, int status)
{
	booking_code_page(&q->html, view);
	return send_html(q, status);
}

/* GET /agendar/:token/codigo */
static Err show_code(Req *q)
{
	SqlOnlineRow online;
	HoldView view = { 0 };
	bool answered;

	TRY(hold_asked(q, &view, &online));
	TRY(go_on(q, &view, &answered));
	return answered ? OK : page_code(q, &view, 200);
}

static const char *const verdicts[] = {
	[CODE_WRONG] = "O código não confere. Veja o e-mail mais recente e tente de novo.",
	[CODE_OLD] = "Este código venceu. Peça outro.",
	[CODE_SPENT] = "Foram muitas tentativas com este código. Peça outro.",
};

typedef struct CodeForm {
	const char *code;
} CodeForm;

static const Field code_fields[] = {
	FIELD(CodeForm, code, FIELD_TEXT, "Código", 1, 20, true),
};

/* Six digits, however they were pasted. */
static const char *digits(Arena *mem, const char *text)
{
	Buf buf;

	buf_init(&buf, mem, 32);
	for (; *text; text++)
		if (*text >= '0' && *text <= '9')
			buf_putc(&buf, *text);
	return buf_text(&buf);
}

/* POST /agendar/:token/codigo. 303 to the visit; 422 with what is wrong; 410 the slot is gone. */
static Err take_code(Req *q)
{
	CodeVerdict verdict = CODE_WRONG;
	const char *link;
	SqlOnlineRow online;
	HoldView view = { .tone = "amber" };
	CodeForm in;
	Err err;

	TRY(hold_asked(q, &view, &online));
	if (!form_read(q, code_fields, COUNT(code_fields), &in))
		return page_code(q, &view, 422);
	err = booking_confirm(q->cx, view.token, digits(q->cx->mem, in.code), &verdict, &link);
	if (err == ERR_CONFLICT) {
		view.notice = q->cx->err.sentence;
		return page_over(q, &view);
	}
	TRY(err);
	if (verdict == CODE_RIGHT)
		return redirect(q, "/consulta/%s?nova=1", strrchr(link, '/') + 1);
	(void)err_field(q->cx, "code", verdicts[verdict]);
	answer_keep(q); /* the attempt counts */
	return page_code(q, &view, 422);
}

/* POST /agendar/:token/reenviar: another code to the same address. */
static Err send_again(Req *q)
{
	SqlOnlineRow online;
	HoldView view = { .tone = "amber" };
	Err err;

	TRY(hold_asked(q, &view, &online));
	if (!online.email)
		return redirect(q, "/agendar/%s", view.token);
	err = booking_ask_code(
		q->cx, view.token, &(PersonForm){ online.name, online.phone, online.email });
	if (err == ERR_TOO_MANY) {
		view.notice = q->cx->err.sentence;
		return page_code(q, &view, 429);
	}
	TRY(err);
	view.tone = "green";
	view.notice = "Enviamos um código novo. O anterior não vale mais.";
	return page_code(q, &view, 200);
}

/* POST /agendar/:token/liberar: another time, please. */
static Err release(Req *q)
{
	SqlOnlineRow online;
	HoldView view = { 0 };

	TRY(hold_asked(q, &view, &online));
	TRY(booking_release(q->cx, view.token));
	return redirect(q,
		"/agendar?type=%" PRId64 "&branch=%" PRId64 "&dentist=%" PRId64 "&day=%s",
		online.visit_type_id, online.branch_id, online.any_dentist ? 0 : online.dentist_id,
		date_text_iso(q->cx->mem, date_today(online.starts_at, online.zone)));
}

#define FORM(address, handler, often)                                                              \
	{                                                                                          \
		POST, address, handler, PERM_ANYONE, ROUTE_PUBLIC_FORM, .rate_per_minute = (often) \
	}
/* clang-format off */
#define PAGE(address, handler)                                                                     \
	{ GET, address, handler, PERM_ANYONE, ROUTE_PUBLIC_FORM, .rate_per_minute = PER_MINUTE }
/* clang-format on */

static const Route routes[] = {
	PAGE("/agendar", show),
	FORM("/agendar", pick, HOLDS_PER_MINUTE),
	PAGE("/agendar/:token", show_person),
	FORM("/agendar/:token", take_person, CODES_PER_MINUTE),
	PAGE("/agendar/:token/codigo", show_code),
	FORM("/agendar/:token/codigo", take_code, CODES_PER_MINUTE),
	FORM("/agendar/:token/reenviar", send_again, CODES_PER_MINUTE),
	FORM("/agendar/:token/liberar", release, HOLDS_PER_MINUTE),
};
const RouteList booking_routes = { routes, COUNT(routes), &visit_link_routes };
