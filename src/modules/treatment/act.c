/* Acts: what was found, exists, is planned and was done. Nothing is deleted and nothing rewritten:
 * each change is a step, so that the chart of any day can be shown. */
#include "modules/treatment/act.h"
#include "modules/treatment/act.sql.h"

enum { REASON_MAX = 200 };

/* ---- reading ---- */

static Act act_of_row(Arena *mem, const SqlActRow *r)
{
	const Condition *condition = chart_condition(r->condition);
	ActTooth *teeth = NEW_ARRAY(mem, ActTooth, r->teeth.count + 1);

	for (size_t i = 0; i < r->teeth.count; i++)
		teeth[i] = (ActTooth){ (int)r->teeth.v[i], r->roles.v[i] };
	return (Act){ .id = r->id,
		.patient_id = r->patient_id,
		.procedure_id = r->procedure_id,
		.visit_id = r->visit_id,
		.kind = r->kind,
		.condition = r->condition,
		.paint = r->paint,
		.area = r->area,
		.region = r->region,
		.note = r->note,
		.title = condition      ? condition->title
			 : r->procedure ? r->procedure
					: "",
		.tooth = r->tooth,
		.surfaces = (unsigned)r->surfaces,
		.recorded_at = r->recorded_at,
		.done_at = r->done_at,
		.voided_at = r->voided_at,
		.recorded_by = r->recorded_by,
		.done_by = r->done_by,
		.void_reason = r->void_reason,
		.teeth = teeth,
		.teeth_count = r->teeth.count,
		.proposal = r->proposal,
		.version = r->version };
}

Err act_get(Ctx *cx, int64_t id, Act *ret)
{
	SqlActRow row;

	TRY(sql_act_by_id(cx, id, &row));
	*ret = act_of_row(cx->mem, &row);
	return OK;
}

static const char *kind_then(const SqlActKindsAt *then, size_t count, int64_t act)
{
	for (size_t i = 0; i < count; i++)
		if (then[i].act_id == act)
			return then[i].kind;
	return NULL;
}

/* As it was then; false: it was not there, or was void and those are not asked for. */
static bool act_go_back(Act *act, const char *kind, bool voided)
{
	if (!kind)
		return false;
	if (!strcmp(kind, "void"))
		return voided;
	act->kind = kind;
	act->voided_at = 0;
	act->void_reason = NULL;
	if (strcmp(kind, "done") != 0)
		act->done_at = act->done_by = 0;
	return true;
}

Err act_list_ask(Ctx *cx, int64_t patient, int64_t at, bool voided)
{
	/* what is void today may have stood then */
	TRY(sql_act_by_patient_send(cx, patient, voided || at != 0));
	return at ? sql_act_kinds_at_send(cx, patient, at) : OK;
}

Err act_list_read(Ctx *cx, int64_t at, bool voided, Act **ret, size_t *ret_count)
{
	SqlActKindsAt *then = NULL;
	size_t count, then_count = 0, n = 0;
	SqlActRow *row;
	Act *list;

	TRY(sql_act_by_patient_read(cx, &row, &count));
	if (at)
		TRY(sql_act_kinds_at_read(cx, &then, &then_count));
	list = NEW_ARRAY(cx->mem, Act, count + 1);
	for (size_t i = 0; i < count; i++) {
		list[n] = act_of_row(cx->mem, &row[i]);
		if (!at || act_go_back(&list[n], kind_then(then, then_count, list[n].id), voided))
			n++;
	}
	*ret = list;
	*ret_count = n;
	return OK;
}

Err act_list(Ctx *cx, int64_t patient, int64_t at, bool voided, Act **ret, size_t *ret_count)
{
	TRY(act_list_ask(cx, patient, at, voided));
	return act_list_read(cx, at, voided, ret, ret_count);
}

const char *act_place(Arena *mem, const Act *act)
{
	Buf buf;

	if (act->teeth_count) {
		buf_init(&buf, mem, 200);
		buf_printf(&buf, "%d", act->teeth[0].tooth);
		if (act->teeth_count > 1)
			buf_printf(&buf, "–%d", act->teeth[act->teeth_count - 1].tooth);
		return buf_text(&buf);
	}
	if (act->tooth && act->surfaces)
		return arena_printf(
			mem, "%d %s", act->tooth, faces_text(mem, act->tooth, act->surfaces));
	if (act->tooth)
		return arena_printf(mem, "%d", act->tooth);
	if (act->region)
		return region_name(act->region) ? region_name(act->region) : act->region;
	return "Geral";
}

