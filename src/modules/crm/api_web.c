/* Leads and their lists for programs: the services of the pages, told by the same tables of
 * fields. A record that does not exist is 404 when its id stands in the path, and a wrong field
 * when it stands in the body. Lists go on by `after`; a change may carry If-Match. */
#include "modules/audit/audit.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/crm_web.h"
#include "platform/web/api.h"

enum { EVENTS_MOST = 50 };

/* ---- leads ---- */

/* The lead of the path, locked: what If-Match was true of is still true when it changes. */
static Err lead_to_change(Req *q, LeadId *ret)
{
	SqlCrmLockLead now;

	TRY(req_id(q, "id", &ret->v));
	TRY(sql_crm_lock_lead(q->cx, ret->v, &now));
	TRY(req_if_match(q, now.version));
	if (now.merged_into)
		return err_tell(q->cx, ERR_CONFLICT,
			"Este lead foi unido a outro: veja merged_into.",
			"lead %" PRId64 " was merged into %" PRId64, ret->v, now.merged_into);
	return OK;
}

static Err send_lead(Req *q, int status, LeadId id)
{
	Lead lead;

	TRY(crm_get_lead(q->cx, id, &lead));
	answer_version(q, lead.version);
	return send_row(q, status, &lead);
}

static Err list_leads(Req *q)
{
	LeadFilter filter = { 0 };
	int64_t next;
	size_t count;
	Lead *lead;

	TRY(api_read(q, &filter));
	TRY(crm_list_leads(q->cx, &filter, &lead, &count, &next));
	return send_rows(q, lead, sizeof *lead, count, next);
}

/* Twins do not stop it: a program that minds asks /leads/twins first. */
static Err create_lead(Req *q)
{
	LeadForm in;
	LeadId id;

	TRY(api_read(q, &in));
	TRY(crm_add_lead(q->cx, &in, LEAD_BY_API, &id));
	api_made(q, id.v);
	return send_lead(q, 201, id);
}

static Err show_lead(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return send_lead(q, 200, (LeadId){ id });
}

/* The company's own fields: what was sent replaces its like, null empties it, the rest stays (RFC
 * 7396). null instead of the object empties them all. */
static Err merge_custom(Ctx *cx, const json_t *sent, const char *stored, const char **ret)
{
	json_t *whole;

	if (!json_is_object(sent))
		return OK;
	TRY(json_parse(cx, str_of(stored), &whole));
	if (json_object_update(whole, (json_t *)(uintptr_t)sent))
		return err_set(cx, ERR_BUG, "own fields do not merge");
	*ret = json_tree_text(cx->mem, whole, 2 * FORM_JSON_MAX);
	return *ret ? OK : err_field(cx, "custom", "O objeto passa do tamanho permitido.");
}

static Err move_to(Ctx *cx, LeadId id, int64_t stage, int64_t before)
{
	Err err = crm_move_lead(cx, id, stage, before);

	return err == ERR_NOT_FOUND ? err_field(cx, "stage_id", "Escolha uma etapa do funil.")
				    : err;
}

/* Only what was sent. Another stage_id is a move. 409: `version` is old; 412: If-Match is. */
static Err update_lead(Req *q)
{
	const json_t *body = req_json(q);
	LeadForm in;
	LeadId id;
	Lead lead;

	TRY(lead_to_change(q, &id));
	TRY(crm_get_lead(q->cx, id, &lead));
	in = lead_form_of(&lead);
	TRY(api_read_some(q, &in));
	/* the name stands for the id that the lead has */
	if (json_object_get(body, "source") && !json_object_get(body, "source_id"))
		in.source_id = 0;
	TRY(merge_custom(q->cx, json_object_get(body, "custom"), lead.custom, &in.custom));
	TRY(crm_save_lead(q->cx, id, &in));
	if (in.stage_id && in.stage_id != lead.stage_id)
		TRY(move_to(q->cx, id, in.stage_id, /* before= */ 0));
	return send_lead(q, 200, id);
}

/* ---- who may be the same person ---- */

typedef struct Contact {
	const char *phone, *email, *cpf;
} Contact;

