/* See test_db.h. Migrations are read from the source tree, not from the list inside the program, so
 * that the tests of one module need not be linked with all others. */
#include "test_db.h"

#include <glob.h>
#include <stdio.h>

#include "core/random.h"
#include "platform/db/migrate.h"
#include "test.h"

static Db *shared_db;

static _Noreturn void give_up(const char *why)
{
	printf("no test database: %s\n0 passed, 1 failed, 0 skipped\n", why);
	fflush(stdout);
	_Exit(1);
}

const char *test_conninfo(Ctx *cx, const char *role)
{
	const char *folder = getenv("SISO_TEST_SOCKET");

	if (str_is_empty(folder))
		give_up("SISO_TEST_SOCKET is not set; run script/test, or\n"
			"  eval \"export $(test/cluster.sh start build/cluster | tr '\\n' ' ')\"");
	return arena_printf(cx->mem, "host=%s dbname=siso_test user=%s", folder, role);
}

static char *read_text(Arena *mem, const char *path)
{
	FILE *file = fopen(path, "rbe");
	char *text;
	long size;

	if (!file)
		give_up(path);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = arena_alloc(mem, (size_t)size + 1);
	if (fread(text, 1, (size_t)size, file) != (size_t)size)
		give_up(path);
	fclose(file);
	return text;
}

static int compare_numbers(const void *a, const void *b)
{
	return ((const Migration *)a)->number - ((const Migration *)b)->number;
}

static Migration read_migration(Arena *mem, const char *path)
{
	const char *base = strrchr(path, '/') + 1, *tree = strstr(path, "src/platform/");
	char *text = read_text(mem, path);
	int64_t number = 0;

	if (!tree)
		tree = strstr(path, "src/modules/");
	if (!str_int64((Str){ base, strcspn(base, "_") }, &number))
		give_up(path);
	return (Migration){ .number = (int)number,
		.name = arena_copy(mem, base, strlen(base) - 4),
		.file = tree ? tree : path,
		.text = text,
		.sha256 = crypto_sha256_hex(mem, text, strlen(text)) };
}

static void migrate(Ctx *cx)
{
	const char *root = getenv("SISO_SOURCE") ? getenv("SISO_SOURCE") : ".";
	Migration *list;
	glob_t found;
	Err err;

	glob(arena_printf(cx->mem, "%s/src/platform/*/migrations/*.sql", root), 0, NULL, &found);
	glob(arena_printf(cx->mem, "%s/src/modules/*/migrations/*.sql", root), GLOB_APPEND, NULL,
		&found);
	if (!found.gl_pathc)
		give_up("no migrations found: SISO_SOURCE must be the root of the source tree");
	list = NEW_ARRAY(cx->mem, Migration, found.gl_pathc);
	for (size_t i = 0; i < found.gl_pathc; i++)
		list[i] = read_migration(cx->mem, found.gl_pathv[i]);
	qsort(list, found.gl_pathc, sizeof *list, compare_numbers);
	err = migrate_run(cx, test_conninfo(cx, "siso_owner"), list, found.gl_pathc, NULL);
	globfree(&found);
	if (err == ERR_CONFLICT)
		give_up(arena_printf(cx->mem, "%s\n(tests: start a fresh cluster)", cx->err.log));
	if (err != OK)
		give_up(cx->err.log);
}

/* Companies 1 and 2, once there is a table for them. */
static void make_companies(Ctx *cx)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_owner"));
	PGresult *r = PQexec(conn, "do $$ begin if to_regclass('company.company') is not null then"
				   " insert into company.company (id, name) overriding system value"
				   " values (1, 'Clínica A'), (2, 'Clínica B') on conflict do "
				   "nothing; end if; end $$");

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		give_up(arena_dup(cx->mem, PQresultErrorMessage(r)));
	PQclear(r);
	PQfinish(conn);
}

static void close_shared(void)
{
	db_close(shared_db);
}

static void begin(Ctx *cx)
{
	if (!shared_db) {
		migrate(cx);
		make_companies(cx);
		shared_db = db_open(&(DbConfig){ test_conninfo(cx, "siso_app"), "siso test" });
		atexit(close_shared);
	}
	cx->db = shared_db;
	db_begin(cx, /* read_only= */ false, 0);
}

static void end(Ctx *cx)
{
	/* the test may have put another Db there */
	if (cx->db)
		db_rollback(cx);
}

__attribute__((constructor)) static void use_database(void)
{
	test_before = begin;
	test_after = end;
}

static const SqlColumn company_param[] = { { "company", "text", false } };
static const SqlColumn company_column[] = { { "value", "text", false } };
static const SqlQuery set_company = { .name = "test_as_company",
	.text = "select set_config('app.company_id', $1, true)",
	.param = company_param,
	.param_count = 1,
	.column = company_column,
	.column_count = 1 };

void test_as_company(Ctx *cx, int64_t id)
{
	const char *param[] = { id ? db_text_int64(cx->mem, id) : "" };
	int query_count = cx->query_count;
	PGresult *r;

	cx->company.v = id;
	if (db_send(cx, &set_company, param) != OK || db_read(cx, &set_company, &r) != OK)
		test_fail(__FILE__, __LINE__, "company not set: %s", cx->err.log);
	/* ours, not the test's */
	cx->query_count = query_count;
}
