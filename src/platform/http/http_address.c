/* http_address: which addresses belong to the internet proper. Source: the special-purpose
 * registries of IANA (RFC 6890 and successors). */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "platform/http/http_client.h"

typedef struct Net4 {
	uint32_t net;
	int bits;
} Net4;

#define IP4(a, b, c, d)                                                                            \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

static const Net4 special4[] = {
	{ IP4(0, 0, 0, 0), 8 }, { IP4(10, 0, 0, 0), 8 },
	{ IP4(100, 64, 0, 0), 10 },                            /* carriers' NAT */
	{ IP4(127, 0, 0, 0), 8 }, { IP4(169, 254, 0, 0), 16 }, /* link-local; clouds' metadata */
	{ IP4(172, 16, 0, 0), 12 }, { IP4(192, 0, 0, 0), 24 }, { IP4(192, 0, 2, 0), 24 },
	{ IP4(192, 31, 196, 0), 24 }, { IP4(192, 52, 193, 0), 24 }, { IP4(192, 88, 99, 0), 24 },
	{ IP4(192, 168, 0, 0), 16 }, { IP4(192, 175, 48, 0), 24 }, { IP4(198, 18, 0, 0), 15 },
	{ IP4(198, 51, 100, 0), 24 }, { IP4(203, 0, 113, 0), 24 },
	{ IP4(224, 0, 0, 0), 4 }, /* multicast */
	{ IP4(240, 0, 0, 0), 4 }, /* reserved, broadcast */
};

static bool is_public4(uint32_t address)
{
	for (size_t i = 0; i < COUNT(special4); i++) {
		uint32_t mask = UINT32_MAX << (32 - special4[i].bits);

		if ((address & mask) == special4[i].net)
			return false;
	}
	return true;
}

static uint32_t embedded4(const uint8_t *bytes)
{
	return IP4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

static bool begins(const uint8_t *address, const uint8_t *prefix, size_t size)
{
	return memcmp(address, prefix, size) == 0;
}

/* Of IPv6 only 2000::/3 is given out; within it the exceptions below. */
static bool is_public6(const uint8_t *address)
{
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (begins(address, mapped, sizeof mapped) || begins(address, nat64, sizeof nat64))
		return is_public4(embedded4(address + 12));
	if ((address[0] & 0xe0) != 0x20)
		return false;
	if (begins(address, (const uint8_t[]){ 0x20, 0x02 }, 2)) /* 6to4 */
		return is_public4(embedded4(address + 2));
	if (begins(address, (const uint8_t[]){ 0x20, 0x01 }, 2) &&
		address[2] < 0x02) /* 2001::/23 */
		return false;
	if (begins(address, (const uint8_t[]){ 0x20, 0x01, 0x0d, 0xb8 }, 4)) /* documentation */
		return false;
	return !(address[0] == 0x3f && address[1] == 0xff && address[2] < 0x10); /* 3fff::/20 */
}

bool http_is_public(const struct sockaddr *address)
{
	struct sockaddr_in ip4;
	struct sockaddr_in6 ip6;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&ip4, address, sizeof ip4);
		return is_public4(ntohl(ip4.sin_addr.s_addr));
	case AF_INET6:
		memcpy(&ip6, address, sizeof ip6);
		return is_public6(ip6.sin6_addr.s6_addr);
	default:
		return false;
	}
}
