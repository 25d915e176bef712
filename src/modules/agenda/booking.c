/* Public booking: holding, proving, booking. Nobody is signed in here; nothing that is answered
 * tells whether the clinic knew the person. */
#include "modules/agenda/booking.h"

#include "core/br.h"
#include "core/clock.h"
#include "core/random.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/visit_link.h"
#include "modules/agenda/waiting.h"
#include "modules/company/company.h"
#include "platform/db/db.h"

enum { SECRET_BYTES = 32, KEPT_DAYS = 30 };

/* ---- holding ---- */

static Err gone(Ctx *cx)
{
	return err_tell(cx, ERR_CONFLICT, "Este horário acabou de ser ocupado. Escolha outro.",
		"the slot is not free");
}

/* Is the slot one that the page shows? Nobody books a time of their own making. */
static Err check_shown(Ctx *cx, int64_t type, const Slot *slot, Slot *ret)
{
	SqlDoorRuleRow rule;

	TRY(rule_get(cx, &rule));
	return rule.online ? slot_find_shown(cx, type, 0, /* online= */ true, slot, ret) : gone(cx);
}

static Err check_peer(Ctx *cx)
{
	SqlOnlinePeer row;

	TRY(sql_online_peer(cx, cx->peer ? cx->peer : "", cx->now, &row));
	if (row.held >= HOLDS_OF_PEER || row.of_day >= HOLDS_OF_DAY)
		return err_tell(cx, ERR_TOO_MANY,
			"Muitos horários foram reservados deste lugar. Espere alguns minutos ou "
			"ligue "
			"para a clínica.",
			"%" PRId64 " holds, %" PRId64 " of the day", row.held, row.of_day);
	return OK;
}

static Err hold(Ctx *cx, int64_t type, const Slot *slot, int64_t until, AppointmentId *ret)
{
	Err err = agenda_hold(cx,
		&(Booking){ .branch_id = slot->branch_id,
			.dentist_id = slot->dentist_id,
			.chair_id = slot->chair_id,
			.visit_type_id = type,
			.starts_at = slot->starts_at,
			.ends_at = slot->ends_at,
			.origin = "public" },
		until, ret);

	if (err == ERR_CONFLICT || err == ERR_INVALID) {
		cx->bad_count = 0;
		return gone(cx);
	}
	return err;
}

static Err expire_later(Ctx *cx, int64_t online, int64_t until)
{
	return job_add(cx, "agenda.hold_expire",
		arena_printf(cx->mem, "{\"id\":%" PRId64 "}", online),
		&(JobOptions){ .due = until + 1 });
}

Err booking_hold(Ctx *cx, int64_t type, const Slot *slot, bool any_dentist, const char **ret)
{
	const char *secret = crypto_token(cx->mem, SECRET_BYTES);
	int64_t until = cx->now + HOLD_S;
	SqlOnlineInsert row;
	AppointmentId id;
	Slot shown;

	TRY(check_peer(cx));
	TRY(check_shown(cx, type, slot, &shown));
	TRY(hold(cx, type, &shown, until, &id));
	TRY(sql_online_insert(cx,
		&(SqlOnlineInsertIn){ .appointment_id = id.v,
			.token_hash = secret_hash(cx->mem, secret),
			.peer = cx->peer ? cx->peer : "",
			.visit_type_id = type,
			.dentist_id = shown.dentist_id,
			.branch_id = shown.branch_id,
			.starts_at = shown.starts_at,
			.ends_at = shown.ends_at,
			.any_dentist = any_dentist,
			.held_until = until,
			.now = cx->now },
		&row));
	agenda_frame_changed(cx, shown.starts_at);
	*ret = secret;
	return expire_later(cx, row.id, until);
}

Err booking_get(Ctx *cx, const char *token, SqlOnlineRow *ret)
{
	bool found;

	TRY(sql_online_of_token(cx, secret_hash(cx->mem, token), ret, &found));
	return found ? OK
		     : err_tell(cx, ERR_NOT_FOUND,
			       "Este agendamento não existe mais. Comece de novo.",
			       "no hold has this token");
}

bool booking_is_held(const Ctx *cx, const SqlOnlineRow *online)
{
	return !strcmp(online->state, "held") && online->held_until > cx->now;
}

/* ---- proving ---- */

static const char *code_hash(Ctx *cx, const char *token, const char *code)
{
	return secret_hash(cx->mem, arena_printf(cx->mem, "%s %s", token, code));
}

