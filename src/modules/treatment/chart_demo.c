/* Mouths of the demonstration. Days count back from today, so that the chart's history has a past.
 */
#include "modules/treatment/demo.h"
#include "modules/treatment/teeth.h"

typedef struct DemoAct {
	const char *kind, *what; /* a condition, or a procedure's whole name */
	const char *teeth;       /* one act each; NULL: the mouth */
	const char *faces;
	int done_days; /* 0: not done */
} DemoAct;

typedef struct DemoMouth {
	const char *patient;
	int days; /* since it was examined and the work was planned */
	DemoAct act[32];
} DemoMouth;

static const DemoMouth mouths[] = {
	/* the chart in the manual's pictures */
	{ "Sônia Regina Barreto", 25,
		{
			{ "finding", "missing", "18, 28, 48" },
			{ "finding", "half_impacted", "38" },
			{ "finding", "caries", "16", "MO" },
			{ "finding", "caries", "46", "OD" },
			{ "finding", "caries", "25", "D" },
			{ "existing", "restored", "17, 27", "O" },
			{ "existing", "amalgam", "15", "OD" },
			{ "existing", "amalgam", "47", "MO" },
			{ "finding", "healthy", "13, 12, 22, 23, 45, 44, 43, 42, 41, 31, 32, 33" },
			{ "finding", "apical_lesion", "26" },
			{ "done", "Restauração em resina 2 faces", "14", "MO", 410 },
			{ "done", "Faceta em resina", "21", "V", 400 },
			{ "done", "Restauração em resina 1 face", "35", "O", 395 },
			{ "done", "Restauração em resina 2 faces", "37", "OV", 395 },
			{ "done", "Implante osseointegrado", "36", NULL, 330 },
			{ "done", "Coroa metalocerâmica sobre implante", "36", NULL, 200 },
			{ "planned", "Tratamento endodôntico multirradicular", "26", NULL, 10 },
			{ "planned", "Coroa em zircônia", "26" },
			{ "planned", "Restauração em resina 2 faces", "16", "MO" },
			{ "planned", "Restauração em resina 1 face", "25", "D" },
			{ "planned", "Remoção de dente semi-incluso", "38" },
			{ "planned", "Restauração em resina 2 faces", "46", "OD" },
			{ "planned", "Faceta em resina", "11", "V" },
			{ "planned", "Profilaxia (limpeza)", NULL, NULL, 25 },
		} },
	/* a child between two dentitions */
	{ "Davi Monteiro", 14,
		{
			{ "finding", "caries", "54", "OD" },
			{ "finding", "caries", "85", "O" },
			{ "finding", "healthy", "16, 26" },
			{ "finding", "unerupted", "13, 23" },
			{ "finding", "mobility", "51" },
			{ "done", "Selante de fóssulas e fissuras", "36, 46", NULL, 14 },
			{ "planned", "Restauração em resina 2 faces", "54", "OD" },
			{ "planned", "Restauração em resina 1 face", "85", "O" },
		} },
	/* years of dentistry */
	{ "Vera Lúcia Matos", 60,
		{
			{ "finding", "missing", "16, 46, 47" },
			{ "finding", "residual_root", "36" },
			{ "existing", "canal_treated", "26" },
			{ "existing", "posted", "11" },
			{ "existing", "crowned", "26, 11" },
			{ "existing", "amalgam", "37", "MOD" },
			{ "finding", "bad_filling", "27", "MO" },
			{ "finding", "wear", "33", "V" },
			{ "finding", "calculus", "31, 41" },
			{ "planned", "Exodontia de raiz residual", "36" },
		} },
};

static Err write_act(Ctx *cx, const DemoMouth *mouth, const DemoAct *demo, Act act)
{
	int64_t id, line, done_at = cx->now - demo->done_days * (int64_t)DAY_S;
	bool done = !strcmp(demo->kind, "done");

	if (demo->faces && !faces_read(act.tooth, demo->faces, &act.surfaces))
		return err_set(cx, ERR_BUG, "demonstration: faces of %d", act.tooth);
	act.recorded_at = done ? done_at : cx->now - mouth->days * (int64_t)DAY_S;
	act.done_at = done ? done_at : 0;
	TRY(act_add(cx, &act, &id));
	if (strcmp(demo->kind, "planned") != 0)
		return OK;
	TRY(act_get(cx, id, &act));
	TRY(plan_take_act(cx, &act, &line));
	return demo->done_days ? act_finish(cx, id, /* visit_id= */ 0, done_at) : OK;
}

static Err write_acts(Ctx *cx, int64_t patient, const DemoMouth *mouth, const DemoAct *demo)
{
	Act act = { .patient_id = patient, .kind = demo->kind };
	Procedure procedure;
	Int64s teeth;

	TRY(teeth_read(cx, demo->teeth, &teeth));
	if (chart_condition(demo->what)) {
		act.condition = demo->what;
	} else {
		TRY(demo_procedure(cx, demo->what, &procedure));
		if (!procedure.id)
			return OK;
		act.procedure_id = procedure.id;
	}
	for (size_t i = 0; i < teeth.count; i++) {
		act.tooth = (int)teeth.v[i];
		TRY(write_act(cx, mouth, demo, act));
	}
	return teeth.count ? OK : write_act(cx, mouth, demo, act);
}

static Err bridge_of(Ctx *cx, const char *name)
{
	ActTooth teeth[] = { { 48, "pillar" }, { 47, "pontic" }, { 46, "pontic" },
		{ 45, "pillar" } };
	int64_t patient, id;

	TRY(demo_patient(cx, name, &patient));
	if (!patient)
		return OK;
	return act_add(cx,
		&(Act){ .patient_id = patient,
			.kind = "existing",
			.condition = "bridged",
			.teeth = teeth,
			.teeth_count = COUNT(teeth),
			.recorded_at = cx->now - 60 * (int64_t)DAY_S },
		&id);
}

Err chart_demo(Ctx *cx)
{
	for (size_t i = 0; i < COUNT(mouths); i++) {
		int64_t patient;

		TRY(demo_patient(cx, mouths[i].patient, &patient));
		for (const DemoAct *demo = mouths[i].act; patient && demo->kind; demo++)
			TRY(write_acts(cx, patient, &mouths[i], demo));
	}
	return bridge_of(cx, "Vera Lúcia Matos");
}
