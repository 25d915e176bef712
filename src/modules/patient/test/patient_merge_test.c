/* Two records that are one person, and the way back. */
#include "test.h"

#include "core/clock.h"
#include "modules/patient/patient_rooms.h"
#include "test_db.h"

static PatientId add(Ctx *cx, const PatientForm *in)
{
	PatientId id = { 0 };

	cx->user = (UserId){ 0 };
	CHECK(patient_register(cx, in, NULL, 0, &id) == OK);
	return id;
}

/* Kept has a phone and a card; gone has the CPF, a card, a child, and is somebody's mother. */
static void start(Ctx *cx, PatientId *kept, PatientId *gone, PatientId *child)
{
	int64_t made;

	*kept = add(cx, &(PatientForm){ .name = "Maria Souza",
				.phone = "+5511911110000",
				.birth = DATE_NONE,
				.insurer = "Amil",
				.card_until = DATE_NONE });
	*gone = add(cx, &(PatientForm){ .name = "Maria de Souza",
				.cpf = "52998224725",
				.phone = "+5511922220000",
				.email = "maria@exemplo.com",
				.birth = date_of(1980, 5, 1),
				.insurer = "Unimed",
				.card_until = DATE_NONE });
	*child = add(cx, &(PatientForm){ .name = "Lia Souza", .birth = date_of(2019, 1, 1) });
	CHECK(patient_add_kin(cx, *child,
		      &(Kin){ .kind = "mother", .other_id = gone->v, .signs = true }, &made) == OK);
	CHECK(patient_add_kin(cx, *gone, &(Kin){ .kind = "spouse", .name = "Zé" }, &made) == OK);
}

static size_t cards_of(Ctx *cx, PatientId id)
{
	InsuranceCard *card;
	size_t count;

	CHECK(patient_list_cards(cx, id, &card, &count) == OK);
	return count;
}

static size_t kin_of(Ctx *cx, PatientId id)
{
	Kin *kin;
	size_t count;

	CHECK(patient_list_kin(cx, id, &kin, &count) == OK);
	return count;
}

static size_t events_of(Ctx *cx, PatientId id)
{
	Event *event;
	size_t count;

	CHECK(audit_list_events(cx, "patient", id.v, 0, 0, 100, &event, &count) == OK);
	return count;
}

