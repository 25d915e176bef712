#include "core/log.h"

#include <sys/mman.h>
#include <jansson.h>
#include <unistd.h>

#include "test.h"

/* Run the log with standard error going to a file; what it wrote. */
static char *written(Ctx *cx, void (*write_lines)(Ctx *))
{
	int fd = memfd_create("log", MFD_CLOEXEC), kept = dup(STDERR_FILENO);
	char *text;
	off_t size;

	CHECK(fd >= 0 && kept >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	write_lines(cx);
	CHECK(dup2(kept, STDERR_FILENO) >= 0);
	size = lseek(fd, 0, SEEK_END);
	text = arena_alloc(cx->mem, (size_t)size + 1);
	CHECK(pread(fd, text, (size_t)size, 0) == size);
	close(fd);
	close(kept);
	return text;
}

static const char *field(Ctx *cx, const char *line, const char *name)
{
	json_t *root = json_loads(line, JSON_REJECT_DUPLICATES, NULL), *value;
	const char *text = NULL;

	CHECK(root != NULL);
	value = json_object_get(root, name);
	if (json_is_string(value))
		text = arena_dup(cx->mem, json_string_value(value));
	else if (json_is_integer(value))
		text = arena_printf(cx->mem, "%lld", (long long)json_integer_value(value));
	json_decref(root);
	return text;
}

static void write_one(Ctx *cx)
{
	(void)cx;
	LOG(LOG_WARN, "a \"quoted\"\nword", LOG_NUMBER("id", -42), LOG_TEXT("why", "ção\\"),
		LOG_TEXT("bytes", "\xFF\xC3z"), LOG_TEXT("none", NULL),
		LOG_TEXT("control", "a\x01\x7f"));
}

TEST(a_log_line_is_one_json_object)
{
	const char *line = written(cx, write_one), *at;

	CHECK_INT(strcspn(line, "\n"), strlen(line) - 1);
	CHECK_TEXT(field(cx, line, "message"), "a \"quoted\"\nword");
	CHECK_TEXT(field(cx, line, "level"), "warn");
	CHECK_TEXT(field(cx, line, "id"), "-42");
	CHECK_TEXT(field(cx, line, "why"), "ção\\");
	CHECK_TEXT(field(cx, line, "bytes"), "??z");
	CHECK_TEXT(field(cx, line, "none"), "");
	CHECK_TEXT(field(cx, line, "control"), "a\x01\x7f");
	at = field(cx, line, "at");
	CHECK(at && strlen(at) == 24 && at[10] == 'T' && at[19] == '.' && at[23] == 'Z');
}

static void write_long(Ctx *cx)
{
	char *text = arena_alloc(cx->mem, 9001);

	memset(text, 'x', 9000);
	LOG(LOG_ERROR, "long", LOG_NUMBER("before", 1), LOG_TEXT("text", text),
		LOG_NUMBER("after", 2));
}

TEST(a_line_too_long_is_cut_at_a_field)
{
	const char *line = written(cx, write_long);

	CHECK(strlen(line) <= 8192);
	CHECK_TEXT(field(cx, line, "before"), "1");
	CHECK(field(cx, line, "text") == NULL);
	CHECK_TEXT(field(cx, line, "message"), "long");
}

static void write_quietly(Ctx *cx)
{
	(void)cx;
	LOG(LOG_DEBUG, "nobody asked");
	log_set_level(LOG_ERROR);
	LOG(LOG_WARN, "nor here");
	log_set_level(LOG_DEBUG);
	LOG(LOG_DEBUG, "now");
	log_set_level(LOG_INFO);
}

TEST(lines_below_the_level_are_not_written)
{
	const char *line = written(cx, write_quietly);

	CHECK_TEXT(field(cx, line, "message"), "now");
	CHECK_INT(strcspn(line, "\n"), strlen(line) - 1);
}
