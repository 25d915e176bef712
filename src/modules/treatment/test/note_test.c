/* Notes: versions, signatures, templates; papers: drafts, issue, allergies. */
#include "modules/treatment/note.h"
#include "modules/treatment/teeth.h"

#include "modules/treatment/paper.h"
#include "treatment_fixture.h"

/* A patient of whom a new dentist, now signed in, writes. */
static PatientId begin(Ctx *cx)
{
	PatientId id = a_patient(cx, "Ana Prado");

	cx->user = a_dentist(cx, "Ianara");
	return id;
}

static int64_t write_note(Ctx *cx, PatientId patient, const char *text)
{
	int64_t id = 0;

	CHECK(note_write(cx, patient, &(NoteForm){ .text = text, .teeth = "16, 26" }, &id) == OK);
	return id;
}

static Note get(Ctx *cx, int64_t id)
{
	Note note = { 0 };

	CHECK(note_get(cx, id, &note) == OK);
	return note;
}

/* A statement of the test's own; state: the error that it must end with. */
static void run(Ctx *cx, const char *state, const char *sql)
{
	PGconn *db = db_native(cx->db);
	PGresult *r;

	PQclear(PQexec(db, "savepoint s"));
	r = PQexec(db, sql);
	CHECK_TEXT(PQresultErrorField(r, PG_DIAG_SQLSTATE), state);
	PQclear(r);
	PQclear(PQexec(db, state ? "rollback to s" : "release s"));
}

