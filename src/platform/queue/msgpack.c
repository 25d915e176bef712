/* msgpack: see msgpack.h; the format is github.com/msgpack/msgpack/blob/master/spec.md. */
#include "platform/queue/msgpack.h"

enum {
	MP_NIL = 0xc0,
	MP_FALSE = 0xc2,
	MP_TRUE = 0xc3,
	MP_INT64 = 0xd3,
	MP_STR8 = 0xd9,
	MP_STR16 = 0xda,
	MP_ARRAY16 = 0xdc,
	MP_MAP16 = 0xde,
	MP_FIXSTR = 0xa0,
	MP_FIXARRAY = 0x90,
	MP_FIXMAP = 0x80
};

static void put_byte(Buf *buf, unsigned byte)
{
	buf_putc(buf, (char)(unsigned char)byte);
}

static void put_big_endian(Buf *buf, uint64_t value, int bytes)
{
	for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
		put_byte(buf, value >> shift & 0xff);
}

void msgpack_nil(Buf *buf)
{
	put_byte(buf, MP_NIL);
}

void msgpack_bool(Buf *buf, bool value)
{
	put_byte(buf, value ? MP_TRUE : MP_FALSE);
}

void msgpack_int(Buf *buf, int64_t value)
{
	if (value >= -32 && value < 128) {
		put_byte(buf, (uint64_t)value & 0xff);
		return;
	}
	put_byte(buf, MP_INT64);
	put_big_endian(buf, (uint64_t)value, 8);
}

void msgpack_text(Buf *buf, const char *text)
{
	size_t size = text ? strlen(text) : 0;

	assert(size < 1 << 16);
	if (!text) {
		msgpack_nil(buf);
		return;
	}
	if (size < 32) {
		put_byte(buf, MP_FIXSTR | (unsigned)size);
	} else if (size < 256) {
		put_byte(buf, MP_STR8);
		put_byte(buf, (unsigned)size);
	} else {
		put_byte(buf, MP_STR16);
		put_big_endian(buf, size, 2);
	}
	buf_add(buf, text, size);
}

static void put_count(Buf *buf, unsigned count, unsigned small, unsigned large)
{
	assert(count < 1 << 16);
	if (count < 16) {
		put_byte(buf, small | count);
		return;
	}
	put_byte(buf, large);
	put_big_endian(buf, count, 2);
}

void msgpack_array(Buf *buf, unsigned count)
{
	put_count(buf, count, MP_FIXARRAY, MP_ARRAY16);
}

void msgpack_map(Buf *buf, unsigned count)
{
	put_count(buf, count, MP_FIXMAP, MP_MAP16);
}
