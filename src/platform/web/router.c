/* What router_init checks and hands on: hooks, permissions, the tree of routes; and what the
 * receiving thread asks of it. The life of a request is in flow.c. */
#include "platform/web/routes.h"

#include <stdatomic.h>

#include "platform/web/builtin.h"
#include "platform/web/hooks.h"

/* Why a row is refused, or NULL. */
static const char *fault_of(const Route *route, int *ret_bit)
{
	if (!route->perm)
		return "no permission";
	if (!strcmp(route->perm, PERM_ANYONE))
		*ret_bit = PERM_BIT_ANYONE;
	else if (!strcmp(route->perm, PERM_SIGNED_IN))
		*ret_bit = PERM_BIT_SIGNED_IN;
	else if ((*ret_bit = perm_bit(route->perm)) < 0)
		return "a permission that no module declares";
	if (!route->run)
		return "no handler";
	if (route->flags & ROUTE_API && !route->summary)
		return "an API route without a summary";
	if (*ret_bit == PERM_BIT_ANYONE && route->method != GET &&
		!(route->flags & ROUTE_PUBLIC_FORM))
		return "anyone may change something, and it is not ROUTE_PUBLIC_FORM";
	return NULL;
}

static bool add_row(const RouteRow *row, bool inside)
{
	RouteEntry entry = { .route = row->route,
		.module = row->module,
		.feature = row->feature,
		.inside = inside };
	const char *fault = fault_of(row->route, &entry.perm_bit);

	if (fault) {
		fprintf(stderr, "%s: route %s %s: %s\n", row->module,
			method_names[row->route->method], row->route->path, fault);
		return false;
	}
	if (row->route->flags & ROUTE_DEV && !web_hooks.development)
		return true;
	return routes_add(&entry);
}

bool router_init(const RouteRow *row, size_t count, const Perm *perm, size_t perm_number,
	const WebHooks *hooks)
{
	bool good;

	hooks_init(hooks);
	good = perm_init(perm, perm_number);
	routes_clear();
	for (size_t i = 0; i < builtin_inside_count; i++)
		good &= add_row(&(RouteRow){ &builtin_inside[i], "web", NULL }, true);
	for (size_t i = 0; i < builtin_route_count; i++)
		good &= add_row(&(RouteRow){ &builtin_routes[i], "web", NULL }, false);
	for (size_t i = 0; i < count; i++)
		good &= add_row(&row[i], false);
	return good;
}

const Route *router_find(Method method, const char *path, bool *ret_path_known)
{
	unsigned methods;
	const RouteEntry *entry = routes_match(method, path, NULL, NULL, NULL, &methods);

	*ret_path_known = methods != 0;
	return entry ? entry->route : NULL;
}

/* ---- whose turn a request takes ---- */

enum { HOSTS = 4096 };

/* Companies by the hash of a host that was served. Two hosts in one place only take each other's
 * turn now and then, so no lock and no chain. */
static struct {
	_Atomic uint64_t host;
	_Atomic uint64_t company;
} tenants[HOSTS];

static uint64_t hash_of(const char *host)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (const char *c = host; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
	return hash;
}

void router_note_tenant(const char *host, CompanyId company)
{
	uint64_t hash = hash_of(host);
	size_t at = hash % HOSTS;

	if (atomic_load_explicit(&tenants[at].host, memory_order_relaxed) == hash)
		return;
	atomic_store_explicit(&tenants[at].company, (uint64_t)company.v, memory_order_relaxed);
	atomic_store_explicit(&tenants[at].host, hash, memory_order_relaxed);
}

bool router_sort(const Req *q, Lane *ret_lane, uint64_t *ret_tenant)
{
	uint64_t hash = hash_of(q->host);
	size_t at = hash % HOSTS;
	unsigned methods;
	const RouteEntry *entry = routes_match(q->method, q->path, NULL, NULL, NULL, &methods);

	*ret_lane = entry ? entry->route->lane : LANE_NORMAL;
	*ret_tenant = 0;
	if (atomic_load_explicit(&tenants[at].host, memory_order_relaxed) == hash)
		*ret_tenant = atomic_load_explicit(&tenants[at].company, memory_order_relaxed);
	return entry && entry->inside;
}
