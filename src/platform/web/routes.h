/* routes: the table of routes as a tree of path segments. Built once at start, then only read. */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "platform/web/response.h"
#include "platform/web/router.h"

enum { METHOD_COUNT = DELETE + 1 };

/* Permissions that are no bit. */
enum { PERM_BIT_ANYONE = -1, PERM_BIT_SIGNED_IN = -2 };

typedef struct RouteEntry {
	const Route *route;
	const char *module, *feature;
	int perm_bit;
	int number;  /* for metrics */
	bool inside; /* works without a company: /healthz */
} RouteEntry;

extern const char *const method_names[METHOD_COUNT];

/* False, with a message on stderr: the path is malformed or taken. */
bool routes_add(const RouteEntry *entry);
/* The entry of method and path, with the values of its :names (pointers into mem); NULL: none, and
 * *ret_methods has a bit for each method that the path does know. mem NULL: no values wanted. */
const RouteEntry *routes_match(Method method, const char *path, Arena *mem, FormPair *ret_segment,
	size_t *ret_segment_count, unsigned *ret_methods);
size_t routes_count(void);
const RouteEntry *routes_at(size_t number);
/* Forget all: tests. */
void routes_clear(void);

#endif
