#include "sheet_file.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/random.h"
#include "test.h"

static const SheetColumn columns[] = { { "Nome", SHEET_TEXT, 30 }, { "Número", SHEET_NUMBER, 0 },
	{ "Valor", SHEET_MONEY, 0 }, { "Data", SHEET_DATE, 0 }, { "Hora", SHEET_TIME, 0 },
	{ "Ativo", SHEET_BOOL, 0 } };

static const char *write_file(Ctx *cx, SheetFormat format, const char *const *name, size_t count)
{
	const char *path = file_path(cx, "out");
	SheetWriter *writer;

	CHECK(sheet_open(cx, path, format, "Leads/2026", columns, COUNT(columns), &writer) == OK);
	for (size_t i = 0; i < count; i++)
		CHECK(sheet_row(writer,
			      (SheetCell[]){ { .text = name[i] }, { .number = -3 },
				      { .number = -124050 },
				      { .number = date_of(2026, 11, 22), .empty = i == 1 },
				      { .number = TEST_NOW }, { .number = i == 0 } }) == OK);
	CHECK(sheet_close(writer) == OK);
	return path;
}

TEST(a_new_sheet_is_nobody_elses_and_goes_with_its_memory)
{
	Ctx mine = *cx;
	const char *one, *two;
	char *first;
	SheetWriter *writer;

	mine.mem = arena_new(1 << 20);
	CHECK(sheet_new_path(&mine, SHEET_XLSX, &one) == OK);
	CHECK(sheet_new_path(&mine, SHEET_XLSX, &two) == OK);
	CHECK(strcmp(one, two) != 0);
	CHECK(str_ends(one, ".xlsx"));
	CHECK(sheet_open(&mine, one, SHEET_XLSX, "Leads", columns, COUNT(columns), &writer) == OK);
	CHECK(sheet_close(writer) == OK);
	CHECK(access(one, R_OK) == 0);
	first = arena_dup(cx->mem, one);
	arena_free(mine.mem);
	CHECK(access(first, F_OK) != 0);
	*strrchr(first, '/') = '\0';
	CHECK(access(first, F_OK) != 0);
}

TEST(without_a_temporary_folder_no_sheet_begins)
{
	char *was = arena_dup(cx->mem, getenv("TMPDIR"));
	const char *path;

	setenv("TMPDIR", "/nowhere/at/all", 1);
	CHECK(sheet_new_path(cx, SHEET_CSV, &path) == ERR_UNAVAILABLE);
	if (was)
		setenv("TMPDIR", was, 1);
	else
		unsetenv("TMPDIR");
}

TEST(csv_is_written_as_brazilian_excel_opens_it)
{
	const char *path =
		write_file(cx, SHEET_CSV, (const char *const[]){ "Ana; \"a boa\"", "ção" }, 2);
	Str bytes = bytes_of(cx, path);

	CHECK_TEXT(bytes.ptr,
		"\xEF\xBB\xBFNome;Número;Valor;Data;Hora;Ativo\r\n"
		"\"Ana; \"\"a boa\"\"\";-3;-1240,50;22/11/2026;22/11/2026 09:00;sim\r\n"
		"ção;-3;-1240,50;;22/11/2026 09:00;não\r\n");
}

TEST(formulas_in_csv_are_disarmed_and_come_back_as_they_were)
{
	static const char *const names[] = { "=cmd|' /C calc'!A0", "+5511987654321", "-1", "@x",
		"\tx", "a\nb", " x", "'y" };
	const char *path = write_file(cx, SHEET_CSV, names, COUNT(names));
	const char *rows = rows_of(cx, path, NULL);

	CHECK(strstr(bytes_of(cx, path).ptr, "\r\n\"'=cmd|' /C calc'!A0\";"));
	for (size_t i = 0; i < COUNT(names); i++)
		if (!strstr(rows, arena_printf(cx->mem, ":%s|-3|", names[i])))
			test_fail(__FILE__, __LINE__, "\"%s\" is lost", names[i]);
}

