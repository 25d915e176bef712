/* check: `siso check`. Looks, changes nothing. Each finding is one line, and under it the way out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/str.h"
#include "platform/db/migrate.h"
#include "program/nginx_conf.h"
#include "program/program.h"
#include "program/services.h"

enum { ROOM_BAD_MB = 100, ROOM_LOW_MB = 1024, FILES_LOW = 4096, ANSWER_MAX = 64 << 10 };

typedef struct Check {
	Up up;
	Arena *mem;
	int bad, odd; /* findings that must, that should be mended */
} Check;

static void good(const char *format, ...) PRINTF(1, 2);
static void odd(Check *c, const char *way_out, const char *format, ...) PRINTF(3, 4);
static void bad(Check *c, const char *way_out, const char *format, ...) PRINTF(3, 4);

static void line(const char *mark, const char *way_out, const char *format, va_list args)
	PRINTF(3, 0);

static void line(const char *mark, const char *way_out, const char *format, va_list args)
{
	printf("%-6s ", mark);
	vprintf(format, args);
	putchar('\n');
	if (way_out)
		printf("       → %s\n", way_out);
}

static void good(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line("ok", NULL, format, args);
	va_end(args);
}

static void odd(Check *c, const char *way_out, const char *format, ...)
{
	va_list args;

	c->odd++;
	va_start(args, format);
	line("aviso", way_out, format, args);
	va_end(args);
}

static void bad(Check *c, const char *way_out, const char *format, ...)
{
	va_list args;

	c->bad++;
	va_start(args, format);
	line("ERRO", way_out, format, args);
	va_end(args);
}

/* ---- the machine ---- */

static void check_folder(Check *c)
{
	const Home *home = &c->up.home;
	int64_t room = home_free_bytes(home->data) >> 20;
	struct stat info;

	if (stat(home->data, &info) != 0) {
		bad(c, "aponte SISO_DATA para a pasta certa, ou crie-a com siso up",
			"a pasta de dados %s: %s", home->data, strerror(errno));
		return;
	}
	if (info.st_mode & 077)
		bad(c, arena_printf(c->mem, "chmod 700 %s", home->data),
			"a pasta de dados %s pode ser lida por outros usuários", home->data);
	else
		good("pasta de dados %s", home->data);
	if (room < ROOM_BAD_MB)
		bad(c, "libere espaço: sem ele o banco para", "restam %" PRId64 " MB no disco",
			room);
	else if (room < ROOM_LOW_MB)
		odd(c, "libere espaço logo", "restam só %" PRId64 " MB no disco", room);
	else
		good("disco: %" PRId64 " GB livres", room >> 10);
}

static void check_secret(Check *c)
{
	const char *given = env_given("SISO_SECRET_FILE");
	const char *path = given ? given : arena_printf(c->mem, "%s/secret", c->up.home.data);
	struct stat info;

	if (stat(path, &info) != 0)
		bad(c, "siso up cria um; num servidor existente, traga o do backup",
			"o segredo da instalação, %s: %s", path, strerror(errno));
	else if (info.st_size < 32)
		bad(c, "use o original; um novo não abre o que já foi guardado",
			"o segredo em %s está incompleto", path);
	else if (info.st_mode & 077)
		bad(c, arena_printf(c->mem, "chmod 600 %s", path),
			"o segredo em %s pode ser lido por outros usuários", path);
	else
		good("segredo da instalação");
}

static void check_machine(Check *c)
{
	struct rlimit files;

	if (!time_zone_exists("America/Sao_Paulo"))
		bad(c, "apt-get install tzdata", "faltam os fusos horários");
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max < FILES_LOW)
		odd(c, "aumente o limite (ulimit -n, LimitNOFILE) para 20000",
			"só %" PRId64 " arquivos abertos por processo", (int64_t)files.rlim_max);
	if (access("/usr/sbin/nginx", X_OK) != 0)
		bad(c, "apt-get install nginx", "o nginx não está instalado");
	else if (access(NGINX_BROTLI, R_OK) != 0)
		odd(c, "apt-get install libnginx-mod-http-brotli-static",
			"o nginx não tem o módulo brotli: páginas mais pesadas");
	else
		good("nginx");
	if (!c->up.home.static_dir)
		bad(c, "rode script/bootstrap, ou aponte SISO_STATIC",
			"não encontrei estilos e scripts do navegador");
	else
		good("arquivos do navegador em %s", c->up.home.static_dir);
}

static void check_production(Check *c)
{
	const char *env = env_given("SISO_ENV");

	if (!str_same(env, "production")) {
		odd(c, "num servidor de verdade: SISO_ENV=production", "modo de desenvolvimento");
		return;
	}
	if (access(arena_printf(c->mem, "%s/demo.done", c->up.home.data), F_OK) == 0)
		bad(c, "comece em outra pasta com SISO_DEMO=no",
			"as contas de demonstração existem, e a senha delas é pública");
	if (!env_given("SISO_METRICS_TOKEN"))
		odd(c, "defina SISO_METRICS_TOKEN", "/metrics está fechado a quem vem de fora");
}

/* ---- what runs ---- */

