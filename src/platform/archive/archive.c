/* ZIP by libzip: sources are noted and read when the archive is closed. */
#include "platform/archive/archive.h"

#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

enum { LATE_MEMORY = 1 << 20 };

struct Archive {
	zip_t *zip; /* NULL: closed */
	char path[64];
};

static void forget(void *at)
{
	Archive *archive = at;

	if (archive->zip)
		zip_discard(archive->zip);
	unlink(archive->path);
}

static Err no_room(Ctx *cx, const char *what)
{
	return err_tell(cx, ERR_UNAVAILABLE, "Não há espaço em disco para montar o arquivo.",
		"archive: %s", what);
}

Err archive_open(Ctx *cx, Archive **ret)
{
	Archive *archive = NEW(cx->mem, Archive);
	int fd, code;

	snprintf(archive->path, sizeof archive->path, "%s/siso-zip-XXXXXX", P_tmpdir);
	fd = mkstemp(archive->path);
	if (fd < 0)
		return no_room(cx, "no temporary file");
	close(fd);
	archive->zip = zip_open(archive->path, ZIP_TRUNCATE, &code);
	arena_defer(cx->mem, forget, archive);
	if (!archive->zip)
		return no_room(cx, "cannot begin");
	*ret = archive;
	return OK;
}

/* "a/b.jpg" → "a/b-2.jpg" while the name is taken. */
static const char *free_name(Ctx *cx, Archive *archive, const char *name)
{
	const char *dot = strrchr(name, '.'), *found = name;
	int stem = dot ? (int)(dot - name) : (int)strlen(name);

	for (int i = 2; zip_name_locate(archive->zip, found, 0) >= 0; i++)
		found = arena_printf(cx->mem, "%.*s-%d%s", stem, name, i, dot ? dot : "");
	return found;
}

static Err add(Ctx *cx, Archive *archive, const char *name, zip_source_t *source, bool packed)
{
	zip_int64_t index;

	if (!source)
		return no_room(cx, "no source");
	index = zip_file_add(archive->zip, free_name(cx, archive, name), source, ZIP_FL_ENC_UTF_8);
	if (index < 0) {
		zip_source_free(source);
		return err_set(cx, ERR_BUG, "archive: %s", zip_strerror(archive->zip));
	}
	if (packed)
		(void)zip_set_file_compression(archive->zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
	return OK;
}

Err archive_add(Ctx *cx, Archive *archive, const char *name, Str bytes)
{
	return add(cx, archive, name,
		zip_source_buffer(archive->zip, bytes.ptr, bytes.len, /* freep= */ 0),
		/* packed= */ false);
}

/* A file whose turn comes later: libzip calls read_late through its life. */
typedef struct Late {
	Ctx *cx;
	ArchiveOpen *open;
	const char *what;
	Arena *mem; /* while it is open: the descriptor goes with it */
	int fd;
	zip_error_t error;
} Late;

static int open_late(Late *late)
{
	Ctx cx = *late->cx;

	late->mem = cx.mem = arena_new(LATE_MEMORY);
	return late->open(&cx, late->what, &late->fd);
}

static void close_late(Late *late)
{
	arena_free(late->mem);
	late->mem = NULL;
}

static zip_int64_t failed(Late *late, int code)
{
	zip_error_set(&late->error, code, 0);
	return -1;
}

static zip_int64_t read_late(void *at, void *data, zip_uint64_t size, zip_source_cmd_t command)
{
	Late *late = at;
	ssize_t got;

	switch (command) {
	case ZIP_SOURCE_SUPPORTS:
		return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ,
			ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
	case ZIP_SOURCE_STAT:
		zip_stat_init(data);
		return sizeof(zip_stat_t);
	case ZIP_SOURCE_OPEN:
		return open_late(late) == OK ? 0 : failed(late, ZIP_ER_OPEN);
	case ZIP_SOURCE_READ:
		got = read(late->fd, data, size);
		return got < 0 ? failed(late, ZIP_ER_READ) : got;
	case ZIP_SOURCE_ERROR:
		return zip_error_to_data(&late->error, data, size);
	case ZIP_SOURCE_CLOSE:
	case ZIP_SOURCE_FREE:
		close_late(late);
		return 0;
	default:
		return failed(late, ZIP_ER_OPNOTSUPP);
	}
}

Err archive_add_file(
	Ctx *cx, Archive *archive, const char *name, ArchiveOpen *open, const char *what)
{
	Late *late = NEW(cx->mem, Late);

	*late = (Late){ .cx = cx, .open = open, .what = what, .fd = -1 };
	zip_error_init(&late->error);
	return add(cx, archive, name, zip_source_function(archive->zip, read_late, late),
		/* packed= */ true);
}

Err archive_done(Ctx *cx, Archive *archive, const char **ret_path)
{
	zip_t *zip = archive->zip;

	archive->zip = NULL;
	if (zip_close(zip)) {
		Err err = no_room(cx, zip_strerror(zip));

		zip_discard(zip);
		return err;
	}
	*ret_path = archive->path;
	return OK;
}
