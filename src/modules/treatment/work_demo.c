/* What lies around the chair of the demonstration: work at laboratories, patients who should be
 * back, one whom the dentist wants to see again. Times count back from now. */
#include "core/clock.h"
#include "modules/treatment/demo.h"
#include "modules/treatment/lab.h"
#include "modules/treatment/recall.h"

/* ---- laboratories ---- */

static const struct {
	const char *patient, *work, *teeth, *shade, *instructions;
	int64_t cost;
	int laboratory, sent_days, promised; /* promised: days from today */
	bool back;
} cases[] = {
	{ "Sônia Regina Barreto", "Coroa em zircônia", "26", "A2",
		"Contato proximal justo com o 27.", 62000, 0, 5, 3, false },
	{ "Vera Lúcia Matos", "Prótese parcial removível", "46, 47", NULL, NULL, 48000, 1, 9, -2,
		true },
	{ "Thiago Ramos", "Placa miorrelaxante", NULL, NULL, "Espessura de 2 mm.", 18000, 1, 0, 7,
		false },
};

static Err add_laboratories(Ctx *cx, int64_t ret[2])
{
	static const LaboratoryForm forms[] = {
		{ .name = "Cerâmica Paulista",
			.phone = "+551132240198",
			.days = 8,
			.active = true },
		{ .name = "Prótese & Cia", .phone = "+551130617744", .days = 7, .active = true },
	};
	Laboratory *list;
	size_t count;

	for (size_t i = 0; i < COUNT(forms); i++)
		TRY(laboratory_save(cx, 0, &forms[i]));
	TRY(laboratory_list(cx, &list, &count));
	for (size_t i = 0; i < COUNT(forms); i++)
		for (size_t j = 0; j < count; j++)
			if (!strcmp(list[j].name, forms[i].name))
				ret[i] = list[j].id;
	return OK;
}

static Err add_case(Ctx *cx, size_t i, int64_t laboratory)
{
	int64_t now = cx->now, patient, id;

	TRY(demo_patient(cx, cases[i].patient, &patient));
	if (!patient)
		return OK;
	TRY(lab_add(cx,
		&(LabCaseForm){ .patient_id = patient,
			.laboratory_id = laboratory,
			.work = cases[i].work,
			.teeth = cases[i].teeth,
			.shade = cases[i].shade,
			.instructions = cases[i].instructions,
			.cost_cents = cases[i].cost,
			.expected_on = date_today(now, cx->zone) + cases[i].promised },
		&id));
	if (!cases[i].sent_days)
		return OK;
	cx->now = now - cases[i].sent_days * (int64_t)DAY_S;
	TRY(lab_step(cx, id, LAB_SENT));
	cx->now = now;
	return cases[i].back ? lab_step(cx, id, LAB_RECEIVED) : OK;
}

/* ---- recalls ---- */

/* Who had a cleaning, and how long ago. */
static const struct {
	const char *patient;
	int days;
} cleanings[] = { { "Luiza Andrade", 231 }, { "Carla Moreira", 212 }, { "Felipe Araújo", 196 },
	{ "Bianca Teles", 187 }, { "Patrícia Gomes", 169 }, { "Thiago Ramos", 158 } };

static Err add_cleanings(Ctx *cx)
{
	Procedure *list;
	size_t count;
	int64_t patient, id;

	TRY(procedure_search(cx, "profilaxia", /* price_table= */ 0, &list, &count));
	for (size_t i = 0; count && i < COUNT(cleanings); i++) {
		TRY(demo_patient(cx, cleanings[i].patient, &patient));
		if (patient)
			TRY(act_add(cx,
				&(Act){ .patient_id = patient,
					.kind = "done",
					.procedure_id = list[0].id,
					.region = !strcmp(list[0].area, "arch") ? "ASAI" : NULL,
					.done_at = cx->now - cleanings[i].days * (int64_t)DAY_S },
				&id));
	}
	return OK;
}

/* A visit of two weeks ago, and what the dentist asked for when it ended. */
static Err add_asked(Ctx *cx)
{
	int64_t now = cx->now, patient, visit;

	TRY(demo_patient(cx, "Vera Lúcia Matos", &patient));
	if (!patient)
		return OK;
	cx->now = now - 14 * (int64_t)DAY_S;
	TRY(visit_start(cx, (PatientId){ patient }, 0, 0, &visit));
	cx->now += 40 * 60;
	TRY(visit_end(cx, visit,
		&(VisitEnd){ .materials = "Anestésico 2 tubetes, fio de sutura",
			.next_in_days = 10,
			.next_minutes = 30,
			.next_note = "Remoção de sutura" }));
	cx->now = now;
	return OK;
}

Err work_demo(Ctx *cx)
{
	int64_t laboratory[2] = { 0 };
	UserId user = cx->user;
	Dentist *dentist;
	size_t count;

	TRY(agenda_list_dentists(cx, &dentist, &count));
	if (!count)
		return OK;
	cx->user = (UserId){ dentist[0].user };
	TRY(add_laboratories(cx, laboratory));
	for (size_t i = 0; i < COUNT(cases); i++)
		TRY(add_case(cx, i, laboratory[cases[i].laboratory]));
	TRY(add_cleanings(cx));
	TRY(add_asked(cx));
	cx->user = user;
	return OK;
}
