/* Periodontal exams: figures, rules and storage. */
#include "modules/treatment/perio.h"

#include "modules/treatment/perio.sql.h"
#include "modules/treatment/tooth_state.h"

enum { MARGIN_MIN = -10, MARGIN_MAX = 20, PROBING_MAX = 15, GRADE_MAX = 3, NOTE_MAX = 500 };

/* ---- figures ---- */

int perio_nic(const PerioSite *site)
{
	if (site->probing == PERIO_NONE || site->margin == PERIO_NONE)
		return PERIO_NONE;
	return site->probing + site->margin;
}

int perio_tenths_percent(int part, int whole)
{
	return whole ? (part * 2000 + whole) / (2 * whole) : -1;
}

int perio_mean_tenths(int sum, int count)
{
	if (!count)
		return -1;
	return sum < 0 ? -((-sum * 20 + count) / (2 * count)) : (sum * 20 + count) / (2 * count);
}

bool perio_has_furcation(int tooth)
{
	return tooth % 10 >= 6 || tooth == 14 || tooth == 24;
}

static bool is_examined(const PerioSite *s)
{
	return s->probing != PERIO_NONE || s->bleeding || s->suppuration || s->plaque;
}

PerioSums perio_sums(const PerioExam *exam)
{
	PerioSums sums = { 0 };
	int probed = 0, probing = 0, leveled = 0, level = 0;

	for (int t = 0; t < PERIO_TEETH; t++) {
		const PerioTooth *tooth = &exam->tooth[t];

		sums.teeth += !tooth->missing;
		for (int i = 0; i < PERIO_SITES && !tooth->missing; i++) {
			const PerioSite *s = &tooth->site[i];
			int nic = perio_nic(s);

			sums.sites += is_examined(s);
			sums.bleeding += s->bleeding;
			sums.suppuration += s->suppuration;
			sums.plaque += s->plaque;
			probed += s->probing != PERIO_NONE;
			probing += s->probing != PERIO_NONE ? s->probing : 0;
			sums.pockets4 += s->probing >= 4;
			sums.pockets6 += s->probing >= 6;
			leveled += nic != PERIO_NONE;
			level += nic != PERIO_NONE ? nic : 0;
		}
	}
	sums.bleeding_tenths = perio_tenths_percent(sums.bleeding, sums.sites);
	sums.plaque_tenths = perio_tenths_percent(sums.plaque, sums.sites);
	sums.probing_tenths = perio_mean_tenths(probing, probed);
	sums.nic_tenths = perio_mean_tenths(level, leveled);
	return sums;
}

PerioPairs perio_pairs(const PerioExam *before, const PerioExam *after)
{
	PerioPairs p = { 0 };
	int sum_before = 0, sum_after = 0;

	for (int t = 0; t < PERIO_TEETH; t++)
		for (int i = 0; i < PERIO_SITES; i++) {
			const PerioSite *a = &before->tooth[t].site[i],
					*b = &after->tooth[t].site[i];

			if (before->tooth[t].missing || after->tooth[t].missing ||
				a->probing == PERIO_NONE || b->probing == PERIO_NONE)
				continue;
			p.sites++;
			sum_before += a->probing;
			sum_after += b->probing;
			p.bleeding_before += a->bleeding;
			p.bleeding_after += b->bleeding;
			p.pockets_before += a->probing >= 4;
			p.pockets_after += b->probing >= 4;
			p.better += a->probing - b->probing >= 2;
			p.worse += b->probing - a->probing >= 2;
		}
	p.before_tenths = perio_mean_tenths(sum_before, p.sites);
	p.after_tenths = perio_mean_tenths(sum_after, p.sites);
	return p;
}

/* ---- reading ---- */

static int tooth_at(int i)
{
	return i < 16 ? chart_upper[i] : chart_lower[i - 16];
}

int perio_index(int tooth)
{
	for (int i = 0; i < PERIO_TEETH; i++)
		if (tooth_at(i) == tooth)
			return i;
	return -1;
}

static PerioExam exam_of(const SqlPerioExamRow *r)
{
	PerioExam exam = { .id = r->id,
		.patient_id = r->patient_id,
		.begun_at = r->begun_at,
		.closed_at = r->closed_at,
		.begun_by = r->begun_by_name,
		.note = r->note };

	for (int i = 0; i < PERIO_TEETH; i++) {
		PerioTooth *t = &exam.tooth[i];

		*t = (PerioTooth){
			.tooth = tooth_at(i), .mobility = PERIO_NONE, .furcation = PERIO_NONE
		};
		for (int k = 0; k < PERIO_SITES; k++)
			t->site[k] = (PerioSite){ .margin = PERIO_NONE, .probing = PERIO_NONE };
	}
	return exam;
}

static void fill_tooth(PerioExam *exam, const SqlPerioTeeth *r)
{
	int at = perio_index(r->tooth);
	PerioTooth *t;

	if (at < 0)
		return;
	t = &exam->tooth[at];
	t->missing = r->missing;
	t->implant = r->implant;
	t->mobility = r->mobility_null ? PERIO_NONE : r->mobility;
	t->furcation = r->furcation_null ? PERIO_NONE : r->furcation;
	t->version = r->version;
}

