/* Idempotency-Key of API POSTs. The key is locked for the length of the transaction, and the answer
 * is kept in that same transaction: either both the change and its answer are there, or neither is.
 * An error is not kept, so the client may try again. */
#include "platform/web/flow.h"

#include <sodium.h>

#include "platform/web/idempotency.sql.h"

enum { KEY_MAX = 200, HASH = 16 };

/* Keys are the client's own: one integration must not meet those of another. */
static int64_t owner_of(const Req *q)
{
	return q->cx->key ? -q->cx->key : q->cx->user.v;
}

static bool is_key(const char *key)
{
	size_t length = strlen(key);

	for (size_t i = 0; i < length; i++)
		if (key[i] < 0x21 || key[i] > 0x7e)
			return false;
	return length && length <= KEY_MAX;
}

static void hash_part(crypto_generichash_state *state, const void *bytes, size_t size)
{
	uint64_t length = size;

	crypto_generichash_update(state, (const unsigned char *)&length, sizeof(length));
	crypto_generichash_update(state, bytes, size);
}

/* Of everything that decides what the request does. */
static const char *request_hash(const Req *q)
{
	crypto_generichash_state state;
	unsigned char hash[HASH];
	char hex[2 * HASH + 1];

	crypto_generichash_init(&state, NULL, 0, HASH);
	hash_part(&state, q->path, strlen(q->path));
	hash_part(&state, q->query, strlen(q->query));
	hash_part(&state, q->body.ptr, q->body.len);
	crypto_generichash_final(&state, hash, HASH);
	return arena_dup(q->cx->mem, sodium_bin2hex(hex, sizeof(hex), hash, HASH));
}

static void answer_again(Req *q, const SqlIdempotencyFind *kept)
{
	if (kept->location)
		response_set(q, "Location", kept->location);
	response_set(q, "Idempotency-Replayed", "true");
	if (kept->status == 204)
		(void)send_nothing(q);
	else
		(void)send_text(q, kept->status, kept->content_type, kept->body);
}

Err idempotency_begin(Req *q, bool *ret_done)
{
	Ctx *cx = q->cx;
	const char *key = q->idempotency_key, *name;
	SqlIdempotencyLock lock;
	SqlIdempotencyFind kept;
	bool found;

	/* Without a client there is nobody to keep an answer for, least of all one with tokens in
	 * it. */
	if (!(q->route->flags & ROUTE_API) || q->method != POST || str_is_empty(key) || !q->who)
		return OK;
	if (!is_key(key))
		return err_tell(cx, ERR_BAD_REQUEST,
			"Idempotency-Key deve ter de 1 a 200 caracteres visíveis, sem espaços.",
			"malformed idempotency key");
	name = arena_printf(cx->mem, "idempotency %" PRId64 " %s", owner_of(q), key);
	TRY(sql_idempotency_lock_send(cx, name));
	TRY(sql_idempotency_find_send(cx, owner_of(q), key));
	TRY(sql_idempotency_lock_read(cx, &lock));
	TRY(sql_idempotency_find_read(cx, &kept, &found));
	if (!lock.got)
		return err_tell(cx, ERR_CONFLICT,
			"Um pedido com esta Idempotency-Key ainda está em andamento.",
			"idempotency key in use");
	q->response->key = key;
	if (!found)
		return OK;
	if (strcmp(kept.request_hash, request_hash(q)))
		return err_tell(cx, ERR_INVALID,
			"Esta Idempotency-Key já foi usada com outro conteúdo.",
			"idempotency key with another body");
	answer_again(q, &kept);
	*ret_done = true;
	return OK;
}

Err idempotency_keep(Req *q)
{
	const Response *r = q->response;
	const char *body;
	int64_t rows;

	if (!r->key || r->status < 200 || r->status >= 400)
		return OK;
	body = arena_copy(q->cx->mem, r->body ? r->body : "", r->size);
	return sql_idempotency_add(q->cx,
		&(SqlIdempotencyAddIn){ .user_id = owner_of(q),
			.key = r->key,
			.request_hash = request_hash(q),
			.status = r->status,
			.content_type = r->content_type ? r->content_type : "",
			.location = response_get(r, "Location"),
			.body = body },
		&rows);
}
