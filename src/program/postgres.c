/* postgres: a private cluster that only its owner reaches (unix socket in a 0700 folder, no TCP),
 * durable, sized to the machine. Settings of the owner's go to postgresql.conf, behind the line
 * that includes ours. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "core/str.h"
#include "program/services.h"

#define PG_HOME "/usr/lib/postgresql"

enum { PG_OLDEST = 15, INIT_S = 300, START_S = 600, STOP_S = 60 };

static const char hba[] = "# Whoever reaches the socket is the owner of this folder (0700) or "
			  "root. There is no TCP.\n"
			  "local all all trust\n";

static const char include_ours[] =
	"# Siso writes siso.conf at each start, sized to the machine. Your own settings go below.\n"
	"include 'siso.conf'\n";

static bool has_server(const char *bin)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	bool found = access(arena_printf(mem, "%s/postgres", bin), X_OK) == 0 &&
		     access(arena_printf(mem, "%s/initdb", bin), X_OK) == 0;

	arena_free(mem);
	return found;
}

static int newest_installed(Arena *mem)
{
	DIR *folder = opendir(PG_HOME);
	int newest = 0;

	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		int64_t major;

		if (str_int64(str_of(entry->d_name), &major) && major > newest && major < 1000 &&
			has_server(arena_printf(mem, PG_HOME "/%s/bin", entry->d_name)))
			newest = (int)major;
	}
	if (folder)
		closedir(folder);
	return newest;
}

static int cluster_major(const Home *home)
{
	char *text = file_read(home->mem, arena_printf(home->mem, "%s/PG_VERSION", home->postgres));
	int64_t major;

	return text && str_int64(str_trim(str_of(text)), &major) && major < 1000 ? (int)major : 0;
}

bool postgres_find(const Home *home, PgVersion *ret)
{
	int newest = newest_installed(home->mem);
	bool exists = access(home->postgres, F_OK) == 0;
	int major = exists ? cluster_major(home) : newest;

	if (!newest) {
		say_problem(
			"o PostgreSQL não está instalado.\n  Instale: script/bootstrap packages");
		return false;
	}
	if (exists && !major) {
		say_problem(
			"%s não é um banco do PostgreSQL (falta PG_VERSION).\n"
			"  Restaure o backup nessa pasta, ou mova-a para o lado e comece outra.",
			home->postgres);
		return false;
	}
	ret->major = major;
	ret->bin = arena_printf(home->mem, PG_HOME "/%d/bin", major);
	if (major >= PG_OLDEST && has_server(ret->bin))
		return true;
	say_problem(
		"os dados em %s são do PostgreSQL %d, e aqui está instalado o %d.\n"
		"  Nada foi mudado. Três saídas:\n"
		"  1. Instale a versão dos dados%s: apt-get install postgresql-%d\n"
		"  2. Traga os dados para o %d: com as duas versões instaladas, pg_upgrade -b \n"
		"     " PG_HOME "/%d/bin -B " PG_HOME "/%d/bin -d %s -D <pasta nova>\n"
		"  3. Comece outra pasta: SISO_DATA=/outra/pasta script/server",
		home->postgres, major, newest,
		major < PG_OLDEST ? " (o Siso pede 15 ou mais novo)" : "", major, newest, major,
		newest, home->postgres);
	return false;
}

static int64_t between(int64_t least, int64_t value, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

const char *postgres_settings(Arena *mem, const char *run, int64_t memory_mb, int64_t disk_mb)
{
	bool small = memory_mb < 8192;
	Buf b;

	buf_init(&b, mem, 8192);
	buf_puts(&b,
		"# Written by siso at each start. Put your own settings into postgresql.conf.\n");
	buf_printf(&b, "unix_socket_directories = '\"%s\"'\n", run);
	buf_puts(&b,
		"unix_socket_permissions = 0700\n"
		"listen_addresses = ''\n"
		"port = 5432\n"
		"synchronous_commit = on\n"
		/* the first plans on fresh tables are bad ones: do not wait a minute for figures */
		"autovacuum_naptime = 15s\n"
		"full_page_writes = on\n"
		"wal_compression = lz4\n"
		"recovery_init_sync_method = syncfs\n");
	buf_printf(&b, "shared_buffers = %" PRId64 "MB\n",
		between(64, memory_mb / (small ? 8 : 4), 16384));
	buf_printf(&b, "effective_cache_size = %" PRId64 "MB\n",
		between(128, memory_mb * (small ? 4 : 5) / 8, 65536));
	buf_printf(&b, "work_mem = %dMB\n", small ? 8 : 16);
	buf_printf(&b, "maintenance_work_mem = %" PRId64 "MB\n", between(64, memory_mb / 24, 1024));
	buf_printf(&b, "max_connections = %d\n", small ? 40 : 100);
	buf_printf(&b, "max_wal_size = %" PRId64 "MB\n",
		between(128, disk_mb / 10, small ? 2048 : 8192));
	buf_puts(&b, "checkpoint_timeout = 15min\n"
		     "random_page_cost = 1.1\n"
		     "jit = off\n"
		     "timezone = 'UTC'\n"
		     "log_timezone = 'UTC'\n"
		     "log_line_prefix = '%m [%p] %a '\n"
		     "log_min_duration_statement = 250ms\n"
		     "log_parameter_max_length = 0\n"
		     "log_parameter_max_length_on_error = 0\n"
		     "log_error_verbosity = terse\n"
		     "log_lock_waits = on\n"
		     "client_connection_check_interval = 1s\n");
	return buf_text(&b);
}

