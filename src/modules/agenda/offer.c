/* Offers: a slot that was freed is offered to some who wait; the first who accepts has it. Whoever
 * answers waits for those before on one lock a slot, so that exactly one is first. */
#include "core/clock.h"
#include "core/random.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_rooms.h"
#include "modules/agenda/waiting.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/db/db.h"
#include "platform/web/events.h"

enum { SECRET_BYTES = 32, OFFERS_MOST = 20 };

OfferState offer_state(const Ctx *cx, const SqlOfferRow *offer)
{
	if (!strcmp(offer->state, "accepted"))
		return OFFER_ACCEPTED;
	if (!strcmp(offer->state, "declined"))
		return OFFER_DECLINED;
	if (!strcmp(offer->state, "lost"))
		return OFFER_LOST;
	if (!strcmp(offer->state, "expired") || offer->expires_at <= cx->now ||
		offer->starts_at <= cx->now)
		return OFFER_EXPIRED;
	return OFFER_OPEN;
}

const char *offer_state_title(OfferState state)
{
	static const char *const title[] = { "Esperando resposta", "Aceitou", "Recusou", "Venceu",
		"Outra pessoa aceitou antes" };

	return title[state];
}

const char *offer_state_tone(OfferState state)
{
	static const char *const tone[] = { "blue", "green", "slate", "slate", "amber" };

	return tone[state];
}

/* ---- making ---- */

static Err slot_words(Ctx *cx, const Slot *slot, const char **ret_when, const char **ret_dentist)
{
	const char *zone;
	Dentist *dentist;
	size_t count;

	TRY(agenda_zone(cx, slot->branch_id, &zone));
	*ret_when = arena_printf(cx->mem, "%s às %s",
		date_text_short(cx->mem, date_today(slot->starts_at, zone)),
		time_text_hm(cx->mem, slot->starts_at, zone));
	*ret_dentist = "";
	TRY(agenda_list_dentists(cx, &dentist, &count));
	for (size_t i = 0; i < count; i++)
		if (dentist[i].user == slot->dentist_id)
			*ret_dentist = dentist[i].name;
	return OK;
}

static Err send_offer(
	Ctx *cx, const Slot *slot, int minutes, const Patient *patient, OfferMade *made)
{
	const char *when, *dentist;

	if (str_is_empty(patient->email))
		return OK;
	TRY(slot_words(cx, slot, &when, &dentist));
	made->email = patient->email;
	return door_send(cx,
		&(DoorLetter){ .to = patient->email,
			.name = made->patient,
			.subject = arena_printf(cx->mem, "Abriu uma vaga: %s", when),
			.text = arena_printf(cx->mem,
				"Você está na lista de espera e abriu um horário com %s: %s. Quem "
				"aceitar primeiro fica com ele.",
				dentist, when),
			.link = made->link,
			.button = "Ver o horário",
			.after = arena_printf(cx->mem,
				"O convite vale por %d minutos. Se não puder, não precisa fazer "
				"nada: "
				"seu lugar na lista continua.",
				minutes) });
}

static Err make_one(
	Ctx *cx, const Slot *slot, const SqlWaitingRow *entry, int minutes, OfferMade *ret)
{
	const char *secret = crypto_token(cx->mem, SECRET_BYTES), *base;
	SqlOfferInsert row;
	Patient patient;

	TRY(company_base_url(cx, &base));
	TRY(patient_get(cx, (PatientId){ entry->patient_id }, &patient));
	TRY(sql_offer_insert(cx,
		&(SqlOfferInsertIn){ .waiting_id = entry->id,
			.branch_id = slot->branch_id,
			.dentist_id = slot->dentist_id,
			.chair_id = db_id_or_null(&slot->chair_id),
			.starts_at = slot->starts_at,
			.ends_at = slot->starts_at + entry->minutes * (int64_t)MINUTE_S,
			.token_hash = secret_hash(cx->mem, secret),
			.expires_at = cx->now + minutes * (int64_t)MINUTE_S,
			.created_by = db_id_or_null(&cx->user.v) },
		&row));
	*ret = (OfferMade){ .id = row.id,
		.waiting_id = entry->id,
		.patient = entry->patient,
		.phone = entry->phone,
		.link = arena_printf(cx->mem, "%s/oferta/%s", base, secret) };
	TRY(audit_add_event(cx, &(Event){ .subject = "patient",
					.subject_id = entry->patient_id,
					.kind = "offer",
					.title = "Recebeu a oferta de uma vaga" }));
	return send_offer(cx, slot, minutes, &patient, ret);
}

static Err expire_later(Ctx *cx, int minutes)
{
	int64_t due = cx->now + minutes * (int64_t)MINUTE_S + 1;

	return job_add(cx, "agenda.offer_expire", "{}",
		&(JobOptions){ .due = due,
			.dedupe_key = arena_printf(cx->mem, "offer_expire %" PRId64, due / 60) });
}

