/* servers: which PostgreSQL and Redis are used: the folder's own, or those that the environment
 * names. */
#include "core/str.h"
#include "program/services.h"

const char *env_given(const char *name)
{
	const char *value = getenv(name);

	return str_is_empty(value) ? NULL : value;
}

bool servers_find(Up *up)
{
	Arena *mem = up->home.mem;
	const char *run = up->home.run;

	up->redis_url = env_given("REDIS_URL");
	up->own_redis = !up->redis_url;
	if (up->own_redis)
		up->redis_url = arena_printf(mem, "%s/redis.sock", run);
	up->database_url = env_given("DATABASE_URL");
	up->admin_url = env_given("DATABASE_ADMIN_URL");
	up->owner_url = env_given("DATABASE_OWNER_URL");
	up->queue_url = env_given("DATABASE_QUEUE_URL");
	up->own_postgres = !up->database_url;
	if (up->own_postgres) {
		up->admin_url = arena_printf(mem, "host='%s' dbname=postgres user=postgres", run);
		up->owner_url = arena_printf(mem, "host='%s' dbname=siso user=siso_owner", run);
		up->database_url = arena_printf(mem, "host='%s' dbname=siso user=siso_app", run);
		up->queue_url = arena_printf(mem, "host='%s' dbname=siso user=siso_queue", run);
		return true;
	}
	if (up->owner_url && up->queue_url)
		return true;
	say_problem("DATABASE_URL está no ambiente, e falta %s.\n"
		    "  Um PostgreSQL de fora precisa das três: DATABASE_URL (papel siso_app),\n"
		    "  DATABASE_OWNER_URL (siso_owner, para migrar) e DATABASE_QUEUE_URL "
		    "(siso_queue).\n"
		    "  Para usar o PostgreSQL próprio do Siso, tire DATABASE_URL do ambiente.",
		up->owner_url ? "DATABASE_QUEUE_URL" : "DATABASE_OWNER_URL");
	return false;
}
