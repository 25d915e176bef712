/* A ZIP of everything: data as JSON, a PDF to read, the files. A patient's is one JSON of all rows;
 * the clinic's is one file of lines a table, page by page, so that memory stays small. */
#include "modules/privacy/export.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/clock.h"
#include "modules/company/company.h"
#include "modules/notice/notice.h"
#include "modules/privacy/privacy.sql.h"
#include "platform/archive/archive.h"
#include "platform/pdf/pdf.h"
#include "platform/storage/storage.h"

enum { PAGE_ROWS = 1000, PAGE_MEMORY = 256 << 20, PDF_LINES_MAX = 6000 };

typedef struct Work {
	Ctx *cx;
	int64_t id;
	Archive *archive;
	int done, total;
	const char **seen; /* hashes that are in already */
	size_t seen_count, seen_room;
} Work;

static Err say(Work *work, const char *step)
{
	int64_t rows;

	TRY(sql_privacy_export_progress(work->cx, work->id, step, work->done, work->total, &rows));
	return job_step(work->cx); /* the page that waits sees it */
}

/* ---- files ---- */

static bool is_hash(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static bool seen(Work *work, const char *hash)
{
	for (size_t i = 0; i < work->seen_count; i++)
		if (!strcmp(work->seen[i], hash))
			return true;
	if (work->seen_count == work->seen_room) {
		size_t room = work->seen_room ? work->seen_room * 2 : 64;

		work->seen = arena_grow(work->cx->mem, work->seen,
			work->seen_room * sizeof *work->seen, room * sizeof *work->seen);
		work->seen_room = room;
	}
	work->seen[work->seen_count++] = arena_dup(work->cx->mem, hash);
	return false;
}

static const char *extension(const char *type)
{
	static const struct {
		const char *type, *ending;
	} known[] = {
		{ "image/jpeg", "jpg" },
		{ "image/png", "png" },
		{ "image/webp", "webp" },
		{ "image/gif", "gif" },
		{ "image/heic", "heic" },
		{ "image/tiff", "tif" },
		{ "application/pdf", "pdf" },
		{ "application/dicom", "dcm" },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (!strcmp(known[i].type, type))
			return known[i].ending;
	return "bin";
}

/* Every text of a row that names a stored file of this company puts the file in, once. */
static Err take_files(Work *work, json_t *row)
{
	const char *key;
	json_t *value;

	json_object_foreach(row, key, value)
	{
		const char *text = json_string_value(value);
		StoredFile file;
		Err err;

		if (!text || !is_hash(text) || seen(work, text))
			continue;
		err = storage_get(work->cx, text, &file);
		if (err == ERR_NOT_FOUND)
			continue; /* a number that only looks like one */
		TRY(err);
		TRY(archive_add_file(work->cx, work->archive,
			arena_printf(
				work->cx->mem, "arquivos/%.16s.%s", text, extension(file.type)),
			storage_open, arena_dup(work->cx->mem, text)));
	}
	return OK;
}

/* ---- the PDF to read ---- */

typedef struct Paper {
	Pdf *pdf;
	double y;
	int lines;
} Paper;

static void line(Paper *paper, const char *text, double size, int weight)
{
	PdfText what = { .text = text,
		.x = 48,
		.y = paper->y,
		.width = PDF_WIDTH - 96,
		.size = size,
		.weight = weight,
		.colour = pdf_grey(0.1),
		.lines_max = 12 };
	double height;

	if (paper->lines > PDF_LINES_MAX)
		return;
	if (paper->lines++ == PDF_LINES_MAX)
		what.text = "A continuação está em dados.json.";
	height = pdf_measure(paper->pdf, &what);
	if (paper->y + height > PDF_HEIGHT - 48) {
		pdf_page(paper->pdf);
		what.y = paper->y = 48;
	}
	paper->y += pdf_text(paper->pdf, &what) + size / 3;
}

/* "name: Ana · phone: +55…" of one row. */
static const char *row_text(Arena *mem, json_t *row)
{
	const char *key;
	json_t *value;
	Buf buf;

	buf_init(&buf, mem, 4000);
	json_object_foreach(row, key, value)
	{
		const char *text = json_is_string(value) ? json_string_value(value)
							 : json_tree_text(mem, value, 1000);

		if (text && *text)
			buf_printf(&buf, "%s%s: %s", buf.len ? " · " : "", key, text);
	}
	return buf_text(&buf);
}

static Err add_pdf(Work *work, const SqlPrivacyExportEverything *row, json_t **tree, size_t count)
{
	const char *source = "";
	Company company;
	Paper paper;
	Str bytes;

	TRY(company_get(work->cx, &company));
	paper = (Paper){ .y = 48,
		.pdf = pdf_open(work->cx->mem, &(PdfInfo){ .title = "Cópia dos dados do paciente",
						       .author = company.name,
						       .created_at = work->cx->now }) };
	line(&paper, company.name, 16, 700);
	line(&paper,
		arena_printf(work->cx->mem,
			"Cópia de tudo o que a clínica guarda sobre o paciente, feita em %s (LGPD, "
			"art. 18).",
			time_text(work->cx->mem, work->cx->now, work->cx->zone)),
		9, 400);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(source, row[i].source) != 0) {
			source = row[i].source;
			paper.y += 8;
			line(&paper, source, 11, 600);
		}
		line(&paper, row_text(work->cx->mem, tree[i]), 8, 400);
	}
	TRY(pdf_close(work->cx, paper.pdf, &bytes));
	return archive_add(work->cx, work->archive, "resumo.pdf", bytes);
}

