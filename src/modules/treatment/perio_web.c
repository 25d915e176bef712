/* The periodontal chart's page, and saving tooth by tooth. */
#include "modules/treatment/perio_view.h"

static Err patient_of(Req *q, PerioView *v)
{
	PatientHead *head = NEW(q->cx->mem, PatientHead);
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(treatment_head(q->cx, id, head));
	*v = (PerioView){ .q = q, .head = head };
	return OK;
}

/* An exam of this patient. ERR_NOT_FOUND: of nobody, or of another. */
static Err exam_of(Req *q, const PerioView *v, int64_t id, const PerioExam **ret)
{
	PerioExam *exam = NEW(q->cx->mem, PerioExam);

	TRY(perio_get(q->cx, id, exam));
	if (exam->patient_id != v->head->id)
		return err_set(q->cx, ERR_NOT_FOUND, "exam %" PRId64 " is another patient's", id);
	*ret = exam;
	return OK;
}

/* GET /patients/:id/perio?exam=&compare=: the newest exam when none is named. */
static Err show(Req *q)
{
	int64_t wanted = req_query_int(q, "exam", 0), other = req_query_int(q, "compare", 0);
	PerioExam *list;
	PerioView v;

	TRY(patient_of(q, &v));
	TRY(perio_list(q->cx, v.head->id, &list, &v.count));
	v.list = list;
	if (v.count)
		TRY(exam_of(q, &v, wanted ? wanted : list[0].id, &v.exam));
	if (v.exam && other && other != v.exam->id)
		TRY(exam_of(q, &v, other, &v.before));
	v.writes = v.exam && !v.exam->closed_at && !v.head->restricted &&
		   req_may(q, "treatment.write");
	perio_page(&q->html, &v);
	return send_html(q, 200);
}

/* POST /patients/:id/perio: begin, or go on with the draft. */
static Err begin(Req *q)
{
	PerioView v;
	int64_t id;

	TRY(patient_of(q, &v));
	TRY(treatment_writable(q->cx, v.head));
	TRY(perio_begin(q->cx, v.head->id, &id));
	return redirect(q, "/patients/%" PRId64 "/perio?exam=%" PRId64, v.head->id, id);
}

/* Six numbers in one field, "3,2,-,…": a dash is what was not measured. */
typedef struct ToothForm {
	const char *margin, *probing, *bleeding, *suppuration, *plaque, *mobility, *furcation;
	bool missing, implant;
	int64_t version;
} ToothForm;

