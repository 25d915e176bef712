/* ui-preview DIR: write the pages of /design as files, for looking at them without a server
 * (test/browser/preview.mjs serves, checks and photographs them). */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "platform/ui/design_view.h"
#include "platform/ui/test/fake_web.h"

typedef struct Shot {
	const char *file, *page;
	bool dark, signed_out;
	Err err;      /* show this error instead */
	bool nobodys; /* at a host of no company */
} Shot;

static const Shot shots[] = {
	{ "design", NULL, false, false, OK },
	{ "board", "board", false, false, OK },
	{ "draft", "draft", false, false, OK },
	{ "empty", "empty", false, false, OK },
	{ "sign-in", "sign-in", false, true, OK },
	{ "capture", "capture", false, true, OK },
	{ "drawer", "drawer", false, false, OK },
	{ "switcher", "switcher", false, false, OK },
	{ "error", NULL, false, false, ERR_NOT_FOUND },
	{ "away", NULL, false, true, ERR_UNAVAILABLE },
	{ "nobodys", NULL, false, true, ERR_NOT_FOUND, true },
};

static bool write_file(const char *dir, const char *name, const char *text)
{
	char path[4096];
	FILE *file;
	bool good;

	snprintf(path, sizeof(path), "%s/%s.html", dir, name);
	file = fopen(path, "w");
	if (!file) {
		fprintf(stderr, "could not open %s: %s\n", path, strerror(errno));
		return false;
	}
	good = fputs(text, file) >= 0;
	return fclose(file) == 0 && good;
}

static bool take(const char *dir, const Shot *shot)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Req *q = fake_request(mem);
	bool good;

	fake_web.page = shot->page;
	q->dark = shot->dark;
	if (shot->signed_out)
		q->who = NULL;
	if (shot->nobodys)
		q->site = NULL;
	if (shot->err == OK)
		good = ui_design_show(q) == OK;
	else {
		ui_error_page(q, shot->err);
		good = true;
	}
	good = good && write_file(dir, shot->file, html_text_of(&q->html));
	arena_free(mem);
	return good;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: ui-preview DIR\n");
		return 2;
	}
	(void)mkdir(argv[1], 0755);
	fake_setup();
	for (size_t i = 0; i < COUNT(shots); i++)
		if (!take(argv[1], &shots[i]))
			return 1;
	return 0;
}
