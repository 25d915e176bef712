/* What the columns of a spreadsheet mean: guessed from their headings, settled by a person, kept as
 * JSON beside the file. The targets are the rows of lead_fields, so a new field of a lead can be
 * imported without a word here; aliases only make the guess better. */
#include "modules/crm/leads_rooms.h"
#include "platform/web/form_json.h"

const Field import_option_fields[] = {
	CHOICE_FIELD(ImportOptions, twins, "Quem já está aqui", "skip update create", true),
	FIELD(ImportOptions, stage_id, FIELD_ID, "Etapa", 0, 0, false),
	FIELD(ImportOptions, source_id, FIELD_ID, "Origem", 0, 0, false),
	FIELD(ImportOptions, owner_id, FIELD_ID, "Responsável", 0, 0, false),
	FIELD(ImportOptions, tags, FIELD_TEXTS, "Etiquetas", 0, 20, false),
	FIELD(ImportOptions, headings, FIELD_BOOL, "A primeira linha tem os títulos", 0, 0, false),
	FIELD(ImportOptions, rules, FIELD_BOOL, "Rodar as automações", 0, 0, false),
};
const size_t import_option_count = COUNT(import_option_fields);

/* Headings people use, folded, beside the field's own title and name. A trailing number is dropped
 * before looking ("telefone 1"). */
static const struct {
	const char *target, *alias;
} aliases[] = {
	{ "name", "nome completo" },
	{ "name", "cliente" },
	{ "name", "paciente" },
	{ "name", "contato" },
	{ "name", "lead" },
	{ "name", "pessoa" },
	{ "name", "full name" },
	{ "name", "name" },
	{ "name", "first name" },
	{ "name", "primeiro nome" },
	{ "name", "nome do cliente" },
	{ "name", "nome do paciente" },
	{ "name", "nome do contato" },
	{ "name", "nome do lead" },
	{ "phone", "celular" },
	{ "phone", "whatsapp" },
	{ "phone", "fone" },
	{ "phone", "tel" },
	{ "phone", "telefone celular" },
	{ "phone", "mobile" },
	{ "phone", "phone" },
	{ "phone", "phone number" },
	{ "phone", "numero" },
	{ "phone", "tel. celular" },
	{ "phone2", "telefone" },
	{ "phone2", "celular" },
	{ "phone2", "whatsapp" },
	{ "phone2", "fone" },
	{ "phone2", "telefone fixo" },
	{ "phone2", "telefone residencial" },
	{ "phone2", "telefone comercial" },
	{ "phone2", "fixo" },
	{ "phone2", "recado" },
	{ "phone2", "segundo telefone" },
	{ "email", "email" },
	{ "email", "mail" },
	{ "email", "e-mail do cliente" },
	{ "email", "endereco de e-mail" },
	{ "cpf", "documento" },
	{ "cpf", "cpf do cliente" },
	{ "interest", "procedimento" },
	{ "interest", "tratamento" },
	{ "interest", "servico" },
	{ "interest", "produto" },
	{ "interest", "interesses" },
	{ "interest", "procedimento de interesse" },
	{ "interest", "especialidade" },
	{ "value_cents", "valor" },
	{ "value_cents", "orcamento" },
	{ "value_cents", "preco" },
	{ "value_cents", "valor do orcamento" },
	{ "value_cents", "valor total" },
	{ "value_cents", "receita" },
	{ "source", "origem" },
	{ "source", "fonte" },
	{ "source", "canal" },
	{ "source", "como conheceu" },
	{ "source", "como nos conheceu" },
	{ "source", "midia" },
	{ "tags", "etiqueta" },
	{ "tags", "tag" },
	{ "tags", "tags" },
	{ "tags", "marcadores" },
	{ "expected_on", "previsao" },
	{ "expected_on", "data prevista" },
	{ "utm_campaign", "campanha" },
	{ "hot", "quente" },
	{ "consent", "consentimento" },
	{ "consent", "lgpd" },
	{ "consent", "aceita novidades" },
	{ "consent", "opt-in" },
	{ "stage", "fase" },
	{ "stage", "estagio" },
	{ "stage", "coluna" },
	{ "owner", "vendedor" },
	{ "owner", "atendente" },
	{ "owner", "consultor" },
	{ "owner", "proprietario" },
	{ "owner", "dono" },
};

/* ---- targets ---- */

/* Ids mean nothing in a spreadsheet, and the version is ours. */
static bool is_target(const Field *field)
{
	return field->type != FIELD_ID && field->type != FIELD_JSON &&
	       strcmp(field->name, "version") != 0;
}

ImportTarget *import_targets(
	Ctx *cx, const SqlCrmFields *field, size_t field_count, size_t *ret_count)
{
	ImportTarget *target = NEW_ARRAY(cx->mem, ImportTarget, lead_field_count + field_count + 2);
	size_t count = 0;

	for (size_t i = 0; i < lead_field_count; i++) {
		const char *title = lead_fields[i].title;

		if (!is_target(&lead_fields[i]))
			continue;
		target[count++] = (ImportTarget){ lead_fields[i].name,
			!strcmp(lead_fields[i].name, "source") ? "Origem" : title, NULL };
	}
	target[count++] = (ImportTarget){ "stage", "Etapa", NULL };
	target[count++] = (ImportTarget){ "owner", "Responsável", NULL };
	for (size_t i = 0; i < field_count; i++)
		if (field[i].active)
			target[count++] =
				(ImportTarget){ arena_printf(cx->mem, "custom.%s", field[i].key),
					field[i].title, "Campos da clínica" };
	*ret_count = count;
	return target;
}

