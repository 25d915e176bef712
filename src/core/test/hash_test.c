#include "core/hash.h"

#include "test.h"

static bool differ(Fingerprint a, Fingerprint b)
{
	return a.half[0] != b.half[0] && a.half[1] != b.half[1];
}

TEST(a_fingerprint_is_the_same_for_the_same_bytes_wherever_they_stand)
{
	char page[100], moved[101];

	memset(page, 'x', sizeof page);
	memcpy(moved + 1, page, sizeof page);
	CHECK(!differ(hash_bytes(page, sizeof page), hash_bytes(moved + 1, sizeof page)));
	/* other machines of the same clinic must find the same */
	CHECK(hash_bytes("siso", 4).half[0] == UINT64_C(0x87f447078ce9c855));
}

TEST(every_bit_and_the_length_change_a_fingerprint)
{
	unsigned char page[97] = { 0 };
	Fingerprint first = hash_bytes(page, sizeof page);

	for (size_t i = 0; i < sizeof page * 8; i++) {
		page[i / 8] ^= (unsigned char)(1 << i % 8);
		CHECK(differ(first, hash_bytes(page, sizeof page)));
		page[i / 8] ^= (unsigned char)(1 << i % 8);
	}
	for (size_t size = 0; size < sizeof page; size++)
		CHECK(differ(hash_bytes(page, size), hash_bytes(page, size + 1)));
	CHECK(differ(hash_bytes(NULL, 0), first));
}
