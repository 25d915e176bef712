#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/random.h"
#include "store.h"
#include "test.h"
#include "test_db.h"

enum { DAY_S = 86400 };

/* Path of a stored file, local driver. */
static const char *stored_path(Ctx *cx, const char *root, const char *hash)
{
	return arena_printf(cx->mem, "%s/%" PRId64 "/%.2s/%s", root, cx->company.v, hash, hash);
}

static StoredFile put_png(Ctx *cx, int number)
{
	StoredFile file = { 0 };

	CHECK(storage_put_bytes(cx, store_png(cx, number), STORAGE_IMAGE, &file) == OK);
	return file;
}

static int64_t used(Ctx *cx)
{
	int64_t bytes = -1;

	CHECK(storage_used(cx, &bytes) == OK);
	return bytes;
}

TEST(a_file_is_stored_under_its_hash)
{
	const char *root = store_open(cx), *hash;
	Str png = store_png(cx, 1);
	StoredFile file;
	struct stat info;
	int fd;

	CHECK(storage_put_bytes(cx, png, STORAGE_IMAGE, &file) == OK);
	hash = crypto_sha256_hex(cx->mem, png.ptr, png.len);
	CHECK_TEXT(file.hash, hash);
	CHECK_TEXT(file.type, "image/png");
	CHECK_INT(file.size_bytes, png.len);
	CHECK(stat(stored_path(cx, root, hash), &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0400);
	CHECK_INT(info.st_nlink, 1);
	CHECK(storage_open(cx, hash, &fd) == OK);
	CHECK(str_is((Str){ store_read(cx, fd).ptr + 40, 8 }, "number 1"));
	CHECK_TEXT(storage_uri(cx, hash), arena_printf(cx->mem, "/files/41/%.2s/%s", hash, hash));
	file = (StoredFile){ 0 };
	CHECK(storage_get(cx, hash, &file) == OK);
	CHECK_TEXT(file.type, "image/png");
	CHECK_INT(file.size_bytes, png.len);
}

TEST(an_upload_is_linked_when_it_lies_near)
{
	const char *root = store_open(cx);
	const char *near = arena_printf(cx->mem, "%s/upload", root);
	Str png = store_png(cx, 2);
	StoredFile file;
	struct stat before, after;
	FILE *out = fopen(near, "wxe");

	CHECK(out && fwrite(png.ptr, 1, png.len, out) == png.len && fclose(out) == 0);
	CHECK(storage_put_file(cx, near, STORAGE_IMAGE, &file) == OK);
	CHECK(stat(near, &before) == 0 && stat(stored_path(cx, root, file.hash), &after) == 0);
	CHECK_INT(before.st_ino, after.st_ino);
	/* what nginx then deletes is only its own name */
	CHECK(unlink(near) == 0);
	CHECK(access(stored_path(cx, root, file.hash), R_OK) == 0);
}

TEST(an_upload_from_afar_is_copied)
{
	const char *root = store_open(cx), *path = "/dev/shm/siso-storage-test";
	Str png = store_png(cx, 3);
	StoredFile file;
	struct stat here, there;
	FILE *out;

	if (stat("/dev/shm", &there) || stat(root, &here) || here.st_dev == there.st_dev) {
		test_skip("no second file system");
		return;
	}
	unlink(path);
	out = fopen(path, "wxe");
	CHECK(out && fwrite(png.ptr, 1, png.len, out) == png.len && fclose(out) == 0);
	CHECK(storage_put_file(cx, path, STORAGE_IMAGE, &file) == OK);
	CHECK(unlink(path) == 0);
	CHECK(stat(stored_path(cx, root, file.hash), &here) == 0);
	CHECK_INT(here.st_size, png.len);
	CHECK_INT(here.st_mode & 0777, 0400);
}

TEST(the_same_file_twice_is_one_file)
{
	const char *root = store_open(cx);
	StoredFile a = put_png(cx, 4), b = put_png(cx, 4);

	CHECK_TEXT(a.hash, b.hash);
	CHECK_INT(used(cx), a.size_bytes);
	CHECK(access(stored_path(cx, root, a.hash), R_OK) == 0);
	put_png(cx, 5);
	CHECK_INT(used(cx), 2 * a.size_bytes);
}

TEST(a_file_that_lost_its_bytes_is_written_again)
{
	const char *root = store_open(cx);
	StoredFile file = put_png(cx, 6);

	CHECK(unlink(stored_path(cx, root, file.hash)) == 0);
	put_png(cx, 6);
	CHECK(access(stored_path(cx, root, file.hash), R_OK) == 0);
}

TEST(another_company_has_its_own_files)
{
	const char *root = store_open(cx);
	StoredFile file = put_png(cx, 7), other;
	int fd;

	test_as_company(cx, STORE_CLINIC + 1);
	CHECK(storage_get(cx, file.hash, &other) == ERR_NOT_FOUND);
	CHECK(storage_open(cx, file.hash, &fd) == ERR_NOT_FOUND);
	CHECK(storage_keep(cx, file.hash) == ERR_NOT_FOUND);
	CHECK(storage_drop(cx, file.hash) == ERR_NOT_FOUND);
	CHECK_INT(used(cx), 0);
	CHECK(storage_put_bytes(cx, store_png(cx, 7), STORAGE_IMAGE, &other) == OK);
	CHECK_TEXT(other.hash, file.hash);
	CHECK(access(arena_printf(cx->mem, "%s/%d/%.2s/%s", root, STORE_CLINIC + 1, file.hash,
			     file.hash),
		      R_OK) == 0);
}

TEST(what_is_no_hash_opens_nothing)
{
	static const char *const bad[] = { "", "..", "../../etc/passwd",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
		"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8/5" };
	StoredFile file;
	int fd;

	store_open(cx);
	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK(storage_open(cx, bad[i], &fd) == ERR_NOT_FOUND);
		CHECK(storage_get(cx, bad[i], &file) == ERR_NOT_FOUND);
		CHECK(storage_uri(cx, bad[i]) == NULL);
	}
	CHECK(storage_uri(cx, NULL) == NULL);
}

