/* archive: a ZIP file written piece by piece (libzip), for copies of what a clinic keeps. */
#ifndef ARCHIVE_ARCHIVE_H
#define ARCHIVE_ARCHIVE_H

#include "core/ctx.h"
#include "core/str.h"

typedef struct Archive Archive;

/* Begin one in a temporary file, which is deleted with cx->mem. ERR_UNAVAILABLE: no room. */
MUST_CHECK Err archive_open(Ctx *cx, Archive **ret);
/* Names are paths with "/", UTF-8, from the program; one that stands already gets a number. bytes
 * must live until archive_done. */
MUST_CHECK Err archive_add(Ctx *cx, Archive *archive, const char *name, Str bytes);
/* A file that is opened only when its turn comes, in archive_done: open gives a descriptor for what
 * (storage_open and a hash); cx is a short-lived copy, and the descriptor is closed with its
 * memory. Stored as it is: pictures do not shrink. What cannot be opened then is an error of
 * archive_done. */
typedef Err ArchiveOpen(Ctx *cx, const char *what, int *ret_fd);
MUST_CHECK Err archive_add_file(
	Ctx *cx, Archive *archive, const char *name, ArchiveOpen *open, const char *what);
/* Write it. The path lives as long as cx->mem. ERR_UNAVAILABLE: the disk is full. */
MUST_CHECK Err archive_done(Ctx *cx, Archive *archive, const char **ret_path);

#endif
