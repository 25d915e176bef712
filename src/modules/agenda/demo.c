/* The demonstration's agenda: four dentists, a full today in all its states, and three weeks around
 * it. Fixed, but for the clock: what is past, present and to come follows cx->now. */
#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/agenda/agenda_rooms.h"

enum { DENTISTS = 4, DAYS_BACK = 10, DAYS_ON = 14, POOL_MOST = 500 };

static const struct {
	int64_t company;
	const char *name, *prefix, *specialty, *tone;
} demo_dentists[] = {
	{ 1, "Ianara Pinho", "Dra.", "Ortodontia", "teal" },
	{ 1, "Marcelo Tavares", "Dr.", "Implantodontia", "violet" },
	{ 1, "Camila Brandão", "Dra.", "Endodontia", "pink" },
	{ 1, "Caio Freire", "Dr.", "Clínica geral", "orange" },
	{ 2, "Aurora Meireles", "Dra.", "Ortodontia", "pink" },
	{ 2, "Diego Salles", "Dr.", "Implantodontia", "blue" },
	{ 2, "Lívia Castro", "Dra.", "Endodontia", "amber" },
	{ 2, "Nélson Prado", "Dr.", "Clínica geral", "green" },
};

/* Lunch of each column is the gap between these. */
static const int noon[DENTISTS][2] = { { 720, 810 }, { 720, 780 }, { 720, 780 }, { 720, 810 } };
enum { OPEN = 480, CLOSE = 1080 };

typedef struct DemoVisit {
	int dentist, from, to; /* minutes of the day */
	const char *patient, *title, *type;
	bool confirmed;
} DemoVisit;

/* clang-format off */
static const DemoVisit today_visits[] = {
	{ 0, 480, 510, "Beatriz Almeida", "Manutenção", "Manutenção de aparelho", true },
	{ 0, 510, 540, "Lucas Ferraz", "Manutenção", "Manutenção de aparelho", true },
	{ 0, 540, 600, "Helena Prado", "Instalação de aparelho fixo", "Manutenção de aparelho", true },
	{ 0, 615, 660, "Mariana Siqueira", "Planejamento de alinhadores", "Avaliação", true },
	{ 0, 660, 690, "Pedro Henrique Lima", "Manutenção", "Manutenção de aparelho", true },
	{ 0, 690, 720, "João Vitor Rocha", "Manutenção", "Manutenção de aparelho", true },
	{ 0, 810, 840, "Sofia Martins", "Manutenção", "Manutenção de aparelho", true },
	{ 0, 840, 900, "Larissa Campos", "Avaliação ortodôntica", "Avaliação", false },
	{ 0, 915, 960, "Gabriel Torres", "Contenção", "Manutenção de aparelho", true },
	{ 0, 960, 990, "Isabela Nunes", "Manutenção", "Manutenção de aparelho", false },
	{ 1, 480, 570, "Antônio Carlos Reis", "Implante 36, cirurgia", "Cirurgia", true },
	{ 1, 600, 720, "Sônia Regina Barreto", "Preparo de coroa, dente 26", "Prótese", true },
	{ 1, 780, 870, "Roberto Azevedo", "Instalação de prótese", "Prótese", true },
	{ 1, 870, 900, "Vera Lúcia Matos", "Retirada de pontos", "Retorno", true },
	{ 1, 930, 1020, "Cláudio Menezes", "Implante 46, cirurgia", "Cirurgia", false },
	{ 1, 1020, 1050, "Eduardo Pinheiro", "Avaliação", "Avaliação", false },
	{ 2, 510, 570, "Renato Duarte", "Canal 14, 2ª sessão", "Canal", false },
	{ 2, 570, 630, "Fernanda Lopes", "Canal 24, 1ª sessão", "Canal", true },
	{ 2, 645, 720, "Juliana Castro", "Retratamento de canal 16", "Canal", true },
	{ 2, 780, 870, "Marcos Vinícius Sá", "Canal 37", "Canal", true },
	{ 2, 900, 960, "Ana Paula Dias", "Dor aguda, dente 45", "Urgência", false },
	{ 2, 990, 1050, "Tatiane Rocha", "Canal 11, finalização", "Canal", true },
	{ 3, 480, 525, "Davi Monteiro", "Profilaxia e flúor", "Profilaxia", true },
	{ 3, 540, 600, "Carla Moreira", "Restauração 24 e 25", "Restauração", true },
	{ 3, 630, 675, "Thiago Ramos", "Restauração 46", "Restauração", true },
	{ 3, 675, 720, "Patrícia Gomes", "Clareamento, sessão 2", "Clareamento", true },
	{ 3, 810, 855, "Luiza Andrade", "Profilaxia", "Profilaxia", true },
	{ 3, 870, 930, "Felipe Araújo", "Restauração 11", "Restauração", false },
	{ 3, 930, 960, "Bianca Teles", "Retorno", "Retorno", false },
};
/* clang-format on */

