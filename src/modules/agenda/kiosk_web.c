/* The kiosk: a tablet at the reception where somebody says "I am here" with birth date and name. It
 * shows visits of today of that one person and nothing else; a wrong attempt learns nothing. */
#include "core/clock.h"
#include "core/random.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/kiosk_view.h"
#include "platform/auth/key.h"
#include "platform/web/rate.h"

enum {
	RESET_S = 20,    /* the answer goes away by itself */
	IDLE_S = 60,     /* what was typed and left */
	STAMP_S = 60,    /* to press the second button */
	PER_MINUTE = 20, /* of one tablet */
	DAY_TRIES = 12,  /* wrong ones within a minute of a whole company, all tablets */
	NAME_LEAST = 2,
	WORD_MOST = 8
};

/* "Sorry" for no visit, another name, another date and too short a name alike. */
static const char *const not_found = "Não encontramos uma consulta sua para hoje. Confira a data e "
				     "o nome, ou fale com a recepção.";

static Err known(Req *q, KioskView *view)
{
	SqlDoorKioskKnown row;
	bool found;

	q->cx->user = (UserId){ 0 };
	view->q = q;
	view->token = req_segment(q, "token");
	answer_header(q, "X-Robots-Tag", "noindex");
	TRY(sql_door_kiosk_known(q->cx, secret_hash(q->cx->mem, view->token), &row, &found));
	return found ? OK
		     : err_tell(q->cx, ERR_NOT_FOUND,
			       "Este quiosque foi desligado. Peça o endereço novo à gerência.",
			       "no kiosk has this secret");
}

/* Go back to the beginning by itself, without a script. */
static Err page(Req *q, KioskView *view, int status, int seconds)
{
	if (seconds)
		answer_header(q, "Refresh",
			arena_printf(q->cx->mem, "%d; url=/quiosque/%s", seconds, view->token));
	kiosk_page(&q->html, view);
	return send_html(q, status);
}

/* GET /quiosque/:token */
static Err show(Req *q)
{
	KioskView view = { 0 };

	TRY(known(q, &view));
	return page(q, &view, 200, 0);
}

typedef struct KioskForm {
	int32_t birth;
	const char *name;
} KioskForm;

static const Field kiosk_fields[] = {
	FIELD(KioskForm, birth, FIELD_DATE, "Data de nascimento", 0, 0, true),
	FIELD(KioskForm, name, FIELD_TEXT, "Nome", 1, 120, true),
};

bool kiosk_is_called(Arena *mem, const char *typed, const char *name)
{
	Str asked = str_of(str_fold(mem, typed)), have = str_of(str_fold(mem, name)), want, word;
	bool first = true;

	if (asked.len < NAME_LEAST)
		return false;
	while (str_cut(&asked, ' ', &want)) {
		bool found = false;

		while (!found && str_cut(&have, ' ', &word)) {
			found = word.len >= want.len && !memcmp(word.ptr, want.ptr, want.len);
			if (first && !found)
				return false;
			first = false;
		}
		if (!found)
			return false;
	}
	return true;
}

static const char *first_name(Arena *mem, const char *name)
{
	const char *space = strchr(name, ' ');

	return space ? arena_copy(mem, name, (size_t)(space - name)) : name;
}

/* Visits of today of the one person who is called so. Two who share birth date and what was typed
 * (twins) have to write more. */
