/* Reminders of what an incident still asks for, while there is time: by notice and by e-mail. */
#include "modules/privacy/incident.h"

#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/company/company.h"
#include "modules/notice/notice.h"
#include "modules/privacy/incident.sql.h"
#include "platform/mail/mail.h"

/* NULL: too early to say anything. */
static const char *stage_of(int32_t due_on, int32_t today)
{
	if (today > due_on)
		return "late";
	if (today == due_on)
		return "day";
	return today >= business_day(due_on, -1) ? "before" : NULL;
}

/* The bell and the mailbox are read by others too: the duty and the day, nothing of the case. */
static Err tell(Ctx *cx, const Incident *incident, const IncidentDuty *duty, const char *stage)
{
	const char *path = arena_printf(cx->mem, "/incidents/%" PRId64, incident->id), *base;
	const char *title = !strcmp(stage, "late")
				    ? arena_printf(cx->mem, "Prazo vencido: %s", duty->title)
				    : arena_printf(cx->mem, "%s até %s", duty->title,
					      date_text(cx->mem, duty->due_on));
	static const char body[] = "Há um incidente de segurança no registro à espera disto.";
	Company company;
	Member *member;
	size_t count;

	TRY(company_get(cx, &company));
	TRY(company_base_url(cx, &base));
	TRY(account_list_holders(cx, "privacy.incident", &member, &count));
	for (size_t i = 0; i < count; i++) {
		TRY(notice_add(
			cx, member[i].user, title, body, path, "shield-alert", /* key= */ NULL));
		TRY(mail_send(cx,
			&(Letter){ .to = member[i].email,
				.to_name = member[i].name,
				.from_name = company.name,
				.reply_to = company.email,
				.subject = title,
				.text = arena_printf(cx->mem, "Olá, %s,\n\n%s %s.\n\n%s%s\n\n%s\n",
					member[i].name, body, title, base, path, company.name) },
			/* ret_id= */ NULL));
	}
	return OK;
}

static Err warn_of(Ctx *cx, const Incident *incident)
{
	int32_t today = date_today(cx->now, cx->zone);
	IncidentDuty duty[INCIDENT_DUTIES];
	size_t count = incident_duties(incident, duty);

	for (size_t i = 0; i < count; i++) {
		const char *stage = stage_of(duty[i].due_on, today);
		int64_t first = 0;

		if (stage)
			TRY(sql_incident_remind(cx, incident->id, duty[i].what, stage,
				duty[i].due_on, cx->now, &first));
		if (first)
			TRY(tell(cx, incident, &duty[i], stage));
	}
	return OK;
}

Err incident_warn(Ctx *cx, const char *data)
{
	Incident *incident;
	size_t count;

	(void)data;
	TRY(incident_list(cx, &incident, &count));
	for (size_t i = 0; i < count; i++)
		TRY(warn_of(cx, &incident[i]));
	return OK;
}