/* Who does not come today, whatever the hour. */
static const char *const missing_patient = "Renato Duarte";

/* What each column does on other days. */
static const struct {
	const char *title, *type;
	int minutes;
} usual[DENTISTS][4] = {
	{ { "Manutenção", "Manutenção de aparelho", 30 },
		{ "Avaliação ortodôntica", "Avaliação", 45 },
		{ "Colagem de braquetes", "Manutenção de aparelho", 60 },
		{ "Contenção", "Manutenção de aparelho", 30 } },
	{ { "Implante, cirurgia", "Cirurgia", 90 }, { "Moldagem", "Prótese", 60 },
		{ "Retirada de pontos", "Retorno", 30 }, { "Avaliação", "Avaliação", 30 } },
	{ { "Canal, 1ª sessão", "Canal", 90 }, { "Canal, finalização", "Canal", 60 },
		{ "Dor aguda", "Urgência", 45 }, { "Retorno", "Retorno", 30 } },
	{ { "Profilaxia", "Profilaxia", 45 }, { "Restauração", "Restauração", 60 },
		{ "Clareamento", "Clareamento", 60 }, { "Retorno", "Retorno", 30 } },
};

typedef struct Demo {
	const char *zone;
	int64_t branch, dentist[DENTISTS], chair[DENTISTS];
	SqlAgendaVisitTypes *type;
	size_t type_count;
	SqlAgendaDemoPatients *patient;
	size_t patient_count;
	int32_t today;
	uint64_t seed;
} Demo;

/* ---- the frame ---- */

static int64_t moment(const Demo *demo, int32_t date, int minute)
{
	return time_of_minute(date, minute, demo->zone);
}

static bool is_closed(int32_t date)
{
	bool optional;
	const char *holiday = date_holiday(date, &optional);

	return date_weekday(date) > 5 || (holiday && !optional);
}

static Err add_chairs(Ctx *cx, Demo *demo)
{
	SqlAgendaChairs *chair;
	int64_t rows;
	size_t count;

	for (int i = 1; i < DENTISTS; i++) /* the company has its first already */
		TRY(sql_agenda_add_chair(
			cx, demo->branch, arena_printf(cx->mem, "Sala %d", i + 1), i + 1, &rows));
	TRY(sql_agenda_chairs(cx, &chair, &count));
	for (size_t i = 0; i < count && i < DENTISTS; i++)
		demo->chair[i] = chair[i].id;
	return OK;
}

static Err add_shifts(Ctx *cx, const Demo *demo, int n)
{
	int64_t rows, user = demo->dentist[n];

	for (int weekday = 1; weekday <= 5; weekday++) {
		TRY(sql_agenda_demo_shift(
			cx, user, demo->branch, weekday, OPEN, noon[n][0], &rows));
		TRY(sql_agenda_demo_shift(
			cx, user, demo->branch, weekday, noon[n][1], CLOSE, &rows));
	}
	if (!is_closed(demo->today))
		return OK;
	TRY(sql_agenda_demo_extra(cx, user, demo->branch, moment(demo, demo->today, OPEN),
		moment(demo, demo->today, noon[n][0]), &rows));
	return sql_agenda_demo_extra(cx, user, demo->branch, moment(demo, demo->today, noon[n][1]),
		moment(demo, demo->today, CLOSE), &rows);
}

static Err add_dentists(Ctx *cx, Demo *demo)
{
	Member *member;
	size_t count;
	int n = 0;

	TRY(account_list_members(cx, /* role= */ NULL, &member, &count));
	for (size_t i = 0; i < COUNT(demo_dentists) && n < DENTISTS; i++) {
		int64_t rows;
		size_t k = 0;

		while (k < count && strcmp(member[k].name, demo_dentists[i].name) != 0)
			k++;
		if (k == count || demo_dentists[i].company != (cx->company.v > 1 ? 2 : 1))
			continue;
		demo->dentist[n] = member[k].user;
		TRY(sql_agenda_demo_dentist(cx,
			&(SqlAgendaDemoDentistIn){ .user_id = member[k].user,
				.prefix = demo_dentists[i].prefix,
				.specialty = demo_dentists[i].specialty,
				.tone = demo_dentists[i].tone,
				.position = n + 1,
				.chair_id = demo->chair[n],
				.online = n != 1 },
			&rows));
		TRY(add_shifts(cx, demo, n++));
	}
	return OK;
}