static const char *new_code(Arena *mem)
{
	uint32_t number;

	do
		crypto_random(&number, sizeof number);
	while (number >= UINT32_MAX - UINT32_MAX % 1000000);
	return arena_printf(mem, "%06u", number % 1000000);
}

static Err check_codes(Ctx *cx, const SqlOnlineRow *online, const PersonForm *in)
{
	SqlOnlinePerson row;
	bool soon = !online->asked_at_null && cx->now - online->asked_at < CODE_AGAIN_S;

	TRY(sql_online_person(cx, in->email, phone_key(cx->mem, in->phone), cx->now, &row));
	if (soon)
		return err_tell(cx, ERR_TOO_MANY,
			"O código acabou de ser enviado. Espere meio minuto e confira também a "
			"caixa "
			"de spam.",
			"a code was sent just now");
	if (online->codes >= CODES_OF_HOLD || row.codes >= CODES_OF_HOUR)
		return err_tell(cx, ERR_TOO_MANY,
			"Já enviamos vários códigos. Espere um pouco ou ligue para a clínica.",
			"%" PRId64 " codes within the hour", row.codes);
	return OK;
}

static Err send_code(Ctx *cx, const SqlOnlineRow *online, const PersonForm *in, const char *code)
{
	return door_send(cx,
		&(DoorLetter){ .to = in->email,
			.name = in->name,
			.subject = arena_printf(cx->mem, "%s é o seu código", code),
			.text = arena_printf(cx->mem,
				"Para confirmar sua consulta de %s às %s, escreva este código na "
				"página:",
				date_text_short(
					cx->mem, date_today(online->starts_at, online->zone)),
				time_text_hm(cx->mem, online->starts_at, online->zone)),
			.code = code,
			.after = "Ele vale por 15 minutos. Se não foi você, ignore esta mensagem: "
				 "nada será marcado." });
}

/* Read again once this visitor's other answers are done. */
static Err open_online(Ctx *cx, const char *token, SqlOnlineRow *ret)
{
	SqlOnlineLock row;
	bool found;

	TRY(sql_online_lock(cx, secret_hash(cx->mem, token), &row, &found));
	return booking_get(cx, token, ret);
}

Err booking_ask_code(Ctx *cx, const char *token, const PersonForm *in)
{
	const char *code = new_code(cx->mem);
	SqlOnlineRow online;
	int64_t rows;

	TRY(open_online(cx, token, &online));
	if (strcmp(online.state, "held") != 0)
		return gone(cx);
	if (str_utf8_length(str_of(in->name)) < 3)
		return err_field(cx, "name", "Escreva o nome completo.");
	TRY(check_codes(cx, &online, in));
	TRY(sql_online_set_person(cx,
		&(SqlOnlineSetPersonIn){ .id = online.id,
			.name = in->name,
			.phone = in->phone,
			.phone_key = phone_key(cx->mem, in->phone),
			.email = in->email,
			.code_hash = code_hash(cx, token, code),
			.code_until = cx->now + CODE_S,
			.now = cx->now },
		&rows));
	return send_code(cx, &online, in, code);
}

/* ---- booking ---- */

/* The slot may have gone back while the letter travelled: take it once more if it is still free. */
static Err hold_again(Ctx *cx, SqlOnlineRow *online)
{
	Slot slot = { online->starts_at, online->ends_at, online->dentist_id, 0,
		online->branch_id };
	int64_t rows;
	AppointmentId id;
	Slot shown;

	if (booking_is_held(cx, online))
		return OK;
	if (!online->appointment_id_null)
		TRY(agenda_drop_hold(cx, (AppointmentId){ online->appointment_id }));
	TRY(check_shown(cx, online->visit_type_id, &slot, &shown));
	TRY(hold(cx, online->visit_type_id, &shown, cx->now + HOLD_S, &id));
	TRY(sql_online_set_hold(cx, online->id, id.v, cx->now + HOLD_S, &rows));
	online->appointment_id = id.v;
	return OK;
}

static Err send_booked(Ctx *cx, const SqlOnlineRow *online, const char *link)
{
	return door_send(cx,
		&(DoorLetter){ .to = online->email,
			.name = online->name,
			.subject = arena_printf(cx->mem, "Consulta marcada: %s às %s",
				date_text_short(
					cx->mem, date_today(online->starts_at, online->zone)),
				time_text_hm(cx->mem, online->starts_at, online->zone)),
			.text = arena_printf(cx->mem,
				"Sua consulta (%s) com %s está marcada para %s às %s, em %s%s%s.",
				online->visit_type, online->dentist,
				date_text_long(
					cx->mem, date_today(online->starts_at, online->zone)),
				time_text_hm(cx->mem, online->starts_at, online->zone),
				online->branch, online->address ? ": " : "",
				online->address ? online->address : ""),
			.link = link,
			.button = "Ver, remarcar ou desmarcar",
			.after = "Guarde esta mensagem: o link é só seu." });
}

