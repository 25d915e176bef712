/* Consents, requests, who read, closing under the twenty years. */
#include "modules/privacy/privacy.h"

#include "core/clock.h"
#include "modules/audit/audit.h"
#include "modules/notice/notice.h"
#include "modules/privacy/privacy.sql.h"

const Field consent_text_fields[] = {
	CHOICE_FIELD(ConsentTextForm, purpose, "Finalidade",
		"treatment marketing images research ai", true),
	FIELD(ConsentTextForm, title, FIELD_TEXT, "Título", 1, 80, true),
	FIELD(ConsentTextForm, body, FIELD_LONG, "Texto", 1, 8000, true),
};
const size_t consent_text_field_count = COUNT(consent_text_fields);

const Field consent_fields[] = {
	FIELD(ConsentForm, text_id, FIELD_ID, "Termo", 0, 0, true),
	FIELD(ConsentForm, granted, FIELD_BOOL, "Autoriza", 0, 0, false),
	CHOICE_FIELD(ConsentForm, channel, "Como", "counter paper phone whatsapp email", true),
	FIELD(ConsentForm, evidence, FIELD_TEXT, "Comprovação", 0, 300, false),
};
const size_t consent_field_count = COUNT(consent_fields);

const Field privacy_request_fields[] = {
	CHOICE_FIELD(PrivacyRequestForm, kind, "Pedido",
		"access correction erasure portability sharing other", true),
	FIELD(PrivacyRequestForm, text, FIELD_LONG, "O que foi pedido", 0, 2000, false),
};
const size_t privacy_request_field_count = COUNT(privacy_request_fields);

const Field privacy_answer_fields[] = {
	FIELD(PrivacyAnswerForm, answer, FIELD_LONG, "Resposta", 1, 2000, true),
	FIELD(PrivacyAnswerForm, refused, FIELD_BOOL, "Não pôde ser atendido", 0, 0, false),
};
const size_t privacy_answer_field_count = COUNT(privacy_answer_fields);

const UiOption consent_purposes[CONSENT_PURPOSES] = {
	{ .value = "treatment", .label = "Atendimento e prontuário" },
	{ .value = "marketing", .label = "Novidades e campanhas" },
	{ .value = "images", .label = "Uso de imagens e antes e depois" },
	{ .value = "research", .label = "Pesquisa e ensino" },
	{ .value = "ai", .label = "Uso de inteligência artificial além do cuidado" },
};

const UiOption privacy_kinds[PRIVACY_KINDS] = {
	{ .value = "access", .label = "Acesso aos dados" },
	{ .value = "correction", .label = "Correção" },
	{ .value = "erasure", .label = "Eliminação" },
	{ .value = "portability", .label = "Cópia ou portabilidade" },
	{ .value = "sharing", .label = "Com quem foi compartilhado" },
	{ .value = "other", .label = "Outro" },
};

const char *consent_purpose_title(const char *purpose)
{
	return ui_option_label(consent_purposes, COUNT(consent_purposes), purpose);
}

const char *privacy_request_title(const char *kind)
{
	return ui_option_label(privacy_kinds, COUNT(privacy_kinds), kind);
}

static Err record(
	Ctx *cx, PatientId patient, const char *action, const char *title, const char *reason)
{
	TRY(audit_add_change(cx, &(Change){ .action = action,
					 .subject = "patient",
					 .subject_id = patient.v,
					 .reason = reason }));
	return audit_add_event(cx, &(Event){ .subject = "patient",
					   .subject_id = patient.v,
					   .kind = action,
					   .title = title });
}

/* ---- consents ---- */

