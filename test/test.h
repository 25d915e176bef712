/* test: a test is a sentence. TEST(two_clinics_may_have_the_same_patient) { … CHECK(…); }
 * Every test gets a fresh context `cx` (company 1, user 1, a fixed now). In programs linked with
 * test/test_db.c, cx->db is a real PostgreSQL and the test's transaction is rolled back after it.
 */
#ifndef TEST_TEST_H
#define TEST_TEST_H

#include "core/ctx.h"
#include "core/str.h"

/* 22 November 2026, 12:00 UTC: a Sunday morning in São Paulo. */
enum { TEST_NOW = 1795348800 };

typedef struct TestCase {
	const char *name;
	const char *file;
	void (*run)(Ctx *cx);
	struct TestCase *next;
} TestCase;

void test_register(TestCase *test);
void test_fail(const char *file, int line, const char *format, ...) PRINTF(3, 4);
/* Say why and count the test as skipped: for vectors or services that are not there. */
void test_skip(const char *why);
/* Compare; on difference both are printed. */
void test_same_text(const char *file, int line, const char *got, const char *want);
void test_same_int(const char *file, int line, int64_t got, int64_t want);
/* Contents of a file under ../shared/vectors, or NULL when it is not there. */
char *test_vector(Arena *mem, const char *name);

/* TMPDIR, where the test's own files go, and a path in it. A name may end in XXXXXX, for mkdtemp
 * and mkstemp. */
const char *test_folder(void);
char *test_scratch(Arena *mem, const char *name);

/* Set by test/test_db.c; NULL in programs without a database. */
extern void (*test_before)(Ctx *cx);
extern void (*test_after)(Ctx *cx);

#define TEST(test_name)                                                                            \
	static void test_name(Ctx *cx);                                                            \
	__attribute__((constructor)) static void register_##test_name(void)                        \
	{                                                                                          \
		static TestCase test_case = { #test_name, __FILE__, test_name, NULL };             \
		test_register(&test_case);                                                         \
	}                                                                                          \
	static void test_name(__attribute__((unused)) Ctx *cx)

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			test_fail(__FILE__, __LINE__, "%s", #condition);                           \
	} while (0)
#define CHECK_TEXT(got, want) test_same_text(__FILE__, __LINE__, (got), (want))
#define CHECK_INT(got, want)  test_same_int(__FILE__, __LINE__, (int64_t)(got), (int64_t)(want))

#endif
