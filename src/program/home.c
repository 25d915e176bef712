/* home: from the environment to a folder that is ours, reachable, with room, and locked. */
#include "program/home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/random.h"
#include "core/str.h"
#include "program/leftover.h"
#include "program/owner.h"
#include "program/say.h"

enum {
	PORT_DEFAULT = 8080,
	SECRET_BYTES = 32,
	ROOM_FIRST_MB = 500, /* cluster, its log, the demonstration and some air */
	ROOM_MB = 100,
};

static const char readme[] =
	"Esta pasta é o Siso inteiro: banco de dados, arquivos, fila e configuração.\n"
	"\n"
	"postgres/  banco de dados (PostgreSQL)    files/  arquivos enviados\n"
	"redis/     fila de tarefas                mail/   e-mails do modo de desenvolvimento\n"
	"nginx/     servidor web                   log/    registros\n"
	"run/       soquetes e travas              secret  o segredo da instalação\n"
	"\n"
	"Não apague nem copie com o Siso no ar. O arquivo secret abre os segredos guardados no\n"
	"banco: sem ele, um backup do banco não basta. Guarde os dois, separados.\n";

static bool port_read(Home *home)
{
	const char *text = getenv("PORT");
	int64_t port;

	home->port = PORT_DEFAULT;
	if (str_is_empty(text))
		return true;
	if (!str_int64(str_of(text), &port) || port < 1 || port > 65535) {
		say_problem("PORT=%s não é uma porta.\n  Use um número de 1024 a 65535: PORT=8081 "
			    "script/server",
			text);
		return false;
	}
	home->port = (int)port;
	return true;
}

/* Everything is quoted in the three configurations that carry the path; these cannot be. */
static bool path_is_plain(const char *path)
{
	return !strpbrk(path, "\"'\\$;{}:%\n\r\t") && str_is_clean_utf8(str_of(path));
}

static const char *absolute(Arena *mem, const char *path)
{
	char here[PATH_MAX];

	if (path[0] == '/')
		return arena_dup(mem, path);
	if (!getcwd(here, sizeof(here)))
		return NULL;
	return arena_printf(mem, "%s/%s", here, path);
}

static const char *static_find(Arena *mem, const char *exe)
{
	static const char *const places[] = { "static", "../static", "web", "../web",
		"platform/ui/static" };
	const char *given = getenv("SISO_STATIC");
	char real[PATH_MAX];
	int folder = (int)(strrchr(exe, '/') - exe);

	if (!str_is_empty(given))
		return realpath(given, real) ? arena_dup(mem, real) : NULL;
	for (size_t i = 0; i < COUNT(places); i++) {
		if (realpath(arena_printf(mem, "%.*s/%s", folder, exe, places[i]), real))
			return arena_dup(mem, real);
	}
	return NULL;
}

bool home_configure(Home *home, Arena *mem)
{
	const char *data = getenv("SISO_DATA");
	const char *bind = getenv("SISO_BIND");
	char exe[PATH_MAX];

	home->mem = mem;
	home->lock = home->descendants = -1;
	home->bind = str_is_empty(bind) ? "127.0.0.1" : bind;
	home->data = absolute(mem, str_is_empty(data) ? "data" : data);
	if (!home->data || !path_is_plain(home->data)) {
		say_problem(
			"o caminho da pasta de dados tem caracteres que o nginx não aceita: %s\n"
			"  Use outra pasta: SISO_DATA=/caminho/simples script/server",
			home->data ? home->data : "(pasta atual apagada)");
		return false;
	}
	if (strspn(home->bind, "0123456789abcdefABCDEF.:*") != strlen(home->bind)) {
		say_problem(
			"SISO_BIND=%s não é um endereço.\n"
			"  Use 127.0.0.1 (só esta máquina), * (todas) ou o IP de uma interface.",
			home->bind);
		return false;
	}
	if (!realpath("/proc/self/exe", exe)) {
		say_problem("não encontrei o próprio programa: %s\n  Monte /proc e tente de novo.",
			strerror(errno));
		return false;
	}
	home->exe = arena_dup(mem, exe);
	home->static_dir = static_find(mem, exe);
	return port_read(home);
}

static bool rooms_make(Home *home)
{
	static const char *const name[] = { "run", "log", "redis", "nginx", "files", "mail" };
	const char **const path[] = { &home->run, &home->log, &home->redis, &home->nginx,
		&home->files, &home->mail };

	for (size_t i = 0; i < COUNT(name); i++) {
		*path[i] = arena_printf(home->mem, "%s/%s", home->data, name[i]);
		if (folder_make(*path[i], 0700))
			continue;
		say_problem("não foi possível criar %s: %s\n"
			    "  Confira o espaço (df -h) e as permissões da pasta.",
			*path[i], strerror(errno));
		return false;
	}
	home->postgres = arena_printf(home->mem, "%s/postgres", home->data);
	home->secret = arena_printf(home->mem, "%s/secret", home->data);
	return true;
}

