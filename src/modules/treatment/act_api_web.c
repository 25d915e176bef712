/* The chart for programs: acts by the same services as the page. */
#include "modules/treatment/act.h"

#define API    .flags = ROUTE_API
#define IN(t)  .in = (t), .in_count = COUNT(t)
#define ROW(t) .out = (t), .out_count = COUNT(t)

typedef struct ActIn {
	const char *kind, *condition, *surfaces, *region, *note, *reason;
	int64_t procedure_id, tooth, done_at;
	Int64s teeth;
	Strs roles;
} ActIn;

static const Field act_fields[] = {
	CHOICE_FIELD(ActIn, kind, "Tipo", "finding existing planned done referred", true),
	FIELD(ActIn, condition, FIELD_TEXT, "Achado ou trabalho existente", 0, 30, false),
	FIELD(ActIn, procedure_id, FIELD_ID, "Procedimento", 0, 0, false),
	FIELD(ActIn, tooth, FIELD_INT, "Dente (FDI)", 0, 89, false),
	FIELD(ActIn, surfaces, FIELD_TEXT, "Faces, como MOD", 0, 7, false),
	FIELD(ActIn, region, FIELD_TEXT, "Região (TISS dm_regiao)", 0, 8, false),
	FIELD(ActIn, teeth, FIELD_IDS, "Dentes de um só trabalho, ao longo da arcada", 0, 16,
		false),
	FIELD(ActIn, roles, FIELD_TEXTS, "Papel de cada um: member, pillar, pontic, cantilever", 0,
		16, false),
	FIELD(ActIn, done_at, FIELD_TIME, "Feito em", 0, 0, false),
	FIELD(ActIn, note, FIELD_LONG, "Observação", 0, 500, false),
};
static const Field finish_fields[] = {
	FIELD(ActIn, done_at, FIELD_TIME, "Feito em", 0, 0, false),
};
static const Field reason_fields[] = {
	FIELD(ActIn, reason, FIELD_TEXT, "Motivo", 1, 200, true),
};

/* An act as programs read it. */
typedef struct ActOut {
	int64_t id, patient_id, procedure_id, visit_id, recorded_at, done_at, voided_at;
	int64_t recorded_by, done_by;
	const char *kind, *condition, *title, *area, *place, *surfaces, *region, *note,
		*void_reason;
	int64_t tooth, version;
	Rows teeth;
} ActOut;

static const OutField tooth_out[] = {
	OUT(ActTooth, tooth, OUT_INT, "Dente (FDI)"),
	OUT(ActTooth, role, OUT_TEXT, "member, pillar, pontic, cantilever"),
};
static const OutField act_out[] = {
	OUT(ActOut, id, OUT_ID, "Identificador"),
	OUT(ActOut, patient_id, OUT_ID, "Paciente"),
	OUT(ActOut, kind, OUT_TEXT, "finding, existing, planned, done, referred"),
	OUT(ActOut, condition, OUT_TEXT, "Achado ou trabalho existente"),
	OUT(ActOut, procedure_id, OUT_ID, "Procedimento"),
	OUT(ActOut, title, OUT_TEXT, "Nome"),
	OUT(ActOut, area, OUT_TEXT, "mouth, arch, region, tooth, range, surface"),
	OUT(ActOut, place, OUT_TEXT, "Onde, por extenso"),
	OUT(ActOut, tooth, OUT_ID, "Dente (FDI)"),
	OUT(ActOut, surfaces, OUT_TEXT, "Faces"),
	OUT(ActOut, region, OUT_TEXT, "Região"),
	OUT_LIST(ActOut, teeth, "Dentes de um só trabalho", ActTooth, tooth_out),
	OUT(ActOut, note, OUT_TEXT, "Observação"),
	OUT(ActOut, recorded_at, OUT_TIME, "Registrado em"),
	OUT(ActOut, recorded_by, OUT_ID, "Por"),
	OUT(ActOut, done_at, OUT_TIME, "Feito em"),
	OUT(ActOut, done_by, OUT_ID, "Por"),
	OUT(ActOut, visit_id, OUT_ID, "Atendimento"),
	OUT(ActOut, voided_at, OUT_TIME, "Anulado em"),
	OUT(ActOut, void_reason, OUT_TEXT, "Por quê"),
	OUT(ActOut, version, OUT_INT, "Versão"),
};

static ActOut out_of(Arena *mem, const Act *a)
{
	const char *faces = faces_text(mem, a->tooth, a->surfaces);

	return (ActOut){ .id = a->id,
		.patient_id = a->patient_id,
		.procedure_id = a->procedure_id,
		.visit_id = a->visit_id,
		.recorded_at = a->recorded_at,
		.done_at = a->done_at,
		.voided_at = a->voided_at,
		.recorded_by = a->recorded_by,
		.done_by = a->done_by,
		.kind = a->kind,
		.condition = a->condition,
		.title = a->title,
		.area = a->area,
		.place = act_place(mem, a),
		.surfaces = *faces ? faces : NULL,
		.region = a->region,
		.note = a->note,
		.void_reason = a->void_reason,
		.tooth = a->tooth,
		.version = a->version,
		.teeth = { a->teeth, a->teeth_count } };
}

static Err send_act(Req *q, int status, int64_t id)
{
	ActOut out;
	Act act;

	TRY(act_get(q->cx, id, &act));
	out = out_of(q->cx->mem, &act);
	answer_version(q, act.version);
	return send_row(q, status, &out);
}

