/* Two periodontal exams of the demonstration: before and after treatment. */
#include "modules/treatment/demo.h"
#include "modules/treatment/perio.h"

/* Millimetres that look like a mouth: deeper between teeth and towards the back, the same each
 * time. */
static PerioTooth measured(int tooth, int at, bool after)
{
	PerioTooth t = { .tooth = tooth, .mobility = 0, .furcation = PERIO_NONE };

	if (tooth % 10 >= 6)
		t.furcation = after ? 0 : at % 3 == 0;
	for (int i = 0; i < PERIO_SITES; i++) {
		int seed = (at * 7 + i * 5) % 11, between = i % 3 != 1;
		int deep = 1 + between + (tooth % 10 >= 6) + (seed < 4 ? 1 + seed % 3 : 0);

		if (after && deep > 3)
			deep -= deep > 4 ? 2 : 1;
		t.site[i] = (PerioSite){ .probing = deep,
			.margin = after ? seed % 3 - 1 : -1 + seed % 2,
			.bleeding = deep >= 4 || (!after && seed == 7),
			.suppuration = !after && deep >= 6,
			.plaque = after ? seed == 2 : seed % 3 == 0 };
	}
	return t;
}

static Err write_exam(Ctx *cx, int64_t patient, bool after)
{
	PerioExam exam;
	int64_t id;

	TRY(perio_begin(cx, patient, &id));
	TRY(perio_get(cx, id, &exam));
	for (int i = 0; i < PERIO_TEETH; i++) {
		PerioTooth t = measured(exam.tooth[i].tooth, i, after);

		if (exam.tooth[i].missing)
			continue;
		t.implant = exam.tooth[i].implant;
		t.version = exam.tooth[i].version;
		TRY(perio_save_tooth(cx, id, &t));
	}
	return perio_close(cx, id, cx->now,
		after ? "Boa resposta à raspagem. Manter retorno em 4 meses." : NULL);
}

Err perio_demo(Ctx *cx)
{
	int64_t now = cx->now, patient;
	Err err;

	TRY(demo_patient(cx, "Sônia Regina Barreto", &patient));
	if (!patient)
		return OK;
	/* as if it were then */
	cx->now = now - 190 * (int64_t)DAY_S;
	err = write_exam(cx, patient, /* after= */ false);
	cx->now = now - 20 * (int64_t)DAY_S;
	if (err == OK)
		err = write_exam(cx, patient, /* after= */ true);
	cx->now = now;
	return err;
}
