/* Runs the tests of one program in the order of their files; prints what failed and the closing
 * line "N passed, N failed, N skipped". An argument runs only the tests whose name contains it.
 * When it is stopped (SIGTERM at script/test's limit, SIGABRT) it says which test was running. */
#include "test.h"

#include <signal.h>
#include <unistd.h>

void (*test_before)(Ctx *cx);
void (*test_after)(Ctx *cx);

static TestCase *first, **last = &first;
static const TestCase *volatile running;
static pid_t program; /* its forks are not asked */
static int failures;  /* of the running test */
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

const char *test_folder(void)
{
	return getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
}

char *test_scratch(Arena *mem, const char *name)
{
	return arena_printf(mem, "%s/%s", test_folder(), name);
}

/* Only what a signal handler may do. */
static void say_and_die(int signal)
{
	const TestCase *test = running;

	if (test && getpid() == program &&
		(write(STDERR_FILENO, "stopped while running ", 22) < 0 ||
			write(STDERR_FILENO, test->name, strlen(test->name)) < 0 ||
			write(STDERR_FILENO, "\n", 1) < 0))
		_exit(1);
	/* SA_RESETHAND: now it ends the program, as it would have without us */
	raise(signal);
}

static void watch_signals(void)
{
	struct sigaction action = { .sa_handler = say_and_die, .sa_flags = (int)SA_RESETHAND };

	program = getpid();
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGABRT, &action, NULL);
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
	running = test;
	if (test_before)
		test_before(&cx);
	test->run(&cx);
	if (test_after)
		test_after(&cx);
	arena_free(mem);
	running = NULL;
	if (failures)
		printf("FAILED %s (%s)\n", test->name, test->file);
	return !failures;
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : "";
	int passed = 0, failed = 0, left_out = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	watch_signals();
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
