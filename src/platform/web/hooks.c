#include "platform/web/hooks.h"

#include <sodium.h>

WebHooks web_hooks;
unsigned char web_secret[32];

void hooks_init(const WebHooks *hooks)
{
	web_hooks = *hooks;
	if (hooks->secret)
		memcpy(web_secret, hooks->secret, sizeof(web_secret));
	else
		randombytes_buf(web_secret, sizeof(web_secret));
}
