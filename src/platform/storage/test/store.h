/* store: a folder for the tests of storage, and files to put. */
#ifndef STORAGE_TEST_STORE_H
#define STORAGE_TEST_STORE_H

#include "platform/storage/storage.h"

/* The smallest bytes that libmagic takes for a PNG, with a number inside to tell files apart. */
Str store_png(Ctx *cx, int number);
/* A company that no other test program has files of. */
enum { STORE_CLINIC = 41 };

/* Use the local driver in a new folder, gone with cx->mem, as STORE_CLINIC. Returns the folder. */
const char *store_open(Ctx *cx);
/* Use S3 at endpoint, with the keys of s3_server.mjs. */
void store_open_s3(Ctx *cx, const char *endpoint, const char *bucket, const char *secret);
/* Path of a new file with these bytes, outside the store. */
const char *store_upload(Ctx *cx, Str bytes);
/* What a descriptor holds. */
Str store_read(Ctx *cx, int fd);

#endif
