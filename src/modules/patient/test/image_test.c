#include "test.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/clock.h"
#include "modules/patient/image.h"
#include "platform/storage/storage.h"
#include "test_db.h"

/* One grey pixel as a PNG. */
static const unsigned char pixel[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13,
	'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0,
	10, 'I', 'D', 'A', 'T', 0x78, 0x9c, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72,
	0xb6, 0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82 };

static char folder[200];

static void store_here(void)
{
	static bool begun;

	if (begun)
		return;
	begun = true;
	snprintf(folder, sizeof folder, "%s/siso-image-XXXXXX", test_folder());
	CHECK(mkdtemp(folder) != NULL);
	storage_init(&(StorageConfig){ .root = folder });
}

static const char *upload(Ctx *cx, const void *bytes, size_t size)
{
	char *path = arena_printf(cx->mem, "%s/upload-%p", folder, (void *)cx->mem);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, bytes, size) == (ssize_t)size);
	close(fd);
	return path;
}

static PatientId patient_here(Ctx *cx)
{
	PatientForm form = { .name = "Ana Prado", .birth = DATE_NONE };
	PatientId id = { 0 };

	store_here();
	CHECK(patient_register(cx, &form, NULL, 0, &id) == OK);
	return id;
}

static int64_t add(Ctx *cx, PatientId patient, const char *category)
{
	int64_t id = 0;

	CHECK(patient_image_add(cx, patient, upload(cx, pixel, sizeof pixel),
		      &(ImageNew){ .category = category, .taken_on = DATE_NONE }, &id) == OK);
	return id;
}

static size_t standing(Ctx *cx, PatientId patient, const char *category, const int64_t *tooth)
{
	SqlImageRow *row;
	size_t count = 0;

	CHECK(sql_image_list(cx, patient.v, category, tooth, NULL, false, 50, &row, &count) == OK);
	return count;
}

/* The worker commits, and what it leaves is not in company 1, where other programs count. */
static PatientId patient_of_the_worker(Ctx *cx)
{
	test_as_company(cx, 2);
	return patient_here(cx);
}

