/* msgpack: the few shapes that BullMQ's scripts are given, written into a buffer. */
#ifndef QUEUE_MSGPACK_H
#define QUEUE_MSGPACK_H

#include "core/str.h"

void msgpack_nil(Buf *buf);
void msgpack_bool(Buf *buf, bool value);
void msgpack_int(Buf *buf, int64_t value);
void msgpack_text(Buf *buf, const char *text); /* up to 64 KiB; NULL is nil */
void msgpack_array(Buf *buf, unsigned count);  /* count values follow; up to 65535 */
void msgpack_map(Buf *buf, unsigned count);    /* count times key, value follow */

#endif
