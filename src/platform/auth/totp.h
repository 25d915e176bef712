/* totp: one-time codes of an authenticator app (RFC 6238: SHA-1, 30 s, 6 digits) and the recovery
 * codes for a lost phone. */
#ifndef AUTH_TOTP_H
#define AUTH_TOTP_H

#include "core/arena.h"
#include "core/str.h"
#include "platform/html/html.h"

enum { TOTP_STEP_S = 30, TOTP_SECRET_BYTES = 20, RECOVERY_CODES = 10 };

/* A new seed in base32 (32 characters). */
char *totp_new_secret(Arena *mem);
/* The code of a time step (time / 30) for a base32 seed, digits 6 to 8. False: the seed is no
 * base32. */
bool totp_code(const char *secret, int64_t step, int digits, char ret[9]);
/* Is code (spaces allowed) right at now, one step early or late allowed, and of a step after
 * last_step? *ret_step is the step to remember: a code is good once. */
bool totp_check(
	const char *secret, const char *code, int64_t now, int64_t last_step, int64_t *ret_step);
/* otpauth:// URI for the app. */
char *totp_uri(Arena *mem, const char *secret, const char *issuer, const char *account);
/* The URI as a QR code: an SVG of class "qr" black on a white ground in every theme, as readers
 * need. */
Safe totp_qr(Arena *mem, const char *uri);

/* A code for a lost phone: "K7QF-92HD-XXWR-3MZA", 80 random bits. */
char *recovery_new_code(Arena *mem);
/* How a recovery code is stored and looked for: what was typed, without signs, hashed; NULL when it
 * cannot be one. */
char *recovery_hash(Arena *mem, const char *typed);

#endif
