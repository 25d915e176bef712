/* Any path against a tree of routes: segments found are parts of the path. */
#include "platform/web/routes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void plant(void)
{
	static const char *const paths[] = { "/", "/a", "/a/new", "/a/:id", "/a/:id/b",
		"/a/:id/b/:b", "/:x/:y/:z", "/a/b/c/:d/e/f/:g/h" };
	static Route route[COUNT(paths)];

	for (size_t i = 0; i < COUNT(paths); i++) {
		route[i] = (Route){ GET, paths[i], NULL, PERM_ANYONE };
		if (!routes_add(&(RouteEntry){ .route = &route[i] }))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FormPair segment[ROUTE_SEGMENTS_MAX];
	static Arena *mem;
	size_t count = 0;
	unsigned methods;
	char *path;

	if (!mem) {
		mem = arena_new(ARENA_LIMIT);
		plant();
	}
	path = arena_copy(mem, data, size);
	if (routes_match(GET, path, mem, segment, &count, &methods))
		for (size_t i = 0; i < count; i++)
			if (!*segment[i].value || strchr(segment[i].value, '/'))
				abort();
	if (!methods && count)
		abort();
	arena_reset(mem);
	return 0;
}
