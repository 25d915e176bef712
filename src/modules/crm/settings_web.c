/* Configurações of the CRM: funnels and stages, sources, reasons of loss, the clinic's own fields.
 */
#include "modules/crm/settings_view.h"
#include "platform/db/db.h"

const UiOption stage_colors[] = {
	{ .value = "slate", .label = "Cinza" },
	{ .value = "blue", .label = "Azul" },
	{ .value = "teal", .label = "Turquesa" },
	{ .value = "violet", .label = "Violeta" },
	{ .value = "pink", .label = "Rosa" },
	{ .value = "amber", .label = "Âmbar" },
	{ .value = "orange", .label = "Laranja" },
	{ .value = "red", .label = "Vermelho" },
	{ .value = "green", .label = "Verde" },
};
const size_t stage_color_count = COUNT(stage_colors);

/* ---- funnels ---- */

static Err page_funnels(Req *q, int status)
{
	FunnelsView view = { .q = q };
	Pipeline *pipeline;

	TRY(crm_list_pipelines(q->cx, &pipeline, &view.pipeline_count));
	view.pipeline = pipeline;
	crm_funnels_page(&q->html, &view);
	return send_html(q, status);
}

Err crm_show_funnels(Req *q)
{
	return page_funnels(q, 200);
}

static Err changed(Req *q, const char *action, int64_t id)
{
	return audit_add_change(
		q->cx, &(Change){ .action = action, .subject = "funnel", .subject_id = id });
}

static Err back_to_funnels(Req *q, const char *toast)
{
	answer_toast(q, toast, NULL);
	return redirect(q, "/settings/funnels");
}

typedef struct NameForm {
	const char *name, *icon;
	bool active;
} NameForm;

static const Field name_fields[] = {
	FIELD(NameForm, name, FIELD_TEXT, "Nome", 1, 60, true),
	FIELD(NameForm, icon, FIELD_TEXT, "Ícone", 0, 40, false),
	FIELD(NameForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
};

static const char funnel_taken[] = "Já existe um funil com este nome.";

static Err add_funnel(Ctx *cx, const char *name, int64_t *ret)
{
	SqlCrmAddPipeline pipeline;
	SqlCrmLastPositions last;
	SqlCrmAddStage stage;

	TRY(sql_crm_last_positions(cx, 0, &last));
	TRY(db_savepoint(cx));
	TRY(db_settle_unique(cx, sql_crm_add_pipeline(cx, name, last.pipeline + 1, &pipeline),
		"name", funnel_taken));
	TRY(sql_crm_add_stage(cx,
		&(SqlCrmAddStageIn){ .pipeline_id = pipeline.id,
			.name = "Novo contato",
			.color = "slate",
			.position = 1,
			.probability = 10,
			.stalled_days = 7,
			.kind = "open" },
		&stage));
	TRY(sql_crm_add_stage(cx,
		&(SqlCrmAddStageIn){ .pipeline_id = pipeline.id,
			.name = "Fechado",
			.color = "green",
			.position = 2,
			.probability = 100,
			.kind = "won" },
		&stage));
	*ret = pipeline.id;
	return OK;
}

/* POST /settings/funnels. 303 back; 422 with what is wrong. */
Err crm_create_funnel(Req *q)
{
	NameForm in;
	int64_t id = 0;
	Err err = form_read(q, name_fields, COUNT(name_fields), &in)
			  ? add_funnel(q->cx, in.name, &id)
			  : ERR_INVALID;

	if (err == ERR_INVALID)
		return page_funnels(q, 422);
	TRY(err);
	TRY(changed(q, "funnel.create", id));
	return back_to_funnels(q, "Funil criado");
}

/* POST /settings/funnels/:id: its name. */
Err crm_rename_funnel(Req *q)
{
	NameForm in;
	int64_t id, rows;
	Err err;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, name_fields, COUNT(name_fields), &in))
		return page_funnels(q, 422);
	TRY(db_savepoint(q->cx));
	err = db_settle_unique(
		q->cx, sql_crm_rename_pipeline(q->cx, id, in.name, &rows), "name", funnel_taken);
	if (err == ERR_INVALID)
		return page_funnels(q, 422);
	TRY(err);
	if (!rows)
		return err_set(q->cx, ERR_NOT_FOUND, "no pipeline %" PRId64, id);
	TRY(changed(q, "funnel.update", id));
	return back_to_funnels(q, "Funil renomeado");
}

