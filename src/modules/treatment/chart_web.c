/* The chart's page and its answers: what is chosen, what is written, what is taken back. */
#include "modules/treatment/act.sql.h"
#include "modules/treatment/chart_view.h"
#include "platform/web/events.h"

enum { UNDO_FOR_S = 12 * 3600 };

/* ---- what is chosen ---- */

typedef struct PickForm {
	const char *teeth, *region, *kind, *what, *note, *find, *line, *reason;
	Strs role;
	int64_t faces, version;
	int32_t done_on;
} PickForm;

static const Field pick_fields[] = {
	FIELD(PickForm, teeth, FIELD_TEXT, "Dentes", 0, 120, false),
	FIELD(PickForm, faces, FIELD_INT, "Faces", 0, 127, false),
	FIELD(PickForm, region, FIELD_TEXT, "Região", 0, 8, false),
	CHOICE_FIELD(PickForm, kind, "Tipo", "planned finding done existing referred", false),
	FIELD(PickForm, what, FIELD_TEXT, "O que", 0, 60, false),
	FIELD(PickForm, note, FIELD_TEXT, "Observação", 0, 500, false),
	FIELD(PickForm, find, FIELD_TEXT, "Busca", 0, 80, false),
	FIELD(PickForm, line, FIELD_TEXT, "Linha", 0, 120, false),
	FIELD(PickForm, role, FIELD_TEXTS, "Papel", 0, 16, false),
	FIELD(PickForm, reason, FIELD_TEXT, "Motivo", 0, 200, false),
	FIELD(PickForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
	FIELD(PickForm, done_on, FIELD_DATE, "Data", 0, 0, false),
};

static void pick_teeth(Selection *at, const char *text)
{
	Str rest = str_of(text), piece;
	int64_t tooth;

	while (str_cut(&rest, ',', &piece) && at->count < LINE_TEETH_MAX)
		if (str_int64(str_trim(piece), &tooth) && tooth_is_valid((int)tooth))
			at->tooth[at->count++] = (int)tooth;
}

/* Noon of that day: a date has no hour, and midnight is another day's evening. */
static int64_t noon_of(const Ctx *cx, int32_t date)
{
	Clock clock = { .hour = 12 };

	if (date == DATE_NONE || date >= date_today(cx->now, cx->zone))
		return 0;
	date_split(date, &clock.year, &clock.month, &clock.day);
	return time_of_clock(&clock, cx->zone);
}

static Selection selection_of(const Ctx *cx, const PickForm *in)
{
	Selection at = { .region = in->region,
		.kind = in->kind ? in->kind : "planned",
		.note = in->note,
		.done_at = noon_of(cx, in->done_on) };

	pick_teeth(&at, in->teeth);
	/* faces are bits of a tooth; without one there are none */
	at.faces = at.count ? (unsigned)in->faces : 0;
	if (at.count)
		at.region = NULL;
	return at;
}

static Err view_of_query(Req *q, ChartView *v)
{
	PickForm in = { .done_on = DATE_NONE };

	if (!query_read(q, pick_fields, COUNT(pick_fields), &in))
		return ERR_INVALID;
	*v = (ChartView){ .day = DATE_NONE, .at = selection_of(q->cx, &in), .question = in.find };
	return chart_fill(q, v);
}

/* ---- looking ---- */

/* GET /patients/:id/chart?d=&at=&compare=: the page, or for htmx the mouth alone. */
static Err show(Req *q)
{
	ChartView v = { .day = DATE_NONE,
		.at = { .kind = "planned" },
		.compare = req_query(q, "compare") != NULL };
	const char *at = req_query(q, "at");

	if (!str_is_empty(at) && !date_parse(at, &v.day))
		v.day = DATE_NONE;
	TRY(chart_fill(q, &v));
	if (q->htmx) {
		chart_main(&q->html, &v);
		return send_html(q, 200);
	}
	TRY(chart_fill_history(q, &v));
	TRY(chart_fill_choices(q, &v));
	chart_page(&q->html, &v);
	return send_html(q, 200);
}

/* GET /patients/:id/chart/inspector?teeth=&faces=&region=&kind= */
static Err inspect(Req *q)
{
	ChartView v;

	TRY(view_of_query(q, &v));
	TRY(chart_fill_history(q, &v));
	TRY(chart_fill_choices(q, &v));
	chart_inspector(&q->html, &v);
	return send_html(q, 200);
}

/* GET /patients/:id/chart/choices?find=…: only what may be written, while somebody types. */
static Err choices(Req *q)
{
	ChartView v;

	TRY(view_of_query(q, &v));
	TRY(chart_fill_choices(q, &v));
	chart_choices(&q->html, &v);
	return send_html(q, 200);
}

/* ---- answering a change ---- */

static void put_tooth(Req *q, const ChartView *v, int tooth)
{
	ToothView t = chart_tooth_view(q->cx->mem, v, tooth);

	t.oob = true;
	chart_tooth(&q->html, &t);
}

static bool touches(const Act *act, int tooth)
{
	return act_on_tooth(act, tooth) || (act->region && region_has_tooth(act->region, tooth));
}

/* The teeth that the acts speak of, drawn anew. */
static void put_teeth(Req *q, const ChartView *v, Int64s acts)
{
	for (int tooth = 11; tooth <= 85; tooth++)
		for (size_t i = 0; tooth_is_valid(tooth) && i < acts.count; i++) {
			const Act *act = chart_act(v, acts.v[i]);

			if (!act || !touches(act, tooth) || tooth_is_supernumerary(tooth))
				continue;
			put_tooth(q, v, tooth);
			break;
		}
}

/* A form that was sent before the page's programs were there: the whole page, and what is wrong
 * said above it. */
static Err answer_plainly(Req *q, const ChartView *v)
{
	if (q->cx->bad_count)
		answer_toast(q, q->cx->bad[0].sentence, NULL);
	return redirect(q, "/patients/%" PRId64 "/chart", v->head->id);
}

/* The inspector, and out of band what else has changed in the page. */
static Err answer_change(Req *q, ChartView *v, Int64s acts, int status)
{
	if (!q->htmx)
		return answer_plainly(q, v);
	TRY(chart_fill(q, v));
	TRY(chart_fill_history(q, v));
	TRY(chart_fill_choices(q, v));
	v->oob = true;
	chart_inspector(&q->html, v);
	put_teeth(q, v, acts);
	chart_extra(&q->html, v);
	chart_list(&q->html, v);
	chart_side(&q->html, v);
	if (status < 400)
		events_publish_later(q->cx, (UserId){ 0 }, "chart",
			arena_printf(q->cx->mem, "{\"patient\":%" PRId64 "}", v->head->id));
	return send_html(q, status);
}

static Err change_asked(Req *q, ChartView *v, PickForm *in)
{
	*in = (PickForm){ .done_on = DATE_NONE };
	if (!form_read(q, pick_fields, COUNT(pick_fields), in))
		return ERR_INVALID;
	*v = (ChartView){ .day = DATE_NONE, .at = selection_of(q->cx, in) };
	TRY(chart_fill(q, v));
	return treatment_writable(q->cx, v->head);
}

static void toast_written(Req *q, const ChartView *v, const char *what, Int64s acts)
{
	Buf undo;

	buf_init(&undo, q->cx->mem, 600);
	buf_printf(&undo, "/patients/%" PRId64 "/chart/undo/", v->head->id);
	for (size_t i = 0; i < acts.count; i++)
		buf_printf(&undo, "%s%" PRId64, i ? "-" : "", acts.v[i]);
	answer_toast(q, what, buf_text(&undo));
}

static Err what_asked(Req *q, const char *text, What *what, unsigned *faces)
{
	if (!what_read(text, what, faces))
		return err_field(q->cx, "what", "Escolha o que registrar.");
	if (!what->procedure_id)
		return OK;
	return procedure_get(q->cx, what->procedure_id, /* price_table= */ 0, &what->procedure);
}

/* ---- writing ---- */

/* POST /patients/:id/chart/acts: 422 with the inspector when it may not stand there. */
static Err write_acts(Req *q)
{
	Int64s acts = { 0 };
	PickForm in;
	ChartView v;
	What what;
	Err err;

	TRY(change_asked(q, &v, &in));
	err = what_asked(q, in.what, &what, &v.at.faces);
	if (err == OK)
		err = chart_write(q->cx, &v.at, &what, v.act, v.act_count, &acts);
	if (err == ERR_INVALID)
		return answer_change(q, &v, acts, 422);
	TRY(err);
	toast_written(q, &v,
		arena_printf(q->cx->mem, "%s: %s",
			what.condition ? what.condition->title : what.procedure.name,
			selection_text(q->cx->mem, &v.at)),
		acts);
	v.at.faces = 0;
	return answer_change(q, &v, acts, 200);
}

static LineView line_view(Req *q, const Selection *at, const What *what)
{
	return (LineView){ .place = selection_text(q->cx->mem, at),
		.what = what->condition ? what->condition->title : what->procedure.name,
		.kind = at->kind,
		.detail = at->note ? at->note
			  : what->procedure.price_cents
				  ? fmt_money(&q->html, what->procedure.price_cents)
				  : NULL };
}

/* GET /patients/:id/chart/line?line=&kind=: how the line will be understood. */
static Err preview_line(Req *q)
{
	PickForm in = { .done_on = DATE_NONE };
	LineView view = { 0 };
	Selection at;
	Patient patient;
	What what;
	int64_t id;
	Err err;

	TRY(req_id(q, "id", &id));
	TRY(patient_get(q->cx, (PatientId){ id }, &patient));
	if (!query_read(q, pick_fields, COUNT(pick_fields), &in))
		return ERR_INVALID;
	if (!str_is_empty(in.line)) {
		err = chart_understand(
			q->cx, id, in.line, in.kind ? in.kind : "planned", &at, &what);
		if (err == ERR_INVALID)
			view.bad = bad_find(q->cx, "line");
		else if (err != OK)
			return err;
		else
			view = line_view(q, &at, &what);
	}
	chart_line_preview(&q->html, &view);
	return send_html(q, 200);
}

/* POST /patients/:id/chart/line: 422 with the inspector saying why. */
static Err write_line(Req *q)
{
	Int64s acts = { 0 };
	Selection at = { 0 };
	PickForm in;
	ChartView v;
	What what;
	Err err;

	TRY(change_asked(q, &v, &in));
	err = chart_understand(
		q->cx, v.head->id, in.line, in.kind ? in.kind : "planned", &at, &what);
	if (err == OK)
		err = chart_write(q->cx, &at, &what, v.act, v.act_count, &acts);
	if (err == ERR_INVALID)
		return answer_change(q, &v, acts, 422);
	TRY(err);
	toast_written(q, &v,
		arena_printf(q->cx->mem, "%s: %s",
			what.condition ? what.condition->title : what.procedure.name,
			selection_text(q->cx->mem, &at)),
		acts);
	at.faces = 0;
	at.kind = v.at.kind;
	v.at = at;
	return answer_change(q, &v, acts, 200);
}

/* ---- changing one act ---- */

static Err act_asked(Req *q, ChartView *v, PickForm *in, int64_t *ret)
{
	TRY(change_asked(q, v, in));
	TRY(req_id(q, "act", ret));
	return act_expect(q->cx, *ret, v->head->id, in->version);
}

static Err changed(Req *q, ChartView *v, int64_t act, Err err)
{
	if (err == ERR_INVALID)
		return answer_change(q, v, (Int64s){ 0 }, 422);
	TRY(err);
	return answer_change(q, v, (Int64s){ &act, 1 }, 200);
}

/* POST /patients/:id/chart/acts/:act/finish. 409: somebody changed it since it was shown. */
static Err finish_act(Req *q)
{
	PickForm in;
	ChartView v;
	int64_t act;

	TRY(act_asked(q, &v, &in, &act));
	return changed(q, &v, act, act_finish(q->cx, act, 0, noon_of(q->cx, in.done_on)));
}

/* POST /patients/:id/chart/acts/:act/reopen: 422 without a reason. */
static Err reopen_act(Req *q)
{
	PickForm in;
	ChartView v;
	int64_t act;

	TRY(act_asked(q, &v, &in, &act));
	return changed(q, &v, act, act_reopen(q->cx, act, in.reason));
}

/* POST /patients/:id/chart/acts/:act/void: 422 without a reason. */
static Err void_act(Req *q)
{
	PickForm in;
	ChartView v;
	int64_t act;

	TRY(act_asked(q, &v, &in, &act));
	return changed(q, &v, act, act_void(q->cx, act, in.reason));
}

/* POST /patients/:id/chart/acts/:act/roles: pillars and pontics of a bridge, tooth by tooth. */
static Err set_roles(Req *q)
{
	PickForm in;
	ChartView v;
	int64_t act;

	TRY(act_asked(q, &v, &in, &act));
	return changed(q, &v, act, act_set_roles(q->cx, act, in.role));
}

/* POST /patients/:id/chart/undo/:acts: the button of the toast; "12-13". */
static Err undo_acts(Req *q)
{
	Str rest = str_of(req_segment(q, "acts")), piece;
	PickForm in;
	ChartView v;
	int64_t act;

	TRY(change_asked(q, &v, &in));
	while (str_cut(&rest, '-', &piece)) {
		if (!str_int64(piece, &act) || act <= 0)
			return err_set(q->cx, ERR_NOT_FOUND, "no act of that name");
		TRY(act_expect(q->cx, act, v.head->id, /* version= */ 0));
		TRY(act_void(q->cx, act, "Desfeito logo depois de registrar"));
	}
	answer_toast(q, "Desfeito", NULL);
	return redirect(q, "/patients/%" PRId64 "/chart", v.head->id);
}

/* POST /patients/:id/chart/undo: what the person wrote last. */
static Err undo_last(Req *q)
{
	SqlActNewest row;
	PickForm in;
	ChartView v;
	bool found;
	Act act;

	TRY(change_asked(q, &v, &in));
	TRY(sql_act_newest(
		q->cx, v.head->id, q->cx->user.v, q->cx->now - UNDO_FOR_S, &row, &found));
	if (!found) {
		answer_toast(q, "Não há nada seu para desfazer hoje.", NULL);
		return send_nothing(q);
	}
	TRY(act_get(q->cx, row.id, &act));
	if (!strcmp(row.kind, "done") && !strcmp(row.first_kind, "planned"))
		TRY(act_reopen(q->cx, row.id, "Desfeito logo depois de registrar"));
	else
		TRY(act_void(q->cx, row.id, "Desfeito logo depois de registrar"));
	answer_toast(q,
		arena_printf(
			q->cx->mem, "Desfeito: %s, %s", act.title, act_place(q->cx->mem, &act)),
		NULL);
	return answer_change(q, &v, (Int64s){ &row.id, 1 }, 200);
}

static const Route routes[] = {
	{ GET, "/patients/:id/chart", show, "treatment.read", ROUTE_READS_CHART },
	{ GET, "/patients/:id/chart/inspector", inspect, "treatment.read" },
	{ GET, "/patients/:id/chart/choices", choices, "treatment.write" },
	{ GET, "/patients/:id/chart/line", preview_line, "treatment.write" },
	{ POST, "/patients/:id/chart/line", write_line, "treatment.write" },
	{ POST, "/patients/:id/chart/acts", write_acts, "treatment.write" },
	{ POST, "/patients/:id/chart/acts/:act/finish", finish_act, "treatment.write" },
	{ POST, "/patients/:id/chart/acts/:act/reopen", reopen_act, "treatment.write" },
	{ POST, "/patients/:id/chart/acts/:act/void", void_act, "treatment.write" },
	{ POST, "/patients/:id/chart/acts/:act/roles", set_roles, "treatment.write" },
	{ POST, "/patients/:id/chart/undo", undo_last, "treatment.write" },
	{ POST, "/patients/:id/chart/undo/:acts", undo_acts, "treatment.write" },
};

const RouteList chart_routes = { routes, COUNT(routes), &act_api };