TEST(what_is_refused_leaves_nothing)
{
	const char *root = store_open(cx);
	Str html = STR_LIT("<!DOCTYPE html><html><script>alert(1)</script></html>");
	StoredFile file;

	CHECK(storage_put_bytes(cx, html, STORAGE_IMAGE | STORAGE_DOCUMENT, &file) == ERR_INVALID);
	CHECK_TEXT(cx->err.sentence,
		"Este tipo de arquivo não é aceito aqui. Envie imagem (JPG, PNG, "
		"WebP) ou documento (PDF, DOCX).");
	CHECK(storage_put_bytes(cx, (Str){ "", 0 }, STORAGE_IMAGE, &file) == ERR_INVALID);
	CHECK_TEXT(cx->err.sentence, "O arquivo está vazio.");
	CHECK(storage_put_file(cx, "/nonexistent", STORAGE_IMAGE, &file) == ERR_UNAVAILABLE);
	CHECK(storage_put_file(cx, root, STORAGE_IMAGE, &file) == ERR_UNAVAILABLE);
	CHECK_INT(used(cx), 0);
	CHECK(rmdir(root) == 0);
	CHECK(storage_put_bytes(cx, html, STORAGE_IMAGE, &file) == ERR_UNAVAILABLE);
}

TEST(a_link_is_no_upload)
{
	const char *real = store_upload(cx, store_png(cx, 8)), *path;
	StoredFile file;

	path = arena_printf(cx->mem, "%s/link", store_open(cx));
	CHECK(symlink(real, path) == 0);
	CHECK(storage_put_file(cx, path, STORAGE_IMAGE, &file) == ERR_UNAVAILABLE);
}

TEST(a_file_goes_a_day_after_its_last_holder)
{
	const char *root = store_open(cx);
	StoredFile file = put_png(cx, 9), stays = put_png(cx, 10);
	int64_t count, now = time_now();

	CHECK(storage_keep(cx, file.hash) == OK);
	CHECK(storage_drop(cx, file.hash) == OK);
	cx->now = now + 2 * DAY_S;
	CHECK(storage_sweep(cx, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(storage_drop(cx, file.hash) == OK);
	CHECK(storage_drop(cx, file.hash) == ERR_NOT_FOUND);
	cx->now = now + DAY_S / 2;
	CHECK(storage_sweep(cx, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(access(stored_path(cx, root, file.hash), F_OK) == 0);
	cx->now = now + 2 * DAY_S;
	CHECK(storage_sweep(cx, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(access(stored_path(cx, root, file.hash), F_OK) != 0);
	CHECK(access(stored_path(cx, root, stays.hash), F_OK) == 0);
	CHECK_INT(used(cx), stays.size_bytes);
	CHECK(storage_keep(cx, file.hash) == ERR_NOT_FOUND);
}

TEST(a_file_that_is_held_again_stays)
{
	StoredFile file;
	int64_t count;

	store_open(cx);
	file = put_png(cx, 11);
	CHECK(storage_drop(cx, file.hash) == OK);
	put_png(cx, 11);
	cx->now = time_now() + 2 * DAY_S;
	CHECK(storage_sweep(cx, &count) == OK);
	CHECK_INT(count, 0);
	CHECK_INT(used(cx), file.size_bytes);
}

TEST(bytes_without_a_row_are_swept_within_sixteen_days)
{
	const char *root = store_open(cx), *path, *part;
	StoredFile keep = put_png(cx, 12), file;
	int64_t count, total = 0, now = time_now();

	CHECK(db_savepoint(cx) == OK);
	file = put_png(cx, 13);
	CHECK(db_undo(cx) == OK);
	path = stored_path(cx, root, file.hash);
	part = arena_printf(cx->mem, "%s.x.part", stored_path(cx, root, keep.hash));
	CHECK(link(path, part) == 0);
	cx->now = now + DAY_S / 2;
	CHECK(storage_sweep(cx, &count) == OK);
	CHECK(access(path, F_OK) == 0);
	for (int day = 2; day < 18; day++) {
		cx->now = now + day * DAY_S;
		CHECK(storage_sweep(cx, &count) == OK);
		total += count;
	}
	CHECK_INT(total, 1);
	CHECK(access(path, F_OK) != 0);
	CHECK(access(part, F_OK) != 0);
	CHECK(access(stored_path(cx, root, keep.hash), F_OK) == 0);
}

TEST(the_quota_is_kept_and_explained)
{
	StoredFile file;

	store_open(cx);
	CHECK(storage_check_quota(cx, 100, 100) == OK);
	CHECK(storage_check_quota(cx, 101, 100) == ERR_LIMIT);
	file = put_png(cx, 14);
	CHECK(storage_check_quota(cx, 100 - file.size_bytes, 100) == OK);
	CHECK(storage_check_quota(cx, 100, 100) == ERR_LIMIT);
	CHECK(storage_check_quota(cx, INT64_MAX, INT64_C(53687091200)) == ERR_LIMIT);
	CHECK_TEXT(cx->err.sentence,
		"Não há espaço para este arquivo: 0 MB de 50,0 GB em uso. Veja as "
		"opções em Configurações, Plano.");
}