TEST(a_note_keeps_every_version_with_who_wrote_it)
{
	int64_t id = write_note(cx, begin(cx), "Profilaxia.");
	NoteVersion *version;
	size_t count;

	CHECK(note_save(cx, id,
		      &(NoteForm){ .text = "Profilaxia e flúor.", .teeth = "16", .seen = 1 }) ==
		OK);
	CHECK_TEXT(get(cx, id).text, "Profilaxia e flúor.");
	CHECK_INT(get(cx, id).teeth.count, 1);
	CHECK(note_list_versions(cx, id, &version, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_TEXT(version[1].text, "Profilaxia.");
	CHECK_TEXT(version[1].writer, "Ianara");
}

TEST(two_people_in_one_note_never_overwrite_each_other)
{
	int64_t id = write_note(cx, begin(cx), "Um.");

	CHECK(note_save(cx, id, &(NoteForm){ .text = "Dois.", .seen = 1 }) == OK);
	CHECK(note_save(cx, id, &(NoteForm){ .text = "Outro.", .seen = 1 }) == ERR_STALE);
	CHECK_TEXT(get(cx, id).text, "Dois.");
}

TEST(saving_what_stands_there_already_makes_no_version)
{
	int64_t id = write_note(cx, begin(cx), "Um.");

	CHECK(note_save(cx, id, &(NoteForm){ .text = "Um.", .teeth = "16, 26", .seen = 1 }) == OK);
	CHECK_INT(get(cx, id).no, 1);
}

TEST(a_signed_note_changes_only_with_a_reason_and_wants_a_new_signature)
{
	int64_t id = write_note(cx, begin(cx), "Dente 16.");

	CHECK(note_sign(cx, id, 1) == OK);
	CHECK(note_sign(cx, id, 1) == ERR_CONFLICT);
	CHECK(note_save(cx, id, &(NoteForm){ .text = "Dente 26.", .seen = 1 }) == ERR_INVALID);
	CHECK(bad_find(cx, "reason"));
	CHECK(note_save(cx, id,
		      &(NoteForm){ .text = "Dente 26.", .seen = 1, .reason = "Dente trocado" }) ==
		OK);
	CHECK_INT(get(cx, id).signed_no, 1);
	CHECK_INT(get(cx, id).no, 2);
	CHECK(note_sign(cx, id, 2) == OK);
	CHECK_INT(get(cx, id).signed_no, 2);
}

TEST(nobody_signs_for_another_nor_a_version_that_was_not_read)
{
	int64_t id = write_note(cx, begin(cx), "Um.");

	CHECK(note_save(cx, id, &(NoteForm){ .text = "Dois.", .seen = 1 }) == OK);
	CHECK(note_sign(cx, id, 1) == ERR_CONFLICT);
	cx->user = (UserId){ a_dentist(cx, "Marcelo").v };
	CHECK(note_sign(cx, id, 2) == ERR_CONFLICT);
	CHECK_INT(get(cx, id).signed_no, 0);
}

TEST(versions_are_written_once_and_one_made_elsewhere_shows)
{
	int64_t id = write_note(cx, begin(cx), "Um.");
	bool whole = false;

	CHECK(note_save(cx, id, &(NoteForm){ .text = "Dois.", .seen = 1 }) == OK);
	CHECK(note_verify(cx, id, &whole) == OK);
	CHECK(whole);
	run(cx, "42501", "update treatment.note_version set text = 'Três.' where no = 1");
	run(cx, NULL,
		"insert into treatment.note_version (company_id, note_id, no, text, written_at, "
		"written_by,"
		" hash) select company_id, note_id, 3, 'Três.', written_at, written_by, hash"
		" from treatment.note_version where no = 2");
	run(cx, NULL, "update treatment.note set last_no = 3");
	CHECK(note_verify(cx, id, &whole) == OK);
	CHECK(!whole);
}

TEST(a_note_of_a_tooth_that_does_not_exist_is_refused)
{
	PatientId patient = begin(cx);
	int64_t id;

	CHECK(note_write(cx, patient, &(NoteForm){ .text = "x", .teeth = "16, 99" }, &id) ==
		ERR_INVALID);
	CHECK_TEXT(bad_find(cx, "teeth"), "Não existe o dente 99.");
}

TEST(teeth_are_typed_one_by_one_or_as_a_stretch_of_an_arch)
{
	static const char *const wrong[] = { "13-35", "16-", "-16", "161", "1", "16 mo",
		"99999999999999", "13--15", "\xff" };
	Int64s teeth;

	CHECK(teeth_read(cx, "13-15, 26 e 13;44/43", &teeth) == OK);
	CHECK_TEXT(teeth_text(cx->mem, teeth), "13, 14, 15, 26, 44, 43");
	CHECK(teeth_read(cx, "12 - 21", &teeth) == OK);
	CHECK_TEXT(teeth_text(cx->mem, teeth), "12, 11, 21");
	CHECK(teeth_read(cx, NULL, &teeth) == OK);
	CHECK_INT(teeth.count, 0);
	for (size_t i = 0; i < COUNT(wrong); i++)
		CHECK(teeth_read(cx, wrong[i], &teeth) == ERR_INVALID);
}

TEST(notes_of_another_clinic_are_not_there)
{
	int64_t id = write_note(cx, begin(cx), "Um.");
	Note note;

	test_as_company(cx, 2);
	CHECK(note_get(cx, id, &note) == ERR_NOT_FOUND);
	CHECK(note_sign(cx, id, 1) == ERR_NOT_FOUND);
}

TEST(a_template_is_filled_in_and_leaves_unknown_words_alone)
{
	PatientHead head = { .name = "Ana", .birth = DATE_NONE };

	CHECK_TEXT(note_fill(cx, "{paciente}: {procedimentos} em {dentes}. {outra} {", &head,
			   "Dra. I", "16", "resina"),
		"Ana: resina em 16. {outra} {");
}

TEST(notes_go_along_when_two_patients_become_one_and_come_back)
{
	PatientId from = begin(cx), into = { 0 }, stayed;
	int64_t id = write_note(cx, from, "Um."), merge = 0;

	CHECK(patient_register(cx, &(PatientForm){ .name = "Ana P.", .birth = DATE_NONE }, NULL, 0,
		      &into) == OK);
	CHECK(patient_merge(cx, from, into,
		      &(PatientForm){ .birth = DATE_NONE, .card_until = DATE_NONE }, &merge) == OK);
	CHECK_INT(get(cx, id).patient_id, into.v);
	CHECK(patient_unmerge(cx, merge, &stayed) == OK);
	CHECK_INT(get(cx, id).patient_id, from.v);
}

/* ---- papers ---- */

static Strs one(Ctx *cx, const char *text)
{
	const char **list = NEW_ARRAY(cx->mem, const char *, 1);

	list[0] = text;
	return (Strs){ list, 1 };
}

static PaperForm prescription(Ctx *cx, const char *drug)
{
	return (PaperForm){ .kind = "prescription",
		.name = one(cx, drug),
		.quantity = one(cx, "21 cápsulas"),
		.use = one(cx, "1 a cada 8 horas") };
}

TEST(what_was_issued_changes_no_more_and_is_voided_with_a_reason)
{
	PatientId patient = begin(cx);
	PaperForm form = prescription(cx, "Amoxicilina 500 mg");
	Paper paper;
	int64_t id;

	CHECK(paper_write(cx, patient, &form, &id) == OK);
	form = prescription(cx, "Clindamicina 300 mg");
	form.version = 1;
	CHECK(paper_save(cx, id, &form) == OK);
	CHECK(paper_issue(cx, id) == OK);
	CHECK(paper_issue(cx, id) == ERR_CONFLICT);
	form.version = 3;
	CHECK(paper_save(cx, id, &form) == ERR_CONFLICT);
	CHECK(paper_void(cx, id, NULL) == ERR_INVALID);
	CHECK(paper_void(cx, id, "Dose errada") == OK);
	CHECK(paper_get(cx, id, &paper) == OK);
	CHECK_TEXT(paper.state, "void");
	CHECK_TEXT(paper.drug[0].name, "Clindamicina 300 mg");
}

TEST(a_prescription_without_a_drug_and_a_request_without_text_are_refused)
{
	PatientId patient = begin(cx);
	PaperForm form = prescription(cx, "");
	int64_t id;

	CHECK(paper_write(cx, patient, &form, &id) == ERR_INVALID);
	CHECK(paper_write(cx, patient, &(PaperForm){ .kind = "exam" }, &id) == ERR_INVALID);
	CHECK(paper_write(cx, patient, &(PaperForm){ .kind = "certificate", .days = 2 }, &id) ==
		OK);
}

TEST(an_allergy_speaks_up_for_its_whole_family_and_stays_silent_otherwise)
{
	const PatientAlert alert[] = { { .kind = "allergy", .text = "Penicilina" },
		{ .kind = "disease", .text = "Ibuprofeno piora a gastrite" } };
	const PatientHead head = { .alert = alert, .alert_count = COUNT(alert) };
	PaperForm form = prescription(cx, "AMOXICILINA + clavulanato 875 mg");
	const char *drug = NULL;

	CHECK_TEXT(paper_allergy(cx->mem, &head, &form, &drug), "Penicilina");
	CHECK_TEXT(drug, "AMOXICILINA + clavulanato 875 mg");
	form = prescription(cx, "Clindamicina 300 mg");
	CHECK(!paper_allergy(cx->mem, &head, &form, &drug));
	form = prescription(cx, "Ibuprofeno 600 mg");
	CHECK(!paper_allergy(cx->mem, &head, &form, &drug));
}