/* ---- the guess ---- */

/* "Telefone 1", "E-mail:" and "nome_completo" are compared without what stands around the words. */
static const char *plain(Ctx *cx, const char *heading)
{
	char *word = str_fold(cx->mem, heading);
	size_t size;

	for (char *c = word; *c; c++)
		if (*c == '_')
			*c = ' ';
	size = strlen(word);
	while (size && strchr(" :*.0123456789", word[size - 1]))
		word[--size] = '\0';
	return word;
}

static bool is_taken(const char *name, const char *const *taken, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (taken[i] && !strcmp(taken[i], name))
			return true;
	return false;
}

static bool means(Ctx *cx, const char *word, const ImportTarget *target)
{
	if (!strcmp(word, plain(cx, target->title)) || !strcmp(word, plain(cx, target->name)))
		return true;
	for (size_t i = 0; i < COUNT(aliases); i++)
		if (!strcmp(aliases[i].target, target->name) && !strcmp(aliases[i].alias, word))
			return true;
	return false;
}

const char *import_guess(Ctx *cx, const char *heading, const ImportTarget *target, size_t count,
	const char *const *taken, size_t taken_count)
{
	const char *word = plain(cx, heading);

	if (!*word)
		return NULL;
	if (!strcmp(word, "sobrenome") || !strcmp(word, "last name"))
		return "name"; /* joined with the name before it */
	for (size_t i = 0; i < count; i++)
		if (!is_taken(target[i].name, taken, taken_count) && means(cx, word, &target[i]))
			return target[i].name;
	return NULL;
}

/* ---- kept as JSON ---- */

const char *import_mapping_json(Ctx *cx, const char *const *target, size_t count)
{
	Json json;

	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_array(&json, "columns");
	for (size_t i = 0; i < count; i++)
		json_put_text(&json, NULL, target[i]);
	return json_done(&json);
}

const char *import_options_json(Ctx *cx, const ImportOptions *option)
{
	Json json;

	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_text(&json, "twins", option->twins);
	json_put_bool(&json, "headings", option->headings);
	json_put_bool(&json, "rules", option->rules);
	if (option->stage_id)
		json_put_int(&json, "stage_id", option->stage_id);
	if (option->source_id)
		json_put_int(&json, "source_id", option->source_id);
	if (option->owner_id)
		json_put_int(&json, "owner_id", option->owner_id);
	json_put_array(&json, "tags");
	for (size_t i = 0; i < option->tags.count; i++)
		json_put_text(&json, NULL, option->tags.v[i]);
	return json_done(&json);
}

static bool is_known(const ImportTarget *target, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(target[i].name, name))
			return true;
	return false;
}

/* A target that is gone since (a field of the clinic that was switched off) is left out. */
static Err read_mapping(Ctx *cx, const char *mapping, ImportPlan *plan)
{
	json_t *tree;
	const json_t *columns;
	const char **target;
	ImportTarget *known;
	size_t known_count;

	TRY(json_parse(cx, str_of(mapping), &tree));
	columns = json_object_get(tree, "columns");
	plan->column_count = json_array_size(columns);
	target = NEW_ARRAY(cx->mem, const char *, plan->column_count + 1);
	known = import_targets(cx, plan->field, plan->field_count, &known_count);
	for (size_t i = 0; i < plan->column_count; i++) {
		const char *name = json_string_value(json_array_get(columns, i));

		if (name && is_known(known, known_count, name))
			target[i] = name;
	}
	plan->target = target;
	return OK;
}

static Err read_options(Ctx *cx, const char *options, ImportOptions *ret)
{
	json_t *tree;

	TRY(json_parse(cx, str_of(options), &tree));
	if (!form_fill_json(cx, tree, import_option_fields, import_option_count, ret))
		return err_set(cx, ERR_BUG, "the options of an import are broken");
	return OK;
}

/* The stage of rows that name none. */
static Err choose_stage(Ctx *cx, ImportPlan *plan)
{
	for (size_t i = 0; i < plan->pipeline_count; i++)
		for (size_t j = 0; j < plan->pipeline[i].stage_count; j++) {
			const Stage *stage = &plan->pipeline[i].stage[j];
			bool wanted = plan->option.stage_id ? stage->id == plan->option.stage_id
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

Err import_plan(Ctx *cx, int64_t id, const char *mapping, const char *options, ImportPlan *ret)
{
	SqlCrmFields *field;
	Pipeline *pipeline;
	Member *member;

	*ret = (ImportPlan){ .id = id };
	TRY(sql_crm_fields_send(cx));
	TRY(sql_crm_sources_send(cx));
	TRY(sql_crm_fields_read(cx, &field, &ret->field_count));
	TRY(sql_crm_sources_read(cx, &ret->source, &ret->source_count));
	TRY(account_list_members(cx, NULL, &member, &ret->member_count));
	TRY(crm_list_pipelines(cx, &pipeline, &ret->pipeline_count));
	for (size_t i = 0; i < ret->field_count; i++)
		field[i].required = false; /* that is asked of people, not of old lists */
	ret->field = field;
	ret->member = member;
	ret->pipeline = pipeline;
	TRY(read_mapping(cx, mapping, ret));
	TRY(read_options(cx, options, &ret->option));
	return choose_stage(cx, ret);
}
