/* pages: the shell's and the router's questions to the modules. */
#ifndef APP_PAGES_H
#define APP_PAGES_H

#include "app/app.h"
#include "platform/web/router.h"

extern const Route page_routes[];
extern const size_t page_route_count;

void pages_init(void);
bool pages_hooks(const AppConfig *config, WebHooks *ret);

#endif
