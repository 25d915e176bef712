/* Files that are read: see input.h. */
#include "core/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(void *fd)
{
	close((int)(intptr_t)fd);
}

Err input_open(Ctx *cx, const char *path, Input *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat info;

	if (fd < 0)
		return err_set(cx, ERR_UNAVAILABLE, "a file cannot be opened");
	arena_defer(cx->mem, close_fd, (void *)(intptr_t)fd);
	if (fstat(fd, &info))
		return err_set(cx, ERR_UNAVAILABLE, "a file has no size");
	*ret = (Input){ fd, info.st_size };
	return OK;
}

Err input_read(Ctx *cx, const Input *input, Str *ret)
{
	size_t size = (size_t)input->size, len = 0;
	char *bytes = arena_room(cx->mem, size + 1);
	ssize_t got;

	while (len < size && (got = pread(input->fd, bytes + len, size - len, (off_t)len)) > 0)
		len += (size_t)got;
	if (len < size)
		return err_set(cx, ERR_UNAVAILABLE, "a file cannot be read to its end");
	bytes[len] = '\0';
	*ret = (Str){ bytes, len };
	return OK;
}
