/* Blocks in a list, a bump pointer in the newest; a big request gets a block of its own. Under
 * AddressSanitizer every allocation is followed by a poisoned red zone and a reset poisons all,
 * so the arena hides nothing from the sanitizer. */
#include "core/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
enum { RED_ZONE = 16 };
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
enum { RED_ZONE = 0 };
#endif

/* One block holds a usual request whole, so that none is given back to the system and faulted in
 * again. */
enum { BLOCK_BYTES = 256 << 10, ALIGNMENT = 16 };

typedef struct Block {
	struct Block *next;
	size_t size;
	size_t used;
	_Alignas(ALIGNMENT) unsigned char bytes[];
} Block;

typedef struct Deferred {
	struct Deferred *next;
	void (*close)(void *);
	void *object;
} Deferred;

struct Arena {
	Block *block;
	Deferred *deferred;
	size_t limit;
	size_t used;
	bool wipe;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "arena: %s\n", what);
	abort();
}

static Block *block_new(size_t size)
{
	Block *block = malloc(sizeof(Block) + size);

	if (!block)
		die("out of memory");
	block->next = NULL;
	block->size = size;
	block->used = 0;
	POISON(block->bytes, size);
	return block;
}

static void block_free(Block *block, bool wipe)
{
	UNPOISON(block->bytes, block->size);
	if (wipe)
		explicit_bzero(block->bytes, block->used);
	free(block);
}

Arena *arena_new(size_t limit_bytes)
{
	Arena *mem = calloc(1, sizeof(Arena));

	if (!mem)
		die("out of memory");
	mem->limit = limit_bytes;
	mem->block = block_new(BLOCK_BYTES);
	return mem;
}

static void run_deferred(Arena *mem)
{
	while (mem->deferred) {
		Deferred *last = mem->deferred;

		mem->deferred = last->next;
		last->close(last->object);
	}
}

void arena_reset(Arena *mem)
{
	run_deferred(mem);
	while (mem->block->next || mem->block->size != BLOCK_BYTES) {
		Block *next = mem->block->next;

		block_free(mem->block, mem->wipe);
		mem->block = next ? next : block_new(BLOCK_BYTES);
	}
	UNPOISON(mem->block->bytes, mem->block->size);
	if (mem->wipe)
		explicit_bzero(mem->block->bytes, mem->block->used);
	mem->block->used = 0;
	POISON(mem->block->bytes, mem->block->size);
	mem->used = 0;
}

void arena_free(Arena *mem)
{
	if (!mem)
		return;
	run_deferred(mem);
	while (mem->block) {
		Block *next = mem->block->next;

		block_free(mem->block, mem->wipe);
		mem->block = next;
	}
	free(mem);
}

static size_t space_of(size_t size)
{
	return (size + RED_ZONE + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

/* The limit counts what lives now; an arena that would pass it is taken for a bug. */
static void count(Arena *mem, size_t need)
{
	if (need > mem->limit || mem->used > mem->limit - need)
		die("limit reached: a request wants more memory than any honest one");
	mem->used += need;
}

void *arena_room(Arena *mem, size_t size)
{
	size_t need;
	void *at;

	if (size > mem->limit)
		die("limit reached: a request wants more memory than any honest one");
	need = space_of(size);
	count(mem, need);
	if (mem->block->size - mem->block->used < need) {
		Block *block = block_new(need > BLOCK_BYTES ? need : BLOCK_BYTES);

		block->next = mem->block;
		mem->block = block;
	}
	at = mem->block->bytes + mem->block->used;
	mem->block->used += need;
	UNPOISON(at, size);
	return at;
}

void *arena_alloc(Arena *mem, size_t size)
{
	return memset(arena_room(mem, size), 0, size);
}

/* Does at end where the newest block's free room begins, with enough of it behind? */
static bool may_stay(const Arena *mem, const unsigned char *at, size_t old_size, size_t size)
{
	const Block *block = mem->block;

	return at + space_of(old_size) == block->bytes + block->used &&
	       block->size - block->used >= space_of(size) - space_of(old_size);
}

void *arena_grow(Arena *mem, void *at, size_t old_size, size_t size)
{
	size_t more;

	if (!at || size > mem->limit || !may_stay(mem, at, old_size, size)) {
		void *moved = arena_room(mem, size);

		if (at)
			memcpy(moved, at, old_size);
		return moved;
	}
	more = space_of(size) - space_of(old_size);
	count(mem, more);
	mem->block->used += more;
	UNPOISON(at, size);
	return at;
}

void *arena_array(Arena *mem, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		die("array too large");
	return arena_alloc(mem, total);
}

char *arena_copy(Arena *mem, const void *bytes, size_t size)
{
	char *copy = arena_room(mem, size + 1);

	if (size)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}

char *arena_dup(Arena *mem, const char *text)
{
	return text ? arena_copy(mem, text, strlen(text)) : NULL;
}

/* Most texts are short: they are formatted once, on the stack. */
char *arena_vprintf(Arena *mem, const char *format, va_list args)
{
	char brief[256], *text;
	va_list again;
	int length;

	va_copy(again, args);
	length = vsnprintf(brief, sizeof brief, format, again);
	va_end(again);
	if (length < 0)
		die("bad format");
	if ((size_t)length < sizeof brief)
		return arena_copy(mem, brief, (size_t)length);
	text = arena_room(mem, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *arena_printf(Arena *mem, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(mem, format, args);
	va_end(args);
	return text;
}

void arena_defer(Arena *mem, void (*close)(void *), void *object)
{
	Deferred *entry = NEW(mem, Deferred);

	*entry = (Deferred){ mem->deferred, close, object };
	mem->deferred = entry;
}

void arena_wipe(Arena *mem)
{
	mem->wipe = true;
}

size_t arena_used(const Arena *mem)
{
	return mem->used;
}
