/* file: small files and folders, written so that a power cut leaves the old content or the new one.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/str.h"
#include "program/home.h"

enum { FILE_MAX = 256 << 10, TAIL_BYTES = 4096 };

int64_t home_free_bytes(const char *path)
{
	struct statvfs disk;

	if (statvfs(path, &disk) != 0)
		return -1;
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

bool folder_make(const char *path, mode_t mode)
{
	char part[PATH_MAX];
	size_t size = strlen(path);

	if (size >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(part, path, size + 1);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, mode) != 0 && errno != EEXIST)
			return false;
		*slash = '/';
	}
	return mkdir(part, mode) == 0 || errno == EEXIST;
}

static bool write_whole(int fd, const char *text)
{
	size_t size = strlen(text);

	while (size > 0) {
		ssize_t done = write(fd, text, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		text += done;
		size -= (size_t)done;
	}
	return fsync(fd) == 0;
}

bool file_write(const char *path, const char *text, mode_t mode)
{
	char beside[PATH_MAX];
	bool written;
	int fd;

	if (snprintf(beside, sizeof(beside), "%s.new", path) >= (int)sizeof(beside)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0)
		return false;
	written = write_whole(fd, text) && fchmod(fd, mode) == 0;
	if (close(fd) != 0 || !written || rename(beside, path) != 0) {
		int why = errno;

		unlink(beside);
		errno = why;
		return false;
	}
	return true;
}

char *file_read(Arena *mem, const char *path)
{
	FILE *file = fopen(path, "re");
	char piece[4096];
	size_t size;
	Buf all;

	if (!file)
		return NULL;
	buf_init(&all, mem, FILE_MAX);
	while ((size = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(&all, piece, size);
	fclose(file);
	return arena_dup(mem, buf_text(&all));
}

bool log_says(const char *path, const char *text)
{
	char tail[TAIL_BYTES + 1];
	FILE *file = fopen(path, "re");
	size_t size;

	if (!file)
		return false;
	if (fseek(file, -TAIL_BYTES, SEEK_END) != 0)
		rewind(file);
	size = fread(tail, 1, TAIL_BYTES, file);
	fclose(file);
	tail[size] = '\0';
	return strstr(tail, text) != NULL;
}

static bool copy_over(int from, int to)
{
	struct stat info;
	ssize_t done;

	if (fstat(from, &info) != 0)
		return false;
	for (off_t left = info.st_size; left > 0; left -= done) {
		done = sendfile(to, from, NULL, (size_t)left);
		if (done <= 0)
			return false;
	}
	return true;
}

void log_cut(const char *path, int64_t max_bytes)
{
	char old[PATH_MAX];
	struct stat info;
	int from, to;

	if (stat(path, &info) != 0 || info.st_size <= max_bytes ||
		snprintf(old, sizeof(old), "%s.1", path) >= (int)sizeof(old))
		return;
	from = open(path, O_RDONLY | O_CLOEXEC);
	to = open(old, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	/* A full disk is when room is needed most: then the log is cut without keeping it. */
	if (from < 0 || to < 0 || !copy_over(from, to))
		unlink(old);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	(void)!truncate(path, 0);
}
