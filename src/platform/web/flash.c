/* The cookie is base64url of: 16 bytes of keyed BLAKE2b, then "text NUL undo". Without the
 * program's key nobody can put words, or a POST path, into a clinic's toast. */
#include "platform/web/flash.h"

#include <sodium.h>

#include "platform/web/hooks.h"
#include "platform/web/response.h"

enum { MAC = 16, FLASH_MAX = 1024, LIFE_S = 60 };

static const char cookie_name[] = "toast";

static void sign(const void *bytes, size_t size, unsigned char ret[MAC])
{
	crypto_generichash(ret, MAC, bytes, size, web_secret, sizeof(web_secret));
}

void flash_send(Req *q, const char *text, const char *undo)
{
	unsigned char plain[MAC + FLASH_MAX];
	char encoded[sodium_base64_ENCODED_LEN(
		sizeof(plain), sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
	size_t text_size = strlen(text) + 1, undo_size = undo ? strlen(undo) : 0;
	size_t size = text_size + undo_size;

	if (size > FLASH_MAX)
		return; /* a sentence this long is no toast; losing it loses no data */
	memcpy(plain + MAC, text, text_size);
	memcpy(plain + MAC + text_size, undo ? undo : "", undo_size);
	sign(plain + MAC, size, plain);
	sodium_bin2base64(encoded, sizeof(encoded), plain, MAC + size,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	answer_cookie(q, cookie_name, encoded, LIFE_S);
}

const char *req_flash(Req *q, const char **ret_undo)
{
	const char *encoded = req_cookie(q, cookie_name);
	unsigned char plain[MAC + FLASH_MAX], mac[MAC];
	size_t size = 0, text_size;
	char *text;

	*ret_undo = NULL;
	if (q->response->toast) {
		/* This very answer is the page that shows it. */
		text = arena_dup(q->cx->mem, q->response->toast);
		*ret_undo = q->response->toast_undo;
		q->response->toast = NULL;
		return text;
	}
	if (!encoded)
		return NULL;
	answer_cookie(q, cookie_name, "", -1);
	if (sodium_base642bin(plain, sizeof(plain), encoded, strlen(encoded), NULL, &size, NULL,
		    sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
		size <= MAC)
		return NULL;
	sign(plain + MAC, size - MAC, mac);
	if (sodium_memcmp(mac, plain, MAC))
		return NULL;
	text = arena_copy(q->cx->mem, plain + MAC, size - MAC);
	text_size = strlen(text) + 1;
	if (text_size < size - MAC)
		*ret_undo = text + text_size;
	return text;
}
