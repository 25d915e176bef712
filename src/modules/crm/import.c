/* Rows of a spreadsheet become leads: what a spreadsheet tells by name (stage, owner, source) is
 * looked up here, people who are here already are found, and a batch of rows is stored in a handful
 * of round trips. */
#include "modules/crm/leads_rooms.h"

/* ---- what is told by name ---- */

static bool same_words(Ctx *cx, const char *a, const char *b)
{
	return !strcmp(str_fold(cx->mem, a), str_fold(cx->mem, b));
}

static void find_stage(Ctx *cx, const LeadImport *plan, const char *name, LeadRow *row)
{
	row->stage = plan->stage;
	row->pipeline = plan->pipeline_id;
	if (!name)
		return;
	for (size_t i = 0; i < plan->pipeline_count; i++)
		for (size_t j = 0; j < plan->pipeline[i].stage_count; j++) {
			const Stage *stage = &plan->pipeline[i].stage[j];

			if (strcmp(stage->kind, "open") != 0 || !same_words(cx, stage->name, name))
				continue;
			row->stage = stage->id;
			row->pipeline = stage->pipeline_id;
			if (stage->pipeline_id == plan->pipeline_id)
				return; /* the same name may stand in other pipelines too */
		}
	if (row->stage == plan->stage && row->pipeline == plan->pipeline_id)
		err_field(cx, "stage", "Não há uma etapa aberta com este nome.");
}

static void find_owner(Ctx *cx, const LeadImport *plan, const char *name, LeadRow *row)
{
	row->form.owner_id = plan->option->owner_id;
	if (!name)
		return;
	for (size_t i = 0; i < plan->member_count; i++)
		if (same_words(cx, plan->member[i].name, name) ||
			same_words(cx, plan->member[i].email, name)) {
			row->form.owner_id = plan->member[i].user;
			return;
		}
	err_field(cx, "owner", "Não há ninguém na equipe com este nome ou e-mail.");
}

static int64_t known_source(Ctx *cx, const LeadImport *plan, const char *name)
{
	for (size_t i = 0; name && i < plan->source_count; i++)
		if (same_words(cx, plan->source[i].name, name))
			return plan->source[i].id;
	return 0;
}

/* ---- a row ---- */

static const char *value_of(ImportPairs *pairs, const char *name)
{
	const FormPair *pair = import_pair(pairs, name);

	return pair ? pair->value : NULL;
}

Err lead_import_parse(Ctx *cx, const ImportMap *map, ImportPairs *pairs, ImportRow *row)
{
	const LeadImport *plan = map->plan;
	LeadRow *lead = row->record = NEW(cx->mem, LeadRow);
	Err err;

	for (size_t i = 0; i < plan->option->tags.count; i++)
		import_put_pair(pairs, "tags", plan->option->tags.v[i]);
	form_fill(cx, &(Form){ pairs->pair, pairs->count }, lead_fields, COUNT(lead_fields),
		&lead->form);
	find_stage(cx, plan, value_of(pairs, "stage"), lead);
	find_owner(cx, plan, value_of(pairs, "owner"), lead);
	err = custom_check_by(
		cx, plan->field, plan->field_count, lead->form.custom, &lead->more.custom);
	lead->form.source_id = plan->option->source_id;
	if (lead->form.source)
		lead->form.source_id = known_source(cx, plan, lead->form.source);
	if (err == OK && !cx->bad_count)
		lead_derive(cx, &lead->form, &lead->more);
	return err;
}

/* ---- the same person, here or in the file ---- */

typedef enum Fate { FATE_ADD, FATE_FILL, FATE_SKIP, FATE_BAD } Fate;

typedef struct Work {
	LeadRow *row;
	Fate fate;
	int64_t lead; /* to fill; later the one that was added */
	int64_t stay; /* since when it is in its stage */
	size_t like;  /* 1 + the row of this batch that is the same person; 0: none */
} Work;

static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static bool same_person(const LeadRow *a, const LeadRow *b)
{
	return same_text(a->more.phone_key, b->more.phone_key) ||
	       same_text(a->more.phone_key, b->more.phone2_key) ||
	       same_text(a->more.phone2_key, b->more.phone_key) ||
	       same_text(a->form.email, b->form.email) || same_text(a->form.cpf, b->form.cpf);
}

static const char *key_of_kind(const LeadRow *row, const char *kind)
{
	return !strcmp(kind, "phone")   ? row->more.phone_key
	       : !strcmp(kind, "email") ? row->form.email
					: row->form.cpf;
}

