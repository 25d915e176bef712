/* Leads from a spreadsheet: what can be a column, what is asked beside, what all rows need. The
 * targets are the rows of lead_fields, so a new field of a lead can be imported without a word
 * here; aliases only make the guess better. */
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "modules/crm/leads_view.h"
#include "modules/notice/notice.h"

static const Field options[] = {
	CHOICE_FIELD(LeadImportOptions, twins, "Quem já está aqui", "skip update create", true),
	FIELD(LeadImportOptions, stage_id, FIELD_ID, "Etapa", 0, 0, false),
	FIELD(LeadImportOptions, source_id, FIELD_ID, "Origem", 0, 0, false),
	FIELD(LeadImportOptions, owner_id, FIELD_ID, "Responsável", 0, 0, false),
	FIELD(LeadImportOptions, tags, FIELD_TEXTS, "Etiquetas", 0, 20, false),
	FIELD(LeadImportOptions, rules, FIELD_BOOL, "Rodar as automações", 0, 0, false),
};

/* Headings people use, beside those that every person has. */
static const ImportAlias aliases[] = {
	{ "interest", "procedimento|tratamento|servico|produto|interesses|"
		      "procedimento de interesse|especialidade" },
	{ "value_cents", "valor|orcamento|preco|valor do orcamento|valor total|receita" },
	{ "expected_on", "previsao|data prevista" },
	{ "hot", "quente" },
	{ "consent", "consentimento|lgpd|aceita novidades|opt in" },
	{ "stage", "fase|estagio|coluna" },
	{ "owner", "vendedor|atendente|consultor|proprietario|dono" },
};

/* ---- the table of imports ---- */

