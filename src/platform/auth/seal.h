/* seal: secrets that must come back in clear (TOTP seeds, SMTP passwords, webhook keys), encrypted
 * and authenticated (XSalsa20-Poly1305) under the installation's secret before they are stored. */
#ifndef AUTH_SEAL_H
#define AUTH_SEAL_H

#include "core/arena.h"

/* "s1:…", text for a column. use names what it is for ("totp", "smtp", "webhook"): sealed for one
 * use, it does not open for another. */
char *secret_seal(Arena *mem, const char *use, const char *plain);
/* The plain text in mem, or NULL: not ours, tampered with, another use, or a lost key. */
char *secret_open(Arena *mem, const char *use, const char *sealed);

#endif