Err consent_list_texts(Ctx *cx, ConsentText **ret, size_t *ret_count)
{
	SqlPrivacyTextCurrent *row;

	TRY(sql_privacy_text_current(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, ConsentText, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (ConsentText){ row[i].id, row[i].purpose, row[i].title, row[i].body,
			row[i].version };
	return OK;
}

Err consent_write_text(Ctx *cx, const ConsentTextForm *in)
{
	SqlPrivacyTextInsert row;

	TRY(sql_privacy_text_insert(
		cx, in->purpose, in->title, in->body, db_id_or_null(&cx->user.v), &row));
	return audit_add_change(cx, &(Change){ .action = "consent.text",
					    .subject = "consent_text",
					    .subject_id = row.id });
}

static Consent *consents_of_rows(Ctx *cx, const SqlPrivacyConsentRow *row, size_t count)
{
	Consent *list = NEW_ARRAY(cx->mem, Consent, count + 1);

	for (size_t i = 0; i < count; i++)
		list[i] = (Consent){ row[i].purpose, row[i].channel, row[i].evidence, row[i].who,
			row[i].granted, row[i].at, row[i].text_id, row[i].version };
	return list;
}

Err consent_list(Ctx *cx, PatientId patient, Consent **ret, size_t *ret_count)
{
	SqlPrivacyConsentRow *row;

	TRY(sql_privacy_consent_current(cx, patient.v, &row, ret_count));
	*ret = consents_of_rows(cx, row, *ret_count);
	return OK;
}

Err consent_list_log(Ctx *cx, PatientId patient, Consent **ret, size_t *ret_count)
{
	SqlPrivacyConsentRow *row;

	TRY(sql_privacy_consent_log(cx, patient.v, &row, ret_count));
	*ret = consents_of_rows(cx, row, *ret_count);
	return OK;
}

Err consent_give(Ctx *cx, PatientId patient, const ConsentForm *in)
{
	SqlPrivacyConsentInsert row;
	bool found;

	TRY(sql_privacy_consent_insert(cx,
		&(SqlPrivacyConsentInsertIn){ .patient = patient.v,
			.text = in->text_id,
			.granted = in->granted,
			.channel = in->channel,
			.evidence = in->evidence,
			.at = cx->now,
			.user_id = db_id_or_null(&cx->user.v) },
		&row, &found));
	if (!found)
		return err_set(cx, ERR_NOT_FOUND, "no consent text %" PRId64, in->text_id);
	return record(cx, patient, in->granted ? "consent.grant" : "consent.revoke",
		arena_printf(cx->mem, "%s: %s", consent_purpose_title(row.purpose),
			in->granted ? "autorizou" : "não autoriza"),
		NULL);
}

/* ---- requests ---- */

static PrivacyRequest *requests_of_rows(Ctx *cx, const SqlPrivacyRequestRow *row, size_t count)
{
	PrivacyRequest *list = NEW_ARRAY(cx->mem, PrivacyRequest, count + 1);
	int32_t today = date_today(cx->now, cx->zone);

	for (size_t i = 0; i < count; i++)
		list[i] = (PrivacyRequest){ .id = row[i].id,
			.patient_id = row[i].patient_id,
			.patient = row[i].patient,
			.kind = row[i].kind,
			.text = row[i].text,
			.state = row[i].state,
			.answer = row[i].answer,
			.due_on = row[i].due_on,
			.asked_at = row[i].asked_at,
			.answered_at = row[i].answered_at,
			.late = row[i].answered_at_null && row[i].due_on < today };
	return list;
}

Err privacy_ask(Ctx *cx, PatientId patient, const PrivacyRequestForm *in, int64_t *ret_id)
{
	SqlPrivacyRequestInsert row;

	TRY(sql_privacy_request_insert(cx, patient.v, in->kind, in->text,
		date_today(cx->now, cx->zone) + PRIVACY_ANSWER_DAYS, db_id_or_null(&cx->user.v),
		&row));
	*ret_id = row.id;
	return record(cx, patient, "privacy.request",
		arena_printf(cx->mem, "Pedido LGPD: %s", privacy_request_title(in->kind)), NULL);
}

Err privacy_answer(Ctx *cx, int64_t id, const PrivacyAnswerForm *in)
{
	SqlPrivacyRequestAnswer row;
	SqlPrivacyRequestRow request;
	bool found;

	TRY(sql_privacy_request_by_id(cx, id, &request));
	TRY(sql_privacy_request_answer(
		cx, id, in->refused ? "refused" : "done", in->answer, cx->now, &row, &found));
	if (!found)
		return err_tell(cx, ERR_CONFLICT, "Este pedido já foi respondido.",
			"request %" PRId64 " is not open", id);
	return record(cx, (PatientId){ row.patient_id }, "privacy.answer", "Pedido LGPD respondido",
		NULL);
}

Err privacy_list_requests(Ctx *cx, bool open, PrivacyRequest **ret, size_t *ret_count)
{
	SqlPrivacyRequestRow *row;

	TRY(sql_privacy_request_list(cx, open, 200, &row, ret_count));
	*ret = requests_of_rows(cx, row, *ret_count);
	return OK;
}

Err privacy_list_requests_of(Ctx *cx, PatientId patient, PrivacyRequest **ret, size_t *ret_count)
{
	SqlPrivacyRequestRow *row;

	TRY(sql_privacy_request_of_patient(cx, patient.v, &row, ret_count));
	*ret = requests_of_rows(cx, row, *ret_count);
	return OK;
}

Err privacy_list_reads(Ctx *cx, PatientId patient, ChartRead **ret, size_t *ret_count)
{
	SqlPrivacyChartReads *row;

	TRY(sql_privacy_chart_reads(cx, patient.v, 200, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, ChartRead, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (ChartRead){ row[i].at, row[i].who, row[i].peer };
	return OK;
}

/* ---- closing ---- */

Err privacy_retention(Ctx *cx, PatientId patient, Retention *ret)
{
	int32_t today = date_today(cx->now, cx->zone), last, grown;
	SqlPrivacyLastEntry row;

	TRY(sql_privacy_last_entry(cx, patient.v, &row));
	*ret = (Retention){ .clinical = row.clinical > 0, .until = DATE_NONE, .over = true };
	if (!ret->clinical)
		return OK;
	last = row.last_at_null ? today : date_today(row.last_at, cx->zone);
	ret->until = date_add_months(last, 12 * PRIVACY_RETAIN_YEARS);
	if (!row.birth_null) {
		grown = date_add_months(row.birth, 12 * (18 + PRIVACY_RETAIN_YEARS));
		if (date_add_months(row.birth, 12 * 18) > last && grown > ret->until)
			ret->until = grown;
	}
	ret->over = ret->until <= today;
	return OK;
}

Err privacy_last_closing(Ctx *cx, PatientId patient, Closing *ret)
{
	SqlPrivacyClosingLast row;
	bool found;

	TRY(sql_privacy_closing_last(cx, patient.v, &row, &found));
	*ret = (Closing){ .retain_until = DATE_NONE };
	if (found)
		*ret = (Closing){ .any = true,
			.kind = row.kind,
			.reason = row.reason,
			.who = row.who,
			.retain_until = row.retain_until_null ? DATE_NONE : row.retain_until,
			.at = row.at };
	return OK;
}

static Err note_closing(Ctx *cx, PatientId patient, const char *kind, const char *reason,
	int32_t until, const char *title)
{
	int64_t rows;

	TRY(sql_privacy_closing_insert(cx, patient.v, kind, reason,
		until == DATE_NONE ? NULL : &until, db_id_or_null(&cx->user.v), &rows));
	return record(cx, patient, arena_printf(cx->mem, "privacy.%s", kind), title, reason);
}

static Err need_reason(Ctx *cx, const char *reason)
{
	return reason ? OK : err_field(cx, "reason", "Diga por quê: fica registrado.");
}

Err privacy_restrict(Ctx *cx, PatientId patient, const char *reason)
{
	Retention keep;

	TRY(need_reason(cx, reason));
	TRY(privacy_retention(cx, patient, &keep));
	TRY(patient_close(cx, patient, true));
	return note_closing(cx, patient, "restricted", reason, keep.until, "Prontuário fechado");
}

Err privacy_reopen(Ctx *cx, PatientId patient, const char *reason)
{
	Closing last;

	TRY(need_reason(cx, reason));
	TRY(privacy_last_closing(cx, patient, &last));
	if (last.any && !strcmp(last.kind, "anonymised"))
		return err_tell(cx, ERR_CONFLICT, "Um cadastro anonimizado não volta.",
			"patient %" PRId64 " is anonymous", patient.v);
	TRY(patient_close(cx, patient, false));
	return note_closing(cx, patient, "reopened", reason, DATE_NONE, "Prontuário reaberto");
}

const PrivacyStays privacy_stays[PRIVACY_STAYS] = {
	{ "O que foi feito e respondido, sem o nome: datas, dentes, procedimentos, valores, "
	  "respostas "
	  "da anamnese e alertas.",
		"Sem o nome não identifica ninguém (LGPD, art. 12 e art. 16, IV)." },
	{ "O que a equipe escreveu em evoluções, receitas, planos e respostas.",
		"Um texto assinado não muda. Se alguém escreveu o nome dentro do texto, ele "
		"continua "
		"lá." },
	{ "Autorizações, pedidos e respostas, e o motivo escrito aqui embaixo.",
		"São a prova de que a clínica cumpriu a lei (LGPD, art. 8º, § 2º, e art. 18)." },
	{ "O registro de alterações, com os valores de antes (nome, CPF, telefone), e a linha do "
	  "tempo.",
		"Cada linha é lacrada pela seguinte: apagar uma desfaz a prova de todas (LGPD, "
		"art. 37 "
		"e art. 46). Só quem pode ver o Registro chega a elas." },
	{ "Quem abriu o prontuário, e quando.", "É a prova do sigilo (LGPD, art. 37 e art. 46)." },
	{ "Backups já feitos, e-mails enviados (180 dias) e cópias em ZIP (7 dias).",
		"São apagados com o tempo." },
};

Err privacy_anonymise(Ctx *cx, PatientId patient, const char *reason)
{
	Retention keep;

	TRY(need_reason(cx, reason));
	TRY(privacy_retention(cx, patient, &keep));
	if (!keep.over)
		return err_tell(cx, ERR_CONFLICT,
			arena_printf(cx->mem,
				"O prontuário deve ser guardado até %s (Lei 13.787/2018, art. 6º; "
				"LGPD, art. "
				"16, I). Feche o prontuário em vez de anonimizar.",
				date_text(cx->mem, keep.until)),
			"patient %" PRId64 " is to be kept", patient.v);
	TRY(patient_anonymise(cx, patient));
	TRY(notice_forget(cx, arena_printf(cx->mem, "/patients/%" PRId64, patient.v)));
	return note_closing(cx, patient, "anonymised", reason, DATE_NONE, "Cadastro anonimizado");
}

/* ---- copies ---- */

static PrivacyExport export_of_row(const Ctx *cx, const SqlPrivacyExportRow *r)
{
	bool going = !strcmp(r->state, "waiting") || !strcmp(r->state, "running");
	bool lost = going && r->asked_at < cx->now - PRIVACY_EXPORT_HOURS * 3600;

	return (PrivacyExport){ .id = r->id,
		.patient_id = r->patient_id,
		.asked_at = r->asked_at,
		.finished_at = r->finished_at,
		.size_bytes = r->size_bytes,
		.state = lost ? "failed" : r->state,
		.step = r->step,
		.file = r->file,
		.done = r->done_count,
		.total = r->total };
}

Err privacy_start_export(Ctx *cx, PatientId patient, int64_t *ret_id)
{
	SqlPrivacyExportInsert row;
	PrivacyExport last;
	bool found;

	TRY(privacy_last_export(cx, patient, &found, &last));
	if (found && (!strcmp(last.state, "waiting") || !strcmp(last.state, "running"))) {
		*ret_id = last.id;
		return OK;
	}
	TRY(sql_privacy_export_insert(
		cx, db_id_or_null(&patient.v), cx->now, db_id_or_null(&cx->user.v), &row));
	TRY(job_add(
		cx, "privacy.export", arena_printf(cx->mem, "{\"id\":%" PRId64 "}", row.id), NULL));
	*ret_id = row.id;
	if (patient.v)
		return record(
			cx, patient, "privacy.export", "Cópia de todos os dados pedida", NULL);
	return audit_add_change(cx, &(Change){ .action = "privacy.export",
					    .subject = "company",
					    .subject_id = cx->company.v });
}

Err privacy_last_export(Ctx *cx, PatientId patient, bool *ret_found, PrivacyExport *ret)
{
	SqlPrivacyExportRow row;

	TRY(sql_privacy_export_last(cx, db_id_or_null(&patient.v), &row, ret_found));
	if (*ret_found)
		*ret = export_of_row(cx, &row);
	return OK;
}

Err privacy_get_export(Ctx *cx, int64_t id, PrivacyExport *ret)
{
	SqlPrivacyExportRow row;

	TRY(sql_privacy_export_by_id(cx, id, &row));
	*ret = export_of_row(cx, &row);
	return OK;
}