TEST(xlsx_is_written_and_read_again)
{
	static const char *const names[] = { "=1+1", "Ana <&> \"ção\"\n2" };

	CHECK_TEXT(rows_of(cx, write_file(cx, SHEET_XLSX, names, 2), NULL),
		"1:Nome|Número|Valor|Data|Hora|Ativo;"
		"2:=1+1|-3|-1240,5|22/11/2026|22/11/2026 09:00|sim;"
		"3:Ana <&> \"ção\"\n2|-3|-1240,5||22/11/2026 09:00|não");
}

TEST(many_rows_take_little_memory)
{
	SheetWriter *writer;
	const char *path = file_path(cx, "many.xlsx");
	size_t before;

	CHECK(sheet_open(cx, path, SHEET_XLSX, "Muitas", columns, 1, &writer) == OK);
	before = arena_used(cx->mem);
	for (int i = 0; i < 20000; i++)
		CHECK(sheet_row(writer, &(SheetCell){ .text = "linha com algum texto" }) == OK);
	CHECK_INT(arena_used(cx->mem), before);
	CHECK(sheet_close(writer) == OK);
	CHECK_TEXT(rows_of(cx, path, &(SheetOptions){ .rows_max = 20000 }),
		"!A planilha tem mais de 20000 linhas. Divida-a em partes menores.");
}

TEST(text_longer_than_a_cell_is_cut_in_xlsx)
{
	char *text = arena_alloc(cx->mem, 40001);
	const char *rows;

	memset(text, 'x', 40000);
	rows = rows_of(cx, write_file(cx, SHEET_XLSX, (const char *const[]){ text }, 1), NULL);
	CHECK_INT(strspn(strstr(rows, "2:") + 2, "x"), SHEET_CELL_MAX);
}

TEST(a_file_that_exists_is_not_written_over)
{
	const char *path = file_of(cx, "old", 3);
	SheetWriter *writer;

	CHECK(sheet_open(cx, path, SHEET_CSV, "x", columns, 1, &writer) == ERR_UNAVAILABLE);
	CHECK(sheet_open(cx, path, SHEET_XLSX, "x", columns, 1, &writer) == ERR_UNAVAILABLE);
	CHECK_TEXT(bytes_of(cx, path).ptr, "old");
}

TEST(a_writer_that_is_not_closed_leaves_nothing)
{
	static const SheetFormat formats[] = { SHEET_CSV, SHEET_XLSX };

	for (size_t i = 0; i < COUNT(formats); i++) {
		const char *path = file_path(cx, "half");
		Arena *mem = arena_new(ARENA_LIMIT);
		Ctx own = { .mem = mem, .zone = "UTC" };
		SheetWriter *writer;

		CHECK(sheet_open(&own, path, formats[i], "x", columns, 1, &writer) == OK);
		CHECK(sheet_row(writer, &(SheetCell){ .text = "a" }) == OK);
		CHECK(access(path, F_OK) == 0);
		arena_free(mem);
		CHECK(access(path, F_OK) != 0);
	}
}

TEST(a_full_disk_is_an_error)
{
	const SheetFormat formats[] = { SHEET_CSV, SHEET_XLSX };
	char *text = arena_alloc(cx->mem, 30001);
	struct rlimit before, small = { 64 << 10, 64 << 10 };

	for (size_t i = 0; i < 30000; i++)
		text[i] = (char)('a' + i * i % 23);
	CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
	small.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < COUNT(formats); i++) {
		const char *path = file_path(cx, "full");
		SheetWriter *writer;
		Err err = OK;

		CHECK(sheet_open(cx, path, formats[i], "x", columns, 1, &writer) == OK);
		CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
		for (int row = 0; row < 100 && err == OK; row++) {
			crypto_random(text, 8);
			for (int k = 0; k < 8; k++)
				text[k] = (char)('a' + (unsigned char)text[k] % 23);
			err = sheet_row(writer, &(SheetCell){ .text = text });
		}
		if (err == OK)
			err = sheet_close(writer);
		CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
		CHECK(err == ERR_UNAVAILABLE);
		CHECK(access(path, F_OK) != 0);
	}
	signal(SIGXFSZ, SIG_DFL);
}
