/* Files in a folder. A file comes to its name only whole: linked from an upload, or renamed from a
 * scratch name; then the folder is synced. Files are read-only, folders are the program's alone. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/random.h"
#include "platform/storage/storage_driver.h"

static Err failed(Ctx *cx, const char *what)
{
	return err_set(cx, ERR_UNAVAILABLE, "storage: could not %s: errno %d", what, errno);
}

static const char *path_of(Ctx *cx, const char *key)
{
	return arena_printf(cx->mem, "%s/%s", storage_config()->root, key);
}

/* The file's folder: path up to the last slash. */
static char *folder_of(Ctx *cx, const char *path)
{
	return arena_copy(cx->mem, path, (size_t)(strrchr(path, '/') - path));
}

static bool sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* Make <root>/<company>/<aa>; a folder that is new is synced into the one above. */
static bool make_folders(Ctx *cx, const char *path)
{
	char *inner = folder_of(cx, path), *outer = folder_of(cx, inner);

	if (mkdir(inner, 0700) == 0)
		return sync_folder(outer);
	if (errno == EEXIST)
		return true;
	if (errno != ENOENT)
		return false;
	if (mkdir(outer, 0700) && errno != EEXIST)
		return false;
	return sync_folder(storage_config()->root) &&
	       (mkdir(inner, 0700) == 0 || errno == EEXIST) && sync_folder(outer);
}

/* Bytes of a file by name; -1: none. */
static int64_t size_of(const char *path)
{
	struct stat info;

	return stat(path, &info) || !S_ISREG(info.st_mode) ? -1 : info.st_size;
}

static bool copy_bytes(int from, int to, int64_t size)
{
	off_t at = 0;

	while (at < size)
		if (sendfile(to, from, &at, (size_t)(size - at)) <= 0)
			return false;
	return fchmod(to, 0400) == 0 && fsync(to) == 0;
}

/* Copy to a name of its own in the same folder, then rename: nobody sees half a file. */
static Err copy_in(Ctx *cx, const char *path, int fd, int64_t size)
{
	const char *part = arena_printf(cx->mem, "%s.%s.part", path, crypto_token(cx->mem, 8));
	int to = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good = to >= 0 && copy_bytes(fd, to, size);

	if (to >= 0)
		close(to);
	if (good && rename(part, path) == 0)
		return OK;
	(void)failed(cx, "write a file");
	unlink(part);
	return ERR_UNAVAILABLE;
}

/* A link costs nothing, but needs the same file system. The upload must be what fd is. */
static bool link_in(const char *path, int fd, const char *from)
{
	struct stat opened, named;

	if (!from || fstat(fd, &opened) || lstat(from, &named) || opened.st_ino != named.st_ino ||
		opened.st_dev != named.st_dev || opened.st_nlink != 1)
		return false;
	return fchmod(fd, 0400) == 0 && fsync(fd) == 0 && link(from, path) == 0;
}

static Err put(Ctx *cx, const char *key, int fd, const char *from, const StoredFile *file)
{
	const char *path = path_of(cx, key);

	if (!make_folders(cx, path))
		return failed(cx, "make a folder");
	if (size_of(path) == file->size_bytes)
		return OK;
	if (!link_in(path, fd, from))
		TRY(copy_in(cx, path, fd, file->size_bytes));
	return sync_folder(folder_of(cx, path)) ? OK : failed(cx, "sync a folder");
}

static Err open_file(Ctx *cx, const char *key, int *ret_fd)
{
	int fd = open(path_of(cx, key), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? err_set(cx, ERR_NOT_FOUND, "storage: a file is missing")
				       : failed(cx, "open a file");
	storage_close_later(cx, fd);
	*ret_fd = fd;
	return OK;
}

static Err remove_file(Ctx *cx, const char *key)
{
	return unlink(path_of(cx, key)) && errno != ENOENT ? failed(cx, "delete a file") : OK;
}

static const char *uri(Ctx *cx, const char *key)
{
	return arena_printf(cx->mem, "/files/%s", key);
}

/* ---- what lies there ---- */

typedef struct Walk {
	Ctx *cx;
	int64_t before;
	Err (*each)(Ctx *cx, const char *hash, void *arg);
	void *arg;
} Walk;

static void close_folder(void *folder)
{
	closedir(folder);
}

/* Files put together are never older than their last change: ctime is when they were linked here.
 */
static Err walk_folder(const Walk *walk, const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (!folder)
		return errno == ENOENT ? OK : failed(walk->cx, "read a folder");
	arena_defer(walk->cx->mem, close_folder, folder);
	while ((entry = readdir(folder))) {
		struct stat info;

		if (fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) ||
			!S_ISREG(info.st_mode) || info.st_ctime >= walk->before)
			continue;
		if (str_ends(entry->d_name, ".part"))
			unlinkat(dirfd(folder), entry->d_name, 0);
		else
			TRY(walk->each(walk->cx, entry->d_name, walk->arg));
	}
	return OK;
}

/* A sixteenth of the folders a day, so that a great store does not take all of a job's memory. */
static Err list(
	Ctx *cx, int64_t before, Err (*each)(Ctx *cx, const char *hash, void *arg), void *arg)
{
	Walk walk = { cx, before, each, arg };
	int share = (int)(before / 86400 % 16);

	for (int i = share; i < 256; i += 16)
		TRY(walk_folder(&walk, arena_printf(cx->mem, "%s/%" PRId64 "/%02x",
					       storage_config()->root, cx->company.v, i)));
	return OK;
}

const StorageDriver storage_local = {
	.put = put, .open = open_file, .remove = remove_file, .uri = uri, .list = list
};