/* ---- telling ---- */

static const char *act_json(Ctx *cx, const Act *act)
{
	Json j;

	json_init(&j, cx->mem);
	json_put_object(&j, NULL);
	json_put_int(&j, "id", act->id);
	json_put_int(&j, "patient_id", act->patient_id);
	json_put_text(&j, "kind", act->kind);
	json_put_text(&j, "condition", act->condition);
	if (act->procedure_id)
		json_put_int(&j, "procedure_id", act->procedure_id);
	json_put_text(&j, "title", act->title);
	json_put_text(&j, "place", act_place(cx->mem, act));
	if (act->tooth)
		json_put_int(&j, "tooth", act->tooth);
	json_put_text(&j, "surfaces", faces_text(cx->mem, act->tooth, act->surfaces));
	json_put_text(&j, "region", act->region);
	json_close(&j);
	return json_done(&j);
}

/* One word in every book: step, audit, timeline, event. */
typedef struct Told {
	const char *was;    /* its kind before; NULL: it is new */
	const char *step;   /* kind of the step; "void" */
	const char *action; /* "act.void" */
	const char *event;  /* told to modules */
	const char *verb;   /* "Anulado"; NULL: nothing on the timeline */
	const char *reason;
	int64_t at;
} Told;

const char *act_verb(const char *kind)
{
	static const char *const verbs[][2] = { { "finding", "Achado" },
		{ "existing", "Existente" }, { "planned", "Planejado" }, { "done", "Realizado" },
		{ "referred", "Encaminhado" } };

	for (size_t i = 0; kind && i < COUNT(verbs); i++)
		if (!strcmp(verbs[i][0], kind))
			return verbs[i][1];
	return NULL;
}

/* "Planejado: Coroa, 16" */
static const char *act_words(Ctx *cx, const Act *act, const char *kind)
{
	return arena_printf(
		cx->mem, "%s: %s, %s", act_verb(kind), act->title, act_place(cx->mem, act));
}

static Err tell(Ctx *cx, const Act *act, const Told *told)
{
	const char *json = act_json(cx, act);
	bool gone = !strcmp(told->step, "void");
	int64_t rows;
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_text(&diff, "act", told->was ? act_words(cx, act, told->was) : NULL,
		gone ? NULL : act_words(cx, act, act->kind));

	TRY(sql_act_insert_step(cx, act->id, told->step, told->at, cx->user.v ? &cx->user.v : NULL,
		told->reason, &rows));
	TRY(audit_add_change(cx, &(Change){ .action = told->action,
					 .subject = "patient",
					 .subject_id = act->patient_id,
					 .diff = diff_done(&diff),
					 .reason = told->reason }));
	if (told->verb)
		TRY(audit_add_event(
			cx, &(Event){ .at = told->at,
				    .subject = "patient",
				    .subject_id = act->patient_id,
				    .kind = told->action,
				    .title = arena_printf(cx->mem, "%s: %s, %s", told->verb,
					    act->title, act_place(cx->mem, act)),
				    .body = told->reason ? told->reason : act->note }));
	return module_tell(cx, told->event, act->id, json);
}

/* ---- adding ---- */

static Err insert_teeth(Ctx *cx, const Act *act)
{
	int64_t *tooth = NEW_ARRAY(cx->mem, int64_t, act->teeth_count + 1), rows;
	const char **role = NEW_ARRAY(cx->mem, const char *, act->teeth_count + 1);

	if (!act->teeth_count)
		return OK;
	for (size_t i = 0; i < act->teeth_count; i++) {
		tooth[i] = act->teeth[i].tooth;
		role[i] = act->teeth[i].role;
	}
	return sql_act_insert_teeth(cx, act->id, (Int64s){ tooth, act->teeth_count },
		(Strs){ role, act->teeth_count }, &rows);
}

