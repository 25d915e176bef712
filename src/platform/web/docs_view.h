/* docs_view: what the reference page of the API prints. Templates: html/docs.html. */
#ifndef WEB_DOCS_VIEW_H
#define WEB_DOCS_VIEW_H

#include "platform/web/openapi_schema.h"

typedef struct DocsRoute {
	const Route *route;
	const char *method, *path, *anchor;
	const char *perm; /* name of the permission; NULL: any key */
	bool open;        /* no key at all */
	const char *tag;  /* set on the first route of a group */
	int status;       /* of success */
} DocsRoute;

typedef struct DocsView {
	const char *host;
	const DocsRoute *route;
	size_t route_count;
} DocsView;

void docs_body(Html *h, const DocsView *v);
/* Around the body when the program has no shell to offer. */
void docs_bare_open(Html *h, const char *title);
void docs_bare_close(Html *h);

#endif