/* POST /settings/funnels/:id/archive. 409 with leads in it, or the last one. */
Err crm_archive_funnel(Req *q)
{
	SqlCrmPipeline known;
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	TRY(sql_crm_pipeline(q->cx, id, &known));
	TRY(sql_crm_archive_pipeline(q->cx, id, &rows));
	if (!rows)
		return err_tell(q->cx, ERR_CONFLICT,
			"Este funil ainda tem leads abertos, ou é o único. Mova os leads antes.",
			"pipeline %" PRId64 " is in use", id);
	TRY(changed(q, "funnel.archive", id));
	return back_to_funnels(q, "Funil arquivado");
}

typedef struct StageForm {
	const char *name, *color;
	int64_t probability, stalled_days;
} StageForm;

static const Field stage_fields[] = {
	FIELD(StageForm, name, FIELD_TEXT, "Etapa", 1, 40, true),
	CHOICE_FIELD(StageForm, color, "Cor", "slate blue teal violet pink amber orange red green",
		true),
	FIELD(StageForm, probability, FIELD_INT, "Chance", 0, 100, true),
	FIELD(StageForm, stalled_days, FIELD_INT, "Dias até ficar parado", 0, 365, true),
};

/* POST /settings/funnels/:id/stages: one more, before the won stage. */
Err crm_create_stage(Req *q)
{
	SqlCrmLastPositions last;
	SqlCrmAddStage stage;
	StageForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, stage_fields, COUNT(stage_fields), &in))
		return page_funnels(q, 422);
	TRY(sql_crm_last_positions(q->cx, id, &last));
	TRY(sql_crm_add_stage(q->cx,
		&(SqlCrmAddStageIn){ .pipeline_id = id,
			.name = in.name,
			.color = in.color,
			.position = last.stage + 1,
			.probability = (int32_t)in.probability,
			.stalled_days = (int32_t)in.stalled_days,
			.kind = "open" },
		&stage));
	TRY(changed(q, "stage.create", stage.id));
	return back_to_funnels(q, "Etapa criada");
}

/* POST /settings/stages/:id */
Err crm_update_stage(Req *q)
{
	StageForm in;
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, stage_fields, COUNT(stage_fields), &in))
		return page_funnels(q, 422);
	TRY(sql_crm_update_stage(q->cx, id, in.name, in.color, (int32_t)in.probability,
		(int32_t)in.stalled_days, &rows));
	if (!rows)
		return err_set(q->cx, ERR_NOT_FOUND, "no stage %" PRId64, id);
	TRY(changed(q, "stage.update", id));
	return back_to_funnels(q, "Etapa salva");
}

/* POST /settings/stages/:id/archive. 409 with leads in it, or the last of its kind. */
Err crm_archive_stage(Req *q)
{
	SqlCrmStage known;
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	TRY(sql_crm_stage(q->cx, id, &known));
	TRY(sql_crm_archive_stage(q->cx, id, &rows));
	if (!rows)
		return err_tell(q->cx, ERR_CONFLICT,
			"Esta etapa ainda tem leads abertos, ou é a única do seu tipo. Mova os "
			"leads antes.",
			"stage %" PRId64 " is in use", id);
	TRY(changed(q, "stage.archive", id));
	return back_to_funnels(q, "Etapa arquivada");
}

typedef struct OrderForm {
	Int64s ids;
} OrderForm;

static const Field order_fields[] = {
	FIELD(OrderForm, ids, FIELD_IDS, "Ordem", 1, 100, true),
};

Err order_read(Req *q, Int64s *ret)
{
	OrderForm in;

	if (!form_read(q, order_fields, COUNT(order_fields), &in))
		return ERR_INVALID;
	*ret = in.ids;
	return OK;
}

