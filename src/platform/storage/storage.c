/* The way of a file in and out. Bytes are put before the row is: a transaction that fails leaves
 * bytes without a row, which storage_sweep finds, and never a row without bytes. An advisory lock
 * on company and hash keeps the sweep from deleting what is just being put. */
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/money.h"
#include "platform/storage/storage.sql.h"
#include "platform/storage/storage_driver.h"
#include "platform/storage/storage_type.h"

enum { CHUNK = 64 << 10, IDLE_S = 86400, LIST_MAX = 500, LOTS_MAX = 20, HASH_LENGTH = 64 };

/* Written once by storage_init, before any thread. */
static StorageConfig the_config;

void storage_init(const StorageConfig *config)
{
	the_config = *config;
	if (config->s3.endpoint)
		storage_s3_init();
}

const StorageConfig *storage_config(void)
{
	return &the_config;
}

static const StorageDriver *driver(void)
{
	return the_config.s3.endpoint ? &storage_s3 : &storage_local;
}

static bool is_hash(const char *text)
{
	return text && strlen(text) == HASH_LENGTH &&
	       strspn(text, "0123456789abcdef") == HASH_LENGTH;
}

static const char *key_of(Ctx *cx, const char *hash)
{
	return arena_printf(cx->mem, "%" PRId64 "/%.2s/%s", cx->company.v, hash, hash);
}

static Err no_such_file(Ctx *cx)
{
	return err_set(cx, ERR_NOT_FOUND, "storage: the company has no such file");
}

/* ---- descriptors ---- */

static void close_fd(void *fd)
{
	close(*(int *)fd);
}

void storage_close_later(Ctx *cx, int fd)
{
	int *kept = NEW(cx->mem, int);

	*kept = fd;
	arena_defer(cx->mem, close_fd, kept);
}

Err storage_scratch(Ctx *cx, int *ret_fd)
{
	int fd = open(the_config.root, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set(cx, ERR_UNAVAILABLE, "storage: no scratch file below the root");
	storage_close_later(cx, fd);
	*ret_fd = fd;
	return OK;
}

/* ---- in ---- */

/* Hash of all the bytes at fd; *ret_size is how many there were. */
static Err hash_file(Ctx *cx, int fd, const char **ret_hash, int64_t *ret_size)
{
	unsigned char *chunk = arena_alloc(cx->mem, CHUNK), hash[crypto_hash_sha256_BYTES];
	char *hex = arena_alloc(cx->mem, sizeof hash * 2 + 1);
	crypto_hash_sha256_state state;
	int64_t size = 0;
	ssize_t got;

	crypto_hash_sha256_init(&state);
	while ((got = pread(fd, chunk, CHUNK, size)) > 0) {
		crypto_hash_sha256_update(&state, chunk, (size_t)got);
		size += got;
	}
	if (got < 0)
		return err_set(cx, ERR_UNAVAILABLE, "storage: a file cannot be read");
	crypto_hash_sha256_final(&state, hash);
	*ret_hash = sodium_bin2hex(hex, sizeof hash * 2 + 1, hash, sizeof hash);
	*ret_size = size;
	return OK;
}

static Err put(Ctx *cx, int fd, const char *path, unsigned kinds, StoredFile *ret)
{
	SqlFileLock locked;
	StoredFile file;
	struct stat info;
	int64_t rows;

	if (fstat(fd, &info) || !S_ISREG(info.st_mode))
		return err_set(cx, ERR_UNAVAILABLE, "storage: an upload is no file");
	TRY(storage_check_type(cx, fd, info.st_size, kinds, &file.type));
	TRY(hash_file(cx, fd, &file.hash, &file.size_bytes));
	if (file.size_bytes != info.st_size)
		return err_set(cx, ERR_UNAVAILABLE, "storage: an upload changes while it is read");
	TRY(sql_file_lock(cx, file.hash, &locked));
	TRY(driver()->put(cx, key_of(cx, file.hash), fd, path, &file));
	TRY(sql_file_add(cx, file.hash, file.type, file.size_bytes, &rows));
	*ret = file;
	return OK;
}

Err storage_put_file(Ctx *cx, const char *path, unsigned kinds, StoredFile *ret)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return err_set(cx, ERR_UNAVAILABLE, "storage: an upload cannot be opened");
	storage_close_later(cx, fd);
	return put(cx, fd, path, kinds, ret);
}

static bool write_all(int fd, Str bytes)
{
	while (bytes.len) {
		ssize_t sent = write(fd, bytes.ptr, bytes.len);

		if (sent <= 0)
			return false;
		bytes.ptr += sent;
		bytes.len -= (size_t)sent;
	}
	return true;
}

Err storage_put_bytes(Ctx *cx, Str bytes, unsigned kinds, StoredFile *ret)
{
	int fd;

	TRY(storage_scratch(cx, &fd));
	if (!write_all(fd, bytes))
		return err_set(cx, ERR_UNAVAILABLE, "storage: scratch file cannot be written");
	return put(cx, fd, /* path= */ NULL, kinds, ret);
}

/* ---- out ---- */

