/* Reading a request (web.h): path, query, cookies, rights, conditions. The body is in form.c. */
#include "platform/web/response.h"

#include "platform/web/cookie.h"
#include "platform/web/perm.h"

const char *req_segment(const Req *q, const char *name)
{
	for (size_t i = 0; i < q->response->segment_count; i++)
		if (!strcmp(q->response->segment[i].name, name))
			return q->response->segment[i].value;
	return "";
}

Err req_id(Req *q, const char *name, int64_t *ret)
{
	const char *text = req_segment(q, name);
	int64_t id;

	if (*text < '1' || *text > '9' || !str_int64(str_of(text), &id))
		return err_set(q->cx, ERR_NOT_FOUND, "segment %s is no id", name);
	*ret = id;
	return OK;
}

const char *req_query(Req *q, const char *name)
{
	return form_value(&q->response->query, name);
}

int64_t req_query_int(Req *q, const char *name, int64_t otherwise)
{
	const char *text = req_query(q, name);
	int64_t value;

	return text && str_int64(str_of(text), &value) ? value : otherwise;
}

const char *req_cookie(Req *q, const char *name)
{
	Str value;

	if (!cookie_find(str_of(q->cookie), name, &value))
		return NULL;
	return arena_copy(q->cx->mem, value.ptr, value.len);
}

bool req_may(const Req *q, const char *perm)
{
	int bit;

	if (!strcmp(perm, PERM_ANYONE))
		return true;
	if (!strcmp(perm, PERM_SIGNED_IN))
		return q->who != NULL;
	bit = perm_bit(perm);
	return bit >= 0 && q->cx->perms && (q->cx->perms[bit / 64] >> (bit % 64) & 1);
}

bool req_feature(const Req *q, const char *feature)
{
	Str rest = str_of(q->site ? q->site->features : NULL), word;

	while (str_cut(&rest, ' ', &word))
		if (word.len && str_is(word, feature))
			return true;
	return false;
}

Err req_if_match(Req *q, int64_t version)
{
	Str rest = str_of(q->if_match), piece;
	char wanted[32];
	size_t length;

	if (str_is_empty(q->if_match) || !strcmp(q->if_match, "*"))
		return OK;
	length = (size_t)snprintf(wanted, sizeof(wanted), "\"%" PRId64, version);
	while (str_cut(&rest, ',', &piece)) {
		piece = str_trim(piece);
		if (piece.len > 2 && !memcmp(piece.ptr, "W/", 2)) {
			/* nginx weakens our ETag when it compresses; the version in it stays true.
			 */
			piece.ptr += 2;
			piece.len -= 2;
		}
		if (piece.len > length && !memcmp(piece.ptr, wanted, length) &&
			(piece.ptr[length] == '-' || piece.ptr[length] == '"'))
			return OK;
	}
	return err_set(q->cx, ERR_STALE, "If-Match is not version %" PRId64, version);
}
