/* arena: memory with one life span. Allocation never fails (out of memory aborts); nothing is
 * freed one by one. A request or a job owns one arena, reset when it is answered. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdarg.h>

#include "core/base.h"

typedef struct Arena Arena;

/* Bytes an arena may hold before it is taken for a bug and the process aborts. */
enum { ARENA_LIMIT = 64 << 20 };

Arena *arena_new(size_t limit_bytes);
/* Run the deferred calls, newest first, and give the memory back; keeps one block for reuse. */
void arena_reset(Arena *mem);
void arena_free(Arena *mem); /* NULL is fine */

/* Zeroed, aligned for any type. */
void *arena_alloc(Arena *mem, size_t size);
/* As arena_alloc, but what stands in it is anything: for bytes that are written at once. */
void *arena_room(Arena *mem, size_t size);
/* More room for what arena_room gave last, moved when it cannot stay; the first old_size bytes are
 * kept, the others are anything. at NULL: arena_room. */
void *arena_grow(Arena *mem, void *at, size_t old_size, size_t size);
/* count * size bytes, zeroed; an overflow of the product aborts. */
void *arena_array(Arena *mem, size_t count, size_t size);
/* Copy of size bytes with a NUL behind them. */
char *arena_copy(Arena *mem, const void *bytes, size_t size);
/* Copy of a string; NULL stays NULL. */
char *arena_dup(Arena *mem, const char *text);
char *arena_printf(Arena *mem, const char *format, ...) PRINTF(2, 3);
char *arena_vprintf(Arena *mem, const char *format, va_list args) PRINTF(2, 0);

/* Call close(object) when the arena is reset or freed (PQclear, close a file). */
void arena_defer(Arena *mem, void (*close)(void *), void *object);
/* From now on memory is wiped (explicit_bzero) before it is given back: for secrets. */
void arena_wipe(Arena *mem);
/* Bytes handed out since the last reset. */
size_t arena_used(const Arena *mem);

#define NEW(mem, type)              ((type *)arena_alloc((mem), sizeof(type)))
#define NEW_ARRAY(mem, type, count) ((type *)arena_array((mem), (count), sizeof(type)))

#endif