static const Field contact_fields[] = {
	FIELD(Contact, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(Contact, email, FIELD_EMAIL, "E-mail", 0, 254, false),
	FIELD(Contact, cpf, FIELD_CPF, "CPF", 0, 0, false),
};

static const OutField twin_out[] = {
	OUT(Twin, kind, OUT_TEXT, "lead ou patient"),
	OUT(Twin, id, OUT_ID, "Identificador do lead ou do paciente"),
	OUT(Twin, name, OUT_TEXT, "Nome"),
	OUT(Twin, phone, OUT_TEXT, "Telefone (E.164)"),
	OUT(Twin, email, OUT_TEXT, "E-mail"),
	OUT(Twin, why, OUT_TEXT, "O que é igual: phone, email, cpf"),
	OUT(Twin, status, OUT_TEXT, "Situação do lead"),
};

static Err list_twins(Req *q)
{
	Contact in = { 0 };
	size_t count;
	Twin *twin;

	TRY(api_read(q, &in));
	TRY(crm_find_twins(q->cx, in.phone, in.email, in.cpf, /* except= */ 0, &twin, &count));
	return send_rows(q, twin, sizeof *twin, count, /* next= */ 0);
}

/* ---- what happens to a lead ---- */

typedef struct MoveForm {
	int64_t stage_id, before_id;
} MoveForm;

static const Field move_fields[] = {
	FIELD(MoveForm, stage_id, FIELD_ID, "Etapa", 0, 0, true),
	FIELD(MoveForm, before_id, FIELD_ID, "Antes deste lead na coluna; sem ele, no fim", 0, 0,
		false),
};

static Err move_lead(Req *q)
{
	MoveForm in;
	LeadId id;

	TRY(lead_to_change(q, &id));
	TRY(api_read(q, &in));
	TRY(move_to(q->cx, id, in.stage_id, in.before_id));
	return send_lead(q, 200, id);
}

static Err lose_lead(Req *q)
{
	LoseForm in;
	LeadId id;

	TRY(lead_to_change(q, &id));
	TRY(api_read(q, &in));
	TRY(crm_lose_lead(q->cx, id, in.loss_reason_id, in.loss_note));
	return send_lead(q, 200, id);
}

static Err reopen_lead(Req *q)
{
	LeadId id;

	TRY(lead_to_change(q, &id));
	TRY(crm_reopen_lead(q->cx, id));
	return send_lead(q, 200, id);
}

typedef struct ConvertForm {
	int64_t patient_id;
} ConvertForm;

static const Field convert_fields[] = {
	FIELD(ConvertForm, patient_id, FIELD_ID,
		"Paciente que já existe; sem ele, um novo é cadastrado", 0, 0, false),
};

/* 409 with the field cpf: a patient has it, and may be named by patient_id. */
static Err convert_lead(Req *q)
{
	ConvertForm in;
	PatientId patient;
	LeadId id;
	Err err;

	TRY(lead_to_change(q, &id));
	TRY(api_read(q, &in));
	err = crm_convert_lead(q->cx, id, in.patient_id, &patient);
	if (err == ERR_NOT_FOUND)
		return err_field(q->cx, "patient_id", "Este paciente não existe.");
	TRY(err);
	return send_lead(q, 200, id);
}

typedef struct MergeForm {
	int64_t lead_id;
} MergeForm;

static const Field merge_fields[] = {
	FIELD(MergeForm, lead_id, FIELD_ID, "Lead que passa a fazer parte deste", 0, 0, true),
};

static Err merge_lead(Req *q)
{
	MergeForm in;
	Lead gone;
	LeadId id;
	Err err;

	TRY(req_id(q, "id", &id.v));
	TRY(crm_get_lead(q->cx, id, &gone)); /* locking is the service's, in the order of ids */
	TRY(req_if_match(q, gone.version));
	TRY(api_read(q, &in));
	err = crm_get_lead(q->cx, (LeadId){ in.lead_id }, &gone);
	if (err == ERR_NOT_FOUND)
		return err_field(q->cx, "lead_id", "Este lead não existe.");
	TRY(err);
	TRY(crm_merge_leads(q->cx, id, (LeadId){ in.lead_id }));
	return send_lead(q, 200, id);
}

typedef struct NoteForm {
	const char *kind, *text;
} NoteForm;

static const Field note_fields[] = {
	CHOICE_FIELD(
		NoteForm, kind, "Tipo; sem ele, note", "note call meeting email whatsapp", false),
	FIELD(NoteForm, text, FIELD_LONG, "Texto; @Nome avisa a pessoa", 1, 4000, true),
};

static Err write_note(Req *q)
{
	NoteForm in;
	LeadId id;

	TRY(lead_to_change(q, &id));
	TRY(api_read(q, &in));
	TRY(crm_add_activity(q->cx, id, activity_named(in.kind), in.text));
	return send_nothing(q);
}

/* ---- beside a lead ---- */

typedef struct PageAsked {
	int64_t after, limit;
} PageAsked;

static const Field page_fields[] = {
	FIELD(PageAsked, after, FIELD_ID, "Cursor: o next da página anterior", 0, 0, false),
	FIELD(PageAsked, limit, FIELD_INT, "Quantos", 1, EVENTS_MOST, false),
};

static const OutField event_out[] = {
	OUT(Event, id, OUT_ID, "Identificador"),
	OUT(Event, at, OUT_TIME, "Quando"),
	OUT(Event, kind, OUT_TEXT, "O que aconteceu: lead.stage, note, call, task.done, …"),
	OUT(Event, title, OUT_TEXT, "Em palavras"),
	OUT(Event, body, OUT_TEXT, "Texto da nota"),
	{ "user_id", "Quem; null: o programa, o formulário ou uma chave de API", OUT_ID,
		offsetof(Event, user), sizeof(int64_t) },
	OUT(Event, user_name, OUT_TEXT, "Nome de quem"),
	OUT(Event, data, OUT_JSON, "Detalhes"),
};

static Err list_events(Req *q)
{
	PageAsked page = { 0 };
	Event *event;
	size_t count;
	int limit;
	Lead lead;

	TRY(lead_asked(q, &lead));
	TRY(api_read(q, &page));
	limit = page.limit ? (int)page.limit : EVENTS_PAGE;
	TRY(audit_list_events(
		q->cx, "lead", lead.id, lead.created_at, page.after, limit + 1, &event, &count));
	if (count <= (size_t)limit)
		return send_rows(q, event, sizeof *event, count, /* next= */ 0);
	return send_rows(q, event, sizeof *event, (size_t)limit, event[limit - 1].id);
}

/* ---- what a company has set up ---- */

typedef struct PipelineOut {
	int64_t id, position, lead_count, value_cents;
	const char *name;
	Rows stages;
} PipelineOut;

static const OutField stage_out[] = {
	OUT(Stage, id, OUT_ID, "Identificador"),
	OUT(Stage, name, OUT_TEXT, "Nome"),
	OUT(Stage, kind, OUT_TEXT, "open ou won"),
	OUT(Stage, color, OUT_TEXT, "Cor"),
	OUT(Stage, position, OUT_INT, "Ordem"),
	OUT(Stage, probability, OUT_INT, "Probabilidade de fechar, em %"),
	OUT(Stage, stalled_days, OUT_INT, "Dias até um lead estar parado; 0: nunca"),
	OUT(Stage, lead_count, OUT_INT, "Leads abertos e ganhos nela"),
	OUT(Stage, value_cents, OUT_MONEY, "Soma dos valores, em centavos"),
};

static const OutField pipeline_out[] = {
	OUT(PipelineOut, id, OUT_ID, "Identificador"),
	OUT(PipelineOut, name, OUT_TEXT, "Nome"),
	OUT(PipelineOut, position, OUT_INT, "Ordem; o primeiro recebe os leads novos"),
	OUT(PipelineOut, lead_count, OUT_INT, "Leads abertos e ganhos nele"),
	OUT(PipelineOut, value_cents, OUT_MONEY, "Soma dos valores, em centavos"),
	OUT_LIST(PipelineOut, stages, "Etapas, na ordem", Stage, stage_out),
};

static Err list_pipelines(Req *q)
{
	Pipeline *pipeline;
	PipelineOut *out;
	size_t count;

	TRY(crm_list_pipelines(q->cx, &pipeline, &count));
	out = NEW_ARRAY(q->cx->mem, PipelineOut, count + 1);
	for (size_t i = 0; i < count; i++) {
		const Pipeline *p = &pipeline[i];

		out[i] = (PipelineOut){ .id = p->id,
			.position = p->position,
			.name = p->name,
			.stages = { p->stage, p->stage_count } };
		for (size_t k = 0; k < p->stage_count; k++) {
			out[i].lead_count += p->stage[k].lead_count;
			out[i].value_cents += p->stage[k].value_cents;
		}
	}
	return send_rows(q, out, sizeof *out, count, /* next= */ 0);
}

static const OutField source_out[] = {
	OUT(SqlCrmSources, id, OUT_ID, "Identificador"),
	OUT(SqlCrmSources, name, OUT_TEXT, "Nome"),
	OUT(SqlCrmSources, icon, OUT_TEXT, "Ícone"),
	OUT(SqlCrmSources, active, OUT_BOOL, "Em uso"),
};

static Err list_sources(Req *q)
{
	SqlCrmSources *row;
	size_t count;

	TRY(sql_crm_sources(q->cx, &row, &count));
	return send_rows(q, row, sizeof *row, count, /* next= */ 0);
}

static const OutField reason_out[] = {
	OUT(SqlCrmLossReasons, id, OUT_ID, "Identificador"),
	OUT(SqlCrmLossReasons, name, OUT_TEXT, "Nome"),
	OUT(SqlCrmLossReasons, active, OUT_BOOL, "Em uso"),
};

static Err list_reasons(Req *q)
{
	SqlCrmLossReasons *row;
	size_t count;

	TRY(sql_crm_loss_reasons(q->cx, &row, &count));
	return send_rows(q, row, sizeof *row, count, /* next= */ 0);
}

static const OutField own_field_out[] = {
	OUT(SqlCrmFields, key, OUT_TEXT, "Chave em custom"),
	OUT(SqlCrmFields, title, OUT_TEXT, "Nome"),
	OUT(SqlCrmFields, type, OUT_TEXT, "text, number, date ou choice"),
	OUT(SqlCrmFields, choices, OUT_TEXTS, "Opções de choice"),
	OUT(SqlCrmFields, required, OUT_BOOL, "Obrigatório"),
	OUT(SqlCrmFields, active, OUT_BOOL, "Em uso"),
};

static Err list_own_fields(Req *q)
{
	SqlCrmFields *row;
	size_t count;

	TRY(sql_crm_fields(q->cx, &row, &count));
	return send_rows(q, row, sizeof *row, count, /* next= */ 0);
}

/* ---- the routes ---- */

/* clang-format off */
static const Route routes[] = {
	{ GET, "/api/v1/leads", list_leads, "crm.read", API, .summary = "Leads, com filtros",
		IN(lead_filter_fields), ROWS(lead_out) },
	{ POST, "/api/v1/leads", create_lead, "crm.write", API, .summary = "Criar um lead",
		IN(lead_fields), ROW(lead_out) },
	{ GET, "/api/v1/leads/twins", list_twins, "crm.read", API,
		.summary = "Quem já tem este telefone, e-mail ou CPF", IN(contact_fields), ROWS(twin_out) },
	{ GET, "/api/v1/leads/:id", show_lead, "crm.read", API, .summary = "Um lead", ROW(lead_out) },
	{ PATCH, "/api/v1/leads/:id", update_lead, "crm.write", API, .summary = "Mudar só o que for enviado",
		IN(lead_fields), ROW(lead_out) },
	{ POST, "/api/v1/leads/:id/move", move_lead, "crm.write", API, .summary = "Levar a uma etapa",
		IN(move_fields), ROW(lead_out), DONE },
	{ POST, "/api/v1/leads/:id/lose", lose_lead, "crm.write", API, .summary = "Marcar como perdido",
		IN(lose_fields), ROW(lead_out), DONE },
	{ POST, "/api/v1/leads/:id/reopen", reopen_lead, "crm.write", API, .body = BODY_NONE,
		.summary = "Reabrir na última etapa aberta", ROW(lead_out), DONE },
	{ POST, "/api/v1/leads/:id/convert", convert_lead, "crm.convert", API,
		.summary = "Converter em paciente", IN(convert_fields), ROW(lead_out), DONE },
	{ POST, "/api/v1/leads/:id/merge", merge_lead, "crm.write", API,
		.summary = "Unir outro cadastro da mesma pessoa a este", IN(merge_fields), ROW(lead_out), DONE },
	{ POST, "/api/v1/leads/:id/notes", write_note, "crm.write", API,
		.summary = "Registrar nota, ligação ou conversa", IN(note_fields) },
	{ GET, "/api/v1/leads/:id/events", list_events, "crm.read", API, .summary = "Histórico de um lead",
		IN(page_fields), ROWS(event_out) },
	{ GET, "/api/v1/pipelines", list_pipelines, "crm.read", API, .summary = "Funis com etapas e totais",
		ROWS(pipeline_out) },
	{ GET, "/api/v1/sources", list_sources, "crm.read", API, .summary = "Origens", ROWS(source_out) },
	{ GET, "/api/v1/loss-reasons", list_reasons, "crm.read", API, .summary = "Motivos de perda",
		ROWS(reason_out) },
	{ GET, "/api/v1/lead-fields", list_own_fields, "crm.read", API,
		.summary = "Campos da clínica, as chaves de custom", ROWS(own_field_out) },
};
/* clang-format on */

const RouteList crm_api = { routes, COUNT(routes), &crm_task_api };