static Err find(Ctx *cx, const KioskForm *in, KioskView *view, bool *ret_several)
{
	int32_t today = date_today(cx->now, cx->zone);
	SqlDoorKioskVisits *list;
	int64_t person = 0;
	size_t count, n = 0;

	*ret_several = false;
	TRY(sql_door_kiosk_visits(cx, in->birth, time_of_date(today, cx->zone),
		time_of_date(today + 1, cx->zone), &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (!kiosk_is_called(cx->mem, in->name, list[i].name) &&
			!kiosk_is_called(cx->mem, in->name, list[i].legal))
			continue;
		if (person && person != list[i].patient_id)
			*ret_several = true;
		person = list[i].patient_id;
		list[n++] = list[i];
	}
	view->visit = list;
	view->visit_count = *ret_several ? 0 : n;
	if (view->visit_count)
		view->first_name = first_name(cx->mem, list[0].name);
	return OK;
}

static const char *sign(Ctx *cx, int64_t patient, int64_t at)
{
	return auth_mac(cx->mem, "kiosk",
		arena_printf(
			cx->mem, "%" PRId64 " %" PRId64 " %" PRId64, cx->company.v, patient, at));
}

/* Wrong attempts of a company: the whole of it, so that tablets cannot be tried one by one. */
static bool may_try(const Ctx *cx)
{
	Rate rate;

	return rate_take(rate_key(cx->company.v, "kiosk", -3), DAY_TRIES, time_now_us(), &rate);
}

static Err refuse(Req *q, KioskView *view, const char *notice)
{
	if (!may_try(q->cx)) {
		view->notice = "Um instante, por favor: fale com a recepção.";
		return page(q, view, 429, RESET_S);
	}
	view->notice = notice;
	return page(q, view, 422, IDLE_S);
}

/* POST /quiosque/:token: who is it? 200 with the visits of today; 422 with kind words. */
static Err look(Req *q)
{
	KioskView view = { 0 };
	KioskForm in;
	bool several;

	TRY(known(q, &view));
	if (!form_read(q, kiosk_fields, COUNT(kiosk_fields), &in))
		return refuse(q, &view, "Escreva a data de nascimento, com o ano, e o nome.");
	TRY(find(q->cx, &in, &view, &several));
	if (!view.visit_count)
		return refuse(q, &view,
			several ? "Escreva o nome completo, por favor, ou fale com a recepção."
				: not_found);
	view.arrived = !strcmp(view.visit[0].presence, "arrived");
	view.stamp = arena_printf(q->cx->mem, "%" PRId64 ".%" PRId64 ".%s", q->cx->now,
		view.visit[0].patient_id, sign(q->cx, view.visit[0].patient_id, q->cx->now));
	return page(q, &view, 200, RESET_S);
}

/* The patient of a stamp that this program gave within the last minute; 0: none. */
static int64_t stamp_patient(Ctx *cx, const char *stamp)
{
	Str rest = str_of(stamp), at_text, id_text;
	const char *want;
	int64_t at, id;

	if (!str_cut(&rest, '.', &at_text) || !str_cut(&rest, '.', &id_text) ||
		!str_int64(at_text, &at) || !str_int64(id_text, &id))
		return 0;
	want = sign(cx, id, at);
	if (rest.len != strlen(want) || !crypto_equal(rest.ptr, want, rest.len))
		return 0;
	return cx->now - at <= STAMP_S ? id : 0;
}

/* Mark the next visit of today; the first that has not begun. */
static Err arrive(Ctx *cx, int64_t patient, KioskView *view)
{
	int32_t today = date_today(cx->now, cx->zone);
	Appointment *visit;
	size_t count;

	TRY(agenda_list(cx,
		&(AgendaQuery){ .from = time_of_date(today, cx->zone),
			.to = time_of_date(today + 1, cx->zone),
			.patient_id = patient },
		&visit, &count));
	for (size_t i = 0; i < count; i++) {
		if (visit[i].presence != PRESENCE_SCHEDULED &&
			visit[i].presence != PRESENCE_ARRIVED)
			continue;
		view->first_name = first_name(cx->mem, visit[i].patient_name);
		if (visit[i].presence == PRESENCE_SCHEDULED)
			return agenda_set_presence(
				cx, (AppointmentId){ visit[i].id }, PRESENCE_ARRIVED, 0);
		return OK;
	}
	return OK;
}

/* POST /quiosque/:token/chegou */
static Err check_in(Req *q)
{
	KioskView view = { 0 };
	int64_t patient;

	TRY(known(q, &view));
	patient = stamp_patient(q->cx, form_value(&q->form, "stamp"));
	if (!patient)
		return refuse(q, &view, "Demorou um pouquinho: comece de novo, por favor.");
	TRY(arrive(q->cx, patient, &view));
	if (!view.first_name)
		return refuse(q, &view, not_found);
	view.arrived = true;
	return page(q, &view, 200, RESET_S);
}

static const Route routes[] = {
	{ GET, "/quiosque/:token", show, PERM_ANYONE, ROUTE_PUBLIC_FORM, .rate_per_minute = 60 },
	{ POST, "/quiosque/:token", look, PERM_ANYONE, ROUTE_PUBLIC_FORM,
		.rate_per_minute = PER_MINUTE },
	{ POST, "/quiosque/:token/chegou", check_in, PERM_ANYONE, ROUTE_PUBLIC_FORM,
		.rate_per_minute = PER_MINUTE },
};
const RouteList kiosk_routes = { routes, COUNT(routes), &print_routes };
