/* The waiting list as pages: the list with the slots that were freed, an entry, offering a slot. */
#include "core/clock.h"
#include "modules/agenda/waiting_view.h"

#define HOME "/agenda/waiting"

const UiOption priority_options[] = {
	{ .value = "0", .label = "Normal" },
	{ .value = "1", .label = "Alta" },
	{ .value = "2", .label = "Urgente" },
};
const size_t priority_option_count = COUNT(priority_options);

/* ---- the list ---- */

/* GET /agenda/waiting?dentist= */
static Err show_list(Req *q)
{
	WaitingListView view = { .q = q,
		.may_write = req_may(q, "agenda.write"),
		.may_admin = req_may(q, "agenda.admin") };
	SqlWaitingRow *entry;
	SqlFreedRow *freed;
	SqlDoorRuleRow rule;

	view.dentist = req_query_int(q, "dentist", 0);
	TRY(door_options(q->cx, &view.option));
	TRY(rule_get(q->cx, &rule));
	TRY(waiting_list(q->cx, view.dentist, 0, &entry, &view.entry_count));
	TRY(sql_freed_open(q->cx, q->cx->now, &freed, &view.freed_count));
	view.entry = entry;
	view.freed = freed;
	view.offer_auto = rule.offer_auto;
	waiting_list_page(&q->html, &view);
	return send_html(q, 200);
}

/* POST /agenda/waiting/freed/:id/forget */
static Err forget_freed(Req *q)
{
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	TRY(sql_freed_forget(q->cx, id, &rows));
	return redirect(q, HOME);
}

/* ---- the patient's summary ---- */

Err waiting_card_ask(Ctx *cx, int64_t patient)
{
	return sql_waiting_of_patient_send(cx, patient);
}

Err waiting_card_show(Req *q, int64_t patient)
{
	WaitingCardView view = { .patient = patient, .may_write = req_may(q, "agenda.write") };
	SqlWaitingRow *entry;

	TRY(sql_waiting_of_patient_read(q->cx, &entry, &view.entry_count));
	view.entry = entry;
	if (view.entry_count || view.may_write)
		waiting_card(&q->html, &view);
	return OK;
}

/* ---- an entry ---- */

typedef struct EntryForm {
	int64_t patient_id, dentist_id, branch_id, visit_type_id, minutes;
	Int64s weekdays;
	const char *from, *to;
	int32_t from_date, to_date;
	const char *priority, *note;
	int64_t appointment_id, version;
} EntryForm;

