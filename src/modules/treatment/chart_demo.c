/* Mouths of the demonstration. Days count back from today, so that the chart's history has a past.
 */
#include "core/clock.h"
#include "modules/treatment/demo.h"
#include "modules/treatment/treatment_rooms.h"

enum { DAY_S = 86400 };

typedef struct DemoAct {
	const char *kind, *what; /* a condition, or a procedure's whole name */
	int tooth;               /* 0: the mouth */
	const char *faces;
	int days, done_days; /* found or planned; done, 0: not, or by itself */
} DemoAct;

/* Sônia Regina Barreto: the chart in the manual's pictures. */
static const DemoAct sonia[] = {
	{ "finding", "missing", 18, NULL, 25, 0 },
	{ "finding", "missing", 28, NULL, 25, 0 },
	{ "finding", "missing", 48, NULL, 25, 0 },
	{ "finding", "half_impacted", 38, NULL, 25, 0 },
	{ "finding", "caries", 16, "MO", 25, 0 },
	{ "finding", "caries", 46, "OD", 25, 0 },
	{ "finding", "caries", 25, "D", 25, 0 },
	{ "existing", "restored", 17, "O", 25, 0 },
	{ "existing", "amalgam", 15, "OD", 25, 0 },
	{ "existing", "restored", 27, "O", 25, 0 },
	{ "existing", "amalgam", 47, "MO", 25, 0 },
	{ "finding", "healthy", 13, NULL, 25, 0 },
	{ "finding", "healthy", 12, NULL, 25, 0 },
	{ "finding", "healthy", 22, NULL, 25, 0 },
	{ "finding", "healthy", 23, NULL, 25, 0 },
	{ "finding", "healthy", 45, NULL, 25, 0 },
	{ "finding", "healthy", 44, NULL, 25, 0 },
	{ "finding", "healthy", 43, NULL, 25, 0 },
	{ "finding", "healthy", 42, NULL, 25, 0 },
	{ "finding", "healthy", 41, NULL, 25, 0 },
	{ "finding", "healthy", 31, NULL, 25, 0 },
	{ "finding", "healthy", 32, NULL, 25, 0 },
	{ "finding", "healthy", 33, NULL, 25, 0 },
	{ "finding", "apical_lesion", 26, NULL, 25, 0 },
	{ "done", "Restauração em resina 2 faces", 14, "MO", 0, 410 },
	{ "done", "Faceta em resina", 21, "V", 0, 400 },
	{ "done", "Restauração em resina 1 face", 35, "O", 0, 395 },
	{ "done", "Restauração em resina 2 faces", 37, "OV", 0, 395 },
	{ "done", "Implante osseointegrado", 36, NULL, 0, 330 },
	{ "done", "Coroa metalocerâmica sobre implante", 36, NULL, 0, 200 },
	{ "planned", "Tratamento endodôntico multirradicular", 26, NULL, 25, 10 },
	{ "planned", "Coroa em zircônia", 26, NULL, 25, 0 },
	{ "planned", "Restauração em resina 2 faces", 16, "MO", 25, 0 },
	{ "planned", "Restauração em resina 1 face", 25, "D", 25, 0 },
	{ "planned", "Remoção de dente semi-incluso", 38, NULL, 25, 0 },
	{ "planned", "Restauração em resina 2 faces", 46, "OD", 25, 0 },
	{ "planned", "Faceta em resina", 11, "V", 25, 0 },
	{ "planned", "Profilaxia (limpeza)", 0, NULL, 25, 25 },
};

/* A child between two dentitions. */
static const DemoAct davi[] = {
	{ "finding", "caries", 54, "OD", 14, 0 },
	{ "finding", "caries", 85, "O", 14, 0 },
	{ "finding", "healthy", 16, NULL, 14, 0 },
	{ "finding", "healthy", 26, NULL, 14, 0 },
	{ "finding", "unerupted", 13, NULL, 14, 0 },
	{ "finding", "unerupted", 23, NULL, 14, 0 },
	{ "finding", "mobility", 51, NULL, 14, 0 },
	{ "done", "Selante de fóssulas e fissuras", 36, NULL, 0, 14 },
	{ "done", "Selante de fóssulas e fissuras", 46, NULL, 0, 14 },
	{ "planned", "Restauração em resina 2 faces", 54, "OD", 14, 0 },
	{ "planned", "Restauração em resina 1 face", 85, "O", 14, 0 },
};