static int64_t memory_mb(Arena *mem)
{
	struct sysinfo info;
	int64_t total = 4096, limit;
	char *text = file_read(mem, "/sys/fs/cgroup/memory.max");

	if (sysinfo(&info) == 0)
		total = (int64_t)info.totalram * info.mem_unit >> 20;
	if (text && str_int64(str_trim(str_of(text)), &limit) && limit >> 20 < total)
		total = limit >> 20;
	return total;
}

static void say_failed(const Up *up, const Child *child, const char *what)
{
	int64_t room = home_free_bytes(up->home.data);

	say_tail(child->log, 12);
	/* a write that was cut short says only the second */
	if ((room >= 0 && room < (int64_t)16 << 20) ||
		log_says(child->log, "No space left on device") ||
		log_says(child->log, "Check free disk space"))
		say_problem("disco cheio: %s; restam %" PRId64 " MB em %s.\n"
			    "  Libere espaço e rode de novo; nada foi perdido.",
			what, room >> 20, up->home.data);
	else
		say_problem("%s. O registro completo está em %s", what, child->log);
}

static const char *postgres_log(const Home *home)
{
	return arena_printf(home->mem, "%s/postgres.log", home->log);
}

/* initdb makes <data>/postgres.new, renamed when whole: one that was cut off is never taken for
 * one. */
static bool cluster_make(Up *up, const PgVersion *version)
{
	Home *home = &up->home;
	Child *tool = &up->child[CHILD_TOOL];
	const char *fresh = arena_printf(home->mem, "%s.new", home->postgres);
	const char *conf = arena_printf(home->mem, "%s/postgresql.conf", fresh);
	char *text;
	Waited waited;
	Step step;

	step_begin(&step, "Criando o banco de dados");
	*tool = (Child){ .name = "initdb", .stop_signal = SIGTERM, .stop_s = 10 };
	tool->log = postgres_log(home);
	child_args(tool, "/bin/sh", "-c",
		"rm -rf \"$2\" && exec \"$1\" -D \"$2\" --username=postgres --auth=trust "
		"--encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-instructions",
		"initdb", arena_printf(home->mem, "%s/initdb", version->bin), fresh);
	waited = supervise_run(up, INIT_S, &step);
	text = waited == WAIT_DONE ? file_read(home->mem, conf) : NULL;
	if (text && file_write(conf, arena_printf(home->mem, "%s\n%s", text, include_ours), 0600) &&
		file_write(arena_printf(home->mem, "%s/pg_hba.conf", fresh), hba, 0600) &&
		file_write(arena_printf(home->mem, "%s/siso.conf", fresh), "", 0600) &&
		rename(fresh, home->postgres) == 0) {
		step_end(&step);
		return true;
	}
	step_fail(&step);
	if (waited != WAIT_STOPPED)
		say_failed(up, tool, "o PostgreSQL não criou o banco");
	return false;
}

/* The last line of postmaster.pid says it, as pg_ctl reads it. */
static bool is_ready(Up *up)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	char *text = file_read(mem, arena_printf(mem, "%s/postmaster.pid", up->home.postgres));
	const char *ready = text ? strstr(text, "\nready") : NULL;
	bool its_own = text && strtol(text, NULL, 10) == up->child[CHILD_POSTGRES].pid;

	arena_free(mem);
	return ready && its_own;
}

bool postgres_start(Up *up)
{
	Home *home = &up->home;
	Child *child = &up->child[CHILD_POSTGRES];
	PgVersion version;
	Waited waited;
	Step step;

	if (!postgres_find(home, &version))
		return false;
	if (access(home->postgres, F_OK) != 0 && !cluster_make(up, &version))
		return false;
	*child = (Child){ .name = "PostgreSQL", .stop_signal = SIGINT, .stop_s = STOP_S };
	child->log = postgres_log(home);
	child->spare_group = true;
	child_args(
		child, arena_printf(home->mem, "%s/postgres", version.bin), "-D", home->postgres);
	child_env(child, "LC_ALL=C.UTF-8");
	step_begin(&step, "PostgreSQL");
	waited = WAIT_DIED;
	if (file_write(arena_printf(home->mem, "%s/siso.conf", home->postgres),
		    postgres_settings(home->mem, home->run, memory_mb(home->mem),
			    home_free_bytes(home->data) >> 20),
		    0600) &&
		child_start(child))
		waited = supervise_wait(up, CHILD_POSTGRES, is_ready, START_S, &step);
	if (waited == WAIT_DONE) {
		child->wanted = true;
		step_end(&step);
		return true;
	}
	step_fail(&step);
	if (waited != WAIT_STOPPED)
		say_failed(up, child, "o PostgreSQL não começou");
	return false;
}