static bool holds(Int64s ids, int64_t id)
{
	for (size_t i = 0; i < ids.count; i++)
		if (ids.v[i] == id)
			return true;
	return false;
}

Err offer_make(Ctx *cx, const Slot *slot, Int64s waiting_ids, int minutes, OfferMade **ret,
	size_t *ret_count)
{
	SqlWaitingRow *entry;
	SqlOfferLockSlot lock;
	size_t count, n = 0;

	if (slot->starts_at <= cx->now)
		return err_tell(cx, ERR_CONFLICT, "Este horário já passou.", "a slot in the past");
	TRY(sql_offer_lock_slot(cx, slot->dentist_id, slot->starts_at, &lock));
	TRY(waiting_match(cx, slot, &entry, &count));
	*ret = NEW_ARRAY(cx->mem, OfferMade, count + 1);
	for (size_t i = 0; i < count && n < OFFERS_MOST; i++)
		if (holds(waiting_ids, entry[i].id))
			TRY(make_one(cx, slot, &entry[i], minutes, &(*ret)[n++]));
	*ret_count = n;
	if (!n)
		return OK;
	TRY(audit_add_change(cx, &(Change){ .action = "offer.make",
					 .subject = "dentist",
					 .subject_id = slot->dentist_id }));
	events_publish_later(cx, (UserId){ 0 }, "waiting", "{}");
	return expire_later(cx, minutes);
}

Err offer_best(Ctx *cx, const Slot *slot, int count, int minutes, size_t *ret_made)
{
	SqlWaitingRow *entry;
	size_t matches, n = 0;
	OfferMade *made;
	int64_t *ids;

	TRY(waiting_match(cx, slot, &entry, &matches));
	ids = NEW_ARRAY(cx->mem, int64_t, matches + 1);
	while (n < matches && n < (size_t)count) {
		ids[n] = entry[n].id;
		n++;
	}
	return offer_make(cx, slot, (Int64s){ ids, n }, minutes, &made, ret_made);
}

