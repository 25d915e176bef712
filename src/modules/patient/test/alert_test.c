#include "test.h"

#include "modules/audit/audit.h"
#include "modules/patient/alert.h"
#include "modules/patient/brief_test.sql.h"
#include "test_db.h"

static PatientId ana_here(Ctx *cx)
{
	static const PatientForm form = { .name = "Ana Prado", .birth = DATE_NONE };
	PatientId id = { 0 };

	CHECK(patient_register(cx, &form, NULL, 0, &id) == OK);
	return id;
}

static const AlertNew latex = { .kind = "allergy", .text = "Látex" };
static const AlertNew penicillin = { .kind = "allergy", .text = "Penicilina", .severe = true };

static int64_t standing(Ctx *cx, PatientId id, SqlAlertRow **ret)
{
	size_t count = 0;

	CHECK(sql_alert_standing(cx, id.v, ret, &count) == OK);
	return (int64_t)count;
}

TEST(alerts_stand_in_the_brief_the_severe_ones_first)
{
	PatientId id = ana_here(cx);
	SqlTestBrief brief = { 0 };
	SqlAlertRow *row;
	bool added;

	CHECK(alert_add(cx, id, &latex, &added) == OK);
	CHECK(added);
	CHECK(alert_add(cx, id, &penicillin, &added) == OK);
	CHECK_INT(standing(cx, id, &row), 2);
	CHECK_TEXT(row[0].text, "Penicilina");
	CHECK(sql_test_brief(cx, id.v, &brief) == OK);
	CHECK(brief.alert);
	CHECK_TEXT(brief.alert_text, "Penicilina, Látex");
}

TEST(the_same_alert_does_not_stand_twice)
{
	PatientId id = ana_here(cx);
	AlertNew again = latex;
	SqlAlertRow *row;
	bool added;

	again.text = "LÁTEX";
	CHECK(alert_add(cx, id, &latex, &added) == OK);
	CHECK(alert_add(cx, id, &again, &added) == OK);
	CHECK(!added);
	CHECK_INT(standing(cx, id, &row), 1);
}

TEST(an_alert_ends_with_a_reason_and_is_kept)
{
	PatientId id = ana_here(cx);
	SqlTestBrief brief = { 0 };
	SqlAlertRow *row;
	size_t count;
	bool added;

	CHECK(alert_add(cx, id, &latex, &added) == OK);
	CHECK_INT(standing(cx, id, &row), 1);
	CHECK(alert_end(cx, row[0].id, NULL) == ERR_INVALID);
	CHECK(bad_find(cx, "reason"));
	CHECK(alert_end(cx, row[0].id, "Teste alérgico negativo") == OK);
	CHECK(alert_end(cx, row[0].id, "De novo") == ERR_CONFLICT);
	CHECK(sql_alert_all(cx, id.v, &row, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(row[0].end_reason, "Teste alérgico negativo");
	CHECK(sql_test_brief(cx, id.v, &brief) == OK);
	CHECK(!brief.alert);
	CHECK(alert_add(cx, id, &latex, &added) == OK);
	CHECK(added);
}

TEST(no_one_deletes_an_alert)
{
	PatientId id = ana_here(cx);
	SqlAlertRow *row;
	int64_t rows;
	bool added;

	CHECK(alert_add(cx, id, &latex, &added) == OK);
	CHECK(standing(cx, id, &row) == 1);
	CHECK(sql_test_delete_alert(cx, row[0].id, &rows) != OK);
}

TEST(an_alert_of_an_anamnesis_waits_for_the_dentist)
{
	PatientId id = ana_here(cx);
	AlertNew from_answers = latex;
	SqlAlertRow *row;
	bool added;

	from_answers.anamnesis = 7;
	CHECK(alert_add(cx, id, &from_answers, &added) == OK);
	CHECK_INT(standing(cx, id, &row), 1);
	CHECK(row[0].confirmed_at_null);
	CHECK(alert_confirm(cx, row[0].id) == OK);
	CHECK(alert_confirm(cx, row[0].id) == ERR_CONFLICT);
	CHECK_INT(standing(cx, id, &row), 1);
	CHECK_INT(row[0].confirmed_by, 1);
}

TEST(another_clinic_sees_no_alert)
{
	PatientId id = ana_here(cx);
	SqlAlertRow *row;
	bool added;

	CHECK(alert_add(cx, id, &latex, &added) == OK);
	CHECK_INT(standing(cx, id, &row), 1);
	test_as_company(cx, 2);
	CHECK(alert_end(cx, row[0].id, "curiosidade") == ERR_NOT_FOUND);
	CHECK_INT(standing(cx, id, &row), 0);
}