static Strs keys_of(Ctx *cx, const Work *work, size_t count, const char *kind)
{
	const char **key = NEW_ARRAY(cx->mem, const char *, count + 1);
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (work[i].fate != FATE_BAD && key_of_kind(work[i].row, kind))
			key[n++] = key_of_kind(work[i].row, kind);
	return (Strs){ key, n };
}

/* Leads that are here already, in one question for all rows; of several the newest. */
static Err ask_leads(Ctx *cx, const LeadImport *plan, Work *work, size_t count)
{
	Fate fate = !strcmp(plan->option->twins, "update") ? FATE_FILL : FATE_SKIP;
	SqlCrmImportTwins *twin;
	size_t twins;

	TRY(sql_crm_import_twins(cx, keys_of(cx, work, count, "phone"),
		keys_of(cx, work, count, "email"), keys_of(cx, work, count, "cpf"), &twin, &twins));
	for (size_t i = 0; i < twins; i++)
		for (size_t j = 0; j < count; j++) {
			if (work[j].fate == FATE_BAD ||
				!str_same(key_of_kind(work[j].row, twin[i].kind), twin[i].value))
				continue;
			work[j].fate = fate;
			if (twin[i].id > work[j].lead)
				work[j].lead = twin[i].id;
		}
	return OK;
}

/* Who is a patient already is no lead. */
static Err ask_patients(Ctx *cx, Work *work, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const LeadForm *form = &work[i].row->form;
		PatientTwin *twin;
		size_t twins;

		if (work[i].fate != FATE_ADD || !(form->phone || form->email || form->cpf))
			continue;
		TRY(patient_find_twins(cx, form->phone, form->email, form->cpf, &twin, &twins));
		if (twins)
			work[i].fate = FATE_SKIP;
	}
	return OK;
}

static void find_in_batch(const LeadImport *plan, Work *work, size_t count)
{
	bool fill = !strcmp(plan->option->twins, "update");

	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i && work[i].fate == FATE_ADD; j++)
			if (work[j].fate == FATE_ADD && same_person(work[i].row, work[j].row)) {
				work[i].fate = fill ? FATE_FILL : FATE_SKIP;
				work[i].like = j + 1;
			}
}

static Err settle_fates(Ctx *cx, const LeadImport *plan, Work *work, size_t count)
{
	if (!strcmp(plan->option->twins, "create"))
		return OK;
	TRY(ask_leads(cx, plan, work, count));
	TRY(ask_patients(cx, work, count));
	find_in_batch(plan, work, count);
	return OK;
}

/* ---- storing ---- */

/* Sources that are new to the clinic; the others were known by the plan. */
static Err make_sources(Ctx *cx, Work *work, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *name = work[i].row->form.source;
		SqlCrmInsertSource made;
		SqlCrmSourceNamed named;
		bool found;

		if (work[i].fate != FATE_ADD && work[i].fate != FATE_FILL)
			continue;
		if (name && !work[i].row->form.source_id) {
			TRY(sql_crm_source_named(cx, name, &named, &found));
			if (!found) {
				TRY(sql_crm_insert_source(cx, name, "globe", &made, &found));
				named.id = made.id;
			}
			for (size_t j = i; j < count; j++)
				if (work[j].row->form.source &&
					!strcmp(work[j].row->form.source, name))
					work[j].row->form.source_id = named.id;
		}
		work[i].row->more.source_id = work[i].row->form.source_id;
	}
	return OK;
}

/* All inserts leave in one round trip; the statement is the one of a lead made by hand. */
static Err add_leads(Ctx *cx, int64_t import, Work *work, size_t count)
{
	SqlCrmInsertLead row;

	for (size_t i = 0; i < count; i++) {
		const LeadRow *r = work[i].row;
		SqlCrmInsertLeadIn in;

		if (work[i].fate != FATE_ADD)
			continue;
		in = lead_new_row(cx, &r->form, &r->more, r->stage, r->pipeline);
		in.import_id = &import;
		TRY(sql_crm_insert_lead_send(cx, &in));
	}
	for (size_t i = 0; i < count; i++) {
		if (work[i].fate != FATE_ADD)
			continue;
		TRY(sql_crm_insert_lead_read(cx, &row));
		work[i].lead = row.id;
		work[i].stay = row.stage_since;
	}
	return OK;
}

