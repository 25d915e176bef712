/* What stands in a day and what its names are: dentists, chairs, types of visit, visits. */
#include "modules/agenda/agenda_rooms.h"

/* ---- lists for screens ---- */

static Dentist *dentists_of(Ctx *cx, const SqlAgendaDentists *row, size_t count)
{
	Dentist *list = NEW_ARRAY(cx->mem, Dentist, count + 1);

	for (size_t i = 0; i < count; i++)
		list[i] = (Dentist){ .user = row[i].user_id,
			.chair_id = row[i].chair_id,
			.name = row[i].name,
			.prefix = row[i].prefix,
			.specialty = row[i].specialty,
			.tone = row[i].tone,
			.buffer_minutes = row[i].buffer_minutes,
			.online = row[i].online,
			.active = row[i].active,
			.version = row[i].version };
	return list;
}

static Err read_dentists(Ctx *cx, Dentist **ret, size_t *ret_count)
{
	SqlAgendaDentists *row;

	TRY(sql_agenda_dentists_read(cx, &row, ret_count));
	*ret = dentists_of(cx, row, *ret_count);
	return OK;
}

Err agenda_list_dentists(Ctx *cx, Dentist **ret, size_t *ret_count)
{
	TRY(sql_agenda_dentists_send(cx));
	return read_dentists(cx, ret, ret_count);
}

const Branch *branch_find(const Branch *branch, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (branch[i].id == id)
			return &branch[i];
	return NULL;
}

static Chair *chairs_of(Ctx *cx, const Branch *branch, size_t branch_count,
	const SqlAgendaChairs *row, size_t count)
{
	Chair *list = NEW_ARRAY(cx->mem, Chair, count + 1);

	for (size_t i = 0; i < count; i++) {
		const Branch *of = branch_find(branch, branch_count, row[i].branch_id);

		list[i] = (Chair){ .id = row[i].id,
			.branch_id = row[i].branch_id,
			.name = row[i].name,
			.branch = of ? of->name : "",
			.active = row[i].active,
			.version = row[i].version };
	}
	return list;
}

static Err read_chairs(
	Ctx *cx, const Branch *branch, size_t branch_count, Chair **ret, size_t *ret_count)
{
	SqlAgendaChairs *row;

	TRY(sql_agenda_chairs_read(cx, &row, ret_count));
	*ret = chairs_of(cx, branch, branch_count, row, *ret_count);
	return OK;
}

Err agenda_list_chairs(Ctx *cx, Chair **ret, size_t *ret_count)
{
	size_t branch_count;
	Branch *branch;

	TRY(company_branches_ask(cx));
	TRY(sql_agenda_chairs_send(cx));
	TRY(company_branches_read(cx, &branch, &branch_count));
	return read_chairs(cx, branch, branch_count, ret, ret_count);
}

