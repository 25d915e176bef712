/* totp: see totp.h. */
/* OpenSSL's headers first: they use a name that core/banned.h bans. */
#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <qrencode.h>
#include <sodium.h>

#include "core/random.h"
#include "platform/auth/totp.h"

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static char *base32_encode(Arena *mem, const unsigned char *bytes, size_t size)
{
	char *out = arena_alloc(mem, (size * 8 + 4) / 5 + 1);
	unsigned bits = 0, have = 0;
	size_t n = 0;

	for (size_t i = 0; i < size; i++) {
		bits = bits << 8 | bytes[i];
		for (have += 8; have >= 5; have -= 5)
			out[n++] = base32[bits >> (have - 5) & 31];
	}
	if (have)
		out[n] = base32[bits << (5 - have) & 31];
	return out;
}

/* False on a character outside the alphabet or when it does not fit. */
static bool base32_decode(const char *text, unsigned char *ret, size_t room, size_t *ret_size)
{
	unsigned bits = 0, have = 0;
	size_t n = 0;

	for (; *text && *text != '='; text++) {
		const char *at = strchr(base32, toupper((unsigned char)*text));

		if (!at || n == room)
			return false;
		bits = bits << 5 | (unsigned)(at - base32);
		have += 5;
		if (have >= 8) {
			have -= 8;
			ret[n++] = (unsigned char)(bits >> have);
		}
	}
	*ret_size = n;
	return n > 0;
}

char *totp_new_secret(Arena *mem)
{
	unsigned char seed[TOTP_SECRET_BYTES];

	crypto_random(seed, sizeof seed);
	return base32_encode(mem, seed, sizeof seed);
}

bool totp_code(const char *secret, int64_t step, int digits, char ret[9])
{
	static const unsigned long power[] = { 1000000, 10000000, 100000000 };
	unsigned char key[64], counter[8], mac[20];
	unsigned mac_size = sizeof mac;
	size_t key_size, offset;
	unsigned long value;

	if (digits < 6 || digits > 8 || !base32_decode(secret, key, sizeof key, &key_size))
		return false;
	for (int i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), key, (int)key_size, counter, sizeof counter, mac, &mac_size))
		return false;
	offset = mac[19] & 15;
	value = ((unsigned long)(mac[offset] & 0x7f) << 24 | (unsigned long)mac[offset + 1] << 16 |
			(unsigned long)mac[offset + 2] << 8 | mac[offset + 3]) %
		power[digits - 6];
	snprintf(ret, 9, "%0*lu", digits, value % 100000000); /* at most eight, for the compiler */
	sodium_memzero(key, sizeof key);
	return true;
}

/* Exactly six digits once spaces are out. */
static bool digits_of(const char *code, char ret[7])
{
	size_t n = 0;

	for (; *code; code++) {
		if (*code == ' ')
			continue;
		if (!isdigit((unsigned char)*code) || n == 6)
			return false;
		ret[n++] = *code;
	}
	ret[n] = '\0';
	return n == 6;
}

bool totp_check(
	const char *secret, const char *code, int64_t now, int64_t last_step, int64_t *ret_step)
{
	int64_t step = now / TOTP_STEP_S;
	char typed[7], want[9];
	bool right = false;

	if (!code || !digits_of(code, typed))
		return false;
	for (int64_t at = step - 1; at <= step + 1; at++) {
		if (at <= last_step || !totp_code(secret, at, 6, want))
			continue;
		if (crypto_equal(typed, want, 6)) {
			*ret_step = at;
			right = true;
		}
	}
	return right;
}

static void put_escaped(Buf *buf, const char *text)
{
	for (; *text; text++) {
		if (isalnum((unsigned char)*text) || strchr("-._~@", *text))
			buf_putc(buf, *text);
		else
			buf_printf(buf, "%%%02X", (unsigned char)*text);
	}
}

char *totp_uri(Arena *mem, const char *secret, const char *issuer, const char *account)
{
	Buf buf;

	buf_init(&buf, mem, 4096);
	buf_puts(&buf, "otpauth://totp/");
	put_escaped(&buf, issuer);
	buf_putc(&buf, ':');
	put_escaped(&buf, account);
	buf_printf(&buf, "?secret=%s&issuer=", secret);
	put_escaped(&buf, issuer);
	buf_puts(&buf, "&algorithm=SHA1&digits=6&period=30");
	return arena_dup(mem, buf_text(&buf));
}

static void free_qr(QRcode **qr)
{
	QRcode_free(*qr);
}

Safe totp_qr(Arena *mem, const char *uri)
{
	CLEANUP(free_qr) QRcode *qr = QRcode_encodeString8bit(uri, 0, QR_ECLEVEL_M);
	enum { QUIET = 4 };
	Buf buf;
	int side;

	if (!qr)
		return (Safe){ "" };
	side = qr->width + 2 * QUIET;
	buf_init(&buf, mem, 256 << 10);
	/* numbers only: nothing typed by a person reaches this markup */
	buf_printf(&buf,
		"<svg class=\"qr\" role=\"img\" aria-label=\"Código QR para o aplicativo "
		"autenticador\" "
		"viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\"><rect width=\"%d\" "
		"height=\"%d\" "
		"fill=\"#fff\"/><path fill=\"#000\" d=\"",
		side, side, side, side);
	for (int y = 0; y < qr->width; y++)
		for (int x = 0; x < qr->width; x++)
			if (qr->data[y * qr->width + x] & 1)
				buf_printf(&buf, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
	buf_puts(&buf, "\"/></svg>");
	return (Safe){ arena_dup(mem, buf_text(&buf)) };
}

/* ---- recovery codes ---- */

char *recovery_new_code(Arena *mem)
{
	unsigned char bytes[10];
	const char *code;

	crypto_random(bytes, sizeof bytes);
	code = base32_encode(mem, bytes, sizeof bytes);
	return arena_printf(mem, "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
}

char *recovery_hash(Arena *mem, const char *typed)
{
	char code[17];
	size_t n = 0;

	for (; typed && *typed; typed++) {
		if (*typed == '-' || *typed == ' ')
			continue;
		if (!strchr(base32, toupper((unsigned char)*typed)) || n == 16)
			return NULL;
		code[n++] = (char)toupper((unsigned char)*typed);
	}
	return n == 16 ? crypto_sha256_hex(mem, code, 16) : NULL;
}
