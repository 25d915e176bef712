/* The patient's own link of a visit. */
#include "modules/agenda/visit_link.h"

#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/waiting.h"
#include "modules/company/company.h"
#include "platform/auth/key.h"

enum { LINK_AFTER_S = 24 * HOUR_S }; /* a visit that is over is shown for a day */

const char *link_token(Ctx *cx, int64_t id)
{
	return auth_mac(
		cx->mem, "visit", arena_printf(cx->mem, "%" PRId64 " %" PRId64, cx->company.v, id));
}

Err visit_link(Ctx *cx, int64_t id, const char **ret)
{
	const char *base, *token = link_token(cx, id);
	int64_t rows;

	TRY(company_base_url(cx, &base));
	TRY(sql_link_set(cx, id, secret_hash(cx->mem, token), &rows));
	*ret = arena_printf(cx->mem, "%s/consulta/%s", base, token);
	return OK;
}

static LinkState state_of(const Ctx *cx, const SqlLinkVisit *visit, const SqlDoorRuleRow *rule)
{
	if (!strcmp(visit->presence, "cancelled"))
		return LINK_CANCELLED;
	if (!strcmp(visit->presence, "done") || !strcmp(visit->presence, "no_show") ||
		visit->ends_at + LINK_AFTER_S <= cx->now)
		return LINK_OVER;
	if (strcmp(visit->presence, "scheduled") != 0)
		return LINK_HERE;
	return visit->starts_at - rule->cancel_minutes * (int64_t)MINUTE_S > cx->now ? LINK_OPEN
										     : LINK_LATE;
}

Err link_get(Ctx *cx, const char *token, SqlLinkVisit *ret, LinkState *ret_state)
{
	SqlDoorRuleRow rule;
	bool found;

	TRY(sql_link_visit(cx, secret_hash(cx->mem, token), ret, &found));
	if (!found)
		return err_tell(cx, ERR_NOT_FOUND,
			"Não há consulta neste link. Confira o endereço ou fale com a clínica.",
			"no visit has this token");
	TRY(rule_get(cx, &rule));
	*ret_state = state_of(cx, ret, &rule);
	return OK;
}

Err link_confirm(Ctx *cx, const char *token)
{
	SqlLinkVisit visit;
	LinkState state;

	TRY(link_get(cx, token, &visit, &state));
	if (state > LINK_HERE)
		return err_tell(cx, ERR_CONFLICT, "Esta consulta já passou ou foi desmarcada.",
			"visit %" PRId64 " is over", visit.id);
	if (!strcmp(visit.confirmation, "confirmed"))
		return OK;
	return agenda_set_confirmation(cx, (AppointmentId){ visit.id }, CONFIRMATION_CONFIRMED);
}

static Err check_open(Ctx *cx, LinkState state, int64_t id)
{
	if (state == LINK_OPEN)
		return OK;
	return err_tell(cx, ERR_CONFLICT,
		state == LINK_LATE
			? "Já está em cima da hora para mudar por aqui. Ligue para a clínica."
			: "Esta consulta não muda mais por aqui.",
		"visit %" PRId64 " may not be changed by its link", id);
}

static Err tell(Ctx *cx, const SqlLinkVisit *visit, const char *subject, const char *text,
	const char *link, const char *button)
{
	if (str_is_empty(visit->email))
		return OK;
	return door_send(cx, &(DoorLetter){ .to = visit->email,
				     .name = visit->patient,
				     .subject = subject,
				     .text = text,
				     .link = link,
				     .button = button });
}

static const char *when(Ctx *cx, int64_t at, const char *zone)
{
	return arena_printf(cx->mem, "%s às %s", date_text_long(cx->mem, date_today(at, zone)),
		time_text_hm(cx->mem, at, zone));
}

Err link_cancel(Ctx *cx, const char *token, const char *reason)
{
	SqlLinkVisit visit;
	const char *base;
	LinkState state;

	TRY(link_get(cx, token, &visit, &state));
	TRY(check_open(cx, state, visit.id));
	TRY(agenda_cancel(
		cx, (AppointmentId){ visit.id }, /* by_patient= */ true, reason, SCOPE_ONE));
	TRY(company_base_url(cx, &base));
	return tell(cx, &visit, "Consulta desmarcada",
		arena_printf(cx->mem, "Sua consulta de %s com %s foi desmarcada, como você pediu.",
			when(cx, visit.starts_at, visit.zone), visit.dentist),
		arena_printf(cx->mem, "%s/agendar", base), "Marcar outra");
}

Err link_move(Ctx *cx, const char *token, const Slot *picked)
{
	Slot slot = *picked;
	Appointment visit;
	SqlLinkVisit old;
	const char *link;
	LinkState state;
	Booking in;

	TRY(link_get(cx, token, &old, &state));
	TRY(check_open(cx, state, old.id));
	TRY(agenda_get(cx, (AppointmentId){ old.id }, &visit));
	slot.dentist_id = visit.dentist_id;
	TRY(slot_find_shown(cx, visit.visit_type_id,
		(int)((visit.ends_at - visit.starts_at) / MINUTE_S), /* online= */ false, &slot,
		&slot));
	in = agenda_booking_of(&visit);
	in.starts_at = slot.starts_at;
	in.ends_at = slot.starts_at + (visit.ends_at - visit.starts_at);
	in.branch_id = slot.branch_id;
	in.chair_id = slot.chair_id;
	in.encaixe = in.outside_hours = false;
	TRY(agenda_move(cx, (AppointmentId){ old.id }, &in, SCOPE_ONE));
	TRY(visit_link(cx, old.id, &link));
	return tell(cx, &old, "Consulta remarcada",
		arena_printf(cx->mem, "Sua consulta com %s mudou para %s.", old.dentist,
			when(cx, slot.starts_at, old.zone)),
		link, "Ver a consulta");
}
