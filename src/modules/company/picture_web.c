/* The clinic's logo and icon: public, because sign-in pages and browsers' tabs show them. */
#include "modules/company/company_rooms.h"
#include "modules/company/company_view.h"

static Err send_picture(Req *q, const char *hash)
{
	if (!hash)
		return err_set(q->cx, ERR_NOT_FOUND, "the company has no such picture");
	answer_header(q, "Cache-Control", "public, max-age=300");
	return send_file(q, hash, NULL, NULL, /* inline_view= */ true);
}

/* GET /logo. 404 when there is none: the shell shows initials then. */
Err company_logo(Req *q)
{
	return send_picture(q, q->site->logo);
}

/* GET /favicon */
Err company_favicon(Req *q)
{
	return send_picture(q, q->site->favicon);
}