Err offer_new_link(Ctx *cx, int64_t id, const char **ret)
{
	const char *secret = crypto_token(cx->mem, SECRET_BYTES), *base;
	int64_t rows;

	TRY(company_base_url(cx, &base));
	TRY(sql_offer_renew(cx, id, secret_hash(cx->mem, secret), &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Esta oferta já terminou.",
			"offer %" PRId64 " does not stand", id);
	*ret = arena_printf(cx->mem, "%s/oferta/%s", base, secret);
	return audit_add_change(
		cx, &(Change){ .action = "offer.link", .subject = "offer", .subject_id = id });
}

/* ---- answering ---- */

Err offer_get(Ctx *cx, const char *token, SqlOfferRow *ret)
{
	bool found;

	TRY(sql_offer_of_token(cx, secret_hash(cx->mem, token), ret, &found));
	return found ? OK
		     : err_tell(cx, ERR_NOT_FOUND,
			       "Este convite não existe. Confira o link ou fale com a clínica.",
			       "no offer has this token");
}

/* Read again once those before have answered. */
static Err open_offer(Ctx *cx, const char *token, SqlOfferRow *ret)
{
	SqlOfferLockSlot lock;

	TRY(offer_get(cx, token, ret));
	TRY(sql_offer_lock_slot(cx, ret->dentist_id, ret->starts_at, &lock));
	return offer_get(cx, token, ret);
}

static Err give(Ctx *cx, const SqlOfferRow *offer, AppointmentId *ret)
{
	int64_t rows;

	TRY(sql_offer_answer(cx, offer->id, "accepted", cx->now, &rows));
	TRY(waiting_book(cx, offer->waiting_id,
		&(Booking){ .branch_id = offer->branch_id,
			.dentist_id = offer->dentist_id,
			.chair_id = offer->chair_id,
			.visit_type_id = offer->visit_type_id,
			.starts_at = offer->starts_at,
			.ends_at = offer->ends_at },
		ret));
	TRY(agenda_set_confirmation(cx, *ret, CONFIRMATION_CONFIRMED));
	return sql_offer_lose(
		cx, offer->dentist_id, offer->starts_at, offer->ends_at, offer->id, cx->now, &rows);
}

Err offer_accept(Ctx *cx, const char *token, OfferState *ret_state, AppointmentId *ret)
{
	SqlOfferRow offer;
	int64_t rows;
	Err err;

	TRY(open_offer(cx, token, &offer));
	*ret_state = offer_state(cx, &offer);
	if (*ret_state == OFFER_ACCEPTED)
		*ret = (AppointmentId){ offer.appointment_id };
	if (*ret_state != OFFER_OPEN)
		return OK;
	TRY(db_savepoint(cx));
	err = db_settle(cx, give(cx, &offer, ret));
	if (err == ERR_CONFLICT || err == ERR_INVALID || err == ERR_STALE) {
		/* the reception was faster, or the hours changed */
		cx->bad_count = 0;
		cx->err.log = cx->err.sentence = NULL;
		*ret_state = OFFER_LOST;
		return sql_offer_answer(cx, offer.id, "lost", cx->now, &rows);
	}
	TRY(err);
	*ret_state = OFFER_ACCEPTED;
	return OK;
}

Err offer_decline(Ctx *cx, const char *token)
{
	SqlOfferRow offer;
	int64_t rows;

	TRY(open_offer(cx, token, &offer));
	if (offer_state(cx, &offer) != OFFER_OPEN)
		return OK;
	events_publish_later(cx, (UserId){ 0 }, "waiting", "{}");
	return sql_offer_answer(cx, offer.id, "declined", cx->now, &rows);
}

Err offer_see(Ctx *cx, const char *token)
{
	SqlOfferRow offer;
	int64_t rows;

	TRY(offer_get(cx, token, &offer));
	if (offer_state(cx, &offer) != OFFER_OPEN)
		return OK;
	return sql_offer_view(cx, offer.id, &rows);
}

/* ---- by themselves ---- */

/* The slot that went, as appointment.freed tells it. */
static Err freed_slot(Ctx *cx, const char *json, Slot *ret)
{
	const char *from, *to;
	json_t *body;

	*ret = (Slot){ 0 };
	TRY(json_parse(cx, str_of(json), &body));
	from = json_string_value(json_object_get(body, "starts_at"));
	to = json_string_value(json_object_get(body, "ends_at"));
	if (!from || !to || !time_parse(from, "UTC", &ret->starts_at) ||
		!time_parse(to, "UTC", &ret->ends_at))
		return err_set(cx, ERR_BUG, "appointment.freed without its times");
	ret->dentist_id = json_integer_value(json_object_get(body, "dentist_id"));
	ret->branch_id = json_integer_value(json_object_get(body, "branch_id"));
	ret->chair_id = json_integer_value(json_object_get(body, "chair_id"));
	return OK;
}

/* What went when it had begun already frees nothing. */
Err doors_on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	SqlDoorRuleRow rule;
	SqlFreedNote row;
	Slot slot;

	if (strcmp(name, "appointment.freed") != 0)
		return OK;
	TRY(freed_slot(cx, json, &slot));
	if (!slot.dentist_id || slot.starts_at <= cx->now)
		return OK;
	TRY(sql_freed_note(cx, id, slot.branch_id, slot.dentist_id, db_id_or_null(&slot.chair_id),
		slot.starts_at, slot.ends_at, &row));
	events_publish_later(cx, (UserId){ 0 }, "waiting", "{}");
	TRY(rule_get(cx, &rule));
	if (!rule.offer_auto)
		return OK;
	return job_add(cx, "agenda.offer_auto",
		arena_printf(cx->mem, "{\"id\":%" PRId64 "}", row.id), NULL);
}

static Err slot_is_free(Ctx *cx, const Slot *slot, bool *ret)
{
	Slot *found;
	size_t count;

	TRY(agenda_find_slots(cx,
		&(SlotQuery){ .from = slot->starts_at,
			.to = slot->ends_at,
			.minutes = (int)((slot->ends_at - slot->starts_at) / MINUTE_S),
			.dentist_id = slot->dentist_id,
			.branch_id = slot->branch_id,
			.step_minutes = 5,
			.limit = 1 },
		&found, &count));
	*ret = count && found[0].starts_at == slot->starts_at;
	return OK;
}

/* Job agenda.offer_auto {"id"}: the freed slot, to the best of those who wait. */
Err offer_auto_run(Ctx *cx, const char *data)
{
	SqlDoorRuleRow rule;
	SqlFreedRow freed;
	int64_t id;
	size_t made;
	Slot slot;
	bool is_free;
	Err err;

	TRY(job_id(cx, data, "id", &id));
	err = sql_freed_by_id(cx, id, &freed);
	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	TRY(rule_get(cx, &rule));
	slot = (Slot){ freed.starts_at, freed.ends_at, freed.dentist_id, freed.chair_id,
		freed.branch_id };
	if (!rule.offer_auto || slot.starts_at <= cx->now)
		return OK;
	TRY(slot_is_free(cx, &slot, &is_free));
	if (!is_free)
		return OK;
	return offer_best(cx, &slot, rule.offer_count, rule.offer_minutes, &made);
}

/* Job agenda.offer_expire: those whose time is over. */
Err offer_expire_run(Ctx *cx, const char *data)
{
	int64_t rows;

	(void)data;
	TRY(sql_offer_expire(cx, cx->now, &rows));
	if (rows)
		events_publish_later(cx, (UserId){ 0 }, "waiting", "{}");
	return OK;
}