static Err add_blocks(Ctx *cx, const Demo *demo)
{
	int32_t monday = demo->today - date_weekday(demo->today) + 1;
	int64_t rows;
	bool optional;

	if (date_holiday(demo->today, &optional) && !optional)
		TRY(sql_agenda_demo_works(
			cx, demo->today, date_holiday(demo->today, &optional), &rows));
	TRY(sql_agenda_demo_block(cx, &demo->dentist[0], "meeting", "Reunião clínica",
		moment(demo, demo->today, 1020), moment(demo, demo->today, CLOSE), &rows));
	TRY(sql_agenda_demo_block(cx, &demo->dentist[3], "absence", "Capacitação",
		moment(demo, demo->today, 960), moment(demo, demo->today, CLOSE), &rows));
	TRY(sql_agenda_demo_block(cx, NULL, "meeting", "Reunião da equipe",
		moment(demo, monday + 11, 1020), moment(demo, monday + 11, CLOSE), &rows));
	return sql_agenda_demo_block(cx, &demo->dentist[1], "absence", "Congresso",
		moment(demo, monday + 9, 0), moment(demo, monday + 11, 0), &rows);
}

/* ---- patients ---- */

static int64_t type_named(const Demo *demo, const char *name)
{
	for (size_t i = 0; i < demo->type_count; i++)
		if (!strcmp(demo->type[i].name, name))
			return demo->type[i].id;
	return 0;
}

/* The patient of the clinic whose name begins so; a new one where there is none. */
static Err patient_named(Ctx *cx, Demo *demo, const char *name, size_t n, int64_t *ret)
{
	PatientId id;

	for (size_t i = 0; i < demo->patient_count; i++)
		if (str_starts(demo->patient[i].name, name)) {
			*ret = demo->patient[i].patient_id;
			return OK;
		}
	TRY(patient_register(cx,
		&(PatientForm){ .name = name,
			.birth = date_of(
				1960 + (int)(n * 7 % 45), 1 + (int)(n % 12), 1 + (int)(n * 5 % 28)),
			.phone = arena_printf(cx->mem, "+55119%04zu00%02zu", 5000 + n * 31, n) },
		/* source= */ NULL, /* lead_id= */ 0, &id));
	demo->patient[demo->patient_count++] =
		(SqlAgendaDemoPatients){ .patient_id = id.v, .name = name };
	*ret = id.v;
	return OK;
}

static Err load_patients(Ctx *cx, Demo *demo)
{
	SqlAgendaDemoPatients *row;
	int64_t id;

	TRY(sql_agenda_demo_patients(cx, &row, &demo->patient_count));
	demo->patient = NEW_ARRAY(
		cx->mem, SqlAgendaDemoPatients, demo->patient_count + COUNT(today_visits));
	memcpy(demo->patient, row, demo->patient_count * sizeof *row);
	for (size_t i = 0; i < COUNT(today_visits); i++)
		TRY(patient_named(cx, demo, today_visits[i].patient, i, &id));
	return OK;
}

static Err tell_figures(Ctx *cx, const Demo *demo)
{
	for (size_t i = 0; i < demo->patient_count; i++)
		TRY(visits_tell_patient(cx, demo->patient[i].patient_id));
	return OK;
}

/* ---- today ---- */

/* The minute that today is played at. The program may be shown at night or at lunch: then the
 * nearest minute at which somebody is in a chair. */
static int stage_minute(Ctx *cx, const Demo *demo)
{
	Clock clock = time_clock(cx->now, demo->zone);
	int minute = clock.hour * 60 + clock.minute;

	if (minute < 630)
		return 630;
	if (minute >= 710 && minute < 815)
		return minute < 765 ? 710 : 815;
	return minute > 990 ? 990 : minute;
}

static const int64_t *at_time(Ctx *cx, int64_t at)
{
	int64_t *copy = NEW(cx->mem, int64_t);

	*copy = at;
	return copy;
}