Err act_add(Ctx *cx, const Act *in, int64_t *ret_id)
{
	Act act = *in;
	int64_t tooth = act.tooth;
	SqlActInsert row;

	TRY(act_check(cx, &act));
	TRY(sql_act_insert(cx,
		&(SqlActInsertIn){ .patient = act.patient_id,
			.kind = act.kind,
			.condition = act.condition,
			.procedure = act.procedure_id ? &act.procedure_id : NULL,
			.paint = act.paint,
			.area = act.area,
			.tooth = tooth ? &tooth : NULL,
			.surfaces = act.surfaces,
			.region = act.region,
			.note = act.note,
			.recorded_at = act.recorded_at,
			.user_id = cx->user.v ? &cx->user.v : NULL,
			.done_at = act.done_at ? &act.done_at : NULL,
			.visit = act.visit_id ? &act.visit_id : NULL },
		&row));
	act.id = row.id;
	TRY(insert_teeth(cx, &act));
	TRY(tell(cx, &act,
		&(Told){ .step = act.kind,
			.action = "act.add",
			.event = "act.added",
			/* a sound mouth is one click, and would fill the timeline */
			.verb = act.condition && !strcmp(act.condition, "healthy")
					? NULL
					: act_verb(act.kind),
			.at = act.done_at ? act.done_at : act.recorded_at }));
	*ret_id = act.id;
	return OK;
}

/* ---- changing ---- */

/* The act, locked, alive and of that kind. */
static Err act_take(Ctx *cx, int64_t id, const char *kind, const char *otherwise, Act *ret)
{
	SqlActLock now;

	TRY(sql_act_lock(cx, id, &now));
	if (now.voided)
		return err_tell(cx, ERR_CONFLICT, "Este registro já foi anulado.",
			"act %" PRId64 " is void", id);
	if (kind && strcmp(now.kind, kind) != 0)
		return err_tell(cx, ERR_CONFLICT, otherwise, "act %" PRId64 " is not %s", id, kind);
	return act_get(cx, id, ret);
}

Err act_expect(Ctx *cx, int64_t id, int64_t patient, int64_t version)
{
	SqlActLock now;

	TRY(sql_act_lock(cx, id, &now));
	if (now.patient_id != patient)
		return err_set(cx, ERR_NOT_FOUND, "act %" PRId64 " is of another patient", id);
	if (version && now.version != version)
		return err_tell(cx, ERR_CONFLICT,
			"Outra pessoa mudou este registro agora há pouco. Confira antes de "
			"continuar.",
			"act %" PRId64 " is at version %d", id, now.version);
	return OK;
}

static Err reason_of(Ctx *cx, const char *reason)
{
	if (str_is_empty(reason))
		return err_field(cx, "reason", "Diga por quê.");
	if (str_utf8_length(str_of(reason)) > REASON_MAX)
		return err_field(cx, "reason", "O motivo passa de 200 letras.");
	return OK;
}

Err act_finish(Ctx *cx, int64_t id, int64_t visit_id, int64_t done_at)
{
	int64_t at = done_at ? done_at : cx->now, rows;
	Act act;

	if (at > cx->now + ACT_CLOCKS_APART_S)
		return err_field(cx, "done_at", "A data ainda não chegou.");
	TRY(act_take(cx, id, "planned", "Isto não está mais planejado.", &act));
	TRY(sql_act_set_done(
		cx, id, at, cx->user.v ? &cx->user.v : NULL, visit_id ? &visit_id : NULL, &rows));
	act.kind = "done";
	act.done_at = at;
	return tell(cx, &act,
		&(Told){ .was = "planned",
			.step = "done",
			.action = "act.finish",
			.event = "act.done",
			.verb = "Realizado",
			.at = at });
}

Err act_reopen(Ctx *cx, int64_t id, const char *reason)
{
	int64_t rows;
	Act act;

	TRY(reason_of(cx, reason));
	TRY(act_take(cx, id, "done", "Isto não consta como realizado.", &act));
	if (!act.procedure_id)
		return err_set(cx, ERR_BUG, "act %" PRId64 " is done without a procedure", id);
	TRY(sql_act_set_planned(cx, id, &rows));
	act.kind = "planned";
	act.done_at = 0;
	return tell(cx, &act,
		&(Told){ .was = "done",
			.step = "planned",
			.action = "act.reopen",
			.event = "act.reopened",
			.verb = "De volta ao planejado",
			.reason = reason,
			.at = cx->now });
}

Err act_void(Ctx *cx, int64_t id, const char *reason)
{
	int64_t rows;
	Act act;

	TRY(reason_of(cx, reason));
	TRY(act_take(cx, id, /* kind= */ NULL, NULL, &act));
	TRY(sql_act_set_void(cx, id, reason, cx->user.v ? &cx->user.v : NULL, &rows));
	return tell(cx, &act,
		&(Told){ .was = act.kind,
			.step = "void",
			.action = "act.void",
			.event = "act.voided",
			.verb = "Anulado",
			.reason = reason,
			.at = cx->now });
}

