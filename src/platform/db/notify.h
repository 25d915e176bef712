/* notify: a connection of its own that hears and sends PostgreSQL's notifications, for telling
 * other processes of this installation that something happened. Nothing is kept: who is away hears
 * nothing. For one thread. */
#ifndef DB_NOTIFY_H
#define DB_NOTIFY_H

#include "core/base.h"

enum { NOTIFY_MAX = 7900 }; /* bytes of a text */

typedef struct Notify Notify;

/* channel: a literal of lower case letters and _. Connects when first used. */
Notify *notify_open(const char *conninfo, const char *channel);
void notify_close(Notify *notify); /* NULL is fine */
/* Connect if need be. *ret_new: the connection is a new one, so something may have been missed.
 * False: PostgreSQL does not answer now. */
bool notify_ready(Notify *notify, bool *ret_new);
/* Wait until somebody else has sent something, wake_fd can be read, or the time is over; hear is
 * called for each text. False: the connection is lost. */
bool notify_wait(Notify *notify, int wake_fd, int timeout_ms, void (*hear)(const char *text));
/* Tell all who listen, ourselves too. False: lost. */
bool notify_send(Notify *notify, const char *text);

#endif
