/* The small parts: cookies, buckets, paths. */
#include "platform/web/cookie.h"
#include "platform/web/rate.h"
#include "platform/web/routes.h"
#include "test.h"

static const char *cookie(Ctx *cx, const char *header, const char *name)
{
	Str value;

	if (!cookie_find(str_of(header), name, &value))
		return NULL;
	return arena_copy(cx->mem, value.ptr, value.len);
}

TEST(a_cookie_is_found_among_others)
{
	CHECK_TEXT(cookie(cx, "a=1; bb=2; b=3", "b"), "3");
	CHECK_TEXT(cookie(cx, "b=first; b=second", "b"), "first");
	CHECK_TEXT(cookie(cx, "a=\"quoted\"", "a"), "quoted");
	CHECK_TEXT(cookie(cx, "a=x=y", "a"), "x=y");
	CHECK_TEXT(cookie(cx, "a=", "a"), "");
	CHECK_TEXT(cookie(cx, ";;=; a ;a=1", "a"), "1");
	CHECK_TEXT(cookie(cx, "ab=1", "a"), NULL);
	CHECK_TEXT(cookie(cx, "", "a"), NULL);
}

TEST(a_bucket_empties_and_fills_with_time)
{
	uint64_t key = rate_key(1, "198.51.100.1", 3);
	int64_t now = 1000000000;
	Rate rate;

	for (int i = 0; i < 6; i++) {
		CHECK(rate_take(key, 6, now, &rate));
		CHECK_INT(rate.remaining, 5 - i);
	}
	CHECK(!rate_take(key, 6, now, &rate));
	CHECK_INT(rate.remaining, 0);
	CHECK(rate.retry_s >= 10 && rate.retry_s <= 11);
	CHECK_INT(rate.reset_s, 60);
	CHECK(!rate_take(key, 6, now + 9000000, &rate));
	CHECK(rate_take(key, 6, now + 10000000, &rate));
	CHECK(!rate_take(key, 6, now + 10000000, &rate));
	CHECK(rate_take(key, 6, now + 90000000, &rate));
	CHECK_INT(rate.remaining, 5);
}

TEST(buckets_are_of_a_company_a_peer_and_a_route)
{
	CHECK(rate_key(1, "a", 1) != rate_key(2, "a", 1));
	CHECK(rate_key(1, "a", 1) != rate_key(1, "b", 1));
	CHECK(rate_key(1, "a", 1) != rate_key(1, "a", 2));
	CHECK(rate_key(1, "2001:db8:0:1:aaaa::1", 1) == rate_key(1, "2001:db8:0:1:bbbb::2", 1));
	CHECK(rate_key(1, "2001:db8:0:1:aaaa::1", 1) != rate_key(1, "2001:db8:0:2:aaaa::1", 1));
}

TEST(a_flood_of_peers_takes_no_memory_and_frees_nobody_who_is_limited_often)
{
	uint64_t key = rate_key(1, "203.0.113.1", 1);
	int64_t now = 5000000000;
	Rate rate;

	for (int i = 0; i < 60; i++)
		(void)rate_take(key, 60, now, &rate);
	for (uint64_t i = 0; i < 3000; i++)
		(void)rate_take(i * 0x9E3779B97F4A7C15u, 60, now, &rate);
	CHECK(!rate_take(key, 60, now, &rate));
}

/* ---- paths ---- */

static bool add(const char *path)
{
	static Route routes[32];
	static size_t count;
	Route *route = &routes[count++ % COUNT(routes)];

	*route = (Route){ GET, path, NULL, PERM_ANYONE };
	return routes_add(&(RouteEntry){ .route = route });
}

static const char *find(Ctx *cx, const char *path, FormPair *segment)
{
	unsigned methods;
	size_t count = 0;
	const RouteEntry *entry = routes_match(GET, path, cx->mem, segment, &count, &methods);

	return entry ? entry->route->path : NULL;
}

TEST(a_literal_segment_wins_and_a_name_takes_the_rest)
{
	FormPair segment[ROUTE_SEGMENTS_MAX] = { 0 };

	routes_clear();
	CHECK(add("/") && add("/leads") && add("/leads/new") && add("/leads/:id") &&
		add("/leads/:id/notes") && add("/leads/:id/notes/:note"));
	CHECK_TEXT(find(cx, "/", segment), "/");
	CHECK_TEXT(find(cx, "/leads", segment), "/leads");
	CHECK_TEXT(find(cx, "/leads/new", segment), "/leads/new");
	CHECK_TEXT(find(cx, "/leads/7", segment), "/leads/:id");
	CHECK_TEXT(segment[0].name, "id");
	CHECK_TEXT(segment[0].value, "7");
	CHECK_TEXT(find(cx, "/leads/new/notes", segment), "/leads/:id/notes");
	CHECK_TEXT(find(cx, "/leads/a b/notes/2", segment), "/leads/:id/notes/:note");
	CHECK_TEXT(segment[0].value, "a b");
	CHECK_TEXT(segment[1].value, "2");
	CHECK_TEXT(find(cx, "/leads/", segment), NULL);
	CHECK_TEXT(find(cx, "/lead", segment), NULL);
	CHECK_TEXT(find(cx, "leads", segment), NULL);
	CHECK_TEXT(find(cx, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r", segment), NULL);
	CHECK(!add("/leads/:other")); /* the same path under another name */
	routes_clear();
}
