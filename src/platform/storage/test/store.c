#include "store.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "test_db.h"

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
	(void)info, (void)type, (void)walk;
	return remove(path);
}

static void remove_folder(void *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *new_folder(Ctx *cx)
{
	char *folder = test_scratch(cx->mem, "siso-store-XXXXXX");

	CHECK(mkdtemp(folder) != NULL);
	arena_defer(cx->mem, remove_folder, folder);
	return folder;
}

Str store_png(Ctx *cx, int number)
{
	static const unsigned char head[] =
		"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x06\0\0\0";
	char *bytes = arena_alloc(cx->mem, 64);

	memcpy(bytes, head, sizeof head - 1);
	snprintf(bytes + 40, 24, "number %d", number);
	return (Str){ bytes, 64 };
}

const char *store_open(Ctx *cx)
{
	const char *root = new_folder(cx);

	test_as_company(cx, STORE_CLINIC);
	storage_init(&(StorageConfig){ .root = root });
	return root;
}

void store_open_s3(Ctx *cx, const char *endpoint, const char *bucket, const char *secret)
{
	storage_init(&(StorageConfig){ .root = new_folder(cx),
		.s3 = { .endpoint = endpoint,
			.bucket = bucket,
			.region = "sa-east-1",
			.key_id = "TESTKEY",
			.secret = secret,
			.prefix = "siso/" } });
}

const char *store_upload(Ctx *cx, Str bytes)
{
	const char *path = arena_printf(cx->mem, "%s/upload", new_folder(cx));
	FILE *file = fopen(path, "wxe");

	CHECK(file && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len && fclose(file) == 0);
	return path;
}

Str store_read(Ctx *cx, int fd)
{
	struct stat info;
	char *bytes;

	CHECK(fstat(fd, &info) == 0);
	bytes = arena_alloc(cx->mem, (size_t)info.st_size + 1);
	CHECK(pread(fd, bytes, (size_t)info.st_size, 0) == info.st_size);
	return (Str){ bytes, (size_t)info.st_size };
}