/* Years of dentistry. */
static const DemoAct vera[] = {
	{ "finding", "missing", 16, NULL, 60, 0 },
	{ "finding", "missing", 46, NULL, 60, 0 },
	{ "finding", "missing", 47, NULL, 60, 0 },
	{ "finding", "residual_root", 36, NULL, 60, 0 },
	{ "existing", "crowned", 26, NULL, 60, 0 },
	{ "existing", "canal_treated", 26, NULL, 60, 0 },
	{ "existing", "posted", 11, NULL, 60, 0 },
	{ "existing", "crowned", 11, NULL, 60, 0 },
	{ "existing", "amalgam", 37, "MOD", 60, 0 },
	{ "finding", "bad_filling", 27, "MO", 60, 0 },
	{ "finding", "wear", 33, "V", 60, 0 },
	{ "finding", "calculus", 31, NULL, 60, 0 },
	{ "finding", "calculus", 41, NULL, 60, 0 },
	{ "planned", "Exodontia de raiz residual", 36, NULL, 60, 0 },
};

static Err procedure_named(Ctx *cx, const char *name, int64_t *ret)
{
	Procedure *list;
	size_t count;

	TRY(procedure_search(cx, name, /* price_table= */ 0, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, name)) {
			*ret = list[i].id;
			return OK;
		}
	*ret = 0;
	return OK;
}

static Err write_demo(Ctx *cx, int64_t patient, const DemoAct *demo, Act act)
{
	int64_t id, line, done_at = cx->now - demo->done_days * (int64_t)DAY_S;

	act.patient_id = patient;
	act.kind = demo->kind;
	act.tooth = demo->tooth;
	if (demo->faces && !faces_read(demo->tooth, demo->faces, &act.surfaces))
		return err_set(cx, ERR_BUG, "demonstration: faces of %d", demo->tooth);
	act.recorded_at = cx->now - (demo->days ? demo->days : demo->done_days) * (int64_t)DAY_S;
	act.done_at = strcmp(demo->kind, "done") ? 0 : done_at;
	TRY(act_add(cx, &act, &id));
	if (strcmp(demo->kind, "planned") != 0)
		return OK;
	TRY(act_get(cx, id, &act));
	TRY(plan_take_act(cx, &act, &line));
	return demo->done_days ? act_finish(cx, id, /* visit_id= */ 0, done_at) : OK;
}

static Err fill_mouth(Ctx *cx, const char *name, const DemoAct *demo, size_t count)
{
	PatientHit *hit;
	size_t hits;

	TRY(patient_search(cx, name, 1, &hit, &hits));
	if (!hits)
		return OK;
	for (size_t i = 0; i < count; i++) {
		Act act = { 0 };

		if (chart_condition(demo[i].what))
			act.condition = demo[i].what;
		else
			TRY(procedure_named(cx, demo[i].what, &act.procedure_id));
		/* a clinic may have thrown a procedure out of its list */
		if (act.condition || act.procedure_id)
			TRY(write_demo(cx, hit[0].id, &demo[i], act));
	}
	return OK;
}

static Err bridge_of(Ctx *cx, const char *name)
{
	ActTooth teeth[] = { { 48, "pillar" }, { 47, "pontic" }, { 46, "pontic" },
		{ 45, "pillar" } };
	PatientHit *hit;
	size_t hits;
	int64_t id;

	TRY(patient_search(cx, name, 1, &hit, &hits));
	if (!hits)
		return OK;
	return act_add(cx,
		&(Act){ .patient_id = hit[0].id,
			.kind = "existing",
			.condition = "bridged",
			.teeth = teeth,
			.teeth_count = COUNT(teeth),
			.recorded_at = cx->now - 60 * (int64_t)DAY_S },
		&id);
}

Err chart_demo(Ctx *cx)
{
	TRY(fill_mouth(cx, "Sônia Regina Barreto", sonia, COUNT(sonia)));
	TRY(fill_mouth(cx, "Davi Monteiro", davi, COUNT(davi)));
	TRY(fill_mouth(cx, "Vera Lúcia Matos", vera, COUNT(vera)));
	return bridge_of(cx, "Vera Lúcia Matos");
}
