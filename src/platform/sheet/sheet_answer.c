/* Spreadsheets as answers: small ones, whole. Large ones are made by a job and sent by nginx. */
#include "platform/sheet/sheet_answer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(void *fd)
{
	close((int)(intptr_t)fd);
}

static Err read_file(Ctx *cx, const char *path, Str *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;
	char *bytes;
	size_t size, n = 0;

	if (fd < 0)
		return err_set(cx, ERR_UNAVAILABLE, "the spreadsheet cannot be opened");
	arena_defer(cx->mem, close_fd, (void *)(intptr_t)fd);
	if (fstat(fd, &stat))
		return err_set(cx, ERR_UNAVAILABLE, "the spreadsheet has no size");
	size = (size_t)stat.st_size;
	bytes = arena_alloc(cx->mem, size + 1);
	while (n < size) {
		ssize_t got = read(fd, bytes + n, size - n);

		if (got <= 0)
			return err_set(cx, ERR_UNAVAILABLE, "the spreadsheet cannot be read");
		n += (size_t)got;
	}
	*ret = (Str){ bytes, size };
	return OK;
}

Err send_sheet(Req *q, const char *path, SheetFormat format, const char *name)
{
	Str bytes;

	TRY(read_file(q->cx, path, &bytes));
	answer_header(q, "Content-Disposition",
		arena_printf(q->cx->mem, "attachment; filename=\"%s.%s\"", name,
			format == SHEET_XLSX ? "xlsx" : "csv"));
	return send_bytes(q, 200, sheet_type(format), bytes.ptr, bytes.len);
}
