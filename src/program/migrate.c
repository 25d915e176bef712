/* migrate: `siso migrate`: roles and database when an administrator's connection is given, then the
 * migrations that have not run yet, as the schema's owner. */
#include "platform/db/migrate.h"

#include "core/clock.h"
#include "core/str.h"
#include "program/program.h"
#include "program/say.h"

static void report(void *arg, const Migration *migration, size_t done, size_t count, bool waiting)
{
	(void)arg;
	if (waiting)
		say("migração %s: esperando outra conexão soltar uma tabela", migration->name);
	else
		say("migração %zu de %zu: %s", done + 1, count, migration->name);
}

static int say_err(const Ctx *cx, Err err)
{
	switch (err) {
	case ERR_UNAVAILABLE:
		say_problem("o banco de dados não respondeu, ou uma tabela não se soltou a tempo.\n"
			    "  Confira se o PostgreSQL está no ar e rode de novo: siso migrate");
		break;
	case ERR_CONFLICT:
		say_problem("o banco de dados não combina com este programa.\n"
			    "  Uma migração que já rodou foi mudada, ou o banco é de um programa "
			    "mais novo.\n"
			    "  Use a versão do Siso que criou o banco, ou uma mais nova.");
		break;
	default:
		say_problem("uma migração falhou; as anteriores ficaram, esta não deixou nada.");
	}
	fprintf(stderr, "  %s: %s\n", err_type(err), cx->err.log ? cx->err.log : "");
	return 1;
}

int program_migrate(int argc, char **argv)
{
	const char *owner = getenv("DATABASE_OWNER_URL"), *admin = getenv("DATABASE_ADMIN_URL");
	Ctx cx = { .mem = arena_new(ARENA_LIMIT), .now = time_now(), .request_id = "migrate" };
	const MigrateWatch watch = { report, NULL };
	Err err = OK;
	int status;

	(void)argc;
	(void)argv;
	if (str_is_empty(owner)) {
		arena_free(cx.mem);
		say_problem("falta DATABASE_OWNER_URL: a conexão do papel siso_owner.\n"
			    "  Exemplo: DATABASE_OWNER_URL=\"host=/var/run/postgresql dbname=siso "
			    "user=siso_owner\" siso migrate");
		return 2;
	}
	if (!str_is_empty(admin))
		err = migrate_prepare(&cx, admin, "siso");
	if (err == OK)
		err = migrate_run(&cx, owner, migrations, migration_count, &watch);
	status = err == OK ? 0 : say_err(&cx, err);
	arena_free(cx.mem);
	return status;
}