/* Where the visit stands at minute `now` of the day. */
static void play(Ctx *cx, const DemoVisit *visit, int now, SqlAgendaDemoVisitIn *in)
{
	bool waits = visit->from > now && visit->from <= now + 60 && visit->dentist % 2 == 0;
	int64_t seated = in->starts_at + 2 * MINUTE_S;

	in->presence = "scheduled";
	in->confirmation = visit->confirmed     ? "confirmed"
			   : visit->dentist % 2 ? "sent"
						: "not_sent";
	if (!strcmp(visit->patient, missing_patient) && visit->to <= now) {
		in->presence = "no_show";
	} else if (visit->to <= now) {
		in->presence = "done";
		in->arrived_at = at_time(cx, in->starts_at - 8 * MINUTE_S);
		in->seated_at = at_time(cx, seated);
		in->dismissed_at = at_time(cx, in->ends_at - 3 * MINUTE_S);
	} else if (visit->from <= now) {
		in->presence = "in_chair";
		if (seated > cx->now)
			seated = cx->now - 10 * MINUTE_S;
		in->arrived_at = at_time(cx, seated - 6 * MINUTE_S);
		in->seated_at = at_time(cx, seated);
	} else if (waits) {
		in->presence = "arrived";
		in->arrived_at = at_time(cx, cx->now - (visit->dentist ? 12 : 4) * MINUTE_S);
	}
}

static Err add_today(Ctx *cx, Demo *demo)
{
	int now = stage_minute(cx, demo);
	bool waiting[DENTISTS] = { false };

	for (size_t i = 0; i < COUNT(today_visits); i++) {
		const DemoVisit *visit = &today_visits[i];
		int64_t patient, rows;
		SqlAgendaDemoVisitIn in = { .branch_id = demo->branch,
			.dentist_id = demo->dentist[visit->dentist],
			.chair_id = &demo->chair[visit->dentist],
			.title = visit->title,
			.starts_at = moment(demo, demo->today, visit->from),
			.ends_at = moment(demo, demo->today, visit->to),
			.made_at = moment(demo, demo->today - 6 - (int)i % 9, OPEN + (int)i * 11) };
		int64_t type = type_named(demo, visit->type);

		TRY(patient_named(cx, demo, visit->patient, i, &patient));
		in.patient_id = patient;
		in.visit_type_id = &type;
		play(cx, visit, now, &in);
		if (!strcmp(in.presence, "arrived") && waiting[visit->dentist]) {
			in.presence = "scheduled"; /* one a column is enough */
			in.arrived_at = NULL;
		}
		waiting[visit->dentist] |= !strcmp(in.presence, "arrived");
		TRY(sql_agenda_demo_visit(cx, &in, &rows));
	}
	return OK;
}

/* ---- the days around ---- */

/* xorshift: the same visits in every demonstration. */
static int dice(Demo *demo, int sides)
{
	demo->seed ^= demo->seed << 13;
	demo->seed ^= demo->seed >> 7;
	demo->seed ^= demo->seed << 17;
	return (int)(demo->seed % (uint64_t)sides);
}

static void end_past(Ctx *cx, Demo *demo, SqlAgendaDemoVisitIn *in)
{
	int chance = dice(demo, 100);

	in->confirmation = chance < 80 ? "confirmed" : "no_answer";
	in->presence = chance < 90 ? "done" : chance < 95 ? "no_show" : "cancelled";
	if (chance < 90) {
		in->arrived_at = at_time(cx, in->starts_at - (chance % 15) * MINUTE_S);
		in->seated_at = at_time(cx, in->starts_at + (chance % 9) * MINUTE_S);
		in->dismissed_at = at_time(cx, in->ends_at - (chance % 6) * MINUTE_S);
	}
}

static void plan_future(Demo *demo, int days, SqlAgendaDemoVisitIn *in)
{
	int chance = dice(demo, 100);

	in->presence = chance < 4 ? "cancelled" : "scheduled";
	in->confirmation = days > 3      ? "not_sent"
			   : chance < 55 ? "confirmed"
			   : chance < 90 ? "sent"
					 : "declined";
}

