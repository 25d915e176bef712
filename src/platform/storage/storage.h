/* storage: files of the clinics, named by their content. A file of a company lies once, as
 * <company>/<first two>/<SHA-256>, in a folder of this machine or a bucket of an S3 service; the
 * row in siso.file counts who holds it. Rules and the way of a file: README.md. */
#ifndef STORAGE_STORAGE_H
#define STORAGE_STORAGE_H

#include "core/ctx.h"
#include "core/str.h"

/* What a place accepts; what a file is, its bytes say (libmagic), not its name. */
typedef enum StorageKind {
	STORAGE_IMAGE = 1,    /* JPEG, PNG, WebP, GIF, HEIC, TIFF */
	STORAGE_DOCUMENT = 2, /* PDF, DOCX, ODT, plain text */
	STORAGE_SHEET = 4,    /* XLSX, CSV */
	STORAGE_AUDIO = 8,
	STORAGE_VIDEO = 16,
	STORAGE_SCAN = 32,    /* DICOM */
	STORAGE_ICON = 64,    /* ICO, beside PNG */
	STORAGE_ARCHIVE = 128 /* ZIP that the program made */
} StorageKind;

typedef struct StorageConfig {
	const char *root; /* folder of the local driver; also where S3 files pass through */
	struct {
		const char *endpoint; /* "https://s3.sa-east-1.amazonaws.com"; NULL: local driver */
		const char *bucket, *region, *key_id, *secret;
		const char *prefix;  /* of the objects' names, "siso/"; NULL: none */
		const char *ca_file; /* NULL: the system's certificates */
	} s3;
} StorageConfig;

typedef struct StoredFile {
	const char *hash; /* lower-case hex of SHA-256 */
	const char *type; /* "image/jpeg" */
	int64_t size_bytes;
} StoredFile;

/* Once, before any thread. config is copied; its texts must outlive the program. */
void storage_init(const StorageConfig *config);

/* Take the file at path (an upload) for cx->company, with one holder: the row that will name its
 * hash. It is linked or copied and on disk before this returns; the file at path stays. kinds: sum
 * of StorageKind. ERR_INVALID: empty or of another kind; ERR_TOO_LARGE: beyond its type's limit;
 * both with a sentence. ERR_UNAVAILABLE: disk or S3 service. The quota is the caller's question. */
MUST_CHECK Err storage_put_file(Ctx *cx, const char *path, unsigned kinds, StoredFile *ret);
/* The same for bytes that the program made or received. */
MUST_CHECK Err storage_put_bytes(Ctx *cx, Str bytes, unsigned kinds, StoredFile *ret);

/* ERR_NOT_FOUND: cx->company has no such file. */
MUST_CHECK Err storage_get(Ctx *cx, const char *hash, StoredFile *ret);
/* A descriptor to read it from, closed with cx->mem. Asks no database: the caller's row vouches for
 * the hash. ERR_NOT_FOUND: it is not there. */
MUST_CHECK Err storage_open(Ctx *cx, const char *hash, int *ret_fd);
/* For X-Accel-Redirect: "/files/1/ab/abcd…", or with S3 "/s3/<bucket>/…?X-Amz-…", signed for ten
 * minutes; both are internal locations of nginx, the second is passed on to the service. NULL: hash
 * is none. */
const char *storage_uri(Ctx *cx, const char *hash);

/* One more row, or one row less, names the file. The last holder's going does not delete it at
 * once: storage_sweep does, a day later. ERR_NOT_FOUND: no such file. */
MUST_CHECK Err storage_keep(Ctx *cx, const char *hash);
MUST_CHECK Err storage_drop(Ctx *cx, const char *hash);

/* Bytes of cx->company, all files together. */
MUST_CHECK Err storage_used(Ctx *cx, int64_t *ret_bytes);
/* ERR_LIMIT with a sentence: `more` bytes do not fit under limit_bytes. */
MUST_CHECK Err storage_check_quota(Ctx *cx, int64_t more, int64_t limit_bytes);

/* For a daily job of every company: delete the files that nobody has held for a day, and, in a
 * local folder, what uploads left behind whose transaction failed (each day a sixteenth is looked
 * at). */
MUST_CHECK Err storage_sweep(Ctx *cx, int64_t *ret_count);

#endif