TEST(an_image_waits_for_the_worker_which_makes_what_is_shown)
{
	PatientId patient = patient_of_the_worker(cx);
	int64_t id = add(cx, patient, "periapical");
	SqlImageRow row = { 0 };
	PatientHead head = { 0 };

	CHECK(sql_image_by_id(cx, id, &row) == OK);
	CHECK_TEXT(row.state, "waiting");
	CHECK_INT(row.taken_on, date_today(cx->now, cx->zone));
	CHECK(image_run(cx, arena_printf(cx->mem, "{\"id\":%" PRId64 "}", id)) == OK);
	CHECK(sql_image_by_id(cx, id, &row) == OK);
	CHECK_TEXT(row.state, "ready");
	CHECK_INT(row.width, 1);
	CHECK(strcmp(row.view, row.file) != 0);
	CHECK(patient_head_ask(cx, patient) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	CHECK_INT(head.image_count, 1);
}

TEST(what_is_no_image_is_refused_with_a_sentence)
{
	static const char text[] = "isto é um texto, e não uma imagem";
	PatientId patient = patient_here(cx);
	const ImageNew in = { .category = "periapical", .taken_on = DATE_NONE };
	int64_t id;

	CHECK(patient_image_add(cx, patient, upload(cx, text, sizeof text - 1), &in, &id) ==
		ERR_INVALID);
	CHECK(cx->err.sentence);
	CHECK(patient_image_add(cx, patient, upload(cx, text, 0), &in, &id) == ERR_INVALID);
	CHECK_INT(standing(cx, patient, NULL, NULL), 0);
}

TEST(a_bomb_is_refused_before_it_is_stored)
{
	PatientId patient = patient_here(cx);
	unsigned char bomb[sizeof pixel];
	int64_t id;

	memcpy(bomb, pixel, sizeof pixel);
	bomb[18] = bomb[22] = 0xff; /* 65281 × 65281 */
	CHECK(patient_image_add(cx, patient, upload(cx, bomb, sizeof bomb),
		      &(ImageNew){ .category = "periapical", .taken_on = DATE_NONE },
		      &id) == ERR_TOO_LARGE);
	CHECK(strstr(cx->err.sentence, "megapixels"));
}

TEST(one_that_cannot_be_decoded_says_so_and_keeps_its_original)
{
	PatientId patient = patient_of_the_worker(cx);
	unsigned char torn[sizeof pixel];
	SqlImageRow row = { 0 };
	int64_t id = 0;

	memcpy(torn, pixel, sizeof pixel);
	torn[30] ^= 1; /* the header's sum */
	CHECK(patient_image_add(cx, patient, upload(cx, torn, sizeof torn),
		      &(ImageNew){ .category = "periapical", .taken_on = DATE_NONE }, &id) == OK);
	CHECK(image_run(cx, arena_printf(cx->mem, "{\"id\":%" PRId64 "}", id)) == OK);
	CHECK(sql_image_by_id(cx, id, &row) == OK);
	CHECK_TEXT(row.state, "failed");
	CHECK(row.fail && row.file);
}

TEST(images_are_found_by_category_and_tooth)
{
	static const char *const teeth[] = { "16, 17", "21" };
	PatientId patient = patient_here(cx);
	int64_t id = add(cx, patient, "periapical"), tooth = 17, other = 18;
	ImageForm form = { .category = "bitewing",
		.teeth = { teeth, 2 },
		.note = "controle",
		.taken_on = date_of(2026, 3, 1),
		.version = 1 };

	(void)add(cx, patient, "panoramic");
	CHECK(patient_image_save(cx, id, &form) == OK);
	CHECK(patient_image_save(cx, id, &form) == ERR_CONFLICT);
	CHECK_INT(standing(cx, patient, "bitewing", NULL), 1);
	CHECK_INT(standing(cx, patient, NULL, &tooth), 1);
	CHECK_INT(standing(cx, patient, NULL, &other), 0);
}

TEST(what_is_no_tooth_is_refused)
{
	static const char *const bad[] = { "19", "56", "90", "0", "dezesseis", "16-17" };
	PatientId patient = patient_here(cx);
	int64_t id = add(cx, patient, "periapical");

	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(patient_image_save(cx, id,
			      &(ImageForm){ .category = "periapical",
				      .teeth = { &bad[i], 1 },
				      .taken_on = 20000,
				      .version = 1 }) == ERR_INVALID);
	CHECK(bad_find(cx, "teeth"));
}

TEST(an_image_is_voided_with_a_reason_and_leaves_its_mount)
{
	PatientId patient = patient_here(cx);
	int64_t id = add(cx, patient, "periapical");
	SqlMountInsert mount;
	SqlMountSlots *slot;
	PatientHead head = { 0 };
	size_t count;

	CHECK(sql_mount_insert(cx, patient.v, 20000, NULL, &mount) == OK);
	CHECK(patient_mount_put(cx, mount.id, 3, id) == OK);
	CHECK(patient_image_void(cx, id, "") == ERR_INVALID);
	CHECK(patient_image_void(cx, id, "De outro paciente") == OK);
	CHECK(patient_image_void(cx, id, "De outro paciente") == ERR_CONFLICT);
	CHECK(sql_mount_slots(cx, mount.id, &slot, &count) == OK);
	CHECK_INT(count, 0);
	CHECK_INT(standing(cx, patient, NULL, NULL), 0);
	CHECK(patient_mount_put(cx, mount.id, 3, id) == ERR_NOT_FOUND);
	CHECK(patient_head_ask(cx, patient) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	CHECK_INT(head.image_count, 0);
}

TEST(an_image_is_in_one_slot_and_a_slot_has_one_image)
{
	PatientId patient = patient_here(cx);
	int64_t a = add(cx, patient, "periapical"), b = add(cx, patient, "periapical");
	SqlMountInsert mount;
	SqlMountSlots *slot;
	size_t count;

	CHECK(sql_mount_insert(cx, patient.v, 20000, NULL, &mount) == OK);
	CHECK(patient_mount_put(cx, mount.id, 1, a) == OK);
	CHECK(patient_mount_put(cx, mount.id, 2, a) == OK);
	CHECK(patient_mount_put(cx, mount.id, 2, b) == OK);
	CHECK(sql_mount_slots(cx, mount.id, &slot, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(slot[0].image_id, b);
	CHECK(patient_mount_put(cx, mount.id, 19, a) == ERR_INVALID);
	CHECK(patient_mount_put(cx, mount.id, 2, 0) == OK);
	CHECK(sql_mount_slots(cx, mount.id, &slot, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(an_image_of_another_patient_or_clinic_is_in_no_mount)
{
	PatientId ana = patient_here(cx), other;
	int64_t id = add(cx, ana, "periapical");
	PatientForm form = { .name = "Outra", .birth = DATE_NONE };
	SqlMountInsert mount;
	SqlImageRow row;

	CHECK(patient_register(cx, &form, NULL, 0, &other) == OK);
	CHECK(sql_mount_insert(cx, other.v, 20000, NULL, &mount) == OK);
	CHECK(patient_mount_put(cx, mount.id, 1, id) == ERR_NOT_FOUND);
	test_as_company(cx, 2);
	CHECK(sql_image_by_id(cx, id, &row) == ERR_NOT_FOUND);
	CHECK(patient_image_void(cx, id, "curiosidade") == ERR_NOT_FOUND);
}

TEST(a_calibration_is_a_length_and_not_nonsense)
{
	PatientId patient = patient_of_the_worker(cx);
	int64_t id = add(cx, patient, "panoramic");
	SqlImageRow row = { 0 };

	CHECK(patient_image_calibrate(cx, id, 0.05) == ERR_NOT_FOUND); /* not shown yet */
	CHECK(image_run(cx, arena_printf(cx->mem, "{\"id\":%" PRId64 "}", id)) == OK);
	CHECK(patient_image_calibrate(cx, id, 0) == ERR_INVALID);
	CHECK(patient_image_calibrate(cx, id, -1) == ERR_INVALID);
	CHECK(patient_image_calibrate(cx, id, 0.05) == OK);
	CHECK(sql_image_by_id(cx, id, &row) == OK);
	CHECK(row.mm_per_px > 0.049 && row.mm_per_px < 0.051);
}