/* ---- one patient ---- */

static Err write_patient(Work *work, int64_t patient)
{
	SqlPrivacyExportEverything *row;
	const char *source = "", *text;
	json_t **tree;
	size_t count;
	Json json;

	TRY(sql_privacy_export_everything(work->cx, patient, &row, &count));
	work->total = 3;
	TRY(say(work, "Dados"));
	tree = NEW_ARRAY(work->cx->mem, json_t *, count + 1);
	json_init(&json, work->cx->mem);
	json_put_object(&json, NULL);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(source, row[i].source) != 0) {
			if (*source)
				json_close(&json);
			source = row[i].source;
			json_put_array(&json, source);
		}
		json_put_raw(&json, NULL, row[i].line);
		TRY(json_parse(work->cx, str_of(row[i].line), &tree[i]));
		TRY(take_files(work, tree[i]));
	}
	text = json_done(&json);
	TRY(archive_add(work->cx, work->archive, "dados.json", str_of(text)));
	work->done = 1;
	TRY(say(work, "Resumo em PDF"));
	TRY(add_pdf(work, row, tree, count));
	work->done = 2;
	return say(work, "Arquivos");
}

/* ---- the whole clinic ---- */

/* Lines of one page, and the key behind it; in memory that goes with the page. */
static Err write_page(
	Work *work, Ctx *page, const char *name, FILE *file, const char **after, size_t *ret_count)
{
	SqlPrivacyExportPage *row;

	TRY(sql_privacy_export_page(page, name, *after, PAGE_ROWS, &row, ret_count));
	for (size_t i = 0; i < *ret_count; i++) {
		json_t *tree;

		TRY(json_parse(page, str_of(row[i].line), &tree));
		TRY(take_files(work, tree));
		fprintf(file, "%s\n", row[i].line);
	}
	if (*ret_count)
		*after = arena_dup(work->cx->mem, row[*ret_count - 1].key);
	return ferror(file) ? err_set(page, ERR_UNAVAILABLE, "no room for %s", name) : OK;
}

static void remove_lines(void *path)
{
	unlink(path);
}

static void close_lines(void *fd)
{
	close(*(int *)fd);
}

static Err open_lines(Ctx *cx, const char *path, int *ret_fd)
{
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*ret_fd < 0)
		return err_set(cx, ERR_UNAVAILABLE, "a copy's lines are gone");
	int *kept = NEW(cx->mem, int);

	*kept = *ret_fd;
	arena_defer(cx->mem, close_lines, kept);
	return OK;
}