static Err add_history(Ctx *cx, const LeadImport *plan, const Work *work, size_t count)
{
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, count + 1), rows;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (work[i].fate == FATE_ADD)
			id[n++] = work[i].lead;
	if (!n)
		return OK;
	TRY(sql_crm_insert_first_moves(cx, (Int64s){ id, n }, db_id_or_null(&cx->user.v), &rows));
	for (size_t i = 0; i < n; i++)
		TRY(lead_event(
			cx, (LeadId){ id[i] }, "lead.created", "Lead importado de planilha", NULL));
	for (size_t i = 0; plan->option->rules && i < count; i++) {
		if (work[i].fate != FATE_ADD)
			continue;
		TRY(rule_on_enter(cx, (LeadId){ work[i].lead }, work[i].row->stage, work[i].stay));
		TRY(lead_tell(cx, (LeadId){ work[i].lead }, "lead.created"));
	}
	return OK;
}

/* ---- filling what is empty ---- */

static bool is_empty_value(const Field *field, const void *value)
{
	switch (field->type) {
	case FIELD_BOOL:
		return !*(const bool *)value;
	case FIELD_DATE:
		return *(const int32_t *)value == DATE_NONE;
	case FIELD_TEXTS:
		return !((const Strs *)value)->count;
	case FIELD_INT:
	case FIELD_MONEY:
	case FIELD_ID:
	case FIELD_TIME:
		return !*(const int64_t *)value;
	default:
		return str_is_empty(*(const char *const *)value);
	}
}

/* What the lead says of the clinic's fields, and what the row adds; *ret is `kept` when that is
 * nothing. */
static Err merged_custom(Ctx *cx, const char *kept, const char *more, const char **ret)
{
	json_t *old, *new, *value;
	bool changed = false;
	const char *key;
	Json out;

	TRY(json_parse(cx, str_of(kept), &old));
	TRY(json_parse(cx, str_of(more), &new));
	json_init(&out, cx->mem);
	json_put_object(&out, NULL);
	json_object_foreach(old, key, value) json_put_text(&out, key, json_string_value(value));
	json_object_foreach(new, key, value)
	{
		if (json_object_get(old, key))
			continue;
		json_put_text(&out, key, json_string_value(value));
		changed = true;
	}
	*ret = changed ? json_done(&out) : kept;
	return OK;
}

/* *ret_changed: the row knew something that the lead did not. */
static Err fill_lead(Ctx *cx, int64_t id, const LeadRow *row, bool *ret_changed)
{
	const char *custom;
	LeadForm form;
	Lead lead;

	TRY(crm_get_lead(cx, (LeadId){ id }, &lead));
	form = lead_form_of(&lead);
	form.source = lead.source;
	*ret_changed = false;
	for (size_t i = 0; i < COUNT(lead_fields); i++) {
		const Field *field = &lead_fields[i];
		char *to = (char *)&form + field->offset;
		const char *from = (const char *)&row->form + field->offset;
		size_t size = field->type == FIELD_TEXTS  ? sizeof(Strs)
			      : field->type == FIELD_BOOL ? sizeof(bool)
			      : field->type == FIELD_DATE ? sizeof(int32_t)
							  : sizeof(int64_t);

		if (field->type == FIELD_JSON || !is_empty_value(field, to) ||
			is_empty_value(field, from))
			continue;
		memcpy(to, from, size);
		*ret_changed = true;
	}
	TRY(merged_custom(cx, lead.custom, row->more.custom, &custom));
	*ret_changed = *ret_changed || custom != lead.custom;
	form.custom = custom;
	return *ret_changed ? crm_save_lead(cx, (LeadId){ id }, &form) : OK;
}

static Err fill_leads(Ctx *cx, Work *work, size_t count, int *ret_merged)
{
	for (size_t i = 0; i < count; i++) {
		bool changed;

		if (work[i].fate != FATE_FILL)
			continue;
		if (work[i].like)
			work[i].lead = work[work[i].like - 1].lead;
		TRY(fill_lead(cx, work[i].lead, work[i].row, &changed));
		*ret_merged += changed;
	}
	return OK;
}

/* ---- a batch ---- */

Err lead_import_store(
	Ctx *cx, const ImportMap *map, ImportRow *row, size_t count, ImportCounts *counts)
{
	Work *work = NEW_ARRAY(cx->mem, Work, count + 1);
	const LeadImport *plan = map->plan;

	for (size_t i = 0; i < count; i++)
		work[i] = (Work){ .row = row[i].record,
			.fate = row[i].bad_count ? FATE_BAD : FATE_ADD };
	TRY(settle_fates(cx, plan, work, count));
	TRY(make_sources(cx, work, count));
	TRY(add_leads(cx, map->import->id, work, count));
	TRY(add_history(cx, plan, work, count));
	TRY(fill_leads(cx, work, count, &counts->merged));
	for (size_t i = 0; i < count; i++) {
		counts->added += work[i].fate == FATE_ADD;
		row[i].twin = work[i].fate == FATE_SKIP;
	}
	return OK;
}
