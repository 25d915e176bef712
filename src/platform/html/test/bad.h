/* The templates of bad.html, none of which compiles. */
#ifndef HTML_TEST_BAD_H
#define HTML_TEST_BAD_H

#include "platform/html/html.h"

typedef struct Bad {
	const char *name;
	bool on;
	double ratio;
	Url url;
	Safe safe;
} Bad;

void bad_fields(Html *h, const Bad *v);
void bad_arguments(Html *h, int x);

#endif
