/* hooks: what router_init was given, for the files of this folder. Written once, before any thread.
 */
#ifndef WEB_HOOKS_H
#define WEB_HOOKS_H

#include "platform/web/router.h"

extern WebHooks web_hooks;
extern unsigned char web_secret[32]; /* signs what the program gives a browser to bring back */
void hooks_init(const WebHooks *hooks);

/* A request for host was of company: the next one takes its turn in the lanes. */
void router_note_tenant(const char *host, CompanyId company);

#endif
