/* fake_web: the few functions of platform/web that the shell asks, for tests without a server. */
#ifndef UI_TEST_FAKE_WEB_H
#define UI_TEST_FAKE_WEB_H

#include "platform/ui/ui.h"

typedef struct FakeWeb {
	const char *page;     /* query parameter "page" */
	const char *question; /* query parameter "q" */
	const char *flash, *undo;
	const char *refused; /* a permission the user does not hold */
	int sent;            /* status of the answer */
} FakeWeb;

extern FakeWeb fake_web;

/* A request of Renata, receptionist of Ianara's clinic, with the program's usual setup. */
Req *fake_request(Arena *mem);
void fake_setup(void);

#endif
