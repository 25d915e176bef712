/* The jobs of an import: the file is read from its start, rows that are in already are passed over,
 * and each batch of rows is one transaction that also says how far it has come. So a job that is
 * run again after a crash goes on behind the last batch, and no row is in twice. The way back goes
 * in batches too. */
#include "platform/db/db.h"
#include "platform/import/import.sql.h"
#include "platform/import/import_rooms.h"
#include "platform/queue/job.h"

enum { BATCH_BYTES = 8 << 20 }; /* rows of endless cells go in before they are IMPORT_BATCH */

typedef struct Run {
	ImportMap map;
	Ctx part; /* for one batch: its memory is given back after it */
	SheetRow row[IMPORT_BATCH];
	size_t count;       /* rows waiting in row */
	int32_t seen, done; /* rows of the file so far; rows that are in */
	bool headings;      /* still to come */
} Run;

static void free_arena(void *mem)
{
	arena_free(mem);
}

/* Store what waits, count it, commit. */
static Err flush(Ctx *cx, Run *run)
{
	int64_t id = run->map.import->id, rows;
	ImportCounts counts;
	Err err;

	if (!run->count)
		return OK;
	TRY(sql_import_forget_plans(cx, &rows));
	TRY(db_savepoint(cx));
	err = import_batch(&run->part, &run->map, run->row, run->count, &counts);
	if (err != OK) {
		cx->err = run->part.err;
		TRY(db_undo(cx)); /* nothing of the batch stays, whatever comes next */
		return err;
	}
	TRY(db_release(cx));
	TRY(run->map.kind->table->step(cx, id, run->done, (int32_t)run->count, counts.added,
		counts.merged, counts.bad, &rows));
	if (!rows)
		return err_set(cx, ERR_STALE, "import %" PRId64 " went on elsewhere", id);
	TRY(job_step(cx));
	run->done += (int32_t)run->count;
	run->count = 0;
	arena_reset(run->part.mem); /* after the commit: its notes lived there */
	return OK;
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
	run->row[run->count++] = import_keep_row(run->part.mem, row);
	return run->count == IMPORT_BATCH || arena_used(run->part.mem) > BATCH_BYTES
		       ? flush(cx, run)
		       : OK;
}

static Err read_rows(Ctx *cx, Run *run, const ImportKind *kind, const Import *import)
{
	const char *path;

	TRY(import_map(cx, kind, import, &run->map));
	run->done = import->done_count;
	run->headings = import->headings;
	TRY(import_path(cx, import, &path));
	TRY(sheet_read(cx, path, NULL, each_row, run));
	return flush(cx, run);
}

/* ---- the end ---- */

/* Whoever began it; once for each state. */
static Err tell(Ctx *cx, const ImportKind *kind, const Import *import, const char *title,
	const char *body, const char *icon)
{
	return kind->tell(cx, import->user_id, title, body,
		import_url(cx->mem, kind, import->id, "").text, icon,
		arena_printf(cx->mem, "%s-%" PRId64 "-%s", kind->job, import->id, import->state));
}

static Err tell_count(
	Ctx *cx, const ImportKind *kind, const Import *import, const char *title, const char *icon)
{
	return tell(cx, kind, import, title,
		arena_printf(cx->mem, "%s: %d %s.", import->file_name, import->added_count,
			import->added_count == 1 ? kind->one : kind->many),
		icon);
}

static const Strs at_work = { (const char *const[]){ "waiting", "running" }, 2 };
static const Strs going_back = { (const char *const[]){ "undoing" }, 1 };

/* For good: the file is damaged, or the last attempt failed. What is done stays done. */
static Err give_up(Ctx *cx, const ImportKind *kind, const Import *import, Strs from, const char *to,
	const char *title, Err err)
{
	const char *why = cx->err.log ? cx->err.log : "import failed";
	const char *sentence = cx->err.sentence ? cx->err.sentence : err_sentence(err);
	int64_t rows;

	TRY(kind->table->turn(cx, import->id, from, to, &rows));
	TRY(tell(cx, kind, import, title, sentence, "triangle-alert"));
	TRY(job_step(cx));
	return err_set(cx, err, "%s", why);
}

Err import_run(Ctx *cx, const ImportKind *kind, const char *data)
{
	Run *run = NEW(cx->mem, Run);
	Import import;
	int64_t id, rows;
	Err err;

	TRY(job_id(cx, data, "id", &id));
	TRY(kind->table->turn(cx, id, at_work, "running", &rows));
	if (!rows)
		return OK; /* done, or taken back */
	TRY(kind->table->get(cx, id, &import));
	cx->user = (UserId){ import.user_id };
	run->part = *cx;
	run->part.mem = arena_new(ARENA_LIMIT);
	arena_defer(cx->mem, free_arena, run->part.mem);
	err = read_rows(cx, run, kind, &import);
	if (err == ERR_INVALID || err == ERR_TOO_LARGE || (err != OK && job_is_last_try(cx)))
		return give_up(cx, kind, &import, at_work, "failed", "A importação parou", err);
	TRY(err);
	TRY(kind->table->turn(cx, id, at_work, "done", &rows));
	TRY(kind->table->get(cx, id, &import));
	TRY(kind->note(cx, &import));
	return tell_count(cx, kind, &import, "Importação concluída", "file-up");
}

/* ---- the way back ---- */

static Err take_back(Ctx *cx, const ImportKind *kind, Import *import)
{
	bool over = false;
	int64_t rows;
	Err err;

	TRY(sql_import_forget_plans(cx, &rows));
	while (!over) {
		TRY(db_savepoint(cx));
		err = kind->undo_batch(cx, import, &over);
		if (err != OK) {
			TRY(db_undo(cx));
			return err;
		}
		TRY(db_release(cx));
		TRY(job_step(cx));
		TRY(kind->table->get(cx, import->id, import));
	}
	return OK;
}

Err import_undo_run(Ctx *cx, const ImportKind *kind, const char *data)
{
	Import import;
	int64_t id, rows;
	Err err;

	TRY(job_id(cx, data, "id", &id));
	TRY(kind->table->get(cx, id, &import));
	if (strcmp(import.state, "undoing") != 0)
		return OK;
	err = take_back(cx, kind, &import);
	if (err != OK && job_is_last_try(cx))
		return give_up(
			cx, kind, &import, going_back, "done", "Desfazer a importação parou", err);
	TRY(err);
	TRY(kind->table->turn(cx, id, going_back, "undone", &rows));
	import.state = "undone";
	return tell_count(cx, kind, &import, "Importação desfeita", "undo-2");
}

Err import_add_job(Ctx *cx, const char *job, int64_t id)
{
	return job_add(cx, job, arena_printf(cx->mem, "{\"id\":%" PRId64 "}", id), NULL);
}
