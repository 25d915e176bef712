/* backup: `siso backup FOLDER`: the database and the stored files, whole and of one moment, while
 * clinics work on. Written beside its name first, so a folder with that name is complete. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/str.h"
#include "program/home.h"
#include "program/program.h"
#include "program/say.h"

/* Run a program and wait for it. */
static bool run(char *const *argv)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execv(argv[0], argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

/* The newest pg_dump that is installed; NULL: none. */
static const char *find_dump(Arena *mem)
{
	const char *path = NULL;
	glob_t found;

	if (!glob("/usr/lib/postgresql/*/bin/pg_dump", 0, NULL, &found) && found.gl_pathc)
		path = arena_dup(mem, found.gl_pathv[found.gl_pathc - 1]);
	globfree(&found);
	return path;
}

/* As siso_backup, which sees every clinic; with the wall up, so a table that it does not see is an
 * error and not a gap. */
static bool dump_database(Arena *mem, const char *data, const char *folder)
{
	const char *url = getenv("DATABASE_BACKUP_URL"), *dump = find_dump(mem);
	char *argv[] = { (char *)(uintptr_t)dump, (char[]){ "--format=custom" },
		(char[]){ "--enable-row-security" }, (char[]){ "--no-password" },
		arena_printf(mem, "--file=%s/database.dump", folder),
		str_is_empty(url) ? arena_printf(mem,
					    "--dbname=host=%s/run port=5432 user=siso_backup "
					    "dbname=siso",
					    data)
				  : arena_printf(mem, "--dbname=%s", url),
		NULL };

	if (dump && run(argv))
		return true;
	say_problem("a cópia do banco de dados não terminou.\n"
		    "  Deixe o siso up rodando, ou aponte DATABASE_BACKUP_URL para o papel "
		    "siso_backup, "
		    "e tente de novo.");
	return false;
}

/* After the database: a file is never changed, so each that the dump names is there. */
static bool copy_files(Arena *mem, const char *data, const char *folder)
{
	char *argv[] = { (char[]){ "/bin/cp" }, (char[]){ "-a" }, (char[]){ "--" },
		arena_printf(mem, "%s/files", data), arena_printf(mem, "%s/files", folder), NULL };

	if (access(argv[3], F_OK) && errno == ENOENT)
		return true; /* they are in a bucket, which has copies of its own */
	if (run(argv))
		return true;
	say_problem("os arquivos não foram copiados: há espaço em %s?", folder);
	return false;
}

static void remove_folder(Arena *mem, const char *folder)
{
	char *argv[] = { (char[]){ "/bin/rm" }, (char[]){ "-rf" }, (char[]){ "--" },
		arena_dup(mem, folder), NULL };

	(void)run(argv);
}

static int back_up(Arena *mem, const char *data, const char *target)
{
	Clock c = time_clock(time_now(), NULL);
	const char *name = arena_printf(mem, "%s/siso-%04d-%02d-%02d-%02d%02d%02d", target, c.year,
		c.month, c.day, c.hour, c.minute, c.second);
	const char *part = arena_printf(mem, "%s.part", name);
	bool done = true;

	if (!folder_make(part, 0700)) {
		say_problem("não foi possível criar %s: %s", part, strerror(errno));
		return 1;
	}
	done = dump_database(mem, data, part) && copy_files(mem, data, part);
	if (done && rename(part, name)) {
		say_problem("não foi possível dar o nome %s: %s", name, strerror(errno));
		done = false;
	}
	if (!done) {
		remove_folder(mem, part);
		return 1;
	}
	say("Cópia pronta em %s", name);
	say("Guarde à parte o segredo da instalação (%s/secret): sem ele, senhas de verificação e "
	    "chaves "
	    "lacradas da cópia não abrem.",
		data);
	return 0;
}

int program_backup(int argc, char **argv)
{
	const char *data = getenv("SISO_DATA");
	Arena *mem;
	int status;

	if (argc != 2 || !*argv[1]) {
		fprintf(stderr, "usage: siso backup FOLDER\n");
		return 2;
	}
	mem = arena_new(ARENA_LIMIT);
	data = realpath(str_is_empty(data) ? "data" : data, arena_alloc(mem, PATH_MAX));
	if (data) {
		status = back_up(mem, data, argv[1]);
	} else {
		say_problem("não encontrei a pasta de dados. Aponte SISO_DATA para ela.");
		status = 1;
	}
	arena_free(mem);
	return status;
}
