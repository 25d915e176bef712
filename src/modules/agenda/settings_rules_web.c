/* Configurações › Agenda: rules of the screen and of offers; the public page; the kiosk's address.
 */
#include "core/clock.h"
#include "core/random.h"
#include "modules/agenda/doors_view.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"

#define HOME "/settings/agenda"

static Err view_of(Req *q, RulesView *ret)
{
	SqlDoorDentists *dentist;
	SqlDoorTypes *type;
	size_t count;

	ret->q = q;
	TRY(rule_get(q->cx, &ret->rule));
	TRY(company_base_url(q->cx, &ret->base));
	TRY(sql_door_dentists(q->cx, &dentist, &count));
	for (size_t i = 0; i < count; i++)
		ret->dentists += dentist[i].active && dentist[i].online && dentist[i].shifts;
	TRY(sql_door_types(q->cx, &type, &count));
	for (size_t i = 0; i < count; i++)
		ret->types += type[i].active && type[i].online;
	return OK;
}

static Err page_rules(Req *q, int status)
{
	RulesView view = { 0 };

	TRY(view_of(q, &view));
	settings_rules_page(&q->html, &view);
	return send_html(q, status);
}

static Err page_online(Req *q, const char *kiosk, int status)
{
	RulesView view = { .kiosk = kiosk };

	TRY(view_of(q, &view));
	settings_online_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/agenda/rules */
static Err show_rules(Req *q)
{
	return page_rules(q, 200);
}

/* GET /settings/agenda/online */
static Err show_online(Req *q)
{
	return page_online(q, NULL, 200);
}

typedef struct RuleForm {
	const char *opens, *closes, *step;
	bool offer_auto;
	int64_t offer_count, offer_minutes, version;
} RuleForm;

static const Field rule_fields[] = {
	FIELD(RuleForm, opens, FIELD_TEXT, "Primeira hora", 1, 5, true),
	FIELD(RuleForm, closes, FIELD_TEXT, "Última hora", 1, 5, true),
	CHOICE_FIELD(RuleForm, step, "Passo", "5 10 15 20 30 60", true),
	FIELD(RuleForm, offer_auto, FIELD_BOOL, "Oferecer sozinho", 0, 0, false),
	FIELD(RuleForm, offer_count, FIELD_INT, "Pessoas", 1, 20, true),
	FIELD(RuleForm, offer_minutes, FIELD_INT, "Validade", 5, 1440, true),
	FIELD(RuleForm, version, FIELD_INT, "Versão", 0, INT32_MAX, true),
};

static Err done(Ctx *cx, int64_t rows)
{
	if (!rows)
		return err_set(cx, ERR_CONFLICT, "the rules changed meanwhile");
	agenda_frame_changed(cx, cx->now);
	return audit_add_change(cx, &(Change){ .action = "agenda.rule", .subject = "agenda" });
}

static Err save_rules(Ctx *cx, const RuleForm *in)
{
	int64_t rows, step = 0;
	int from, to;

	if (!time_parse_hm(in->opens, &from))
		return err_field(cx, "opens", "Escreva a hora como 07:00.");
	if (!time_parse_hm(in->closes, &to))
		return err_field(cx, "closes", "Escreva a hora como 20:00.");
	to = to ? to : 1440;
	if (to < from + 60)
		return err_field(cx, "closes", "A tela precisa de pelo menos uma hora.");
	if (!str_int64(str_of(in->step), &step))
		return err_field(cx, "step", "Escolha um passo da lista.");
	TRY(sql_door_rule_begin(cx, &rows));
	TRY(sql_door_rule_save_screen(cx,
		&(SqlDoorRuleSaveScreenIn){ .step_minutes = (int32_t)step,
			.open_minute = from,
			.close_minute = to,
			.offer_auto = in->offer_auto,
			.offer_count = (int32_t)in->offer_count,
			.offer_minutes = (int32_t)in->offer_minutes,
			.version = (int32_t)in->version },
		&rows));
	return done(cx, rows);
}

/* POST /settings/agenda/rules. 303; 422 with the form; 409 when they changed meanwhile. */
static Err update_rules(Req *q)
{
	RuleForm in;
	Err err = form_read(q, rule_fields, COUNT(rule_fields), &in) ? save_rules(q->cx, &in)
								     : ERR_INVALID;

	if (err == ERR_INVALID)
		return page_rules(q, 422);
	TRY(err);
	answer_toast(q, "Regras salvas", NULL);
	return redirect(q, HOME "/rules");
}

typedef struct OnlineForm {
	bool online;
	int64_t notice_hours, horizon_days, cancel_hours;
	const char *welcome;
	int64_t version;
} OnlineForm;

static const Field online_fields[] = {
	FIELD(OnlineForm, online, FIELD_BOOL, "Agendamento on-line", 0, 0, false),
	FIELD(OnlineForm, notice_hours, FIELD_INT, "Antecedência", 0, 720, true),
	FIELD(OnlineForm, horizon_days, FIELD_INT, "Até quantos dias", 1, 365, true),
	FIELD(OnlineForm, cancel_hours, FIELD_INT, "Prazo", 0, 720, true),
	FIELD(OnlineForm, welcome, FIELD_LONG, "Texto", 0, 500, false),
	FIELD(OnlineForm, version, FIELD_INT, "Versão", 0, INT32_MAX, true),
};

static Err save_online(Ctx *cx, const OnlineForm *in)
{
	int64_t rows;

	TRY(sql_door_rule_begin(cx, &rows));
	TRY(sql_door_rule_save_online(cx, in->online, (int32_t)in->notice_hours * 60,
		(int32_t)in->horizon_days, (int32_t)in->cancel_hours * 60, in->welcome,
		(int32_t)in->version, &rows));
	return done(cx, rows);
}

/* POST /settings/agenda/online. 303; 422 with the form; 409 when they changed meanwhile. */
static Err update_online(Req *q)
{
	OnlineForm in;
	Err err = form_read(q, online_fields, COUNT(online_fields), &in) ? save_online(q->cx, &in)
									 : ERR_INVALID;

	if (err == ERR_INVALID)
		return page_online(q, NULL, 422);
	TRY(err);
	answer_toast(q, in.online ? "Agendamento on-line no ar" : "Regras salvas", NULL);
	return redirect(q, HOME "/online");
}

/* POST /settings/agenda/kiosk: a new address, shown this once; with off, none. */
static Err renew_kiosk(Req *q)
{
	bool off = form_value(&q->form, "off") != NULL;
	const char *secret = crypto_token(q->cx->mem, 32), *base;
	int64_t rows;

	TRY(sql_door_rule_begin(q->cx, &rows));
	TRY(sql_door_rule_set_kiosk(q->cx, off ? NULL : secret_hash(q->cx->mem, secret), &rows));
	TRY(audit_add_change(q->cx,
		&(Change){ .action = off ? "kiosk.revoke" : "kiosk.renew", .subject = "agenda" }));
	if (off) {
		answer_toast(q, "Quiosque desligado", NULL);
		return redirect(q, HOME "/online");
	}
	TRY(company_base_url(q->cx, &base));
	return page_online(q, arena_printf(q->cx->mem, "%s/quiosque/%s", base, secret), 200);
}

#define ADMIN "agenda.admin"

static const Route routes[] = {
	{ GET, HOME "/rules", show_rules, ADMIN },
	{ POST, HOME "/rules", update_rules, ADMIN },
	{ GET, HOME "/online", show_online, ADMIN },
	{ POST, HOME "/online", update_online, ADMIN },
	{ POST, HOME "/kiosk", renew_kiosk, ADMIN },
};
const RouteList settings_rule_routes = { routes, COUNT(routes), &waiting_routes };