static Err write_rows(Work *work, const char *name, FILE *file)
{
	const char *after = NULL;
	size_t count;
	Err err;

	do {
		Ctx page = *work->cx;

		page.mem = arena_new(PAGE_MEMORY);
		err = write_page(work, &page, name, file, &after, &count);
		arena_free(page.mem);
		if (err != OK)
			return err_set(work->cx, err, "table %s cannot be copied", name);
	} while (count == PAGE_ROWS);
	return OK;
}

static Err write_table(Work *work, const char *name)
{
	char *path = arena_printf(work->cx->mem, "%s/siso-rows-XXXXXX", P_tmpdir);
	int fd = mkstemp(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	Err err;

	if (!file)
		return err_set(work->cx, ERR_UNAVAILABLE, "no temporary file for %s", name);
	arena_defer(work->cx->mem, remove_lines, path);
	err = write_rows(work, name, file);
	if (fclose(file) && err == OK)
		err = err_set(work->cx, ERR_UNAVAILABLE, "no room for %s", name);
	TRY(err);
	return archive_add_file(work->cx, work->archive,
		arena_printf(work->cx->mem, "dados/%s.ndjson", name), open_lines, path);
}

static Err write_company(Work *work)
{
	SqlPrivacyExportTables *table;
	size_t count;

	TRY(sql_privacy_export_tables(work->cx, &table, &count));
	work->total = (int)count + 1;
	for (size_t i = 0; i < count; i++) {
		TRY(say(work, table[i].name));
		TRY(write_table(work, table[i].name));
		work->done++;
	}
	return say(work, "Arquivos");
}

/* ---- jobs ---- */

static Err make(Ctx *cx, const SqlPrivacyExportRow *row)
{
	Work work = { .cx = cx, .id = row->id };
	StoredFile file;
	const char *path;
	int64_t rows;

	TRY(archive_open(cx, &work.archive));
	if (row->patient_id)
		TRY(write_patient(&work, row->patient_id));
	else
		TRY(write_company(&work));
	TRY(archive_done(cx, work.archive, &path));
	TRY(storage_put_file(cx, path, STORAGE_ARCHIVE, &file));
	return sql_privacy_export_done(cx, row->id, file.hash, file.size_bytes, cx->now, &rows);
}

static Err tell(Ctx *cx, const SqlPrivacyExportRow *row, const char *title, const char *body)
{
	return !row->asked_by ? OK
			      : notice_add(cx, row->asked_by, title, body,
					row->patient_id ? arena_printf(cx->mem,
								  "/patients/%" PRId64 "/privacy",
								  row->patient_id)
							: "/settings/privacy",
					"download",
					arena_printf(cx->mem, "privacy-export-%" PRId64, row->id));
}

Err privacy_run_export(Ctx *cx, const char *data)
{
	SqlPrivacyExportRow row;
	int64_t id, rows;
	bool found;
	Err err;

	TRY(job_id(cx, data, "id", &id));
	TRY(sql_privacy_export_begin(cx, id, &row, &found));
	if (!found)
		return OK;
	err = make(cx, &row);
	if (err == OK)
		return tell(cx, &row, "A cópia dos dados está pronta", "Disponível por 7 dias.");
	if (job_is_last_try(cx)) {
		TRY(sql_privacy_export_failed(cx, id, cx->now, &rows));
		TRY(tell(cx, &row, "A cópia dos dados falhou",
			"Tente de novo ou fale com o suporte."));
		TRY(job_step(cx));
	}
	return err;
}

Err privacy_sweep_exports(Ctx *cx, const char *data)
{
	SqlPrivacyExportOld *old;
	size_t count;
	int64_t rows;

	(void)data;
	TRY(sql_privacy_export_old(cx, cx->now - PRIVACY_EXPORT_DAYS * 86400, &old, &count));
	for (size_t i = 0; i < count; i++) {
		TRY(storage_drop(cx, old[i].file));
		TRY(sql_privacy_export_gone(cx, old[i].id, &rows));
	}
	return OK;
}
