/* What kind of file is it? Its first bytes say; the name and the browser are not asked. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/sheet/csv.h"
#include "platform/sheet/xlsx.h"

typedef enum Kind { KIND_CSV, KIND_ZIP, KIND_OLD_EXCEL, KIND_OTHER } Kind;

static Kind kind_of(int fd)
{
	static const struct {
		const char *bytes;
		size_t size;
		Kind kind;
	} marks[] = {
		{ "PK\x03\x04", 4, KIND_ZIP },
		{ "\xD0\xCF\x11\xE0", 4, KIND_OLD_EXCEL },
		{ "%PDF", 4, KIND_OTHER },
		{ "\x89PNG", 4, KIND_OTHER },
		{ "\xFF\xD8\xFF", 3, KIND_OTHER },
		{ "{\\rtf", 5, KIND_OTHER },
		{ "<!DOCTYPE", 9, KIND_OTHER },
		{ "<html", 5, KIND_OTHER },
		{ "<?xml", 5, KIND_OTHER },
	};
	char start[16] = { 0 };

	if (pread(fd, start, sizeof start, 0) < 0)
		return KIND_OTHER;
	for (size_t i = 0; i < COUNT(marks); i++)
		if (!memcmp(start, marks[i].bytes, marks[i].size))
			return marks[i].kind;
	return KIND_CSV;
}

static Err refuse(Ctx *cx, Kind kind)
{
	if (kind == KIND_OLD_EXCEL)
		return err_tell(cx, ERR_INVALID,
			"Arquivo do Excel antigo ou com senha. Salve como XLSX sem senha, ou como "
			"CSV.",
			"an OLE file");
	return err_tell(cx, ERR_INVALID, "O arquivo não parece uma planilha. Envie um CSV ou XLSX.",
		"no spreadsheet by its first bytes");
}

static Err open_file(Ctx *cx, const char *path, int64_t most, int *ret_fd, off_t *ret_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat) || !S_ISREG(stat.st_mode)) {
		if (fd >= 0)
			close(fd);
		return err_set(cx, ERR_UNAVAILABLE, "could not open a spreadsheet");
	}
	if (stat.st_size > most) {
		close(fd);
		return err_tell(cx, ERR_TOO_LARGE,
			arena_printf(cx->mem,
				"A planilha passa de %" PRId64 " MB. Divida-a em partes menores.",
				most >> 20),
			"spreadsheet of %" PRId64 " bytes", (int64_t)stat.st_size);
	}
	*ret_fd = fd;
	*ret_size = stat.st_size;
	return OK;
}

Err sheet_read(Ctx *cx, const char *path, const SheetOptions *options, SheetEach *each, void *arg)
{
	SheetSink *sink = NEW(cx->mem, SheetSink);
	int64_t most = options && options->bytes_max ? options->bytes_max : SHEET_FILE_MAX;
	off_t size;
	Kind kind;
	int fd;
	Err err;

	TRY(open_file(cx, path, most, &fd, &size));
	kind = kind_of(fd);
	sink_open(sink, cx, options, each, arg);
	err = kind == KIND_ZIP   ? xlsx_read(sink, fd, size)
	      : kind == KIND_CSV ? csv_read(sink, fd)
				 : refuse(cx, kind);
	sink_close(sink);
	close(fd);
	return err;
}

Err sheet_names(Ctx *cx, const char *path, Strs *ret)
{
	Strs names = { NULL, 0 };
	off_t size;
	Kind kind;
	int fd;
	Err err = OK;

	TRY(open_file(cx, path, SHEET_FILE_MAX, &fd, &size));
	kind = kind_of(fd);
	if (kind == KIND_ZIP)
		err = xlsx_names(cx, fd, size, &names);
	else if (kind != KIND_CSV)
		err = refuse(cx, kind);
	close(fd);
	if (err == OK)
		*ret = names;
	return err;
}