static const Field tooth_fields[] = {
	FIELD(ToothForm, margin, FIELD_TEXT, "Margem", 0, 60, false),
	FIELD(ToothForm, probing, FIELD_TEXT, "Sondagem", 0, 60, false),
	FIELD(ToothForm, bleeding, FIELD_TEXT, "Sangramento", 0, 20, false),
	FIELD(ToothForm, suppuration, FIELD_TEXT, "Supuração", 0, 20, false),
	FIELD(ToothForm, plaque, FIELD_TEXT, "Placa", 0, 20, false),
	FIELD(ToothForm, mobility, FIELD_TEXT, "Mobilidade", 0, 2, false),
	FIELD(ToothForm, furcation, FIELD_TEXT, "Furca", 0, 2, false),
	FIELD(ToothForm, missing, FIELD_BOOL, "Ausente", 0, 0, false),
	FIELD(ToothForm, implant, FIELD_BOOL, "Implante", 0, 0, false),
	FIELD(ToothForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

/* What is no number is out of any range: the service refuses it. */
static int figure_of(Str text)
{
	int64_t n;

	if (!text.len || str_is(text, "-"))
		return PERIO_NONE;
	return str_int64(text, &n) && n > -90 && n < 1000 ? (int)n : 999;
}

static void figures_of(const char *text, int *ret)
{
	Str rest = str_of(text), piece;

	for (int i = 0; i < PERIO_SITES; i++)
		ret[i] = str_cut(&rest, ',', &piece) ? figure_of(str_trim(piece)) : PERIO_NONE;
}

static PerioTooth tooth_of(const ToothForm *in, int tooth)
{
	int margin[PERIO_SITES], probing[PERIO_SITES], flag[3][PERIO_SITES];
	PerioTooth t = { .tooth = tooth,
		.missing = in->missing,
		.implant = in->implant,
		.mobility = figure_of(str_of(in->mobility)),
		.furcation = figure_of(str_of(in->furcation)),
		.version = (int)in->version };

	figures_of(in->margin, margin);
	figures_of(in->probing, probing);
	figures_of(in->bleeding, flag[0]);
	figures_of(in->suppuration, flag[1]);
	figures_of(in->plaque, flag[2]);
	for (int i = 0; i < PERIO_SITES; i++)
		t.site[i] = (PerioSite){ margin[i], probing[i], flag[0][i] == 1, flag[1][i] == 1,
			flag[2][i] == 1 };
	return t;
}

/* POST /patients/:id/perio/:exam/teeth/:tooth: what follows from the figures, for the page to put
 * in place. 422: a figure that cannot be. 409: closed, or written by somebody else meanwhile. */
static Err save_tooth(Req *q)
{
	int64_t exam, tooth;
	ToothForm in;
	PerioTooth t;
	PerioView v;

	TRY(patient_of(q, &v));
	TRY(treatment_writable(q->cx, v.head));
	TRY(req_id(q, "exam", &exam));
	TRY(req_id(q, "tooth", &tooth));
	TRY(exam_of(q, &v, exam, &v.exam));
	if (!form_read(q, tooth_fields, COUNT(tooth_fields), &in))
		return ERR_INVALID;
	t = tooth_of(&in, tooth < 100 ? (int)tooth : 0);
	TRY(perio_save_tooth(q->cx, exam, &t));
	TRY(exam_of(q, &v, exam, &v.exam));
	perio_saved(&q->html, &v, t.tooth);
	return send_html(q, 200);
}

typedef struct CloseForm {
	const char *note;
} CloseForm;

static const Field close_fields[] = {
	FIELD(CloseForm, note, FIELD_LONG, "Observação", 0, 500, false),
};

/* POST /patients/:id/perio/:exam/close */
static Err close_exam(Req *q)
{
	CloseForm in;
	PerioView v;
	int64_t exam;

	TRY(patient_of(q, &v));
	TRY(req_id(q, "exam", &exam));
	TRY(exam_of(q, &v, exam, &v.exam));
	if (!form_read(q, close_fields, COUNT(close_fields), &in))
		return ERR_INVALID;
	TRY(perio_close(q->cx, exam, q->cx->now, in.note));
	answer_toast(q, "Exame encerrado", NULL);
	return redirect(q, "/patients/%" PRId64 "/perio?exam=%" PRId64, v.head->id, exam);
}

/* POST /patients/:id/perio/:exam/discard: 409 when it is closed. */
static Err discard(Req *q)
{
	PerioView v;
	int64_t exam;

	TRY(patient_of(q, &v));
	TRY(req_id(q, "exam", &exam));
	TRY(exam_of(q, &v, exam, &v.exam));
	TRY(perio_discard(q->cx, exam));
	answer_toast(q, "Exame descartado",
		arena_printf(q->cx->mem, "/patients/%" PRId64 "/perio/%" PRId64 "/restore",
			v.head->id, exam));
	return redirect(q, "/patients/%" PRId64 "/perio", v.head->id);
}

/* POST /patients/:id/perio/:exam/restore: the button of the toast. */
static Err restore(Req *q)
{
	PerioView v;
	int64_t exam;

	TRY(patient_of(q, &v));
	TRY(treatment_writable(q->cx, v.head));
	TRY(req_id(q, "exam", &exam));
	TRY(perio_restore(q->cx, exam));
	TRY(exam_of(q, &v, exam, &v.exam));
	answer_toast(q, "Exame de volta", NULL);
	return redirect(q, "/patients/%" PRId64 "/perio?exam=%" PRId64, v.head->id, exam);
}

static const Route routes[] = {
	{ GET, "/patients/:id/perio", show, "treatment.read", ROUTE_READS_CHART },
	{ POST, "/patients/:id/perio", begin, "treatment.write" },
	{ POST, "/patients/:id/perio/:exam/teeth/:tooth", save_tooth, "treatment.write" },
	{ POST, "/patients/:id/perio/:exam/close", close_exam, "treatment.write" },
	{ POST, "/patients/:id/perio/:exam/discard", discard, "treatment.write" },
	{ POST, "/patients/:id/perio/:exam/restore", restore, "treatment.write" },
};

const RouteList perio_routes = { routes, COUNT(routes), &visit_routes };