Err storage_get(Ctx *cx, const char *hash, StoredFile *ret)
{
	SqlFileGet row;

	if (!is_hash(hash))
		return no_such_file(cx);
	TRY(sql_file_get(cx, hash, &row));
	*ret = (StoredFile){ arena_dup(cx->mem, hash), row.type, row.size_bytes };
	return OK;
}

Err storage_open(Ctx *cx, const char *hash, int *ret_fd)
{
	if (!is_hash(hash))
		return no_such_file(cx);
	return driver()->open(cx, key_of(cx, hash), ret_fd);
}

const char *storage_uri(Ctx *cx, const char *hash)
{
	return is_hash(hash) ? driver()->uri(cx, key_of(cx, hash)) : NULL;
}

/* ---- holders and quota ---- */

Err storage_keep(Ctx *cx, const char *hash)
{
	int64_t rows;

	TRY(sql_file_keep(cx, hash, &rows));
	return rows ? OK : no_such_file(cx);
}

Err storage_drop(Ctx *cx, const char *hash)
{
	int64_t rows;

	TRY(sql_file_drop(cx, hash, &rows));
	return rows ? OK : no_such_file(cx);
}

Err storage_used(Ctx *cx, int64_t *ret_bytes)
{
	SqlFileUsed row;
	bool found;

	TRY(sql_file_used(cx, &row, &found));
	*ret_bytes = found ? row.size_bytes : 0;
	return OK;
}

/* "49,8 GB" or "120 MB". */
static const char *size_text(Ctx *cx, int64_t bytes)
{
	int64_t mb = bytes >> 20;

	return mb < 1024 ? arena_printf(cx->mem, "%" PRId64 " MB", mb)
			 : arena_printf(
				   cx->mem, "%s GB", number_text_tenths(cx->mem, mb * 10 / 1024));
}

Err storage_check_quota(Ctx *cx, int64_t more, int64_t limit_bytes)
{
	int64_t used;

	TRY(storage_used(cx, &used));
	if (more <= limit_bytes && used <= limit_bytes - more)
		return OK;
	return err_tell(cx, ERR_LIMIT,
		arena_printf(cx->mem,
			"Não há espaço para este arquivo: %s de %s em uso. Veja as opções em "
			"Configurações, Plano.",
			size_text(cx, used), size_text(cx, limit_bytes)),
		"storage limit %" PRId64, limit_bytes);
}

/* ---- sweep ---- */

/* The lock comes first, then the question again: a put may have been faster. */
static Err delete_idle(Ctx *cx, const char *hash, int64_t *count)
{
	SqlFileLock locked;
	int64_t rows;

	TRY(sql_file_lock(cx, hash, &locked));
	TRY(sql_file_delete(cx, hash, &rows));
	if (!rows)
		return OK;
	*count += rows;
	return driver()->remove(cx, key_of(cx, hash));
}

/* Hashes that lie in the store, asked for in lots. */
typedef struct Lot {
	const char *hash[LIST_MAX];
	size_t size;
	int64_t deleted;
} Lot;

static bool is_in(const char *hash, const SqlFileKnown *row, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(row[i].hash, hash))
			return true;
	return false;
}

static Err delete_orphan(Ctx *cx, const char *hash, int64_t *count)
{
	SqlFileLock locked;
	SqlFileKnown *row;
	size_t known;

	TRY(sql_file_lock(cx, hash, &locked));
	TRY(sql_file_known(cx, (Strs){ &hash, 1 }, &row, &known));
	if (known)
		return OK;
	++*count;
	return driver()->remove(cx, key_of(cx, hash));
}

static Err delete_orphans(Ctx *cx, Lot *lot)
{
	SqlFileKnown *row;
	size_t known;

	TRY(sql_file_known(cx, (Strs){ lot->hash, lot->size }, &row, &known));
	for (size_t i = 0; i < lot->size; i++)
		if (!is_in(lot->hash[i], row, known))
			TRY(delete_orphan(cx, lot->hash[i], &lot->deleted));
	lot->size = 0;
	return OK;
}

static Err add_to_lot(Ctx *cx, const char *hash, void *arg)
{
	Lot *lot = arg;

	if (!is_hash(hash))
		return OK;
	lot->hash[lot->size++] = arena_dup(cx->mem, hash);
	return lot->size == LIST_MAX ? delete_orphans(cx, lot) : OK;
}

static Err delete_all_idle(Ctx *cx, int64_t before, int64_t *count)
{
	SqlFileIdle *row;
	size_t found = LIST_MAX;

	for (int lot = 0; lot < LOTS_MAX && found == LIST_MAX; lot++) {
		TRY(sql_file_idle(cx, before, LIST_MAX, &row, &found));
		for (size_t i = 0; i < found; i++)
			TRY(delete_idle(cx, row[i].hash, count));
	}
	return OK;
}

Err storage_sweep(Ctx *cx, int64_t *ret_count)
{
	int64_t before = cx->now - IDLE_S, deleted = 0;
	Lot *lot = NEW(cx->mem, Lot);

	TRY(delete_all_idle(cx, before, &deleted));
	if (driver()->list) {
		TRY(driver()->list(cx, before, add_to_lot, lot));
		TRY(delete_orphans(cx, lot));
	}
	*ret_count = deleted + lot->deleted;
	return OK;
}