TEST(one_that_was_merged_gives_what_the_other_lacks_and_all_that_hangs_on_it)
{
	PatientId kept, gone, child;
	PatientHead head;
	int64_t merge;
	Patient p;

	start(cx, &kept, &gone, &child);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK(patient_get(cx, kept, &p) == OK);
	CHECK_TEXT(p.name, "Maria Souza");
	CHECK_TEXT(p.phone, "+5511911110000");
	CHECK_TEXT(p.cpf, "52998224725");
	CHECK_TEXT(p.email, "maria@exemplo.com");
	CHECK_INT(p.birth, date_of(1980, 5, 1));
	CHECK_INT(cards_of(cx, kept), 2);
	CHECK_INT(kin_of(cx, kept), 2);
	CHECK(patient_get(cx, gone, &p) == OK);
	CHECK_INT(p.merged_into, kept.v);
	CHECK(patient_head_ask(cx, gone) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	CHECK_INT(head.id, kept.v);
}

TEST(a_merge_taken_back_leaves_both_as_they_were)
{
	PatientId kept, gone, child, into;
	Patient a, b, after;
	size_t events[2];
	int64_t merge;

	start(cx, &kept, &gone, &child);
	CHECK(patient_get(cx, kept, &a) == OK);
	CHECK(patient_get(cx, gone, &b) == OK);
	events[0] = events_of(cx, kept);
	events[1] = events_of(cx, gone);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_INT(into.v, kept.v);
	CHECK(patient_get(cx, kept, &after) == OK);
	CHECK_TEXT(after.name, a.name);
	CHECK(!after.cpf && !after.email && after.birth == DATE_NONE);
	CHECK(patient_get(cx, gone, &after) == OK);
	CHECK_INT(after.merged_into, 0);
	CHECK_TEXT(after.cpf, b.cpf);
	CHECK_TEXT(after.email, b.email);
	CHECK_INT(cards_of(cx, kept), 1);
	CHECK_INT(cards_of(cx, gone), 1);
	CHECK_INT(kin_of(cx, kept), 0);
	CHECK_INT(kin_of(cx, gone), 2);
	CHECK_INT(events_of(cx, gone), events[1]);
	/* what happened to the one that stayed is told: saved, merged, taken back */
	CHECK_INT(events_of(cx, kept), events[0] + 3);
}

TEST(what_somebody_changed_after_the_merge_stays_when_it_is_taken_back)
{
	PatientId kept, gone, child, into;
	PatientForm form;
	int64_t merge, card;
	Patient p;

	start(cx, &kept, &gone, &child);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK(patient_get(cx, kept, &p) == OK);
	form = patient_form_of(&p);
	form.email = "nova@exemplo.com";
	CHECK(patient_save(cx, kept, &form) == OK);
	CHECK(patient_add_card(cx, kept,
		      &(InsuranceCard){ .insurer = "Nova", .valid_until = DATE_NONE },
		      &card) == OK);
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK(patient_get(cx, kept, &p) == OK);
	CHECK_TEXT(p.email, "nova@exemplo.com");
	CHECK(!p.cpf);
	CHECK_INT(cards_of(cx, kept), 2);
}

TEST(a_field_that_was_chosen_wins)
{
	PatientId kept, gone, child;
	int64_t merge;
	Patient p;

	start(cx, &kept, &gone, &child);
	CHECK(patient_merge(cx, gone, kept,
		      &(PatientForm){ .name = "Maria de Souza", .birth = DATE_NONE },
		      &merge) == OK);
	CHECK(patient_get(cx, kept, &p) == OK);
	CHECK_TEXT(p.name, "Maria de Souza");
	CHECK_TEXT(p.phone, "+5511911110000");
}

TEST(a_merge_is_taken_back_once_within_a_day_and_the_last_one_first)
{
	PatientId kept, gone, child, into;
	int64_t first, second;

	start(cx, &kept, &gone, &child);
	CHECK(patient_merge(cx, gone, kept, NULL, &first) == OK);
	CHECK(patient_merge(cx, child, kept, NULL, &second) == OK);
	CHECK(patient_unmerge(cx, first, &into) == ERR_CONFLICT);
	CHECK(patient_unmerge(cx, second, &into) == OK);
	CHECK(patient_unmerge(cx, second, &into) == ERR_CONFLICT);
	cx->now = time_now() + 25 * 3600;
	CHECK(patient_unmerge(cx, first, &into) == ERR_CONFLICT);
	CHECK(patient_unmerge(cx, first + 1000, &into) == ERR_NOT_FOUND);
	test_as_company(cx, 2);
	CHECK(patient_unmerge(cx, first, &into) == ERR_NOT_FOUND);
}

TEST(who_was_merged_before_follows_to_the_last_one)
{
	PatientId kept, gone, child, into;
	int64_t first, second;
	Patient p;

	start(cx, &kept, &gone, &child);
	CHECK(patient_merge(cx, child, gone, NULL, &first) == OK);
	CHECK(patient_merge(cx, gone, kept, NULL, &second) == OK);
	CHECK(patient_get(cx, child, &p) == OK);
	CHECK_INT(p.merged_into, kept.v);
	CHECK(patient_unmerge(cx, second, &into) == OK);
	CHECK(patient_get(cx, child, &p) == OK);
	CHECK_INT(p.merged_into, gone.v);
	CHECK(patient_unmerge(cx, first, &into) == OK);
	CHECK(patient_get(cx, child, &p) == OK);
	CHECK_INT(p.merged_into, 0);
}

TEST(nobody_is_merged_with_themselves_twice_or_across_clinics)
{
	PatientId kept, gone, child, stranger;
	int64_t merge;

	start(cx, &kept, &gone, &child);
	CHECK(patient_merge(cx, kept, kept, NULL, &merge) == ERR_INVALID);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK(patient_merge(cx, gone, child, NULL, &merge) == ERR_CONFLICT);
	CHECK(patient_merge(cx, child, gone, NULL, &merge) == ERR_CONFLICT);
	test_as_company(cx, 2);
	stranger = add(cx, &(PatientForm){ .name = "Outra", .birth = DATE_NONE });
	CHECK(patient_merge(cx, kept, stranger, NULL, &merge) == ERR_NOT_FOUND);
}

static PatientHead head_of(Ctx *cx, PatientId id)
{
	PatientHead head = { 0 };

	CHECK(patient_head_ask(cx, id) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	return head;
}

static void warn(Ctx *cx, PatientId id, const char *kind, const char *text, bool severe)
{
	PGresult *r = PQexec(db_native(cx->db),
		arena_printf(cx->mem,
			"insert into patient.alert (company_id, patient_id, "
			"kind, text, text_key, severe, source)"
			" values (1, %" PRId64 ", '%s', '%s', lower('%s'), %s, 'hand')",
			id.v, kind, text, text, severe ? "true" : "false"));

	CHECK(PQresultStatus(r) == PGRES_COMMAND_OK);
	PQclear(r);
}

TEST(alerts_go_along_and_come_back_and_none_stands_twice)
{
	PatientId kept, gone, child, into;
	int64_t merge;

	start(cx, &kept, &gone, &child);
	warn(cx, kept, "allergy", "Penicilina", true);
	warn(cx, gone, "allergy", "Penicilina", true);
	warn(cx, gone, "medication", "AAS 100 mg", false);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK_INT(head_of(cx, kept).alert_count, 2);
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_INT(head_of(cx, kept).alert_count, 1);
	CHECK_INT(head_of(cx, gone).alert_count, 2);
	CHECK(head_of(cx, gone).alert[0].severe);
}

TEST(a_module_keeps_which_rows_went_along)
{
	static const int64_t rows[] = { 5, 7 };
	PatientId kept, gone, child;
	int64_t merge;
	Int64s noted;

	start(cx, &kept, &gone, &child);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK(patient_merge_note(cx, merge, "test.row", (Int64s){ rows, 2 }) == OK);
	CHECK(patient_merge_note(cx, merge, "test.row", (Int64s){ rows, 2 }) == OK);
	CHECK(patient_merge_noted(cx, merge, "test.row", &noted) == OK);
	CHECK_INT(noted.count, 2);
	CHECK_INT(noted.v[1], 7);
}

/* A row of one column, or NULL. */
static const char *asked(Ctx *cx, const char *sql)
{
	PGresult *r = PQexec(db_native(cx->db), sql);
	const char *text = NULL;

	CHECK(PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK);
	if (PQntuples(r))
		text = PQgetisnull(r, 0, 0) ? NULL : arena_dup(cx->mem, PQgetvalue(r, 0, 0));
	PQclear(r);
	return text;
}

/* "email+ phone-": the channels of a patient and what counts, as the form shows them. */
static const char *channels_of(Ctx *cx, PatientId id)
{
	return asked(cx,
		arena_printf(cx->mem,
			"select string_agg(channel || case when granted then '+' else '-' end, ' ' "
			"order by channel) || ' ' || (select consent::text from patient.patient "
			"where "
			"company_id = 1 and id = %" PRId64
			") from patient.consent where company_id = "
			"1 and patient_id = %" PRId64,
			id.v, id.v));
}

TEST(of_each_channel_the_last_answer_counts_whichever_record_it_was_given_to)
{
	PatientId kept, gone, child, into;
	int64_t merge;

	start(cx, &kept, &gone, &child);
	(void)asked(cx, arena_printf(cx->mem,
				"insert into patient.consent (company_id, patient_id, channel, "
				"granted, at) "
				"values (1, %" PRId64 ", 'whatsapp', true, '2024-01-01'),"
				" (1, %" PRId64 ", 'sms', false, '2026-01-01'),"
				" (1, %" PRId64 ", 'whatsapp', false, '2025-01-01'),"
				" (1, %" PRId64 ", 'sms', true, '2025-01-01'),"
				" (1, %" PRId64 ", 'email', true, '2025-01-01')",
				kept.v, kept.v, gone.v, gone.v, gone.v));
	(void)asked(cx,
		"update patient.patient set consent = true, consent_at = '2024-01-01' where "
		"company_id = 1");
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK_TEXT(channels_of(cx, kept), "email+ sms- whatsapp- true");
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_TEXT(channels_of(cx, kept), "sms- whatsapp+ true");
	CHECK_TEXT(channels_of(cx, gone), "email+ sms+ whatsapp- true");
}

TEST(what_was_answered_after_a_merge_stays_when_it_is_taken_back)
{
	PatientId kept, gone, child, into;
	PatientForm form;
	int64_t merge;
	Patient p;

	start(cx, &kept, &gone, &child);
	(void)asked(cx, arena_printf(cx->mem,
				"insert into patient.consent (company_id, patient_id, channel, "
				"granted, at) values (1, %" PRId64 ", 'email', true, '2025-01-01')",
				gone.v));
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK(patient_get(cx, kept, &p) == OK);
	CHECK(p.consent);
	form = patient_form_of(&p);
	form.consents.count = 0;
	form.consent = false;
	CHECK(patient_save(cx, kept, &form) == OK);
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_TEXT(channels_of(cx, kept), "email- false");
}

static const char photo_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char photo_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static void give_photo(Ctx *cx, PatientId id, const char *hash)
{
	(void)asked(cx, arena_printf(cx->mem,
				"update patient.patient set photo = '%s' where company_id = 1 and "
				"id = %" PRId64,
				hash, id.v));
	(void)asked(cx, arena_printf(cx->mem,
				"insert into siso.file (company_id, hash, type, size_bytes, "
				"holders) values "
				"(1, '%s', 'image/jpeg', 10, 1)",
				hash));
}

static const char *photo_of(Ctx *cx, PatientId id)
{
	Patient p;

	CHECK(patient_get(cx, id, &p) == OK);
	return p.photo;
}

static const char *holders(Ctx *cx, const char *hash)
{
	return asked(cx, arena_printf(cx->mem,
				 "select holders from siso.file where company_id = 1 and hash = "
				 "'%s'",
				 hash));
}

TEST(a_photo_goes_to_the_one_that_has_none_and_back)
{
	PatientId kept, gone, child, into;
	int64_t merge;

	start(cx, &kept, &gone, &child);
	give_photo(cx, gone, photo_a);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK_TEXT(photo_of(cx, kept), photo_a);
	CHECK_TEXT(holders(cx, photo_a), "2");
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK(!photo_of(cx, kept));
	CHECK_TEXT(photo_of(cx, gone), photo_a);
	CHECK_TEXT(holders(cx, photo_a), "1");
}

TEST(who_has_a_photo_keeps_it_and_a_newer_one_outlives_the_undo)
{
	PatientId kept, gone, child, into;
	int64_t merge;

	start(cx, &kept, &gone, &child);
	give_photo(cx, kept, photo_b);
	give_photo(cx, gone, photo_a);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK_TEXT(photo_of(cx, kept), photo_b);
	CHECK_TEXT(holders(cx, photo_a), "1");
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_TEXT(photo_of(cx, kept), photo_b);
	CHECK_TEXT(photo_of(cx, gone), photo_a);
	CHECK_TEXT(holders(cx, photo_b), "1");
}

TEST(a_series_of_images_goes_along_with_its_images_and_comes_back)
{
	PatientId kept, gone, child, into;
	const char *sql = "select string_agg(patient_id::text, ' ') from (select patient_id from "
			  "patient.image where company_id = 1 union all select patient_id from "
			  "patient.mount where company_id = 1) t";
	int64_t merge;

	start(cx, &kept, &gone, &child);
	(void)asked(cx,
		arena_printf(cx->mem,
			"with i as (insert into patient.image (company_id, patient_id, category, "
			"taken_on, file, type, size_bytes, state) values (1, %" PRId64
			", 'periapical', '2026-01-01', '%s', 'image/jpeg', 10, 'waiting') "
			"returning "
			"id), m as (insert into patient.mount (company_id, patient_id, taken_on) "
			"values (1, %" PRId64 ", '2026-01-01') returning id) insert into "
			"patient.mount_slot (company_id, mount_id, slot, image_id) select 1, m.id, "
			"3, "
			"i.id from m, i",
			gone.v, photo_a, gone.v));
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK_TEXT(asked(cx, sql), arena_printf(cx->mem, "%" PRId64 " %" PRId64, kept.v, kept.v));
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_TEXT(asked(cx, sql), arena_printf(cx->mem, "%" PRId64 " %" PRId64, gone.v, gone.v));
}

/* What names a patient either goes along in a merge, or is read of both records, or is of the one
 * record alone. A table that is new in this list must be thought about. */
TEST(no_table_that_names_a_patient_is_forgotten_by_merges)
{
	const char *tables =
		asked(cx, "select string_agg(c.oid::regclass::text, ' ' order by "
			  "c.oid::regclass::text collate "
			  "\"C\") from pg_class c join pg_attribute a on a.attrelid = c.oid where "
			  "a.attname = "
			  "'patient_id' and not a.attisdropped and c.relkind in ('r', 'p') and not "
			  "c.relispartition");

	CHECK_TEXT(tables,
		"agenda.appointment agenda.waiting crm.lead " /* carried by their modules */
		"patient.alert patient.anamnesis patient.brief patient.consent patient.image "
		"patient.import_row patient.insurance patient.kin patient.mount "
		"privacy.closing privacy.consent privacy.export privacy.incident_patient "
		"privacy.request " /* read of both */
		"treatment.act treatment.lab_case treatment.note treatment.paper "
		"treatment.perio_exam treatment.plan treatment.recall treatment.visit");
}
