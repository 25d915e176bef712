/* Patients of the demonstration: invented, with numbers that are given to nobody. */
#include "core/clock.h"
#include "modules/patient/clinical.h"
#include "modules/patient/patient_rooms.h"

typedef struct DemoPatient {
	const char *name, *social_name;
	int year, month, day;
	const char *notes;
} DemoPatient;

static const DemoPatient demo_patients[] = {
	{ "Beatriz Almeida Prates", NULL, 1991, 3, 14, NULL },
	{ "Lucas Ferraz", NULL, 2009, 7, 2, "Vem com a mãe, Cristina." },
	{ "Mariana Siqueira", NULL, 1988, 11, 23, NULL },
	{ "Pedro Henrique Lima", NULL, 1979, 1, 30, "Prefere horários depois das 17h." },
	{ "João Vitor Rocha", NULL, 2001, 9, 9, NULL },
	{ "Sofia Martins de Souza", NULL, 1996, 5, 17, NULL },
	{ "Antônio Carlos Reis", NULL, 1958, 8, 4, "Usa anticoagulante." },
	{ "Fernanda Lopes", NULL, 1985, 12, 12, NULL },
	{ "Davi Monteiro", NULL, 2018, 2, 28, "Responsável: Paula Monteiro." },
	{ "Carla Moreira", NULL, 1974, 6, 21, NULL },
	{ "Alexandre Pires", "Alexa", 1999, 10, 5, NULL },
	{ "Vera Lúcia Matos", NULL, 1949, 4, 1, NULL },
};

Err patient_demo(Ctx *cx)
{
	PatientId id;

	for (size_t i = 0; i < COUNT(demo_patients); i++) {
		const DemoPatient *demo = &demo_patients[i];

		if (cx->company.v > 1 && i % 2 == 1)
			continue;
		TRY(patient_register(cx,
			&(PatientForm){ .name = demo->name,
				.social_name = demo->social_name,
				.birth = date_of(demo->year, demo->month, demo->day),
				.phone = arena_printf(
					cx->mem, "+55119%04zu00%02zu", 4000 + i * 41, i),
				.notes = demo->notes,
				.consent = i % 2 == 0 },
			/* source= */ NULL, /* lead_id= */ 0, &id));
	}
	return anamnesis_demo(cx);
}
