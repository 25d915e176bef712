/* Any bytes as a CSV file. Rows that come out must be clean, numbered upwards, and within the
 * limits. */
#include <sys/mman.h>
#include <unistd.h>

#include "platform/sheet/sheet.h"

static Err check_row(Ctx *cx, const SheetRow *row, void *arg)
{
	int64_t *last = arg;

	(void)cx;
	if (row->number <= *last || row->cell.count > SHEET_COLUMNS_MAX)
		abort();
	*last = row->number;
	for (size_t i = 0; i < row->cell.count; i++)
		if (!str_is_clean_utf8(str_of(row->cell.v[i])) ||
			str_utf8_length(str_of(row->cell.v[i])) > SHEET_CELL_MAX)
			abort();
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem, .zone = "UTC" };
	int fd = memfd_create("csv", MFD_CLOEXEC);
	int64_t last = 0;
	Err err;

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	err = sheet_read(&cx, arena_printf(mem, "/proc/self/fd/%d", fd), NULL, check_row, &last);
	if (err != OK && err != ERR_INVALID && err != ERR_TOO_LARGE && err != ERR_NOT_FOUND)
		abort();
	if (err != OK && !cx.err.sentence)
		abort();
	close(fd);
	arena_free(mem);
	return 0;
}