Err perio_get(Ctx *cx, int64_t id, PerioExam *ret)
{
	SqlPerioExamRow row;
	SqlPerioTeeth *tooth;
	SqlPerioSites *site;
	size_t teeth, sites;

	/* the one that may be missing comes last: nothing is left unread behind it */
	TRY(sql_perio_teeth_send(cx, id));
	TRY(sql_perio_sites_send(cx, id));
	TRY(sql_perio_exam_send(cx, id));
	TRY(sql_perio_teeth_read(cx, &tooth, &teeth));
	TRY(sql_perio_sites_read(cx, &site, &sites));
	TRY(sql_perio_exam_read(cx, &row));
	*ret = exam_of(&row);
	for (size_t i = 0; i < teeth; i++)
		fill_tooth(ret, &tooth[i]);
	for (size_t i = 0; i < sites; i++) {
		int at = perio_index(site[i].tooth);

		if (at >= 0)
			ret->tooth[at].site[site[i].site] = (PerioSite){
				.margin = site[i].margin_null ? PERIO_NONE : site[i].margin,
				.probing = site[i].probing_null ? PERIO_NONE : site[i].probing,
				.bleeding = site[i].bleeding,
				.suppuration = site[i].suppuration,
				.plaque = site[i].plaque
			};
	}
	return OK;
}

