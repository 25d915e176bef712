/* job: see job.h. */
#include "platform/queue/job.h"

#include <jansson.h>

#include "platform/db/db.h"
#include "platform/queue/queue.sql.h"
#include "platform/queue/queue_driver.h"

Err job_enter(Ctx *cx)
{
	SqlOutboxProgram row;

	return cx->company.v ? OK : sql_outbox_program(cx, &row);
}

Err job_add(Ctx *cx, const char *name, const char *data, const JobOptions *options)
{
	static const JobOptions usual;
	int64_t rows;

	if (!options)
		options = &usual;
	TRY(job_enter(cx));
	TRY(sql_outbox_add(cx, name, data ? data : "{}", options->due ? &options->due : NULL,
		options->priority, options->dedupe_key, cx->request_id, &rows));
	if (rows && options->due <= cx->now)
		db_after_commit(cx, queue_wake_after, NULL);
	return OK;
}

Err job_id(Ctx *cx, const char *data, const char *name, int64_t *ret)
{
	json_t *tree = json_loads(data, 0, NULL);
	int64_t id = json_integer_value(json_object_get(tree, name));

	json_decref(tree);
	if (id <= 0)
		return err_set(cx, ERR_BUG, "the job's data has no id \"%s\"", name);
	*ret = id;
	return OK;
}

Err job_step(Ctx *cx)
{
	TRY(db_commit(cx));
	db_begin(cx, /* read_only= */ false, STATEMENT_MS);
	return job_enter(cx);
}
