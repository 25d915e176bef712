/* storage_type: what a file is by its bytes, and which types are taken. */
#ifndef STORAGE_STORAGE_TYPE_H
#define STORAGE_STORAGE_TYPE_H

#include "platform/storage/storage.h"

/* Look at the file open at fd. *ret_type is a literal. ERR_INVALID, ERR_TOO_LARGE: see
 * storage_put_file. */
MUST_CHECK Err storage_check_type(
	Ctx *cx, int fd, int64_t size, unsigned kinds, const char **ret_type);

#endif
