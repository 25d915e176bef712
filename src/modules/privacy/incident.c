/* The register of incidents, version by version, and when each duty is due. */
#include "modules/privacy/incident.h"

#include "core/clock.h"
#include "modules/audit/audit.h"
#include "modules/privacy/incident.sql.h"

enum { INCIDENT_LIST_MAX = 500 };

const Field incident_fields[INCIDENT_FIELDS] = {
	FIELD(IncidentForm, title, FIELD_TEXT, "Título", 1, 120, true),
	FIELD(IncidentForm, what, FIELD_LONG, "O que aconteceu", 1, 4000, true),
	FIELD(IncidentForm, happened_at, FIELD_TIME, "Quando aconteceu", 0, 0, false),
	FIELD(IncidentForm, known_at, FIELD_TIME, "Quando a clínica soube", 0, 0, true),
	FIELD(IncidentForm, data, FIELD_LONG, "Quais dados", 1, 2000, true),
	FIELD(IncidentForm, people, FIELD_TEXT, "Quantas pessoas", 0, 9, false),
	{ .name = "criteria",
		.title = "Critérios",
		.type = FIELD_TEXTS,
		.offset = offsetof(IncidentForm, criteria),
		.max = INCIDENT_CRITERIA,
		.choices = "sensitive children financial credentials secrecy large" },
	CHOICE_FIELD(IncidentForm, risk, "Risco", "open relevant none", true),
	FIELD(IncidentForm, risk_why, FIELD_LONG, "Por que esta avaliação", 0, 2000, false),
	FIELD(IncidentForm, measures, FIELD_LONG, "Medidas tomadas", 0, 4000, false),
	FIELD(IncidentForm, anpd_on, FIELD_DATE, "Comunicado à ANPD em", 0, 0, false),
	FIELD(IncidentForm, anpd_protocol, FIELD_TEXT, "Protocolo na ANPD", 0, 80, false),
	FIELD(IncidentForm, complement_on, FIELD_DATE, "Complemento enviado em", 0, 0, false),
	FIELD(IncidentForm, people_on, FIELD_DATE, "Pessoas avisadas em", 0, 0, false),
	FIELD(IncidentForm, people_how, FIELD_LONG, "Como foram avisadas", 0, 1000, false),
	FIELD(IncidentForm, ended_on, FIELD_DATE, "Encerrado em", 0, 0, false),
	FIELD(IncidentForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

const UiOption incident_criteria[INCIDENT_CRITERIA] = {
	{ .value = "sensitive", .label = "Dados sensíveis (saúde, biometria)" },
	{ .value = "children", .label = "Crianças, adolescentes ou idosos" },
	{ .value = "financial", .label = "Dados financeiros" },
	{ .value = "credentials", .label = "Senhas e acessos a sistemas" },
	{ .value = "secrecy", .label = "Sigilo profissional ou legal" },
	{ .value = "large", .label = "Larga escala" },
};

const UiOption incident_risks[INCIDENT_RISKS] = {
	{ .value = "open", .label = "Em avaliação", .hint = "Os prazos já correm" },
	{ .value = "relevant",
		.label = "Pode causar risco ou dano relevante",
		.hint = "Comunicar à ANPD e às pessoas" },
	{ .value = "none",
		.label = "Sem risco ou dano relevante",
		.hint = "Fica no registro, com o porquê" },
};

const char *incident_criterion_title(const char *criterion)
{
	return ui_option_label(incident_criteria, COUNT(incident_criteria), criterion);
}

const char *incident_risk_title(const char *risk)
{
	return ui_option_label(incident_risks, COUNT(incident_risks), risk);
}

/* ---- due dates ---- */

static bool is_business_day(int32_t date)
{
	bool optional = false;
	const char *holiday = date_holiday(date, &optional);

	return date_weekday(date) <= 5 && (!holiday || optional);
}

int32_t business_day(int32_t date, int n)
{
	int step = n < 0 ? -1 : 1;

	while (n) {
		date += step;
		if (is_business_day(date))
			n -= step;
	}
	return date;
}

size_t incident_duties(const Incident *in, IncidentDuty ret[INCIDENT_DUTIES])
{
	size_t count = 0;

	if (in->ended_on != DATE_NONE || !strcmp(in->risk, "none"))
		return 0;
	if (!strcmp(in->risk, "open"))
		ret[count++] = (IncidentDuty){ "judge", "Avaliar o risco", in->due_on };
	if (in->anpd_on == DATE_NONE)
		ret[count++] = (IncidentDuty){ "anpd", "Comunicar à ANPD", in->due_on };
	else if (in->complement_on == DATE_NONE)
		ret[count++] = (IncidentDuty){ "complement", "Complementar o que faltou à ANPD",
			in->complement_due_on };
	if (in->people_on == DATE_NONE)
		ret[count++] = (IncidentDuty){ "people", "Avisar as pessoas", in->due_on };
	return count;
}

/* ---- reading ---- */

static int32_t date_of_column(int32_t date, bool null)
{
	return null ? DATE_NONE : date;
}

static Incident incident_of_row(const SqlIncidentRow *r)
{
	return (Incident){
		.id = r->id,
		.version = r->version,
		.title = r->title,
		.what = r->what,
		.happened_at = r->happened_at_null ? 0 : r->happened_at,
		.known_at = r->known_at,
		.data = r->data,
		.people = r->people_null ? -1 : r->people,
		.criteria = r->criteria,
		.risk = r->risk,
		.risk_why = r->risk_why,
		.measures = r->measures,
		.anpd_on = date_of_column(r->anpd_on, r->anpd_on_null),
		.anpd_protocol = r->anpd_protocol,
		.complement_on = date_of_column(r->complement_on, r->complement_on_null),
		.people_on = date_of_column(r->people_on, r->people_on_null),
		.people_how = r->people_how,
		.ended_on = date_of_column(r->ended_on, r->ended_on_null),
		.due_on = r->due_on,
		.complement_due_on =
			date_of_column(r->complement_due_on, r->complement_due_on_null),
		.at = r->at,
		.who = r->who,
	};
}

static Incident *incidents_of_rows(Ctx *cx, const SqlIncidentRow *row, size_t count)
{
	Incident *list = NEW_ARRAY(cx->mem, Incident, count + 1);

	for (size_t i = 0; i < count; i++)
		list[i] = incident_of_row(&row[i]);
	return list;
}

Err incident_get(Ctx *cx, int64_t id, Incident *ret)
{
	SqlIncidentRow row;

	TRY(sql_incident_by_id(cx, id, &row));
	*ret = incident_of_row(&row);
	return OK;
}

Err incident_list(Ctx *cx, Incident **ret, size_t *ret_count)
{
	SqlIncidentRow *row;

	TRY(sql_incident_list(cx, INCIDENT_LIST_MAX, &row, ret_count));
	*ret = incidents_of_rows(cx, row, *ret_count);
	return OK;
}

Err incident_list_versions(Ctx *cx, int64_t id, Incident **ret, size_t *ret_count)
{
	SqlIncidentRow *row;

	TRY(sql_incident_versions(cx, id, &row, ret_count));
	*ret = incidents_of_rows(cx, row, *ret_count);
	return OK;
}

static bool same_list(Strs a, Strs b)
{
	if (a.count != b.count)
		return false;
	for (size_t i = 0; i < a.count; i++)
		if (strcmp(a.v[i], b.v[i]) != 0)
			return false;
	return true;
}

const char *incident_difference(Arena *mem, const Incident *a, const Incident *b)
{
	const struct {
		const char *title;
		bool same;
	} part[] = {
		{ "Título", str_same(a->title, b->title) },
		{ "O que aconteceu", str_same(a->what, b->what) },
		{ "Quando aconteceu", a->happened_at == b->happened_at },
		{ "Quando a clínica soube", a->known_at == b->known_at },
		{ "Quais dados", str_same(a->data, b->data) },
		{ "Quantas pessoas", a->people == b->people },
		{ "Critérios", same_list(a->criteria, b->criteria) },
		{ "Risco", str_same(a->risk, b->risk) && str_same(a->risk_why, b->risk_why) },
		{ "Medidas tomadas", str_same(a->measures, b->measures) },
		{ "Comunicação à ANPD", a->anpd_on == b->anpd_on &&
						a->complement_on == b->complement_on &&
						str_same(a->anpd_protocol, b->anpd_protocol) },
		{ "Aviso às pessoas",
			a->people_on == b->people_on && str_same(a->people_how, b->people_how) },
		{ "Encerramento", a->ended_on == b->ended_on },
	};
	Buf text;

	buf_init(&text, mem, 200);
	for (size_t i = 0; i < COUNT(part); i++)
		if (!part[i].same)
			buf_printf(&text, "%s%s", text.len ? ", " : "", part[i].title);
	return buf_text(&text);
}

/* ---- writing ---- */

static bool is_relevant(const IncidentForm *in)
{
	return !strcmp(in->risk, "relevant");
}

static Err check_dates(Ctx *cx, const IncidentForm *in)
{
	static const char future[] = "Esta data ainda não chegou.";
	int32_t today = date_today(cx->now, cx->zone);

	if (in->known_at > cx->now)
		return err_field(cx, "known_at", future);
	if (in->happened_at > in->known_at)
		return err_field(cx, "happened_at", "Não pode ser depois de a clínica saber.");
	if (in->anpd_on > today)
		return err_field(cx, "anpd_on", future);
	if (in->people_on > today)
		return err_field(cx, "people_on", future);
	if (in->ended_on > today)
		return err_field(cx, "ended_on", future);
	if (in->complement_on > today)
		return err_field(cx, "complement_on", future);
	if (in->complement_on != DATE_NONE && in->complement_on < in->anpd_on)
		return err_field(cx, "complement_on", "O complemento vem depois da comunicação.");
	if (in->complement_on != DATE_NONE && in->anpd_on == DATE_NONE)
		return err_field(cx, "anpd_on", "Diga quando a ANPD foi comunicada.");
	return OK;
}

static Err check(Ctx *cx, const IncidentForm *in)
{
	TRY(check_dates(cx, in));
	if (in->people && in->people[strspn(in->people, "0123456789")])
		return err_field(cx, "people", "Escreva um número, ou deixe vazio se não se sabe.");
	if (strcmp(in->risk, "open") != 0 && !in->risk_why)
		return err_field(cx, "risk_why", "Diga por quê: é a prova da avaliação.");
	if (in->ended_on == DATE_NONE)
		return OK;
	if (!strcmp(in->risk, "open"))
		return err_field(cx, "risk", "Avalie o risco antes de encerrar.");
	if (is_relevant(in) && in->anpd_on == DATE_NONE)
		return err_field(cx, "anpd_on",
			"Com risco relevante, só se encerra o que foi "
			"comunicado à ANPD.");
	if (is_relevant(in) && in->people_on == DATE_NONE)
		return err_field(cx, "people_on",
			"Com risco relevante, só se encerra depois de avisar as pessoas.");
	return OK;
}

static Err write_version(Ctx *cx, int64_t id, const IncidentForm *in)
{
	int64_t people = in->people ? strtoll(in->people, NULL, 10) : 0, rows;
	int32_t due, complement_due = DATE_NONE;
	PrivacyProfile profile;

	TRY(privacy_get_profile(cx, &profile));
	due = business_day(date_today(in->known_at, cx->zone),
		INCIDENT_DAYS * (profile.small_agent ? INCIDENT_SMALL_TIMES : 1));
	if (in->anpd_on != DATE_NONE)
		complement_due = business_day(in->anpd_on, INCIDENT_COMPLEMENT_DAYS);
	TRY(sql_incident_version_insert(cx,
		&(SqlIncidentVersionInsertIn){ .id = id,
			.version = (int32_t)in->version + 1,
			.title = in->title,
			.what = in->what,
			.happened = db_id_or_null(&in->happened_at),
			.known = in->known_at,
			.data = in->data,
			.people = in->people ? &people : NULL,
			.criteria = in->criteria,
			.risk = in->risk,
			.risk_why = in->risk_why,
			.measures = in->measures,
			.anpd_on = &in->anpd_on,
			.anpd_protocol = in->anpd_protocol,
			.complement_on = &in->complement_on,
			.people_on = &in->people_on,
			.people_how = in->people_how,
			.ended_on = &in->ended_on,
			.due = due,
			.complement_due = &complement_due,
			.at = cx->now,
			.user_id = db_id_or_null(&cx->user.v) },
		&rows));
	if (!rows)
		return err_set(cx, ERR_STALE, "incident %" PRId64 " is past version %" PRId64, id,
			in->version);
	return job_add(cx, "privacy.incident", "{}", NULL);
}

Err incident_add(Ctx *cx, const IncidentForm *in, int64_t *ret_id)
{
	IncidentForm first = *in;
	SqlIncidentInsert row;

	TRY(check(cx, in));
	TRY(sql_incident_insert(cx, cx->now, db_id_or_null(&cx->user.v), &row));
	first.version = 0;
	TRY(write_version(cx, row.id, &first));
	*ret_id = row.id;
	return audit_add_change(cx,
		&(Change){ .action = "incident.add", .subject = "incident", .subject_id = row.id });
}

Err incident_save(Ctx *cx, int64_t id, const IncidentForm *in)
{
	Incident before, after;
	Diff diff;

	TRY(check(cx, in));
	TRY(incident_get(cx, id, &before));
	TRY(write_version(cx, id, in));
	TRY(incident_get(cx, id, &after));
	diff_begin(&diff, cx->mem);
	diff_int(&diff, "version", before.version, after.version);
	return audit_add_change(
		cx, &(Change){ .action = "incident.save",
			    .subject = "incident",
			    .subject_id = id,
			    .diff = diff_done(&diff),
			    .reason = incident_difference(cx->mem, &before, &after) });
}

/* ---- patients ---- */

Err incident_list_patients(Ctx *cx, int64_t id, IncidentPatient **ret, size_t *ret_count)
{
	SqlIncidentPatients *row;

	TRY(sql_incident_patients(cx, id, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, IncidentPatient, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (IncidentPatient){ row[i].patient_id, row[i].name };
	return OK;
}

Err incident_link_patient(Ctx *cx, int64_t id, PatientId patient, bool affected)
{
	Incident incident;
	PatientHead head;
	Change change = { .action = affected ? "incident.link" : "incident.unlink",
		.subject = "incident",
		.subject_id = id };
	int64_t rows;

	TRY(incident_get(cx, id, &incident));
	TRY(patient_head_ask(cx, patient));
	TRY(patient_head_read(cx, &head));
	TRY(sql_incident_patient_insert(cx, id, affected ? head.id : patient.v, affected, cx->now,
		db_id_or_null(&cx->user.v), &rows));
	change.reason = arena_printf(cx->mem, "Paciente %" PRId64, patient.v);
	return audit_add_change(cx, &change);
}

/* ---- who answers for data protection ---- */

const Field privacy_profile_fields[PRIVACY_PROFILE_FIELDS] = {
	FIELD(PrivacyProfile, small_agent, FIELD_BOOL, "Agente de pequeno porte", 0, 0, false),
	FIELD(PrivacyProfile, officer_name, FIELD_TEXT, "Encarregado", 0, 120, false),
	FIELD(PrivacyProfile, officer_email, FIELD_EMAIL, "E-mail", 0, 254, false),
	FIELD(PrivacyProfile, officer_phone, FIELD_PHONE, "Telefone", 0, 0, false),
};

Err privacy_get_profile(Ctx *cx, PrivacyProfile *ret)
{
	SqlPrivacyProfile row;
	bool found;

	*ret = (PrivacyProfile){ 0 };
	TRY(sql_privacy_profile(cx, &row, &found));
	if (found)
		*ret = (PrivacyProfile){ row.small_agent, row.officer_name, row.officer_email,
			row.officer_phone };
	return OK;
}

Err privacy_save_profile(Ctx *cx, const PrivacyProfile *in)
{
	PrivacyProfile old;
	int64_t rows;
	Diff diff;

	if (in->officer_name && !in->officer_email && !in->officer_phone)
		return err_field(cx, "officer_email", "Diga como falar com o encarregado.");
	TRY(privacy_get_profile(cx, &old));
	TRY(sql_privacy_profile_save(cx, in->small_agent, in->officer_name, in->officer_email,
		in->officer_phone, &rows));
	diff_begin(&diff, cx->mem);
	diff_int(&diff, "small_agent", old.small_agent, in->small_agent);
	diff_text(&diff, "officer_name", old.officer_name, in->officer_name);
	diff_text(&diff, "officer_email", old.officer_email, in->officer_email);
	diff_text(&diff, "officer_phone", old.officer_phone, in->officer_phone);
	return audit_add_change(cx, &(Change){ .action = "privacy.profile",
					    .subject = "company",
					    .subject_id = cx->company.v,
					    .diff = diff_done(&diff) });
}