static Err add_one(Ctx *cx, Demo *demo, int n, int32_t date, int minute, int length, int kind)
{
	int64_t type = type_named(demo, usual[n][kind].type), rows;
	SqlAgendaDemoVisitIn in = { .branch_id = demo->branch,
		.dentist_id = demo->dentist[n],
		.chair_id = &demo->chair[n],
		.patient_id = demo->patient[dice(demo, (int)demo->patient_count)].patient_id,
		.visit_type_id = &type,
		.title = usual[n][kind].title,
		.starts_at = moment(demo, date, minute),
		.ends_at = moment(demo, date, minute + length),
		.made_at = moment(demo, date - 3 - dice(demo, 20), OPEN + dice(demo, 500)) };

	if (date < demo->today)
		end_past(cx, demo, &in);
	else
		plan_future(demo, date - demo->today, &in);
	if (in.made_at > cx->now)
		in.made_at = cx->now - (1 + dice(demo, 72)) * (int64_t)HOUR_S;
	if (!strcmp(in.presence, "cancelled")) {
		in.cancelled_by = dice(demo, 3) ? "patient" : "clinic";
		in.cancel_reason = dice(demo, 2) ? "Imprevisto no trabalho" : "Remarcará";
	}
	return sql_agenda_demo_visit(cx, &in, &rows);
}

static Err add_column(Ctx *cx, Demo *demo, int n, int32_t date, int density)
{
	for (int minute = OPEN; minute < CLOSE;) {
		int kind = dice(demo, 4), length = usual[n][kind].minutes;
		int end = minute < noon[n][0] ? noon[n][0] : CLOSE;

		if (minute >= noon[n][0] && minute < noon[n][1]) {
			minute = noon[n][1];
			continue;
		}
		if (minute + length > end) {
			minute = end;
			continue;
		}
		if (dice(demo, 100) < density)
			TRY(add_one(cx, demo, n, date, minute, length, kind));
		else
			length = 30;
		minute += length;
	}
	return OK;
}

static Err add_days(Ctx *cx, Demo *demo)
{
	for (int day = -DAYS_BACK; day <= DAYS_ON; day++) {
		int32_t date = demo->today + day;
		int density = day <= 2 ? 86 : day <= 7 ? 66 : 40;

		if (!day || is_closed(date))
			continue;
		for (int n = 0; n < DENTISTS; n++)
			TRY(add_column(cx, demo, n, date, density));
	}
	return OK;
}

/* ---- who would like to come sooner ---- */

static Err add_waiting(Ctx *cx, Demo *demo)
{
	static const struct {
		const char *patient, *type, *note;
		int dentist, minutes, weekdays, from, to, priority;
	} waiting[] = {
		{ "Vera Lúcia Matos", "Retorno", "Prefere vir com a filha.", 1, 30, 31, 780, 1080,
			0 },
		{ "Eduardo Pinheiro", "Cirurgia", "Pode vir em cima da hora.", 1, 90, 31, 480, 1080,
			1 },
		{ "Luiza Andrade", "Clareamento", "Só de manhã.", 3, 60, 21, 480, 720, 0 },
		{ "Ana Paula Dias", "Canal", "Com dor; o primeiro horário que aparecer.", -1, 60,
			127, 480, 1080, 2 },
	};

	for (size_t i = 0; i < COUNT(waiting); i++) {
		int64_t patient, type = type_named(demo, waiting[i].type), rows;

		TRY(patient_named(cx, demo, waiting[i].patient, i, &patient));
		TRY(sql_agenda_demo_waiting(cx,
			&(SqlAgendaDemoWaitingIn){ .patient_id = patient,
				.dentist_id = waiting[i].dentist < 0
						      ? NULL
						      : &demo->dentist[waiting[i].dentist],
				.visit_type_id = &type,
				.minutes = waiting[i].minutes,
				.weekdays = waiting[i].weekdays,
				.from_minute = waiting[i].from,
				.to_minute = waiting[i].to,
				.priority = waiting[i].priority,
				.note = waiting[i].note },
			&rows));
	}
	return OK;
}

Err agenda_demo(Ctx *cx)
{
	Demo demo = { .seed = 0x5150u + (uint64_t)(cx->company.v > 1) };
	int64_t rows;
	Branch *branch;
	size_t count;

	TRY(company_list_branches(cx, &branch, &count));
	if (!count)
		return err_set(cx, ERR_BUG, "a company without a branch");
	demo.branch = branch[0].id;
	demo.zone = branch[0].zone;
	demo.today = date_today(cx->now, demo.zone);
	TRY(sql_agenda_visit_types(cx, &demo.type, &demo.type_count));
	TRY(add_chairs(cx, &demo));
	TRY(add_dentists(cx, &demo));
	TRY(add_blocks(cx, &demo));
	TRY(sql_agenda_demo_rule(cx, &rows));
	TRY(load_patients(cx, &demo));
	TRY(add_today(cx, &demo));
	TRY(add_days(cx, &demo));
	TRY(add_waiting(cx, &demo));
	return tell_figures(cx, &demo);
}
