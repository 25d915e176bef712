/* GET /agenda/feed/:file: what a calendar program asks for every few minutes. The secret in the
 * address is the key; nobody is signed in. */
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_rooms.h"

enum { PAST_DAYS = 31, AHEAD_DAYS = 366, PER_MINUTE = 30 };

/* 404: no such secret, or it was taken back. An ETag of the bytes and 304 are the router's doing.
 */
static Err show_feed(Req *q)
{
	const char *file = req_segment(q, "file");
	SqlDoorFeedVisits *visit;
	SqlDoorFeed feed;
	size_t count;
	bool found;

	if (!str_ends(file, ".ics"))
		return err_set(q->cx, ERR_NOT_FOUND, "no calendar file");
	TRY(sql_door_feed(q->cx,
		secret_hash(
			q->cx->mem, arena_copy(q->cx->mem, file, strlen(file) - strlen(".ics"))),
		&feed, &found));
	if (!found)
		return err_set(q->cx, ERR_NOT_FOUND, "no feed has this secret");
	TRY(sql_door_feed_visits(q->cx, feed.user_id, q->cx->now - PAST_DAYS * (int64_t)DAY_S,
		q->cx->now + AHEAD_DAYS * (int64_t)DAY_S, &visit, &count));
	answer_header(q, "Content-Disposition", "inline; filename=\"agenda.ics\"");
	answer_header(q, "X-Robots-Tag", "noindex");
	return send_text(q, 200, "text/calendar; charset=utf-8",
		feed_text(q->cx->mem, &(FeedIn){ .host = q->site->host,
					      .dentist = feed.name,
					      .names = feed.feed_names,
					      .visit = visit,
					      .visit_count = count }));
}

static const Route routes[] = {
	{ GET, "/agenda/feed/:file", show_feed, PERM_ANYONE, ROUTE_PLAIN,
		.rate_per_minute = PER_MINUTE },
};
const RouteList feed_routes = { routes, COUNT(routes), &kiosk_routes };