/* Output of a command; NULL when it failed. */
static char *output_of(Arena *mem, const char *const *argv)
{
	int ends[2], status = 1;
	Buf all;
	char piece[1024];
	ssize_t size;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return NULL;
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ends[1]);
	buf_init(&all, mem, ANSWER_MAX);
	while ((size = read(ends[0], piece, sizeof(piece))) > 0)
		buf_add(&all, piece, (size_t)size);
	close(ends[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		return NULL;
	return arena_dup(mem, buf_text(&all));
}

static char *ask(Check *c, const char *url, const char *sql)
{
	const char *const argv[] = { "psql", "-XAtq", "-d", url, "-c", sql, NULL };

	setenv("PGCONNECT_TIMEOUT", "5", 1);
	return output_of(c->mem, argv);
}

/* One line a finding, empty when all is well. */
static const char role_findings[] =
	"select 'o papel ' || rolname || ' passa por cima da parede entre clínicas' from pg_roles"
	" where rolname in ('siso_app', 'siso_ro', 'siso_queue') and (rolsuper or rolbypassrls)"
	" union all"
	" select 'o papel siso_app é dono de ' || oid::regclass from pg_class"
	" where relowner = 'siso_app'::regrole"
	" union all"
	" select 'o papel siso_app pertence a ' || r from unnest(array['siso_owner', "
	"'siso_search']) r"
	" where pg_has_role('siso_app', r, 'member')"
	" union all"
	" select 'sem parede entre clínicas: ' || c.oid::regclass from pg_class c"
	" join pg_attribute a on a.attrelid = c.oid and a.attname = 'company_id' and not "
	"a.attisdropped"
	" where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)"
	" and not c.relispartition";
static const char setting_findings[] =
	"select 'o PostgreSQL roda com ' || name || ' = ' || setting from pg_settings"
	" where (name in ('fsync', 'full_page_writes') and setting <> 'on')"
	" or (name = 'synchronous_commit' and setting in ('off', 'local'))";

static void check_findings(Check *c, const char *sql, const char *way_out)
{
	char *text = ask(c, c->up.owner_url, sql);
	Str rest = str_of(text), one;

	while (str_cut(&rest, '\n', &one)) {
		if (one.len)
			bad(c, way_out, "%.*s", (int)one.len, one.ptr);
	}
}

static void check_database(Check *c)
{
	Ctx cx = { .mem = c->mem, .now = time_now(), .request_id = "check" };
	char *version = ask(c, c->up.owner_url, "show server_version");
	size_t pending = 0;

	if (!version || !ask(c, c->up.database_url, "select 1")) {
		bad(c, "confira se está no ar, e DATABASE_URL e DATABASE_OWNER_URL",
			"o PostgreSQL não responde");
		return;
	}
	good("PostgreSQL %.*s", (int)strcspn(version, " \n"), version);
	check_findings(c, role_findings, "rode siso migrate com DATABASE_ADMIN_URL");
	check_findings(c, setting_findings, "uma queda de energia perderia dados: ligue de novo");
	if (migrate_pending(&cx, c->up.owner_url, migrations, migration_count, &pending) != OK)
		bad(c, "use a versão do Siso que criou o banco, ou uma mais nova",
			"o banco não combina com este programa: %s", cx.err.log ? cx.err.log : "");
	else if (pending)
		bad(c, "rode siso migrate", "%zu migrações ainda não rodaram", pending);
	else
		good("estrutura do banco em dia (%zu migrações)", migration_count);
}

/* Somebody holds the supervisor's lock. */
static bool is_up(Check *c)
{
	int fd =
		open(arena_printf(c->mem, "%s/run/up.lock", c->up.home.data), O_RDONLY | O_CLOEXEC);
	bool free = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) == 0;

	if (fd >= 0)
		close(fd);
	return fd >= 0 && !free;
}

static void check_running(Check *c)
{
	Up *up = &c->up;
	bool held;
	int status;

	up->home.run = arena_printf(c->mem, "%s/run", up->home.data);
	if (!servers_find(up)) {
		c->bad++;
		return;
	}
	held = is_up(c);
	if (!held && up->own_postgres) {
		odd(c, "rode siso up e confira de novo",
			"o Siso não está no ar: banco e fila não conferidos");
		return;
	}
	check_database(c);
	if (up->own_redis && !redis_answers(up))
		bad(c, "veja log/redis.log", "o Redis não responde");
	else if (up->own_redis)
		good("Redis");
	if (!held)
		return;
	status = nginx_probe(&up->home);
	if (status == 200)
		good("atendendo na porta %d", up->home.port);
	else
		bad(c, "veja log/serve.log e log/nginx.log", "/readyz na porta %d: %s",
			up->home.port,
			status ? arena_printf(c->mem, "HTTP %d", status) : "sem resposta");
}

int program_check(int argc, char **argv)
{
	Check c = { .mem = arena_new(ARENA_LIMIT) };

	(void)argc;
	(void)argv;
	if (!home_configure(&c.up.home, c.mem)) {
		arena_free(c.mem);
		return 1;
	}
	check_folder(&c);
	check_secret(&c);
	check_machine(&c);
	check_production(&c);
	check_running(&c);
	if (c.bad)
		printf("\n%d a corrigir, %d avisos\n", c.bad, c.odd);
	else
		printf("\nTudo certo%s\n", c.odd ? ", com avisos" : "");
	arena_free(c.mem);
	return c.bad > 0;
}
