/* Configuration from the environment, contexts outside requests. */
#include "app/app.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/clock.h"
#include "platform/db/db.h"

static int fd_of(const char *name)
{
	int64_t fd;
	const char *text = getenv(name);

	return text && str_int64(str_of(text), &fd) && fd >= 3 && fd < 65536 ? (int)fd : -1;
}

/* The installation's secret, from SISO_SECRET_FILE. NULL: missing. */
static const char *read_secret(void)
{
	static char secret[130];
	const char *path = getenv("SISO_SECRET_FILE");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd >= 0 ? read(fd, secret, sizeof secret - 1) : -1;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return NULL;
	secret[strcspn(secret, "\r\n")] = '\0';
	return secret;
}

bool app_config(AppConfig *ret)
{
	const char *env = getenv("SISO_ENV"), *redis = getenv("REDIS_URL");

	*ret = (AppConfig){
		.app_url = getenv("DATABASE_URL"),
		.owner_url = getenv("DATABASE_OWNER_URL"),
		.queue_url = getenv("DATABASE_QUEUE_URL"),
		.redis = redis && strcmp(redis, "none") != 0 ? redis : NULL,
		.secret = read_secret(),
		.data = getenv("SISO_DATA"),
		.development = !env || !strcmp(env, "development"),
		.listen_fd = fd_of("SISO_LISTEN_FD"),
		.events_fd = fd_of("SISO_EVENTS_FD"),
		.ready_fd = fd_of("SISO_READY_FD"),
	};
	if (ret->app_url && ret->secret)
		return true;
	fprintf(stderr,
		"siso: %s is not set. `siso up` starts everything with its own settings;\n"
		"to run a part alone, set DATABASE_URL and SISO_SECRET_FILE (deploy/README.md).\n",
		ret->app_url ? "SISO_SECRET_FILE (or the file cannot be read)" : "DATABASE_URL");
	return false;
}

Ctx *app_open(const char *conninfo, const char *role)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx *cx = calloc(1, sizeof *cx);

	assert(cx);
	cx->mem = mem;
	cx->db = db_open(&(DbConfig){ .conninfo = conninfo, .role = role });
	cx->now = time_now();
	cx->zone = "America/Sao_Paulo";
	cx->request_id = role;
	cx->peer = "";
	return cx;
}

void app_close(Ctx *cx)
{
	db_close(cx->db);
	arena_free(cx->mem);
	free(cx);
}

Err app_in_company(Ctx *cx, int64_t company, Err (*run)(Ctx *cx, void *arg), void *arg)
{
	Err err;

	cx->company = (CompanyId){ company };
	cx->now = time_now();
	db_begin(cx, /* read_only= */ false, /* timeout_ms= */ 60000);
	err = run(cx, arg);
	if (err == OK)
		return db_commit(cx);
	db_rollback(cx);
	return err;
}
