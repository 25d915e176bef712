/* s3_sign: AWS Signature Version 4 for S3, in a header or in a URL. */
#ifndef STORAGE_S3_SIGN_H
#define STORAGE_S3_SIGN_H

#include "core/arena.h"
#include "core/str.h"

typedef struct S3Keys {
	const char *key_id, *secret, *region;
} S3Keys;

typedef struct S3Header {
	const char *name, *value; /* lower-case name, value without blanks around */
} S3Header;

typedef struct S3Request {
	const char *method;
	const char *path;         /* percent-encoded */
	const char *payload_hash; /* hex of SHA-256, or "UNSIGNED-PAYLOAD" */
	const S3Header *header;   /* all that is signed, sorted by name; host must be there */
	size_t header_count;
} S3Request;

/* "20261122T120000Z", the value of x-amz-date. */
char *s3_date(Arena *mem, int64_t at);
/* Value of the header Authorization. */
char *s3_authorization(Arena *mem, const S3Keys *keys, const S3Request *request, int64_t at);
/* Query string that lets whoever has it make the request for expires_s seconds. */
char *s3_signed_query(
	Arena *mem, const S3Keys *keys, const S3Request *request, int64_t at, int expires_s);
/* Percent-encode all but letters, digits and "-._~", and "/" when keep_slash. */
char *s3_encode(Arena *mem, const char *text, bool keep_slash);

#endif