Err perio_list(Ctx *cx, int64_t patient, PerioExam **ret, size_t *ret_count)
{
	SqlPerioExamRow *row;
	size_t count;

	TRY(sql_perio_exams(cx, patient, &row, &count));
	*ret = NEW_ARRAY(cx->mem, PerioExam, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = exam_of(&row[i]);
	*ret_count = count;
	return OK;
}

/* ---- writing ---- */

static Err check_grades(Ctx *cx, const PerioTooth *in)
{
	if (in->mobility != PERIO_NONE && (in->mobility < 0 || in->mobility > GRADE_MAX))
		return err_field(cx, "mobility", "A mobilidade vai de 0 a 3.");
	if (in->furcation == PERIO_NONE)
		return OK;
	if (!perio_has_furcation(in->tooth))
		return err_field(cx, "furcation", "Este dente não tem furca.");
	if (in->furcation < 0 || in->furcation > GRADE_MAX)
		return err_field(cx, "furcation", "A furca vai de 0 a 3.");
	return OK;
}

static Err check_tooth(Ctx *cx, const PerioTooth *in)
{
	if (!tooth_is_valid(in->tooth) || tooth_is_deciduous(in->tooth) ||
		tooth_is_supernumerary(in->tooth))
		return err_field(cx, "tooth", "O periograma é dos dentes permanentes.");
	for (int i = 0; i < PERIO_SITES; i++) {
		int margin = in->site[i].margin, probing = in->site[i].probing;

		if (margin != PERIO_NONE && (margin < MARGIN_MIN || margin > MARGIN_MAX))
			return err_field(cx, "margin", "A margem vai de −10 a 20 mm.");
		if (probing != PERIO_NONE && (probing < 0 || probing > PROBING_MAX))
			return err_field(cx, "probing", "A sondagem vai de 0 a 15 mm.");
	}
	return check_grades(cx, in);
}

static Err save_sites(Ctx *cx, int64_t exam, const PerioTooth *in)
{
	int64_t v[5][PERIO_SITES], rows;

	for (int i = 0; i < PERIO_SITES; i++) {
		const PerioSite *s = &in->site[i];

		v[0][i] = s->margin;
		v[1][i] = s->probing;
		v[2][i] = s->bleeding;
		v[3][i] = s->suppuration;
		v[4][i] = s->plaque;
	}
	return sql_perio_save_sites(cx,
		&(SqlPerioSaveSitesIn){ .exam = exam,
			.tooth = in->tooth,
			.margin = { v[0], PERIO_SITES },
			.probing = { v[1], PERIO_SITES },
			.bleeding = { v[2], PERIO_SITES },
			.suppuration = { v[3], PERIO_SITES },
			.plaque = { v[4], PERIO_SITES } },
		&rows);
}

static Err write_tooth(Ctx *cx, int64_t exam, const PerioTooth *in)
{
	int64_t mobility = in->mobility, furcation = in->furcation, rows;

	TRY(sql_perio_save_tooth(cx,
		&(SqlPerioSaveToothIn){ .exam = exam,
			.tooth = in->tooth,
			.missing = in->missing,
			.implant = in->implant,
			.mobility = mobility == PERIO_NONE ? NULL : &mobility,
			.furcation = furcation == PERIO_NONE ? NULL : &furcation,
			.version = in->version },
		&rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT,
			"Outra pessoa anotou este dente agora há pouco. Recarregue a página para "
			"ver.",
			"tooth %d of exam %" PRId64 " is not at version %d", in->tooth, exam,
			in->version);
	return save_sites(cx, exam, in);
}

static Err exam_open(Ctx *cx, int64_t exam, int64_t *ret_patient)
{
	SqlPerioLock now;

	TRY(sql_perio_lock(cx, exam, &now));
	*ret_patient = now.patient_id;
	if (strcmp(now.state, "draft") != 0)
		return err_tell(cx, ERR_CONFLICT,
			!strcmp(now.state, "closed")
				? "Este exame já foi encerrado. Para medir de novo, comece outro."
				: "Este exame foi descartado. Para medir, comece outro.",
			"exam %" PRId64 " is %s", exam, now.state);
	return OK;
}

Err perio_save_tooth(Ctx *cx, int64_t exam, const PerioTooth *in)
{
	int64_t patient;

	TRY(check_tooth(cx, in));
	TRY(exam_open(cx, exam, &patient));
	return write_tooth(cx, exam, in);
}

/* What the chart knows of teeth that are not there, and of implants. */
static Err take_chart(Ctx *cx, int64_t patient, int64_t exam)
{
	SqlPerioExamRow none = { .id = exam };
	PerioExam blank = exam_of(&none);
	size_t count;
	Act *act;

	TRY(act_list(cx, patient, 0, /* voided= */ false, &act, &count));
	for (int i = 0; i < PERIO_TEETH; i++) {
		PerioTooth *t = &blank.tooth[i];
		ToothState state = tooth_state(t->tooth, act, count);

		t->missing = state.absent != LOOK_NONE;
		t->implant = state.part[PART_IMPLANT].now != LOOK_NONE;
		if (t->missing || t->implant)
			TRY(write_tooth(cx, exam, t));
	}
	return OK;
}

Err perio_begin(Ctx *cx, int64_t patient, int64_t *ret)
{
	SqlPerioBegin begun;
	SqlPerioDraft draft;
	bool found;

	TRY(sql_perio_begin(cx, patient, cx->now, cx->user.v ? &cx->user.v : NULL, &begun, &found));
	if (!found) {
		TRY(sql_perio_draft(cx, patient, &draft, &found));
		if (!found)
			return err_set(cx, ERR_CONFLICT, "a draft was closed just now");
		*ret = draft.id;
		return OK;
	}
	TRY(audit_add_change(cx,
		&(Change){ .action = "perio.begin", .subject = "patient", .subject_id = patient }));
	TRY(take_chart(cx, patient, begun.id));
	*ret = begun.id;
	return OK;
}

Err perio_discard(Ctx *cx, int64_t exam)
{
	int64_t patient, rows;

	TRY(exam_open(cx, exam, &patient));
	TRY(sql_perio_discard(cx, exam, &rows));
	return audit_add_change(cx,
		&(Change){
			.action = "perio.discard", .subject = "patient", .subject_id = patient });
}

Err perio_restore(Ctx *cx, int64_t exam)
{
	SqlPerioLock now;
	int64_t rows;

	TRY(sql_perio_lock(cx, exam, &now));
	TRY(sql_perio_restore(cx, exam, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT,
			"Este exame não volta mais: outro já foi começado.",
			"exam %" PRId64 " is %s", exam, now.state);
	return audit_add_change(cx, &(Change){ .action = "perio.restore",
					    .subject = "patient",
					    .subject_id = now.patient_id });
}

static Err tell_closed(Ctx *cx, const PerioExam *exam, int64_t at)
{
	PerioSums sums = perio_sums(exam);

	TRY(audit_add_change(cx, &(Change){ .action = "perio.close",
					 .subject = "patient",
					 .subject_id = exam->patient_id }));
	return audit_add_event(
		cx, &(Event){ .at = at,
			    .subject = "patient",
			    .subject_id = exam->patient_id,
			    .kind = "perio.close",
			    .title = "Periograma encerrado",
			    .body = arena_printf(cx->mem,
				    "Sangramento em %d,%d%% dos sítios; %d bolsas de 4 mm ou mais, "
				    "%d de 6 mm ou mais.",
				    sums.bleeding_tenths / 10, sums.bleeding_tenths % 10,
				    sums.pockets4, sums.pockets6) });
}

Err perio_close(Ctx *cx, int64_t exam, int64_t at, const char *note)
{
	int64_t patient, rows;
	PerioExam now;

	if (note && str_utf8_length(str_of(note)) > NOTE_MAX)
		return err_field(cx, "note", "A observação passa de 500 letras.");
	TRY(exam_open(cx, exam, &patient));
	TRY(perio_get(cx, exam, &now));
	if (!perio_sums(&now).sites)
		return err_tell(cx, ERR_CONFLICT, "Nada foi medido ainda.",
			"exam %" PRId64 " is empty", exam);
	TRY(sql_perio_close(cx, exam, at, cx->user.v ? &cx->user.v : NULL,
		str_is_empty(note) ? NULL : note, &rows));
	return tell_closed(cx, &now, at);
}