static Err book(Ctx *cx, SqlOnlineRow *online, const char **ret_link)
{
	SqlOnlinePerson known;
	PatientId patient;
	AppointmentId id;
	int64_t rows;

	TRY(sql_online_person(
		cx, online->email, phone_key(cx->mem, online->phone), cx->now, &known));
	if (known.visits >= VISITS_OF_PERSON)
		return err_tell(cx, ERR_TOO_MANY,
			"Você já tem várias consultas marcadas pelo site. Para marcar mais uma, "
			"ligue "
			"para a clínica.",
			"%" PRId64 " visits to come", known.visits);
	TRY(hold_again(cx, online));
	TRY(patient_meet(
		cx, online->name, online->phone, online->email, "Agendamento on-line", &patient));
	id = (AppointmentId){ online->appointment_id };
	TRY(agenda_take_hold(cx, id,
		&(Booking){ .patient_id = patient.v, .visit_type_id = online->visit_type_id }));
	TRY(sql_online_booked(cx, online->id, id.v, &rows));
	TRY(visit_link(cx, id.v, ret_link));
	return send_booked(cx, online, *ret_link);
}

static CodeVerdict judge(Ctx *cx, const SqlOnlineRow *online, const char *token, const char *code)
{
	const char *hash = code_hash(cx, token, code);

	if (online->attempts >= CODE_TRIES)
		return CODE_SPENT;
	if (!online->code_hash || online->code_until_null || online->code_until <= cx->now)
		return CODE_OLD;
	return crypto_equal(hash, online->code_hash, strlen(hash)) ? CODE_RIGHT : CODE_WRONG;
}

Err booking_confirm(Ctx *cx, const char *token, const char *code, CodeVerdict *ret_verdict,
	const char **ret_link)
{
	SqlOnlineRow online;
	int64_t rows;

	TRY(open_online(cx, token, &online));
	if (!strcmp(online.state, "booked")) { /* the button pressed twice */
		*ret_verdict = CODE_RIGHT;
		return visit_link(cx, online.appointment_id, ret_link);
	}
	*ret_verdict = judge(cx, &online, token, code);
	if (*ret_verdict == CODE_WRONG)
		TRY(sql_online_count_attempt(cx, online.id, &rows));
	if (*ret_verdict == CODE_WRONG && online.attempts + 1 >= CODE_TRIES)
		*ret_verdict = CODE_SPENT;
	return *ret_verdict == CODE_RIGHT ? book(cx, &online, ret_link) : OK;
}

static Err give_back(Ctx *cx, const SqlOnlineRow *online)
{
	int64_t rows;

	/* the visitor's row first, as who confirms: they may be at it now */
	TRY(sql_online_give_back(cx, online->id, &rows));
	if (!rows || online->appointment_id_null)
		return OK;
	agenda_frame_changed(cx, online->starts_at);
	return agenda_drop_hold(cx, (AppointmentId){ online->appointment_id });
}

Err booking_release(Ctx *cx, const char *token)
{
	SqlOnlineRow online;

	TRY(open_online(cx, token, &online));
	return give_back(cx, &online);
}

/* Job agenda.hold_expire {"id"}: ten minutes are over. */
Err hold_expire_run(Ctx *cx, const char *data)
{
	SqlOnlineRow online;
	int64_t id;
	bool found;

	TRY(job_id(cx, data, "id", &id));
	TRY(sql_online_by_id(cx, id, &online, &found));
	if (!found || strcmp(online.state, "held") != 0)
		return OK;
	if (online.held_until > cx->now) /* held again meanwhile */
		return expire_later(cx, id, online.held_until);
	return give_back(cx, &online);
}

/* Job agenda.doors_sweep, each night: what nobody needs any more, with the names in it. */
Err doors_sweep_run(Ctx *cx, const char *data)
{
	int64_t before = cx->now - KEPT_DAYS * (int64_t)DAY_S, rows;

	(void)data;
	TRY(sql_online_sweep(cx, before, &rows));
	TRY(sql_freed_sweep(cx, before, &rows));
	return sql_offer_expire(cx, cx->now, &rows);
}
