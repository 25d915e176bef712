/* A node is one segment. A literal wins over a :name; when its branch leads nowhere the :name is
 * tried, so /leads/new and /leads/:id/notes may both exist. */
#include "platform/web/routes.h"

enum { DEPTH_MAX = 16, ENTRIES_MAX = 2048 };

typedef struct Node {
	struct Node *sibling, *child;
	struct Node *any; /* the child that takes any segment */
	const char *literal;
	size_t length;
	RouteEntry *entry[METHOD_COUNT];
} Node;

/* Written by router_init before any thread, then only read. */
static Node root;
static RouteEntry *entries[ENTRIES_MAX];
static size_t entry_count;

const char *const method_names[METHOD_COUNT] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

static void *allocate(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

static Node *child_of(Node *node, Str segment)
{
	Node *child;

	if (segment.ptr[0] == ':') {
		if (!node->any)
			node->any = allocate(sizeof(Node));
		return node->any;
	}
	for (child = node->child; child; child = child->sibling)
		if (child->length == segment.len &&
			!memcmp(child->literal, segment.ptr, segment.len))
			return child;
	child = allocate(sizeof(Node));
	child->literal = segment.ptr;
	child->length = segment.len;
	child->sibling = node->child;
	node->child = child;
	return child;
}

static bool complain(const Route *route, const char *what)
{
	fprintf(stderr, "route %s %s: %s\n", method_names[route->method], route->path, what);
	return false;
}

bool routes_add(const RouteEntry *entry)
{
	const Route *route = entry->route;
	Node *node = &root;
	size_t depth = 0, names = 0;
	Str rest, segment;

	if (entry_count == ENTRIES_MAX)
		return complain(route, "too many routes");
	if (route->path[0] != '/')
		return complain(route, "a path begins with /");
	rest = str_of(route->path + 1);
	while (str_cut(&rest, '/', &segment)) {
		if (!segment.len && strcmp(route->path, "/"))
			return complain(route, "empty segment");
		if (++depth > DEPTH_MAX)
			return complain(route, "too many segments");
		if (segment.len && segment.ptr[0] == ':' &&
			(segment.len == 1 || ++names > ROUTE_SEGMENTS_MAX))
			return complain(route, "a name is missing, or there are too many");
		if (segment.len)
			node = child_of(node, segment);
	}
	if (node->entry[route->method])
		return complain(route, "declared twice");
	node->entry[route->method] = allocate(sizeof(RouteEntry));
	*node->entry[route->method] = *entry;
	node->entry[route->method]->number = (int)entry_count;
	entries[entry_count++] = node->entry[route->method];
	return true;
}

typedef struct Search {
	Method method;
	unsigned methods; /* that some node of this path knows */
	Str segment[DEPTH_MAX];
	size_t depth;
} Search;

static unsigned methods_of(const Node *node)
{
	unsigned methods = 0;

	for (unsigned i = 0; i < METHOD_COUNT; i++)
		if (node->entry[i])
			methods |= 1u << i;
	return methods;
}

static const RouteEntry *descend(const Node *node, Search *search, size_t at)
{
	const RouteEntry *found;

	if (at == search->depth) {
		search->methods |= methods_of(node);
		return node->entry[search->method];
	}
	for (const Node *child = node->child; child; child = child->sibling)
		if (child->length == search->segment[at].len &&
			!memcmp(child->literal, search->segment[at].ptr, child->length)) {
			found = descend(child, search, at + 1);
			if (found)
				return found;
		}
	return node->any ? descend(node->any, search, at + 1) : NULL;
}

/* The values that stand where the route's path has :names. */
static size_t take_segments(const Route *route, const Search *search, Arena *mem, FormPair *ret)
{
	Str rest = str_of(route->path + 1), segment;
	size_t count = 0;

	for (size_t i = 0; i < search->depth && str_cut(&rest, '/', &segment); i++)
		if (segment.len && segment.ptr[0] == ':') {
			ret[count].name = arena_copy(mem, segment.ptr + 1, segment.len - 1);
			ret[count++].value =
				arena_copy(mem, search->segment[i].ptr, search->segment[i].len);
		}
	return count;
}

const RouteEntry *routes_match(Method method, const char *path, Arena *mem, FormPair *ret_segment,
	size_t *ret_segment_count, unsigned *ret_methods)
{
	Search search = { .method = method };
	const RouteEntry *entry;
	Str rest, segment;

	*ret_methods = 0;
	if (path[0] != '/')
		return NULL;
	rest = str_of(path + 1);
	while (path[1] && str_cut(&rest, '/', &segment)) {
		if (!segment.len || search.depth == DEPTH_MAX)
			return NULL;
		search.segment[search.depth++] = segment;
	}
	entry = descend(&root, &search, 0);
	*ret_methods = search.methods;
	if (entry && mem)
		*ret_segment_count = take_segments(entry->route, &search, mem, ret_segment);
	return entry;
}

size_t routes_count(void)
{
	return entry_count;
}

const RouteEntry *routes_at(size_t number)
{
	return entries[number];
}

static void node_clear(Node *node)
{
	Node *child = node->child;

	while (child) {
		Node *next = child->sibling;

		node_clear(child);
		free(child);
		child = next;
	}
	if (node->any) {
		node_clear(node->any);
		free(node->any);
	}
	for (size_t i = 0; i < METHOD_COUNT; i++)
		free(node->entry[i]);
	*node = (Node){ 0 };
}

void routes_clear(void)
{
	node_clear(&root);
	entry_count = 0;
}
