/* The job of an import: the file is read from its start, rows that are in already are passed over,
 * and each batch of rows is one transaction that also says how far it has come. So a job that is
 * run again after a crash goes on behind the last batch, and no row is in twice. */
#include "modules/audit/audit.h"
#include "modules/crm/leads_rooms.h"
#include "modules/notice/notice.h"
#include "platform/db/db.h"

typedef struct Run {
	ImportPlan plan;
	Ctx part; /* for one batch: its memory is given back after it */
	SheetRow row[IMPORT_BATCH];
	size_t count;       /* rows waiting in row */
	int64_t seen, done; /* rows of the file so far; rows that are in */
	bool headings;      /* still to come */
} Run;

static void free_arena(void *mem)
{
	arena_free(mem);
}

/* Store what waits, count it, commit. */
static Err flush(Ctx *cx, Run *run)
{
	ImportCounts counts;
	int64_t rows;
	Err err;

	if (!run->count)
		return OK;
	TRY(sql_crm_forget_plans(cx, &rows));
	TRY(db_savepoint(cx));
	err = import_batch(&run->part, &run->plan, run->row, run->count, &counts);
	if (err != OK) {
		cx->err = run->part.err;
		TRY(db_undo(cx)); /* nothing of the batch stays, whatever comes next */
		return err;
	}
	TRY(db_release(cx));
	TRY(sql_crm_step_import(cx, run->plan.id, (int32_t)run->done, (int32_t)run->count,
		counts.added, counts.merged, counts.bad, &rows));
	if (!rows)
		return err_set(cx, ERR_STALE, "import %" PRId64 " went on elsewhere", run->plan.id);
	TRY(job_step(cx));
	run->done += (int64_t)run->count;
	run->count = 0;
	arena_reset(run->part.mem); /* after the commit: its notes lived there */
	return OK;
}

/* Cells live until the callback returns; a batch needs them longer. */
static void keep_row(Run *run, const SheetRow *row)
{
	const char **cell = NEW_ARRAY(run->part.mem, const char *, row->cell.count + 1);

	for (size_t i = 0; i < row->cell.count; i++)
		cell[i] = arena_dup(run->part.mem, row->cell.v[i]);
	run->row[run->count++] =
		(SheetRow){ .number = row->number, .cell = { cell, row->cell.count } };
}

static Err each_row(Ctx *cx, const SheetRow *row, void *arg)
{
	Run *run = arg;

	if (run->headings) {
		run->headings = false;
		return OK;
	}
	if (++run->seen <= run->done)
		return OK;
	keep_row(run, row);
	return run->count == IMPORT_BATCH ? flush(cx, run) : OK;
}

static Err tell_end(Ctx *cx, const SqlImportRow *import)
{
	return notice_add(cx, import->user_id, "Importação concluída",
		arena_printf(
			cx->mem, "%s: %d leads novos.", import->file_name, import->added_count),
		arena_printf(cx->mem, "/leads/import/%" PRId64, import->id), "file-up",
		arena_printf(cx->mem, "crm-import-%" PRId64, import->id));
}

static Err read_rows(Ctx *cx, Run *run, const SqlImportRow *import)
{
	const char *path;

	TRY(import_plan(cx, import->id, import->mapping, import->options, &run->plan));
	run->done = import->done_count;
	run->headings = run->plan.option.headings;
	TRY(import_path(cx, import->file, &path));
	TRY(sheet_read(cx, path, NULL, each_row, run));
	return flush(cx, run);
}

/* For good: the file is damaged, or the last attempt failed. What is in stays in. */
static Err give_up(Ctx *cx, const SqlImportRow *import, Err err)
{
	const char *why = cx->err.log ? cx->err.log : "import failed";
	const char *sentence = cx->err.sentence ? cx->err.sentence : err_sentence(err);
	int64_t rows;

	TRY(sql_crm_end_import(cx, import->id, "failed", &rows));
	TRY(notice_add(cx, import->user_id, "A importação parou", sentence,
		arena_printf(cx->mem, "/leads/import/%" PRId64, import->id), "triangle-alert",
		arena_printf(cx->mem, "crm-import-%" PRId64 "-failed", import->id)));
	TRY(job_step(cx));
	return err_set(cx, err, "%s", why);
}

Err import_run(Ctx *cx, const char *data)
{
	Run *run = NEW(cx->mem, Run);
	SqlImportRow import;
	int64_t id, rows;
	Err err;

	TRY(job_id(cx, data, "id", &id));
	TRY(sql_crm_run_import(cx, id, &rows));
	if (!rows)
		return OK; /* done, or taken back */
	TRY(sql_crm_import(cx, id, &import));
	cx->user = (UserId){ import.user_id };
	run->part = *cx;
	run->part.mem = arena_new(ARENA_LIMIT);
	arena_defer(cx->mem, free_arena, run->part.mem);
	err = read_rows(cx, run, &import);
	if (err == ERR_INVALID || err == ERR_TOO_LARGE || (err != OK && job_is_last_try(cx)))
		return give_up(cx, &import, err);
	TRY(err);
	TRY(sql_crm_end_import(cx, id, "done", &rows));
	TRY(sql_crm_import(cx, id, &import));
	TRY(audit_add_change(cx, &(Change){ .action = "lead.import",
					 .subject = "lead.import",
					 .subject_id = id,
					 .diff = arena_printf(cx->mem, "{\"leads\":[null,%d]}",
						 import.added_count) }));
	return tell_end(cx, &import);
}