static bool room_is_enough(const Home *home)
{
	int64_t need = (int64_t)(home->fresh ? ROOM_FIRST_MB : ROOM_MB) << 20;
	int64_t room = home_free_bytes(home->data);

	if (room < 0 || room >= need)
		return true;
	say_problem("disco cheio: restam %" PRId64 " MB em %s, e o Siso precisa de %" PRId64
		    " MB para começar.\n"
		    "  Libere espaço, ou use um disco maior: SISO_DATA=/outro/disco/siso "
		    "script/server\n"
		    "  Nada foi perdido.",
		room >> 20, home->data, need >> 20);
	return false;
}

static bool sockets_fit(const Home *home)
{
	enum { LONGEST_NAME = sizeof("/run/.s.PGSQL.5432.lock") };

	if (strlen(home->data) + LONGEST_NAME <= sizeof(((struct sockaddr_un *)0)->sun_path))
		return true;
	say_problem("o caminho da pasta de dados é comprido demais para soquetes: %s\n"
		    "  Use um mais curto: SISO_DATA=/var/lib/siso script/server",
		home->data);
	return false;
}

bool home_take(Home *home)
{
	struct stat info;

	home->fresh = stat(home->data, &info) != 0 || folder_is_empty(home->data);
	umask(077);
	if (!owner_settle(home) || !sockets_fit(home) || !room_is_enough(home) || !rooms_make(home))
		return false;
	if (!file_write(arena_printf(home->mem, "%s/LEIA-ME.txt", home->data), readme, 0600)) {
		say_problem("não foi possível gravar em %s: %s\n"
			    "  Confira o espaço (df -h) e as permissões da pasta.",
			home->data, strerror(errno));
		return false;
	}
	home->fresh = access(home->postgres, F_OK) != 0;
	return true;
}

static int lock_open(const Home *home, const char *name, int flags)
{
	const char *path = arena_printf(home->mem, "%s/%s", home->run, name);
	int fd = open(path, O_RDWR | O_CREAT | flags, 0600);

	if (fd < 0)
		say_problem("não foi possível abrir %s: %s\n  Confira as permissões da pasta.",
			path, strerror(errno));
	return fd;
}

static void say_running(const Home *home)
{
	char *who = file_read(home->mem, arena_printf(home->mem, "%s/up.lock", home->run));
	long pid = 0, port = 0;

	if (who && sscanf(who, "%ld %ld", &pid, &port) != 2)
		pid = port = 0;
	say_problem("o Siso já está no ar com estes dados (processo %ld, "
		    "http://ianara.localhost:%ld).\n"
		    "  Para parar: Ctrl-C no terminal dele, ou kill %ld\n"
		    "  Para ter outro ao lado: PORT=8081 SISO_DATA=outra-pasta script/server",
		pid, port, pid);
}

bool home_lock(Home *home)
{
	char who[64];
	int size;

	home->lock = lock_open(home, "up.lock", O_CLOEXEC);
	if (home->lock < 0)
		return false;
	if (flock(home->lock, LOCK_EX | LOCK_NB) != 0) {
		say_running(home);
		return false;
	}
	size = snprintf(who, sizeof(who), "%ld %d\n", (long)getpid(), home->port);
	if (ftruncate(home->lock, 0) != 0 || write(home->lock, who, (size_t)size) != size) {
		say_problem("não foi possível gravar em %s: %s\n  Confira o espaço (df -h).",
			home->run, strerror(errno));
		return false;
	}
	/* Without O_CLOEXEC on purpose: the lock lives as long as any descendant. */
	home->descendants = lock_open(home, "descendants.lock", 0);
	return home->descendants >= 0 && leftover_end(home);
}

bool home_secret(Home *home)
{
	unsigned char bytes[SECRET_BYTES];
	char text[2 * SECRET_BYTES + 1];
	struct stat info;

	if (stat(home->secret, &info) == 0 && info.st_size >= 2 * SECRET_BYTES) {
		if ((info.st_mode & 077) == 0 || chmod(home->secret, 0600) == 0)
			return true;
	} else if (access(home->postgres, F_OK) == 0) {
		say_problem("falta o segredo da instalação: %s\n"
			    "  Os dados existem, mas o segredo que os abre não. Traga o arquivo do "
			    "backup.\n"
			    "  Sem ele: apague a pasta de dados e comece de novo.",
			home->secret);
		return false;
	}
	crypto_random(bytes, sizeof(bytes));
	for (size_t i = 0; i < SECRET_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	if (file_write(home->secret, text, 0600))
		return true;
	say_problem("não foi possível gravar %s: %s\n  Confira o espaço (df -h).", home->secret,
		strerror(errno));
	return false;
}