static const Field entry_fields[] = {
	FIELD(EntryForm, patient_id, FIELD_ID, "Paciente", 0, 0, false),
	FIELD(EntryForm, dentist_id, FIELD_ID, "Dentista", 0, 0, false),
	FIELD(EntryForm, branch_id, FIELD_ID, "Unidade", 0, 0, false),
	FIELD(EntryForm, visit_type_id, FIELD_ID, "Tipo de consulta", 0, 0, false),
	FIELD(EntryForm, minutes, FIELD_INT, "Duração", 0, 720, false),
	FIELD(EntryForm, weekdays, FIELD_IDS, "Dias", 0, 7, false),
	FIELD(EntryForm, from, FIELD_TEXT, "A partir das", 0, 5, false),
	FIELD(EntryForm, to, FIELD_TEXT, "Até as", 0, 5, false),
	FIELD(EntryForm, from_date, FIELD_DATE, "Desde", 0, 0, false),
	FIELD(EntryForm, to_date, FIELD_DATE, "Até", 0, 0, false),
	CHOICE_FIELD(EntryForm, priority, "Prioridade", "0 1 2", true),
	FIELD(EntryForm, note, FIELD_TEXT, "Observação", 0, 300, false),
	FIELD(EntryForm, appointment_id, FIELD_ID, "Consulta", 0, 0, false),
	FIELD(EntryForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

static Err read_entry(Req *q, WaitingForm *ret)
{
	EntryForm in;
	int from = 0, to = 0;

	if (!form_read(q, entry_fields, COUNT(entry_fields), &in))
		return ERR_INVALID;
	if (in.from && !time_parse_hm(in.from, &from))
		return err_field(q->cx, "from", "Escreva a hora como 08:00.");
	if (in.to && !time_parse_hm(in.to, &to))
		return err_field(q->cx, "to", "Escreva a hora como 18:00.");
	if (in.minutes && in.minutes < 5)
		return err_field(q->cx, "minutes", "Pelo menos 5 minutos, ou em branco.");
	*ret = (WaitingForm){ .patient_id = in.patient_id,
		.dentist_id = in.dentist_id,
		.branch_id = in.branch_id,
		.visit_type_id = in.visit_type_id,
		.minutes = in.minutes,
		.weekdays = weekday_bits(in.weekdays),
		.from_minute = from,
		.to_minute = to,
		.from_date = in.from_date,
		.to_date = in.to_date,
		.priority = in.priority[0] - '0',
		.note = in.note,
		.appointment_id = in.appointment_id,
		.version = in.version };
	return OK;
}

static Err later_visits(Ctx *cx, int64_t patient, WaitingEntryView *view)
{
	SqlWaitingVisits *visit;
	UiOption *list;
	size_t count;

	TRY(sql_waiting_visits(cx, patient, cx->now, &visit, &count));
	list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		list[i] = ui_option(cx->mem, visit[i].id,
			arena_printf(cx->mem, "%s com %s",
				time_text_dated(
					cx->mem, visit[i].starts_at, cx->now, visit[i].zone),
				visit[i].dentist));
	view->visit = list;
	view->visit_count = count;
	return OK;
}

static Err page_new(Req *q, int64_t patient_id, int status)
{
	WaitingEntryView view = { .q = q, .patient_id = patient_id, .may_write = true };
	Patient patient;

	TRY(patient_get(q->cx, (PatientId){ patient_id }, &patient));
	view.patient = patient.social_name ? patient.social_name : patient.name;
	TRY(door_options(q->cx, &view.option));
	TRY(later_visits(q->cx, patient_id, &view));
	waiting_entry_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /agenda/waiting/new?patient=, or first the search for one with ?q= */
static Err blank_entry(Req *q)
{
	WaitingPickView pick = { .q = q, .question = req_query(q, "q") };
	int64_t patient = req_query_int(q, "patient", 0);
	PatientHit *hit;

	if (patient > 0)
		return page_new(q, patient, 200);
	if (!str_is_empty(pick.question)) {
		TRY(patient_search(q->cx, pick.question, 10, &hit, &pick.hit_count));
		pick.hit = hit;
	}
	if (q->htmx)
		waiting_hits(&q->html, &pick);
	else
		waiting_pick_page(&q->html, &pick);
	return send_html(q, 200);
}

/* POST /agenda/waiting. 303 to the list; 422 with the form. */
static Err create_entry(Req *q)
{
	WaitingForm in = { 0 };
	int64_t id;
	Err err = read_entry(q, &in);

	if (err == OK && !in.patient_id)
		return redirect(q, HOME "/new");
	if (err == OK)
		err = waiting_add(q->cx, &in, &id);
	if (err == ERR_INVALID) {
		int64_t patient = 0;

		if (!str_int64(str_of(form_value(&q->form, "patient_id")), &patient))
			return err_set(q->cx, ERR_BAD_REQUEST, "no patient");
		return page_new(q, patient, 422);
	}
	TRY(err);
	answer_toast(q, "Na lista de espera", NULL);
	return redirect(q, HOME "/%" PRId64, id);
}

/* Names and zones of the slots shown. */
static Err name_slots(Ctx *cx, WaitingEntryView *view)
{
	Dentist *dentist;
	size_t count;

	TRY(agenda_list_dentists(cx, &dentist, &count));
	view->slot_dentist = NEW_ARRAY(cx->mem, const char *, view->slot_count + 1);
	view->slot_zone = NEW_ARRAY(cx->mem, const char *, view->slot_count + 1);
	for (size_t i = 0; i < view->slot_count; i++) {
		TRY(agenda_zone(cx, view->slot[i].branch_id, &view->slot_zone[i]));
		for (size_t j = 0; j < count; j++)
			if (dentist[j].user == view->slot[i].dentist_id)
				view->slot_dentist[i] = dentist[j].name;
	}
	return OK;
}

/* The soonest of each day, so that the choice is between days. */
static size_t thin_out(Slot *slot, size_t count, const char *zone, size_t most)
{
	size_t n = 0, of_day = 0;
	int32_t day = DATE_NONE;

	for (size_t i = 0; i < count && n < most; i++) {
		int32_t date = date_today(slot[i].starts_at, zone);

		of_day = date == day ? of_day + 1 : 0;
		day = date;
		if (of_day < 2)
			slot[n++] = slot[i];
	}
	return n;
}

static Err page_entry(Req *q, const SqlWaitingRow *entry, const char *link, int status)
{
	WaitingEntryView view = { .q = q,
		.entry = entry,
		.patient_id = entry->patient_id,
		.patient = entry->patient,
		.link = link,
		.may_write = req_may(q, "agenda.write") };
	SqlOfferRow *offer;
	Slot *slot = NULL;

	TRY(door_options(q->cx, &view.option));
	TRY(sql_offer_of_waiting(q->cx, entry->id, &offer, &view.offer_count));
	view.offer = offer;
	if (!strcmp(entry->state, "open")) {
		TRY(waiting_slots(q->cx, entry, 60, &slot, &view.slot_count));
		view.slot_count = thin_out(slot, view.slot_count, q->cx->zone, 6);
		view.slot = slot;
	}
	TRY(name_slots(q->cx, &view));
	waiting_entry_page(&q->html, &view);
	return send_html(q, status);
}

static Err entry_asked(Req *q, SqlWaitingRow *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return waiting_get(q->cx, id, ret);
}

/* GET /agenda/waiting/:id */
static Err show_entry(Req *q)
{
	SqlWaitingRow entry;

	TRY(entry_asked(q, &entry));
	return page_entry(q, &entry, NULL, 200);
}

/* POST /agenda/waiting/:id. 303; 422 with the form; 409 when it changed meanwhile. */
static Err update_entry(Req *q)
{
	SqlWaitingRow entry;
	WaitingForm in;
	Err err;

	TRY(entry_asked(q, &entry));
	err = read_entry(q, &in);
	if (err == OK)
		err = waiting_save(q->cx, entry.id, &in);
	if (err == ERR_INVALID)
		return page_entry(q, &entry, NULL, 422);
	TRY(err);
	answer_toast(q, "Espera salva", NULL);
	return redirect(q, HOME "/%" PRId64, entry.id);
}

/* POST /agenda/waiting/:id/close */
static Err close_entry(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(waiting_close(q->cx, id));
	answer_toast(q, "Saiu da lista de espera",
		arena_printf(q->cx->mem, HOME "/%" PRId64 "/reopen", id));
	return redirect(q, HOME);
}

/* POST /agenda/waiting/:id/reopen */
static Err reopen_entry(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(waiting_reopen(q->cx, id));
	answer_toast(q, "De volta à lista de espera", NULL);
	return redirect(q, HOME "/%" PRId64, id);
}

typedef struct SlotForm {
	int64_t dentist, branch, chair, start, end;
	Int64s ids;
	int64_t minutes;
} SlotForm;

static const Field slot_fields[] = {
	FIELD(SlotForm, dentist, FIELD_ID, "Dentista", 0, 0, true),
	FIELD(SlotForm, branch, FIELD_ID, "Unidade", 0, 0, true),
	FIELD(SlotForm, chair, FIELD_ID, "Cadeira", 0, 0, false),
	FIELD(SlotForm, start, FIELD_INT, "Início", 1, INT64_C(1) << 40, true),
	FIELD(SlotForm, end, FIELD_INT, "Fim", 1, INT64_C(1) << 40, true),
	FIELD(SlotForm, ids, FIELD_IDS, "Pessoas", 0, 50, false),
	FIELD(SlotForm, minutes, FIELD_INT, "Validade", 5, 1440, false),
};

/* POST /agenda/waiting/:id/book: this free slot. 303 to the entry; 409 when it is taken meanwhile.
 */
static Err book_entry(Req *q)
{
	AppointmentId visit;
	SqlWaitingRow entry;
	SlotForm in;

	TRY(entry_asked(q, &entry));
	if (!form_read(q, slot_fields, COUNT(slot_fields), &in))
		return ERR_INVALID;
	TRY(waiting_book(q->cx, entry.id,
		&(Booking){ .dentist_id = in.dentist,
			.branch_id = in.branch,
			.chair_id = in.chair,
			.starts_at = in.start,
			.ends_at = in.end },
		&visit));
	answer_toast(q, arena_printf(q->cx->mem, "%s tem consulta marcada", entry.patient), NULL);
	return redirect(q, HOME);
}

/* ---- offering ---- */

static Err complete(Req *q, OfferingView *view)
{
	SqlWaitingRow *entry;
	SqlOfferRow *offer;
	SqlDoorRuleRow rule;
	Dentist *dentist;
	size_t count;
	Slot *found;

	TRY(agenda_zone(q->cx, view->slot.branch_id, &view->zone));
	TRY(rule_get(q->cx, &rule));
	view->count = rule.offer_count;
	view->minutes = rule.offer_minutes;
	TRY(agenda_list_dentists(q->cx, &dentist, &count));
	for (size_t i = 0; i < count; i++)
		if (dentist[i].user == view->slot.dentist_id)
			view->dentist = dentist[i].name;
	if (!view->dentist || view->slot.ends_at <= view->slot.starts_at)
		return err_set(q->cx, ERR_NOT_FOUND, "no such slot");
	TRY(agenda_find_slots(q->cx,
		&(SlotQuery){ .from = view->slot.starts_at,
			.to = view->slot.ends_at,
			.minutes = (int)((view->slot.ends_at - view->slot.starts_at) / 60),
			.dentist_id = view->slot.dentist_id,
			.branch_id = view->slot.branch_id,
			.step_minutes = 5,
			.limit = 1 },
		&found, &count));
	view->is_free = count && found[0].starts_at == view->slot.starts_at;
	TRY(sql_offer_of_slot(
		q->cx, view->slot.dentist_id, view->slot.starts_at, &offer, &view->offer_count));
	view->offer = offer;
	if (view->is_free && !view->made) {
		TRY(waiting_match(q->cx, &view->slot, &entry, &view->entry_count));
		view->entry = entry;
	}
	return OK;
}

static Err page_offering(Req *q, OfferingView *view, int status)
{
	view->q = q;
	TRY(complete(q, view));
	waiting_offering_page(&q->html, view);
	return send_html(q, status);
}

/* GET /agenda/waiting/offer?freed= or ?dentist=&branch=&chair=&start=&end= */
static Err show_offering(Req *q)
{
	OfferingView view = { 0 };
	int64_t id = req_query_int(q, "freed", 0);
	SqlFreedRow freed;

	if (id) {
		TRY(sql_freed_by_id(q->cx, id, &freed));
		view.slot = (Slot){ freed.starts_at, freed.ends_at, freed.dentist_id,
			freed.chair_id, freed.branch_id };
	} else {
		view.slot = (Slot){ req_query_int(q, "start", 0), req_query_int(q, "end", 0),
			req_query_int(q, "dentist", 0), req_query_int(q, "chair", 0),
			req_query_int(q, "branch", 0) };
	}
	return page_offering(q, &view, 200);
}

/* POST /agenda/waiting/offer: to the people ticked; the links are shown this once. */
static Err make_offers(Req *q)
{
	OfferingView view = { 0 };
	OfferMade *made;
	SlotForm in;

	if (!form_read(q, slot_fields, COUNT(slot_fields), &in))
		return ERR_INVALID;
	view.slot = (Slot){ in.start, in.end, in.dentist, in.chair, in.branch };
	if (!in.ids.count) {
		(void)err_field(q->cx, "ids", "Escolha pelo menos uma pessoa.");
		return page_offering(q, &view, 422);
	}
	TRY(offer_make(q->cx, &view.slot, in.ids, in.minutes ? (int)in.minutes : 30, &made,
		&view.made_count));
	view.made = made;
	return page_offering(q, &view, 200);
}

/* POST /agenda/waiting/:id/link/:offer: a new link of an offer that stands, shown this once. */
static Err renew_link(Req *q)
{
	SqlWaitingRow entry;
	const char *link;
	int64_t offer;

	TRY(entry_asked(q, &entry));
	TRY(req_id(q, "offer", &offer));
	TRY(offer_new_link(q->cx, offer, &link));
	return page_entry(q, &entry, link, 200);
}

static const Route routes[] = {
	{ GET, HOME, show_list, "agenda.read" },
	{ POST, HOME, create_entry, "agenda.write" },
	{ GET, HOME "/new", blank_entry, "agenda.write" },
	{ GET, HOME "/offer", show_offering, "agenda.write" },
	{ POST, HOME "/offer", make_offers, "agenda.write" },
	{ POST, HOME "/freed/:id/forget", forget_freed, "agenda.write" },
	{ GET, HOME "/:id", show_entry, "agenda.read" },
	{ POST, HOME "/:id", update_entry, "agenda.write" },
	{ POST, HOME "/:id/close", close_entry, "agenda.write" },
	{ POST, HOME "/:id/reopen", reopen_entry, "agenda.write" },
	{ POST, HOME "/:id/book", book_entry, "agenda.write" },
	{ POST, HOME "/:id/link/:offer", renew_link, "agenda.write" },
};
const RouteList waiting_routes = { routes, COUNT(routes), &offer_routes };
