/* The lists inside the program hold all that stands in the tree: a file that its meson.build forgot
 * would run in tests and be missing in the clinic. */
#include <glob.h>

#include "platform/db/migrate.h"
#include "platform/db/queries.h"
#include "test.h"
#include "test_db.h"

static bool has_migration(const char *file)
{
	for (size_t i = 0; i < migration_count; i++)
		if (str_ends(file, migrations[i].file))
			return true;
	return false;
}

static bool has_query(const char *file)
{
	for (size_t i = 0; i < sql_query_count; i++)
		if (str_ends(file, sql_queries[i].file))
			return true;
	return false;
}

/* Names every file of pattern that `has` does not know; how many files there are. */
static size_t check_files(Ctx *cx, const char *pattern, bool (*has)(const char *file))
{
	const char *root = getenv("SISO_SOURCE") ? getenv("SISO_SOURCE") : ".";
	size_t count;
	glob_t found;

	if (glob(arena_printf(cx->mem, "%s/%s", root, pattern), 0, NULL, &found) != 0)
		return 0;
	count = found.gl_pathc;
	for (size_t i = 0; i < count; i++)
		if (!has(found.gl_pathv[i]) && !str_ends(found.gl_pathv[i], "/db/roles.sql") &&
			!str_ends(found.gl_pathv[i], "/db/database.sql"))
			test_fail(found.gl_pathv[i], 1, "no meson.build adds it to the lists");
	globfree(&found);
	return count;
}

TEST(every_migration_of_the_tree_is_in_the_program)
{
	size_t count = check_files(cx, "src/platform/*/migrations/*.sql", has_migration) +
		       check_files(cx, "src/modules/*/migrations/*.sql", has_migration);

	CHECK_INT(migration_count, count);
}

TEST(every_query_of_the_tree_is_in_the_list)
{
	size_t count = check_files(cx, "src/platform/*/*.sql", has_query) +
		       check_files(cx, "src/modules/*/*.sql", has_query) +
		       check_files(cx, "src/app/*.sql", has_query);

	CHECK(count > 2);
}

TEST(what_ran_here_is_what_the_program_would_run)
{
	size_t pending = 1;

	if (migrate_pending(cx, test_conninfo(cx, "siso_owner"), migrations, migration_count,
		    &pending) != OK)
		test_fail(__FILE__, __LINE__, "%s", cx->err.log);
	CHECK_INT(pending, 0);
}