/* Somebody must carry, and what hangs freely hangs at an end. */
static const char *roles_refuse(const Act *act, Strs roles)
{
	size_t pillars = 0;

	if (strcmp(act->paint, "bridge") != 0 || roles.count != act->teeth_count)
		return "Só os dentes de uma ponte têm pilares e pônticos.";
	for (size_t i = 0; i < roles.count; i++) {
		bool end = i == 0 || i + 1 == roles.count;

		if (!strcmp(roles.v[i], "pillar"))
			pillars++;
		else if (!strcmp(roles.v[i], "cantilever") && !end)
			return "Um extremo livre fica na ponta da ponte.";
		else if (strcmp(roles.v[i], "pontic") != 0 && strcmp(roles.v[i], "cantilever") != 0)
			return "Escolha pilar, pôntico ou extremo livre.";
	}
	return pillars ? NULL : "Uma ponte precisa de ao menos um pilar.";
}

static const char *roles_json(Ctx *cx, const Act *act, Strs roles)
{
	Buf was, is;
	Diff diff;

	buf_init(&was, cx->mem, 400);
	buf_init(&is, cx->mem, 400);
	for (size_t i = 0; i < roles.count; i++) {
		buf_printf(&was, "%s%d %s", i ? ", " : "", act->teeth[i].tooth,
			act_role_title(act->teeth[i].role));
		buf_printf(&is, "%s%d %s", i ? ", " : "", act->teeth[i].tooth,
			act_role_title(roles.v[i]));
	}
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "roles", buf_text(&was), buf_text(&is));
	return diff_done(&diff);
}

Err act_set_roles(Ctx *cx, int64_t id, Strs roles)
{
	int64_t *tooth, rows;
	const char *diff, *why;
	Act act;

	TRY(act_take(cx, id, /* kind= */ NULL, NULL, &act));
	why = roles_refuse(&act, roles);
	if (why)
		return err_field(cx, "role", why);
	diff = roles_json(cx, &act, roles);
	if (!diff)
		return OK;
	tooth = NEW_ARRAY(cx->mem, int64_t, act.teeth_count + 1);
	for (size_t i = 0; i < act.teeth_count; i++)
		tooth[i] = act.teeth[i].tooth;
	TRY(sql_act_set_roles(cx, id, (Int64s){ tooth, act.teeth_count }, roles, &rows));
	TRY(sql_act_touch(cx, id, &rows));
	return audit_add_change(cx, &(Change){ .action = "act.roles",
					    .subject = "patient",
					    .subject_id = act.patient_id,
					    .diff = diff });
}

const char *act_role_title(const char *role)
{
	static const char *const titles[][2] = { { "pillar", "pilar" }, { "pontic", "pôntico" },
		{ "cantilever", "extremo livre" } };

	for (size_t i = 0; role && i < COUNT(titles); i++)
		if (!strcmp(titles[i][0], role))
			return titles[i][1];
	return NULL;
}

Err act_steps_ask(Ctx *cx, int64_t patient, Int64s teeth, int n)
{
	return sql_act_steps_send(cx, patient, teeth, n);
}

Err act_steps_read(Ctx *cx, ActStep **ret, size_t *ret_count)
{
	SqlActSteps *row;
	size_t count;

	TRY(sql_act_steps_read(cx, &row, &count));
	*ret = NEW_ARRAY(cx->mem, ActStep, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = (ActStep){ .act_id = row[i].act_id,
			.kind = row[i].kind,
			.at = row[i].at,
			.written_at = row[i].written_at,
			.user_name = row[i].user_name,
			.reason = row[i].reason };
	*ret_count = count;
	return OK;
}

Err act_days_ask(Ctx *cx, int64_t patient)
{
	return sql_act_days_send(cx, patient, cx->zone);
}

Err act_days_read(Ctx *cx, int32_t **ret, size_t *ret_count)
{
	SqlActDays *row;
	size_t count;

	TRY(sql_act_days_read(cx, &row, &count));
	*ret = NEW_ARRAY(cx->mem, int32_t, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = row[i].day;
	*ret_count = count;
	return OK;
}