static Err list(Ctx *cx, Import **ret, size_t *ret_count)
{
	SqlImportRow *row;

	TRY(sql_crm_imports(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Import, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = IMPORT_OF(row[i]);
	return OK;
}

static Err get(Ctx *cx, int64_t id, Import *ret)
{
	SqlImportRow row;

	TRY(sql_crm_import(cx, id, &row));
	*ret = IMPORT_OF(row);
	return OK;
}

static Err add(Ctx *cx, const Import *in, int64_t *ret_id)
{
	SqlCrmInsertImport row;

	TRY(sql_crm_insert_import(cx,
		&(SqlCrmInsertImportIn){ in->file, in->file_name, in->target, in->headings,
			in->options, in->row_count, in->user_id },
		&row));
	*ret_id = row.id;
	return OK;
}

static Err errors(Ctx *cx, int64_t id, int32_t most, ImportError **ret, size_t *ret_count)
{
	SqlCrmImportErrors *row;

	TRY(sql_crm_import_errors(cx, id, most, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, ImportError, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (ImportError){ row[i].line, row[i].sentence };
	return OK;
}

static const ImportTable table = {
	.list = list,
	.get = get,
	.add = add,
	.errors = errors,
	.settle = sql_crm_settle_import,
	.turn = sql_crm_turn_import,
	.step = sql_crm_step_import,
	.add_errors = sql_crm_add_import_errors,
	.drop = sql_crm_drop_import,
};

/* ---- columns ---- */

/* Ids mean nothing in a spreadsheet, and the version is ours. */
static bool is_target(const Field *field)
{
	return field->type != FIELD_ID && field->type != FIELD_JSON &&
	       strcmp(field->name, "version") != 0;
}

static Err targets(Ctx *cx, ImportTarget **ret, size_t *ret_count)
{
	ImportTarget *target;
	SqlCrmFields *field;
	size_t fields, count = 0;

	TRY(sql_crm_fields(cx, &field, &fields));
	target = NEW_ARRAY(cx->mem, ImportTarget, COUNT(lead_fields) + fields + 2);
	for (size_t i = 0; i < COUNT(lead_fields); i++)
		if (is_target(&lead_fields[i]))
			target[count++] = (ImportTarget){ lead_fields[i].name,
				!strcmp(lead_fields[i].name, "source") ? "Origem"
								       : lead_fields[i].title,
				NULL };
	target[count++] = (ImportTarget){ "stage", "Etapa", NULL };
	target[count++] = (ImportTarget){ "owner", "Responsável", NULL };
	for (size_t i = 0; i < fields; i++)
		if (field[i].active)
			target[count++] =
				(ImportTarget){ arena_printf(cx->mem, "custom.%s", field[i].key),
					field[i].title, "Campos da clínica" };
	*ret = target;
	*ret_count = count;
	return OK;
}

/* ---- what all rows need ---- */

static Err choices(Ctx *cx, const void **ret)
{
	LeadChoices *choice = NEW(cx->mem, LeadChoices);

	*ret = choice;
	return lead_choices(cx, choice);
}

/* The stage of rows that name none. */
static Err choose_stage(Ctx *cx, LeadImport *plan)
{
	for (size_t i = 0; i < plan->pipeline_count; i++)
		for (size_t j = 0; j < plan->pipeline[i].stage_count; j++) {
			const Stage *stage = &plan->pipeline[i].stage[j];
			bool wanted = plan->option->stage_id ? stage->id == plan->option->stage_id
							     : !strcmp(stage->kind, "open");

			if (!wanted || strcmp(stage->kind, "open") != 0)
				continue;
			plan->stage = stage->id;
			plan->pipeline_id = stage->pipeline_id;
			return OK;
		}
	return err_tell(cx, ERR_INVALID, "Escolha uma etapa aberta do funil para os leads novos.",
		"no open stage for an import");
}

static Err plan(Ctx *cx, const void *option, void **ret)
{
	LeadImport *all = NEW(cx->mem, LeadImport);
	SqlCrmFields *field;
	Pipeline *pipeline;
	Member *member;

	*ret = all;
	TRY(sql_crm_fields_send(cx));
	TRY(sql_crm_sources_send(cx));
	TRY(sql_crm_fields_read(cx, &field, &all->field_count));
	TRY(sql_crm_sources_read(cx, &all->source, &all->source_count));
	TRY(account_list_members(cx, NULL, &member, &all->member_count));
	TRY(crm_list_pipelines(cx, &pipeline, &all->pipeline_count));
	for (size_t i = 0; i < all->field_count; i++)
		field[i].required = false; /* that is asked of people, not of old lists */
	all->field = field;
	all->member = member;
	all->pipeline = pipeline;
	all->option = option;
	return choose_stage(cx, all);
}

/* ---- the end, and the way back ---- */

static Err note(Ctx *cx, const Import *import)
{
	return audit_add_change(cx, &(Change){ .action = "lead.import",
					    .subject = "lead.import",
					    .subject_id = import->id,
					    .diff = arena_printf(cx->mem, "{\"leads\":[null,%d]}",
						    import->added_count) });
}

/* Leads that nobody has touched since are taken back at once. */
static Err undo(Ctx *cx, const Import *import, const char **ret_toast)
{
	int64_t removed, tasks;
	SqlCrmStartRemoving on;
	SqlCrmStopRemoving off;

	TRY(sql_crm_start_removing(cx, &on));
	TRY(sql_crm_remove_imported(cx, import->id, &removed));
	TRY(sql_crm_remove_imported_tasks(cx, import->id, &tasks));
	TRY(sql_crm_stop_removing(cx, &off));
	TRY(audit_add_change(cx,
		&(Change){ .action = "lead.import.undo",
			.subject = "lead.import",
			.subject_id = import->id,
			.diff = arena_printf(cx->mem, "{\"leads\":[%" PRId64 ",0]}", removed) }));
	*ret_toast = removed == 1 ? "1 lead retirado"
				  : arena_printf(cx->mem, "%s leads retirados",
					    number_text(cx->mem, removed));
	return OK;
}

static Err spend(Ctx *cx, int64_t bytes)
{
	return company_spend(cx, LIMIT_STORAGE, bytes);
}

Err lead_import_run(Ctx *cx, const char *data)
{
	return import_run(cx, &lead_import, data);
}

const ImportKind lead_import = {
	.table = &table,
	.area = "leads",
	.nav = "/funnel",
	.job = "crm.import",
	.title = "Importar planilha",
	.home = "Leads",
	.home_url = { "/leads" },
	.hint = "A primeira linha costuma ter os títulos: Nome, Telefone, E-mail, Origem…",
	.one = "lead novo",
	.many = "leads novos",
	.figure = "Leads novos",
	.model = "modelo-de-leads",
	.no_name = "Escolha a coluna que tem o nome da pessoa.",
	.see = "Ver os leads",
	.see_url = { "/leads?status=all" },
	.undo_text = "Saem os leads novos que ninguém mexeu desde então. Os que já foram "
		     "trabalhados ficam.",
	.undone_text = "Os leads que ninguém tinha mexido saíram do funil.",
	.merges = true,
	.field = lead_fields,
	.field_count = COUNT(lead_fields),
	.alias = aliases,
	.alias_count = COUNT(aliases),
	.targets = targets,
	.option = options,
	.option_count = COUNT(options),
	.option_size = sizeof(LeadImportOptions),
	.choices = choices,
	.draw_options = crm_import_options,
	.plan = plan,
	.parse = lead_import_parse,
	.store = lead_import_store,
	.note = note,
	.undo_state = "undone",
	.undo = undo,
	.spend = spend,
	.tell = notice_add,
};