typedef struct ListIn {
	int64_t at;
	bool voided;
} ListIn;

static const Field list_fields[] = {
	FIELD(ListIn, at, FIELD_TIME, "Como o odontograma estava então", 0, 0, false),
	FIELD(ListIn, voided, FIELD_BOOL, "Também os anulados", 0, 0, false),
};

/* All of a mouth: it has an end. */
static Err list_acts(Req *q)
{
	ListIn in = { 0 };
	PatientHead head;
	int64_t patient;
	size_t count;
	ActOut *out;
	Act *act;

	TRY(req_id(q, "id", &patient));
	if (!query_read(q, list_fields, COUNT(list_fields), &in))
		return ERR_INVALID;
	TRY(treatment_head(q->cx, patient, &head));
	TRY(act_list(q->cx, head.id, in.at, in.voided, &act, &count));
	out = NEW_ARRAY(q->cx->mem, ActOut, count + 1);
	for (size_t i = 0; i < count; i++)
		out[i] = out_of(q->cx->mem, &act[i]);
	return send_rows(q, out, sizeof *out, count, /* next= */ 0);
}

static Err act_of(Ctx *cx, const ActIn *in, Act *ret)
{
	ActTooth *teeth = NEW_ARRAY(cx->mem, ActTooth, in->teeth.count + 1);

	for (size_t i = 0; i < in->teeth.count; i++)
		teeth[i] = (ActTooth){ (int)in->teeth.v[i],
			i < in->roles.count ? in->roles.v[i] : "member" };
	*ret = (Act){ .kind = in->kind,
		.condition = in->condition,
		.procedure_id = in->procedure_id,
		.tooth = (int)in->tooth,
		.region = in->region,
		.note = in->note,
		.done_at = in->done_at,
		.teeth = teeth,
		.teeth_count = in->teeth.count };
	if (in->surfaces && !faces_read(ret->tooth, in->surfaces, &ret->surfaces))
		return err_field(cx, "surfaces", "Estas faces não existem neste dente.");
	return OK;
}

/* What is planned stands in the active plan, as on the page. */
static Err create_act(Req *q)
{
	int64_t patient, id, line;
	PatientHead head;
	ActIn in;
	Act act;

	TRY(req_id(q, "id", &patient));
	if (!form_read(q, act_fields, COUNT(act_fields), &in))
		return ERR_INVALID;
	TRY(treatment_writable_head(q->cx, patient, &head));
	TRY(act_of(q->cx, &in, &act));
	act.patient_id = head.id;
	TRY(act_add(q->cx, &act, &id));
	if (!strcmp(in.kind, "planned")) {
		TRY(act_get(q->cx, id, &act));
		TRY(plan_take_act(q->cx, &act, &line));
	}
	return send_act(q, 201, id);
}

static Err act_asked(Req *q, int64_t *ret)
{
	Act act;

	TRY(req_id(q, "id", ret));
	TRY(act_get(q->cx, *ret, &act));
	TRY(act_expect(q->cx, *ret, act.patient_id, /* version= */ 0));
	return req_if_match(q, act.version);
}

static Err finish(Req *q)
{
	ActIn in = { 0 };
	int64_t id;

	TRY(act_asked(q, &id));
	if (!form_read(q, finish_fields, COUNT(finish_fields), &in))
		return ERR_INVALID;
	TRY(act_finish(q->cx, id, /* visit_id= */ 0, in.done_at));
	return send_act(q, 200, id);
}

static Err reopen(Req *q)
{
	ActIn in = { 0 };
	int64_t id;

	TRY(act_asked(q, &id));
	if (!form_read(q, reason_fields, COUNT(reason_fields), &in))
		return ERR_INVALID;
	TRY(act_reopen(q->cx, id, in.reason));
	return send_act(q, 200, id);
}

static Err void_it(Req *q)
{
	ActIn in = { 0 };
	int64_t id;

	TRY(act_asked(q, &id));
	if (!form_read(q, reason_fields, COUNT(reason_fields), &in))
		return ERR_INVALID;
	TRY(act_void(q->cx, id, in.reason));
	return send_act(q, 200, id);
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/api/v1/patients/:id/acts", list_acts, "treatment.read", ROUTE_API | ROUTE_READS_CHART,
		.summary = "O odontograma de um paciente", IN(list_fields), ROW(act_out), .out_list = true },
	{ POST, "/api/v1/patients/:id/acts", create_act, "treatment.write", API,
		.summary = "Registrar no odontograma", IN(act_fields), ROW(act_out) },
	{ POST, "/api/v1/acts/:id/finish", finish, "treatment.write", API,
		.summary = "Planejado para realizado", IN(finish_fields), ROW(act_out), .out_status = 200 },
	{ POST, "/api/v1/acts/:id/reopen", reopen, "treatment.write", API,
		.summary = "Realizado de volta a planejado", IN(reason_fields), ROW(act_out), .out_status = 200 },
	{ POST, "/api/v1/acts/:id/void", void_it, "treatment.write", API,
		.summary = "Anular um registro, com motivo", IN(reason_fields), ROW(act_out), .out_status = 200 },
};
/* clang-format on */

const RouteList act_api = { routes, COUNT(routes), &perio_routes };