Err order_is_whole(Ctx *cx, Int64s ids, int64_t rows)
{
	return rows == (int64_t)ids.count
		       ? OK
		       : err_tell(cx, ERR_CONFLICT,
				 "A lista mudou enquanto isso. Abra a página de novo.",
				 "%zu ids to order, %" PRId64 " are here", ids.count, rows);
}

bool order_shift(int64_t *ids, size_t count, size_t at, int by)
{
	size_t other = at + (size_t)by; /* -1 from 0 wraps and is no place either */
	int64_t id = ids[at];

	if (other >= count)
		return false;
	ids[at] = ids[other];
	ids[other] = id;
	return true;
}

/* PATCH /settings/funnels/:id/order: the stages' ids in their new order. */
Err crm_order_stages(Req *q)
{
	SqlCrmPipeline known;
	int64_t id, rows;
	Int64s ids;

	TRY(req_id(q, "id", &id));
	TRY(sql_crm_pipeline(q->cx, id, &known));
	TRY(order_read(q, &ids));
	TRY(sql_crm_order_stages(q->cx, id, ids, &rows));
	TRY(order_is_whole(q->cx, ids, rows));
	TRY(changed(q, "stage.order", id));
	return send_nothing(q);
}

static Err shift(Req *q, int by)
{
	size_t count, n = 0, at = SIZE_MAX;
	int64_t id, ids[100], rows;
	Pipeline *list;

	TRY(req_id(q, "id", &id));
	TRY(crm_list_pipelines(q->cx, &list, &count));
	for (size_t i = 0; i < count && at == SIZE_MAX; i++) {
		n = list[i].stage_count < COUNT(ids) ? list[i].stage_count : COUNT(ids);
		for (size_t j = 0; j < n; j++) {
			ids[j] = list[i].stage[j].id;
			if (ids[j] == id)
				at = j;
		}
		if (at != SIZE_MAX && order_shift(ids, n, at, by))
			TRY(sql_crm_order_stages(q->cx, list[i].id, (Int64s){ ids, n }, &rows));
	}
	if (at == SIZE_MAX)
		return err_set(q->cx, ERR_NOT_FOUND, "no stage %" PRId64, id);
	return back_to_funnels(q, "Ordem mudada");
}

Err crm_stage_up(Req *q)
{
	return shift(q, -1);
}

Err crm_stage_down(Req *q)
{
	return shift(q, 1);
}

/* ---- sources, reasons, fields ---- */

static Err page_lists(Req *q, int status)
{
	ListsView view = { .q = q };
	SqlCrmLossReasons *reason;
	SqlCrmSources *source;
	SqlCrmFields *field;

	TRY(sql_crm_sources_send(q->cx));
	TRY(sql_crm_loss_reasons_send(q->cx));
	TRY(sql_crm_fields_send(q->cx));
	TRY(sql_crm_sources_read(q->cx, &source, &view.source_count));
	TRY(sql_crm_loss_reasons_read(q->cx, &reason, &view.reason_count));
	TRY(sql_crm_fields_read(q->cx, &field, &view.field_count));
	view.source = source;
	view.reason = reason;
	view.field = field;
	crm_lists_page(&q->html, &view);
	return send_html(q, status);
}

Err crm_show_lists(Req *q)
{
	return page_lists(q, 200);
}

static Err back_to_lists(Req *q, const char *action, int64_t id, const char *toast)
{
	TRY(audit_add_change(
		q->cx, &(Change){ .action = action, .subject = "crm", .subject_id = id }));
	answer_toast(q, toast, NULL);
	return redirect(q, "/settings/lead-lists");
}

static Err refuse_name(Req *q)
{
	(void)err_field(q->cx, "name", "Já existe um item com este nome.");
	return page_lists(q, 422);
}

/* POST /settings/sources */
Err crm_create_source(Req *q)
{
	SqlCrmInsertSource row;
	NameForm in;
	bool added;

	if (!form_read(q, name_fields, COUNT(name_fields), &in))
		return page_lists(q, 422);
	TRY(sql_crm_insert_source(q->cx, in.name, "globe", &row, &added));
	return added ? back_to_lists(q, "source.create", row.id, "Origem criada") : refuse_name(q);
}

