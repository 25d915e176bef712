/* Runs the tests of one program in the order of their files; prints what failed and the closing
 * line "N passed, N failed, N skipped". An argument runs only the tests whose name contains it. */
#include "test.h"

#include <unistd.h>

void (*test_before)(Ctx *cx);
void (*test_after)(Ctx *cx);

static TestCase *first, **last = &first;
static int failures; /* of the running test */
static bool skipped;

void test_register(TestCase *test)
{
	*last = test;
	last = &test->next;
}

void test_fail(const char *file, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%s:%d: ", file, line);
	vprintf(format, args);
	putchar('\n');
	va_end(args);
	failures++;
}

void test_skip(const char *why)
{
	printf("skipped: %s\n", why);
	skipped = true;
}

void test_same_text(const char *file, int line, const char *got, const char *want)
{
	if (!str_same(got, want))
		test_fail(file, line, "got \"%s\", wanted \"%s\"", got ? got : "(null)",
			want ? want : "(null)");
}

void test_same_int(const char *file, int line, int64_t got, int64_t want)
{
	if (got != want)
		test_fail(file, line, "got %" PRId64 ", wanted %" PRId64, got, want);
}

char *test_vector(Arena *mem, const char *name)
{
	const char *root = getenv("SISO_SOURCE");
	char *path = arena_printf(mem, "%s/../shared/vectors/%s", root ? root : ".", name);
	FILE *file = fopen(path, "rbe");
	char *text;
	long size;

	if (!file)
		return NULL;
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = arena_alloc(mem, (size_t)size + 1);
	if (fread(text, 1, (size_t)size, file) != (size_t)size)
		text = NULL;
	fclose(file);
	return text;
}

static bool run(const TestCase *test)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem,
		.company = { 1 },
		.user = { 1 },
		.now = TEST_NOW,
		.zone = "America/Sao_Paulo",
		.request_id = "test",
		.peer = "127.0.0.1" };

	failures = 0;
	skipped = false;
	if (test_before)
		test_before(&cx);
	test->run(&cx);
	if (test_after)
		test_after(&cx);
	arena_free(mem);
	if (failures)
		printf("FAILED %s (%s)\n", test->name, test->file);
	return !failures;
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : "";
	int passed = 0, failed = 0, left_out = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (const TestCase *test = first; test; test = test->next) {
		if (!strstr(test->name, only))
			continue;
		if (!run(test))
			failed++;
		else if (skipped)
			left_out++;
		else
			passed++;
	}
	printf("%d passed, %d failed, %d skipped\n", passed, failed, left_out);
	return failed > 0 || passed + left_out == 0;
}