static Err read_visit_types(Ctx *cx, VisitType **ret, size_t *ret_count)
{
	SqlAgendaVisitTypes *row;
	size_t count;

	TRY(sql_agenda_visit_types_read(cx, &row, &count));
	*ret = NEW_ARRAY(cx->mem, VisitType, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = (VisitType){ .id = row[i].id,
			.name = row[i].name,
			.tone = row[i].tone,
			.minutes = row[i].minutes,
			.buffer_minutes = row[i].buffer_minutes,
			.online = row[i].online,
			.active = row[i].active,
			.version = row[i].version };
	*ret_count = count;
	return OK;
}

Err agenda_list_visit_types(Ctx *cx, VisitType **ret, size_t *ret_count)
{
	TRY(sql_agenda_visit_types_send(cx));
	return read_visit_types(cx, ret, ret_count);
}

Err agenda_zone(Ctx *cx, int64_t branch_id, const char **ret)
{
	const Branch *found;
	Branch *branch;
	size_t count;

	*ret = cx->zone;
	if (!branch_id)
		return OK;
	TRY(company_list_branches(cx, &branch, &count));
	found = branch_find(branch, count, branch_id);
	if (!found)
		return err_set(cx, ERR_NOT_FOUND, "no branch %" PRId64, branch_id);
	*ret = found->zone;
	return OK;
}

Err agenda_minutes(Ctx *cx, int64_t visit_type_id, int64_t dentist_id, int *ret)
{
	SqlAgendaFacts facts;

	TRY(sql_agenda_facts(cx, dentist_id, visit_type_id, 0, 0, &facts));
	if (facts.minutes_null || !facts.dentist_name)
		return err_set(cx, ERR_NOT_FOUND, "no visit type %" PRId64 " or dentist %" PRId64,
			visit_type_id, dentist_id);
	if (!facts.offered)
		return err_tell(cx, ERR_CONFLICT,
			arena_printf(
				cx->mem, "%s não faz %s.", facts.dentist_name, facts.type_name),
			"dentist %" PRId64 " does not do visit type %" PRId64, dentist_id,
			visit_type_id);
	*ret = facts.minutes;
	return OK;
}

/* ---- visits with the names of what they point at ---- */

static void name_visit(Appointment *visit, const AgendaDay *names)
{
	for (size_t i = 0; i < names->dentist_count; i++)
		if (names->dentist[i].user == visit->dentist_id)
			visit->dentist_name = names->dentist[i].name;
	for (size_t i = 0; visit->chair_id && i < names->chair_count; i++)
		if (names->chair[i].id == visit->chair_id)
			visit->chair_name = names->chair[i].name;
	for (size_t i = 0; visit->visit_type_id && i < names->type_count; i++)
		if (names->type[i].id == visit->visit_type_id)
			visit->visit_type = names->type[i].name;
}

static Err names_ask(Ctx *cx)
{
	TRY(company_branches_ask(cx));
	TRY(sql_agenda_dentists_send(cx));
	TRY(sql_agenda_chairs_send(cx));
	return sql_agenda_visit_types_send(cx);
}

static Err names_read(Ctx *cx, AgendaDay *ret)
{
	TRY(company_branches_read(cx, &ret->branch, &ret->branch_count));
	TRY(read_dentists(cx, &ret->dentist, &ret->dentist_count));
	TRY(read_chairs(cx, ret->branch, ret->branch_count, &ret->chair, &ret->chair_count));
	return read_visit_types(cx, &ret->type, &ret->type_count);
}

Err agenda_names(Ctx *cx, AgendaDay *ret)
{
	*ret = (AgendaDay){ 0 };
	TRY(names_ask(cx));
	return names_read(cx, ret);
}

Err agenda_list(Ctx *cx, const AgendaQuery *in, Appointment **ret, size_t *ret_count)
{
	AgendaDay names;

	TRY(visits_ask(cx, in));
	if (in->patient_id) /* of all years: named by the query */
		return visits_read(cx, in, ret, ret_count);
	TRY(names_ask(cx));
	TRY(visits_read(cx, in, ret, ret_count));
	TRY(names_read(cx, &names));
	for (size_t i = 0; i < *ret_count; i++)
		name_visit(&(*ret)[i], &names);
	return OK;
}

/* ---- all of a day ---- */

Err agenda_day_ask(Ctx *cx, const AgendaQuery *in)
{
	TRY(frame_ask(cx, in->from, in->to, /* dentist_id= */ 0));
	TRY(sql_agenda_visit_types_send(cx));
	return visits_ask(cx, in);
}

Err agenda_day_read(Ctx *cx, const AgendaQuery *in, AgendaDay *ret)
{
	Frame frame;

	TRY(frame_read(cx, in->from, in->to, &frame));
	TRY(read_visit_types(cx, &ret->type, &ret->type_count));
	TRY(visits_read(cx, in, &ret->visit, &ret->visit_count));
	ret->branch = frame.branch;
	ret->branch_count = frame.branch_count;
	ret->dentist = dentists_of(cx, frame.dentist, frame.dentist_count);
	ret->dentist_count = frame.dentist_count;
	ret->chair =
		chairs_of(cx, frame.branch, frame.branch_count, frame.chair, frame.chair_count);
	ret->chair_count = frame.chair_count;
	for (size_t i = 0; !in->patient_id && i < ret->visit_count; i++)
		name_visit(&ret->visit[i], ret);
	frame_openings(cx, &frame, in->branch_id, &ret->opening, &ret->opening_count);
	frame_blocks(cx, &frame, &ret->block, &ret->block_count);
	return OK;
}
