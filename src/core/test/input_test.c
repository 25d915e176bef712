#include "core/input.h"

#include <fcntl.h>
#include <unistd.h>

#include "test.h"

TEST(a_file_is_read_whole_wherever_it_was_read_before)
{
	const char *path = test_scratch(cx->mem, "input");
	int made = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	char first;
	Input input;
	Str bytes;

	CHECK(write(made, "siso", 4) == 4);
	CHECK(close(made) == 0);
	CHECK(input_open(cx, path, &input) == OK);
	CHECK_INT(input.size, 4);
	CHECK(read(input.fd, &first, 1) == 1);
	CHECK(input_read(cx, &input, &bytes) == OK);
	CHECK(str_is(bytes, "siso"));
	input.size = 5; /* it was cut meanwhile */
	CHECK(input_read(cx, &input, &bytes) == ERR_UNAVAILABLE);
	CHECK(unlink(path) == 0);
	CHECK(input_open(cx, path, &input) == ERR_UNAVAILABLE);
}
