/* Two lanes of 64 × 64 → 128 bit multiplications whose halves are folded together, 32 bytes a step.
 */
#include "core/hash.h"

static const uint64_t odd[4] = { 0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u,
	0x589965cc75374cc3u };

static inline uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Little-endian, so that machines agree. */
static inline uint64_t word_at(const unsigned char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

static inline void step(uint64_t lane[2], const unsigned char *bytes)
{
	lane[0] = fold(word_at(bytes) ^ odd[0], word_at(bytes + 8) ^ lane[0]) + odd[2];
	lane[1] = fold(word_at(bytes + 16) ^ odd[1], word_at(bytes + 24) ^ lane[1]) + odd[3];
}

Fingerprint hash_bytes(const void *bytes, size_t size)
{
	uint64_t lane[2] = { odd[2] ^ size, odd[3] };
	const unsigned char *at = bytes;
	unsigned char rest[32] = { 0 };
	Fingerprint done;

	for (size_t left = size; left >= sizeof rest; left -= sizeof rest, at += sizeof rest)
		step(lane, at);
	if (size % sizeof rest)
		memcpy(rest, at, size % sizeof rest);
	step(lane, rest);
	done.half[0] = fold(lane[0] ^ odd[0], lane[1] ^ odd[1] ^ size);
	done.half[1] = fold(lane[1] ^ odd[2], done.half[0] ^ odd[3]);
	return done;
}
