/* say: plain text to the terminal. Nothing here may fail: a terminal that is gone is no reason to
 * stop. */
#include "program/say.h"

#include <stdarg.h>
#include <unistd.h>

#include "core/clock.h"

enum { TAIL_BYTES = 16 << 10 };

static bool on_terminal(void)
{
	return isatty(STDOUT_FILENO) == 1;
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

void say_problem(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("\nErro: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\n\n", stderr);
}

void say_tail(const char *path, int lines)
{
	char text[TAIL_BYTES + 1];
	FILE *file = fopen(path, "re");
	char *from;
	size_t size;

	if (!file)
		return;
	if (fseek(file, -TAIL_BYTES, SEEK_END) != 0)
		rewind(file);
	size = fread(text, 1, TAIL_BYTES, file);
	fclose(file);
	text[size] = '\0';
	from = text + size;
	for (int seen = 0; from > text; from--) {
		if (from[-1] == '\n' && from < text + size && ++seen == lines)
			break;
	}
	for (char *line = from, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		fprintf(stderr, "    %.*s\n", (int)(end - line), line);
		end += *end == '\n';
	}
}

void step_begin(Step *step, const char *title)
{
	*step = (Step){ .title = title, .since_us = time_now_us() };
	if (on_terminal())
		printf("\r\033[K  %s…", title);
	fflush(stdout);
}

void step_tick(Step *step)
{
	int64_t seconds = (time_now_us() - step->since_us) / 1000000;

	if (seconds == step->shown_s)
		return;
	if (on_terminal())
		printf("\r\033[K  %s… %" PRId64 " s", step->title, seconds);
	else if (seconds == 1 || seconds % 20 == 0)
		printf("  %s… %" PRId64 " s\n", step->title, seconds);
	step->shown_s = seconds;
	fflush(stdout);
}

void step_end(Step *step)
{
	double seconds = (double)(time_now_us() - step->since_us) / 1e6;

	if (on_terminal())
		printf("\r\033[K");
	if (seconds < 1)
		printf("  ✓ %s\n", step->title);
	else
		printf("  ✓ %s (%.0f s)\n", step->title, seconds);
	fflush(stdout);
}

void step_fail(Step *step)
{
	if (on_terminal())
		printf("\r\033[K");
	printf("  ✗ %s\n", step->title);
	fflush(stdout);
}
