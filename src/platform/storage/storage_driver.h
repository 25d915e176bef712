/* storage_driver: where bytes lie. Keys are "<company>/<aa>/<hash>". Calls are safe to do twice. */
#ifndef STORAGE_STORAGE_DRIVER_H
#define STORAGE_STORAGE_DRIVER_H

#include "platform/storage/storage.h"

typedef struct StorageDriver {
	/* Put the file open at fd there, unless it is. path: its name, which may be linked to;
	 * NULL: it has none. On OK the bytes survive a power cut. */
	Err (*put)(Ctx *cx, const char *key, int fd, const char *path, const StoredFile *file);
	/* ERR_NOT_FOUND: not there. */
	Err (*open)(Ctx *cx, const char *key, int *ret_fd);
	/* Gone already is OK. */
	Err (*remove)(Ctx *cx, const char *key);
	const char *(*uri)(Ctx *cx, const char *key);
	/* Call each for the hashes of cx->company that lie there since before `before`; each day
	 * another sixteenth of them. NULL: this driver cannot tell. */
	Err (*list)(Ctx *cx, int64_t before, Err (*each)(Ctx *cx, const char *hash, void *arg),
		void *arg);
} StorageDriver;

extern const StorageDriver storage_local, storage_s3;

/* Before any thread: libcurl wants it so. */
void storage_s3_init(void);

/* What storage_init was given. Written once, before any thread. */
const StorageConfig *storage_config(void);

/* A new file without a name below the root, open for reading and writing; it goes with its last
 * descriptor. */
MUST_CHECK Err storage_scratch(Ctx *cx, int *ret_fd);
/* Close fd when cx->mem ends. */
void storage_close_later(Ctx *cx, int fd);

#endif
