/* A lead's own data: insert, read, save, and who is told. Where it moves is move.c, what its stage
 * does then rule.c, who it may be twin.c. */
#include "core/br.h"
#include "core/search.h"
#include "modules/account/account.h"
#include "modules/audit/audit.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"
#include "modules/notice/notice.h"
#include "platform/db/db.h"
#include "platform/web/form_json.h"

const Field lead_fields[] = {
	FIELD(LeadForm, name, FIELD_TEXT, "Nome", 1, 120, true),
	FIELD(LeadForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(LeadForm, phone2, FIELD_PHONE, "Outro telefone", 0, 0, false),
	FIELD(LeadForm, email, FIELD_EMAIL, "E-mail", 0, 254, false),
	FIELD(LeadForm, cpf, FIELD_CPF, "CPF", 0, 0, false),
	FIELD(LeadForm, interest, FIELD_TEXT, "Interesse", 0, 200, false),
	FIELD(LeadForm, value_cents, FIELD_MONEY, "Valor estimado", 0, 100000000000, false),
	FIELD(LeadForm, stage_id, FIELD_ID, "Etapa", 0, 0, false),
	FIELD(LeadForm, source_id, FIELD_ID, "Origem", 0, 0, false),
	FIELD(LeadForm, source, FIELD_TEXT, "Origem pelo nome", 0, 60, false),
	FIELD(LeadForm, utm_source, FIELD_TEXT, "utm_source", 0, 120, false),
	FIELD(LeadForm, utm_medium, FIELD_TEXT, "utm_medium", 0, 120, false),
	FIELD(LeadForm, utm_campaign, FIELD_TEXT, "Campanha", 0, 120, false),
	FIELD(LeadForm, utm_term, FIELD_TEXT, "utm_term", 0, 120, false),
	FIELD(LeadForm, utm_content, FIELD_TEXT, "utm_content", 0, 120, false),
	FIELD(LeadForm, owner_id, FIELD_ID, "Responsável", 0, 0, false),
	FIELD(LeadForm, tags, FIELD_TEXTS, "Etiquetas", 0, 20, false),
	FIELD(LeadForm, expected_on, FIELD_DATE, "Previsão de fechamento", 0, 0, false),
	FIELD(LeadForm, hot, FIELD_BOOL, "Lead quente", 0, 0, false),
	FIELD(LeadForm, consent, FIELD_BOOL, "Aceita receber novidades", 0, 0, false),
	FIELD(LeadForm, custom, FIELD_JSON, "Campos da clínica", 0, 0, false),
	FIELD(LeadForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

const OutField lead_out[] = {
	OUT(Lead, id, OUT_ID, "Identificador"),
	OUT(Lead, name, OUT_TEXT, "Nome"),
	OUT(Lead, status, OUT_TEXT, "Situação: open, won, lost"),
	OUT(Lead, pipeline_id, OUT_ID, "Funil"),
	OUT(Lead, pipeline, OUT_TEXT, "Nome do funil"),
	OUT(Lead, stage_id, OUT_ID, "Etapa"),
	OUT(Lead, stage, OUT_TEXT, "Nome da etapa"),
	OUT(Lead, phone, OUT_TEXT, "Telefone (E.164)"),
	OUT(Lead, phone2, OUT_TEXT, "Outro telefone (E.164)"),
	OUT(Lead, email, OUT_TEXT, "E-mail"),
	OUT(Lead, cpf, OUT_TEXT, "CPF"),
	OUT(Lead, interest, OUT_TEXT, "Interesse"),
	OUT(Lead, value_cents, OUT_MONEY, "Valor estimado, em centavos"),
	OUT(Lead, source_id, OUT_ID, "Origem"),
	OUT(Lead, source, OUT_TEXT, "Nome da origem"),
	OUT(Lead, utm_source, OUT_TEXT, "utm_source"),
	OUT(Lead, utm_medium, OUT_TEXT, "utm_medium"),
	OUT(Lead, utm_campaign, OUT_TEXT, "Campanha"),
	OUT(Lead, utm_term, OUT_TEXT, "utm_term"),
	OUT(Lead, utm_content, OUT_TEXT, "utm_content"),
	OUT(Lead, owner_id, OUT_ID, "Responsável"),
	OUT(Lead, owner, OUT_TEXT, "Nome do responsável"),
	OUT(Lead, tags, OUT_TEXTS, "Etiquetas"),
	OUT(Lead, expected_on, OUT_DATE, "Previsão de fechamento"),
	OUT(Lead, hot, OUT_BOOL, "Lead quente"),
	OUT(Lead, consent, OUT_BOOL, "Aceita receber novidades"),
	OUT(Lead, custom, OUT_JSON, "Campos da clínica"),
	OUT(Lead, next_task_id, OUT_ID, "Próxima ação: tarefa"),
	OUT(Lead, next_due, OUT_TIME, "Próxima ação: quando"),
	OUT(Lead, next_title, OUT_TEXT, "Próxima ação: o quê"),
	OUT(Lead, stage_since, OUT_TIME, "Na etapa desde"),
	OUT(Lead, stalled, OUT_BOOL, "Parado: na etapa há mais tempo do que ela permite"),
	OUT(Lead, touched_at, OUT_TIME, "Última atividade"),
	OUT(Lead, ended_at, OUT_TIME, "Ganho ou perdido em"),
	OUT(Lead, loss_reason_id, OUT_ID, "Motivo da perda"),
	OUT(Lead, loss_reason, OUT_TEXT, "Nome do motivo da perda"),
	OUT(Lead, loss_note, OUT_TEXT, "Detalhes da perda"),
	OUT(Lead, patient_id, OUT_ID, "Paciente em que se tornou"),
	OUT(Lead, merged_into, OUT_ID, "Lead a que este foi unido"),
	OUT(Lead, created_at, OUT_TIME, "Criado em"),
	OUT(Lead, updated_at, OUT_TIME, "Alterado em"),
	OUT(Lead, version, OUT_INT, "Versão, para gravar sem apagar o que outro mudou"),
};
const size_t lead_out_count = COUNT(lead_out);

Err lead_event(Ctx *cx, LeadId id, const char *kind, const char *title, const char *body)
{
	return audit_add_event(cx, &(Event){ .subject = "lead",
					   .subject_id = id.v,
					   .kind = kind,
					   .title = title,
					   .body = body });
}

Err lead_tell(Ctx *cx, LeadId id, const char *event)
{
	Lead lead;
	Json json;

	TRY(crm_get_lead(cx, id, &lead));
	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_out(&json, lead_out, lead_out_count, &lead);
	return module_tell(cx, event, id.v, json_done(&json));
}

Lead lead_of_row(const Ctx *cx, const SqlLeadRow *r)
{
	return (Lead){
		.id = r->id,
		.pipeline_id = r->pipeline_id,
		.stage_id = r->stage_id,
		.pipeline = r->pipeline,
		.stage = r->stage,
		.stage_color = r->stage_color,
		.stage_kind = r->stage_kind,
		.status = r->status,
		.name = r->name,
		.phone = r->phone,
		.phone2 = r->phone2,
		.email = r->email,
		.cpf = r->cpf,
		.interest = r->interest,
		.value_cents = r->value_cents,
		.source_id = r->source_id,
		.source = r->source,
		.source_icon = r->source_icon,
		.utm_source = r->utm_source,
		.utm_medium = r->utm_medium,
		.utm_campaign = r->utm_campaign,
		.utm_term = r->utm_term,
		.utm_content = r->utm_content,
		.owner_id = r->owner_id,
		.owner = r->owner,
		.tags = r->tags,
		.expected_on = r->expected_on,
		.hot = r->hot,
		.consent = r->consent,
		.custom = r->custom,
		.stage_since = r->stage_since,
		.stalled = !strcmp(r->status, "open") && r->stalled_days &&
			   cx->now - r->stage_since > r->stalled_days * (int64_t)86400,
		.next_task_id = r->next_task_id,
		.next_due = r->next_due,
		.next_title = r->next_title,
		.touched_at = r->touched_at,
		.ended_at = r->ended_at,
		.loss_reason_id = r->loss_reason_id,
		.loss_reason = r->loss_reason,
		.loss_note = r->loss_note,
		.patient_id = r->patient_id,
		.created_at = r->created_at,
		.updated_at = r->updated_at,
		.version = r->version,
		.merged_into = r->merged_into,
	};
}

Err crm_get_lead(Ctx *cx, LeadId id, Lead *ret)
{
	SqlLeadRow row;

	TRY(sql_crm_lead(cx, id.v, &row));
	*ret = lead_of_row(cx, &row);
	return OK;
}

Err lead_tell_team(Ctx *cx, LeadId id, const char *title, const char *body, const char *icon)
{
	const char *url = arena_printf(cx->mem, "/leads/%" PRId64, id.v);
	Member *member, owner = { 0 };
	size_t count;
	Lead lead;

	TRY(crm_get_lead(cx, id, &lead));
	if (lead.owner_id)
		TRY(account_get_member(cx, lead.owner_id, &owner));
	if (owner.active)
		return notice_add(cx, lead.owner_id, title, body, url, icon, NULL);
	TRY(account_list_holders(cx, "crm.write", &member, &count));
	for (size_t i = 0; i < count; i++)
		TRY(notice_add(cx, member[i].user, title, body, url, icon, NULL));
	return OK;
}

/* ---- what is stored beside what was typed ---- */

static const char *key_of(Ctx *cx, const char *phone)
{
	return phone ? phone_key(cx->mem, phone) : NULL;
}

/* The source by id, or by name: one that is new is made. */
static Err source_of(Ctx *cx, const LeadForm *in, int64_t *ret)
{
	SqlCrmHasSource known;
	SqlCrmSourceNamed named;
	SqlCrmInsertSource made;
	bool found;

	*ret = 0;
	if (in->source_id) {
		TRY(sql_crm_has_source(cx, in->source_id, &known, &found));
		if (!found)
			return err_field(cx, "source_id", "Escolha uma origem da lista.");
		*ret = in->source_id;
		return OK;
	}
	if (!in->source)
		return OK;
	TRY(sql_crm_source_named(cx, in->source, &named, &found));
	if (found) {
		*ret = named.id;
		return OK;
	}
	TRY(sql_crm_insert_source(cx, in->source, "globe", &made, &found));
	if (!found) /* somebody made it between the two statements */
		TRY(sql_crm_source_named(cx, in->source, &named, &found));
	*ret = made.id ? made.id : named.id;
	return OK;
}

void lead_derive(Ctx *cx, const LeadForm *in, LeadDerived *ret)
{
	const char *more[] = { in->email, in->phone, in->phone2, in->cpf };

	ret->search = search_text(cx->mem, in->name, more, COUNT(more));
	ret->phone_key = key_of(cx, in->phone);
	ret->phone2_key = key_of(cx, in->phone2);
}

static Err derive(Ctx *cx, const LeadForm *in, LeadDerived *ret)
{
	Member owner;

	if (in->owner_id && account_get_member(cx, in->owner_id, &owner) != OK)
		return err_field(cx, "owner_id", "Escolha uma pessoa da equipe.");
	TRY(custom_check(cx, in->custom, &ret->custom));
	TRY(source_of(cx, in, &ret->source_id));
	lead_derive(cx, in, ret);
	return OK;
}

/* Columns of a lead, whether it is inserted or saved. */
#define LEAD_TYPED(in, more)                                                                       \
	.name = (in)->name, .phone = (in)->phone, .phone2 = (in)->phone2, .email = (in)->email,    \
	.cpf = (in)->cpf, .interest = (in)->interest, .value_cents = (in)->value_cents,            \
	.source_id = db_id_or_null(&(more)->source_id), .utm_source = (in)->utm_source,            \
	.utm_medium = (in)->utm_medium, .utm_campaign = (in)->utm_campaign,                        \
	.utm_term = (in)->utm_term, .utm_content = (in)->utm_content,                              \
	.owner_id = db_id_or_null(&(in)->owner_id), .tags = (in)->tags,                            \
	.expected_on = &(in)->expected_on, .hot = (in)->hot, .consent = (in)->consent,             \
	.custom = (more)->custom, .search = (more)->search, .phone_key = (more)->phone_key,        \
	.phone2_key = (more)->phone2_key

/* ---- create ---- */

static Err stage_for_new(Ctx *cx, const LeadForm *in, int64_t *ret_stage, int64_t *ret_pipeline)
{
	SqlCrmStage stage;
	SqlCrmFirstStage first;
	Err err;

	if (in->stage_id) {
		err = sql_crm_stage(cx, in->stage_id, &stage);
		if (err == ERR_NOT_FOUND || (err == OK && strcmp(stage.kind, "open") != 0))
			return err_field(cx, "stage_id", "Escolha uma etapa aberta do funil.");
		TRY(err);
		*ret_stage = in->stage_id;
		*ret_pipeline = stage.pipeline_id;
		return OK;
	}
	TRY(sql_crm_first_stage(cx, &first));
	*ret_stage = first.id;
	*ret_pipeline = first.pipeline_id;
	return OK;
}

static const char *origin_title(LeadOrigin origin)
{
	switch (origin) {
	case LEAD_BY_FORM:
		return "Lead chegou pelo formulário do site";
	case LEAD_BY_API:
		return "Lead chegou por integração";
	case LEAD_BY_IMPORT:
		return "Lead importado de planilha";
	case LEAD_BY_HAND:
		break;
	}
	return "Lead criado";
}

SqlCrmInsertLeadIn lead_new_row(
	const Ctx *cx, const LeadForm *in, const LeadDerived *more, int64_t stage, int64_t pipeline)
{
	return (SqlCrmInsertLeadIn){ LEAD_TYPED(in, more), .pipeline_id = pipeline,
		.stage_id = stage, .user_id = db_id_or_null(&cx->user.v) };
}

Err lead_insert(Ctx *cx, const LeadForm *in, LeadOrigin origin, LeadId *ret, int64_t *ret_stage,
	int64_t *ret_stay)
{
	LeadDerived more = { 0 };
	int64_t stage, pipeline, rows;
	SqlCrmInsertLeadIn values;
	SqlCrmInsertLead row;
	LeadId id;

	TRY(derive(cx, in, &more));
	TRY(stage_for_new(cx, in, &stage, &pipeline));
	values = lead_new_row(cx, in, &more, stage, pipeline);
	TRY(sql_crm_insert_lead(cx, &values, &row));
	id = (LeadId){ row.id };
	TRY(sql_crm_insert_move(cx,
		&(SqlCrmInsertMoveIn){ .lead_id = id.v,
			.to_stage = stage,
			.to_status = "open",
			.user_id = db_id_or_null(&cx->user.v),
			.at = cx->now },
		&rows));
	TRY(audit_add_change(
		cx, &(Change){ .action = "lead.create", .subject = "lead", .subject_id = id.v }));
	TRY(lead_event(cx, id, "lead.created", origin_title(origin), NULL));
	*ret = id;
	*ret_stage = stage;
	*ret_stay = row.stage_since;
	return OK;
}

/* By both tables, so that a new field needs no word here. */
LeadForm lead_form_of(const Lead *lead)
{
	LeadForm form = { .expected_on = DATE_NONE };

	for (size_t i = 0; i < COUNT(lead_fields); i++) {
		const Field *field = &lead_fields[i];

		for (size_t j = 0; j < lead_out_count; j++) {
			const OutField *out = &lead_out[j];

			/* the version is another number there, the source is known by its id */
			if (strcmp(field->name, out->name) != 0 || field->type == FIELD_INT ||
				!strcmp(field->name, "source"))
				continue;
			memcpy((char *)&form + field->offset, (const char *)lead + out->offset,
				out->size);
		}
	}
	form.version = lead->version;
	return form;
}

/* ---- save ---- */

/* What changed: the audit's diff, and the fields' titles for the timeline. */
static const char *difference(Ctx *cx, const Lead *old, const LeadForm *in, int64_t source_id,
	const char *custom, const char **ret_titles)
{
	Diff diff;
	Buf titles;
	int before = 0;

	buf_init(&titles, cx->mem, 1000);
	diff_begin(&diff, cx->mem);
#define SEEN(title)                                                                                \
	do {                                                                                       \
		if (diff.count > before)                                                           \
			buf_printf(&titles, "%s%s", titles.len ? ", " : "", (title));              \
		before = diff.count;                                                               \
	} while (0)
	diff_text(&diff, "name", old->name, in->name);
	SEEN("nome");
	diff_text(&diff, "phone", old->phone, in->phone);
	diff_text(&diff, "phone2", old->phone2, in->phone2);
	SEEN("telefone");
	diff_text(&diff, "email", old->email, in->email);
	SEEN("e-mail");
	diff_text(&diff, "cpf", old->cpf, in->cpf);
	SEEN("CPF");
	diff_text(&diff, "interest", old->interest, in->interest);
	SEEN("interesse");
	diff_int(&diff, "value_cents", old->value_cents, in->value_cents);
	SEEN("valor");
	diff_int(&diff, "source_id", old->source_id, source_id);
	SEEN("origem");
	diff_text(&diff, "utm_campaign", old->utm_campaign, in->utm_campaign);
	diff_text(&diff, "utm_source", old->utm_source, in->utm_source);
	diff_text(&diff, "utm_medium", old->utm_medium, in->utm_medium);
	diff_text(&diff, "utm_term", old->utm_term, in->utm_term);
	diff_text(&diff, "utm_content", old->utm_content, in->utm_content);
	SEEN("campanha");
	diff_int(&diff, "owner_id", old->owner_id, in->owner_id);
	SEEN("responsável");
	diff_text(&diff, "tags", db_text_strs(cx->mem, old->tags), db_text_strs(cx->mem, in->tags));
	SEEN("etiquetas");
	diff_int(&diff, "expected_on", old->expected_on, in->expected_on);
	SEEN("previsão");
	diff_int(&diff, "hot", old->hot, in->hot);
	SEEN("temperatura");
	diff_int(&diff, "consent", old->consent, in->consent);
	SEEN("consentimento");
	diff_text(&diff, "custom", old->custom, custom);
	SEEN("campos da clínica");
#undef SEEN
	*ret_titles = buf_text(&titles);
	return diff_done(&diff);
}

Err crm_save_lead(Ctx *cx, LeadId id, const LeadForm *in)
{
	LeadDerived more = { 0 };
	const char *diff, *titles;
	int64_t rows;
	Lead old;

	TRY(crm_get_lead(cx, id, &old));
	TRY(derive(cx, in, &more));
	TRY(sql_crm_update_lead(cx,
		&(SqlCrmUpdateLeadIn){
			LEAD_TYPED(in, &more), .id = id.v, .version = (int32_t)in->version },
		&rows));
	if (!rows)
		return err_set(cx, ERR_CONFLICT, "lead %" PRId64 " is not at version %" PRId64,
			id.v, in->version);
	diff = difference(cx, &old, in, more.source_id, more.custom, &titles);
	if (!diff)
		return OK;
	TRY(audit_add_change(cx, &(Change){ .action = "lead.update",
					 .subject = "lead",
					 .subject_id = id.v,
					 .diff = diff }));
	TRY(lead_event(cx, id, "lead.updated", arena_printf(cx->mem, "Mudou: %s", titles), NULL));
	return lead_tell(cx, id, "lead.updated");
}

Err crm_set_owner(Ctx *cx, LeadId id, int64_t owner)
{
	Member member = { .name = "ninguém" };
	int64_t rows;

	if (owner)
		TRY(account_get_member(cx, owner, &member));
	TRY(sql_crm_set_owner(cx, id.v, db_id_or_null(&owner), &rows));
	if (!rows)
		return OK;
	TRY(audit_add_change(
		cx, &(Change){ .action = "lead.owner", .subject = "lead", .subject_id = id.v }));
	TRY(lead_event(cx, id, "lead.owner",
		arena_printf(cx->mem, "Responsável agora é %s", member.name), NULL));
	return lead_tell(cx, id, "lead.updated");
}

Err crm_add_tags(Ctx *cx, LeadId id, Strs tags)
{
	int64_t rows;

	TRY(sql_crm_add_tags(cx, id.v, tags, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "no lead %" PRId64, id.v);
	for (size_t i = 0; i < tags.count; i++)
		TRY(lead_event(cx, id, "lead.tags",
			arena_printf(cx->mem, "Ganhou a etiqueta %s", tags.v[i]), NULL));
	return audit_add_change(
		cx, &(Change){ .action = "lead.tags", .subject = "lead", .subject_id = id.v });
}
