#include "test.h"

#include "modules/patient/patient.h"
#include "test_db.h"

static const PatientForm ana = { .name = "Ana O'Kelly", .cpf = "52998224725",
	.phone = "+5511987654321", .email = "ana@exemplo.com", .birth = DATE_NONE };

TEST(two_clinics_may_have_the_same_patient)
{
	PatientId id;
	Patient patient;

	CHECK(patient_register(cx, &ana, NULL, 0, &id) == OK);
	CHECK(patient_get(cx, id, &patient) == OK);
	CHECK_TEXT(patient.name, "Ana O'Kelly");
	test_as_company(cx, 2);
	CHECK(patient_get(cx, id, &patient) == ERR_NOT_FOUND);
	CHECK(patient_register(cx, &ana, NULL, 0, &id) == OK);
}

TEST(one_clinic_has_a_cpf_only_once)
{
	PatientId id;

	CHECK(patient_register(cx, &ana, NULL, 0, &id) == OK);
	CHECK(patient_register(cx, &ana, NULL, 0, &id) == ERR_CONFLICT);
	CHECK(bad_find(cx, "cpf"));
}

TEST(a_twin_is_found_by_phone_without_the_ninth_digit_too)
{
	PatientTwin *twin;
	PatientId id;
	size_t count;

	CHECK(patient_register(cx, &ana, NULL, 0, &id) == OK);
	CHECK(patient_find_twins(cx, "+551187654321", NULL, NULL, &twin, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(patient_find_twins(cx, NULL, "ana@exemplo.com", "52998224725", &twin, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(twin[0].why, "cpf");
}

TEST(the_second_of_two_savers_is_told)
{
	PatientForm form = ana;
	Patient patient;
	PatientId id;

	CHECK(patient_register(cx, &ana, NULL, 0, &id) == OK);
	form.version = 1;
	form.notes = "prefere manhãs";
	CHECK(patient_save(cx, id, &form) == OK);
	form.notes = "prefere tardes";
	CHECK(patient_save(cx, id, &form) == ERR_CONFLICT);
	CHECK(patient_get(cx, id, &patient) == OK);
	CHECK_TEXT(patient.notes, "prefere manhãs");
}