/* POST /settings/sources/:id */
Err crm_update_source(Req *q)
{
	SqlCrmHasSource known;
	NameForm in;
	int64_t id, rows;
	bool found;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, name_fields, COUNT(name_fields), &in))
		return page_lists(q, 422);
	TRY(sql_crm_has_source(q->cx, id, &known, &found));
	if (!found)
		return err_set(q->cx, ERR_NOT_FOUND, "no source %" PRId64, id);
	TRY(sql_crm_rename_source(q->cx, id, in.name,
		asset_has_icon(in.icon ? in.icon : "") ? in.icon : "globe", in.active, &rows));
	return rows ? back_to_lists(q, "source.update", id, "Origem salva") : refuse_name(q);
}

/* POST /settings/loss-reasons */
Err crm_create_reason(Req *q)
{
	NameForm in;
	int64_t rows;

	if (!form_read(q, name_fields, COUNT(name_fields), &in))
		return page_lists(q, 422);
	TRY(sql_crm_add_reason(q->cx, in.name, 1000, &rows));
	return rows ? back_to_lists(q, "reason.create", 0, "Motivo criado") : refuse_name(q);
}

/* POST /settings/loss-reasons/:id */
Err crm_update_reason(Req *q)
{
	SqlCrmLossReason known;
	NameForm in;
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	TRY(sql_crm_loss_reason(q->cx, id, &known));
	if (!form_read(q, name_fields, COUNT(name_fields), &in))
		return page_lists(q, 422);
	TRY(sql_crm_rename_reason(q->cx, id, in.name, in.active, &rows));
	return rows ? back_to_lists(q, "reason.update", id, "Motivo salvo") : refuse_name(q);
}

typedef struct FieldForm {
	const char *title, *type;
	Strs choices;
	bool required, active;
} FieldForm;

static const Field field_fields[] = {
	FIELD(FieldForm, title, FIELD_TEXT, "Campo", 1, 60, true),
	CHOICE_FIELD(FieldForm, type, "Tipo", "text number date choice", false),
	FIELD(FieldForm, choices, FIELD_TEXTS, "Opções", 0, 50, false),
	FIELD(FieldForm, required, FIELD_BOOL, "Obrigatório", 0, 0, false),
	FIELD(FieldForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
};

/* "Tem convênio?" -> "tem_convenio": the name in the API and in spreadsheets; it never changes. */
static const char *key_of_title(Ctx *cx, const char *title)
{
	const char *folded = str_fold(cx->mem, title);
	char *key = arena_alloc(cx->mem, 42);
	size_t n = 0;

	for (; *folded && n < 40; folded++) {
		bool letter = *folded >= 'a' && *folded <= 'z';

		if (letter || (n && *folded >= '0' && *folded <= '9'))
			key[n++] = *folded;
		else if (n && key[n - 1] != '_')
			key[n++] = '_';
	}
	if (n && key[n - 1] == '_')
		key[n - 1] = '\0';
	return key[0] ? key : "campo";
}

/* POST /settings/lead-fields */
Err crm_create_field(Req *q)
{
	const char *type;
	FieldForm in;
	int64_t rows;

	if (!form_read(q, field_fields, COUNT(field_fields), &in))
		return page_lists(q, 422);
	type = in.type ? in.type : "text";
	if (!strcmp(type, "choice") && !in.choices.count) {
		(void)err_field(q->cx, "choices", "Escreva pelo menos uma opção.");
		return page_lists(q, 422);
	}
	TRY(sql_crm_insert_field(q->cx, key_of_title(q->cx, in.title), in.title, type, in.choices,
		in.required, &rows));
	return rows ? back_to_lists(q, "field.create", 0, "Campo criado") : refuse_name(q);
}

/* POST /settings/lead-fields/:id */
Err crm_update_field(Req *q)
{
	FieldForm in;
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, field_fields, COUNT(field_fields), &in))
		return page_lists(q, 422);
	TRY(sql_crm_update_field(q->cx, id, in.title, in.choices, in.required, in.active, &rows));
	if (!rows)
		return err_set(q->cx, ERR_NOT_FOUND, "no field %" PRId64, id);
	return back_to_lists(q, "field.update", id, "Campo salvo");
}
