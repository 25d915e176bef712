/* See compress.h. Each thread has a quick compressor, made when it first answers something large;
 * the thorough one is everybody's, for who finds it free. */
#include "platform/web/compress.h"

#include <libdeflate.h>
#include <pthread.h>
#include <stdatomic.h>

/* QUICK: half the time of 2 for three bytes in a hundred more. THOROUGH: a tenth fewer bytes for
 * three times the time, so only while at most FEW requests are being answered. Above MOST nginx
 * does it, piece by piece. */
enum { QUICK = 1, THOROUGH = 6, FEW = 2, LEAST = 1024, MOST = 2 << 20 };

static _Atomic int under_way;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct libdeflate_compressor *thorough; /* under the lock */
static pthread_key_t own_key;
static pthread_once_t own_once = PTHREAD_ONCE_INIT;

static void free_own(void *compressor)
{
	libdeflate_free_compressor(compressor);
}

static void make_key(void)
{
	if (pthread_key_create(&own_key, free_own))
		abort();
}

static struct libdeflate_compressor *made(int level)
{
	struct libdeflate_compressor *new = libdeflate_alloc_compressor(level);

	if (!new)
		abort();
	return new;
}

static struct libdeflate_compressor *own_compressor(void)
{
	struct libdeflate_compressor *own;

	pthread_once(&own_once, make_key);
	own = pthread_getspecific(own_key);
	if (own)
		return own;
	own = made(QUICK);
	if (pthread_setspecific(own_key, own))
		abort();
	return own;
}

void compress_begin(void)
{
	atomic_fetch_add_explicit(&under_way, 1, memory_order_relaxed);
}

void compress_end(void)
{
	atomic_fetch_sub_explicit(&under_way, 1, memory_order_relaxed);
}

/* The answer's body compressed, in its arena; 0: not smaller. */
static size_t compress_body(Req *q, void **ret)
{
	const Response *r = q->response;
	bool shared = atomic_load_explicit(&under_way, memory_order_relaxed) <= FEW &&
		      !pthread_mutex_trylock(&lock);
	struct libdeflate_compressor *with = shared ? thorough : own_compressor();
	size_t room, size;

	if (shared && !with)
		with = thorough = made(THOROUGH);
	room = libdeflate_gzip_compress_bound(with, r->size);
	*ret = arena_room(q->cx->mem, room);
	size = libdeflate_gzip_compress(with, r->body, r->size, *ret, room);
	if (shared)
		pthread_mutex_unlock(&lock);
	return size < r->size ? size : 0;
}

bool compress_is_welcome(const char *accept_encoding)
{
	Str rest = str_of(accept_encoding), piece, name;

	while (str_cut(&rest, ',', &piece)) {
		if (!str_cut(&piece, ';', &name) || !str_is(str_trim(name), "gzip"))
			continue;
		piece = str_trim(piece);
		return !(piece.len >= 3 && !memcmp(piece.ptr, "q=0", 3) &&
			 strspn(piece.ptr + 3, ".0") >= piece.len - 3);
	}
	return false;
}

static bool is_text(const char *type)
{
	static const char *const texts[] = { "text/", "application/json",
		"application/problem+json", "application/manifest+json", "image/svg+xml" };

	for (size_t i = 0; i < COUNT(texts); i++)
		if (type && str_starts(type, texts[i]))
			return true;
	return false;
}

static void vary(Req *q)
{
	const char *others = response_get(q->response, "Vary");

	response_set(q, "Vary",
		others ? arena_printf(q->cx->mem, "%s, Accept-Encoding", others)
		       : "Accept-Encoding");
}

/* The bytes sent are others than those that were fingerprinted. */
static void weaken(Req *q)
{
	const char *etag = response_get(q->response, "ETag");

	if (etag && *etag == '"')
		response_set(q, "ETag", arena_printf(q->cx->mem, "W/%s", etag));
}

void compress_answer(Req *q)
{
	Response *r = q->response;
	size_t size;
	void *bytes;

	if (r->size < LEAST || r->size > MOST || !is_text(r->content_type) ||
		response_get(r, "Content-Encoding"))
		return;
	vary(q);
	if (!compress_is_welcome(q->accept_encoding))
		return;
	size = compress_body(q, &bytes);
	if (!size)
		return;
	r->body = bytes;
	r->size = size;
	response_set_literal(q, "Content-Encoding", "gzip");
	weaken(q);
}
