/* The templates of golden.html, compiled for the tests. */
#ifndef HTML_TEST_GOLDEN_H
#define HTML_TEST_GOLDEN_H

#include "platform/html/html.h"

typedef struct Row {
	int64_t id;
	const char *name, *phone;
	const char *tag[4];
	size_t tag_count;
	int64_t value, due;
	bool stalled;
} Row;

typedef struct Values {
	const char *text;
	char name[8];
	uint8_t small;
	short short_one;
	unsigned long long large;
	int64_t number;
	Url url;
	Safe safe;
	JsonText json;
} Values;

void golden_card(Html *h, const Row *v);
void golden_list(Html *h, const Row *row, size_t count);
void golden_values(Html *h, const Values *v);
void golden_url(Html *h, const char *text, const char *empty);
void golden_attributes(Html *h, bool on, bool busy, const char *tone);
void golden_branch(Html *h, int n);
void golden_loop(Html *h, int n);
void golden_white_space(Html *h);
void golden_inline(Html *h, bool yes, const char *text);
void golden_verbatim(Html *h, const char *text);
void golden_icon(Html *h, const char *name);
void golden_open(Html *h);
void golden_close(Html *h);
void golden_page(Html *h);
void golden_form(Html *h);
void golden_script(Html *h, JsonText json);
void golden_percent(Html *h);

#endif
