/* pages: the shell's and the router's questions to the modules. */
#ifndef APP_PAGES_H
#define APP_PAGES_H

#include "app/app.h"
#include "platform/web/router.h"

/* GET /: home. */
extern const Route page_routes[];
extern const size_t page_route_count;

/* Tell the shell its navigation, counters and search; once. */
void pages_init(void);
/* Fill the router's hooks. False: there is no secret. */
bool pages_hooks(const AppConfig *config, WebHooks *ret);

#endif
