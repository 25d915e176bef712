/* The bytes that msgpack.h writes, against the specification's own examples. */
#include "platform/queue/msgpack.h"
#include "test.h"

static const char *hex(Ctx *cx, Buf *buf)
{
	Buf text;

	buf_init(&text, cx->mem, 1 << 20);
	for (size_t i = 0; i < buf->len; i++)
		buf_printf(&text, "%02x", (unsigned)(unsigned char)buf->bytes[i]);
	return buf_text(&text);
}

static Buf fresh(Ctx *cx)
{
	Buf buf;

	buf_init(&buf, cx->mem, 1 << 20);
	return buf;
}

TEST(small_values_take_one_byte)
{
	Buf buf = fresh(cx);

	msgpack_nil(&buf);
	msgpack_bool(&buf, false);
	msgpack_bool(&buf, true);
	msgpack_int(&buf, 0);
	msgpack_int(&buf, 127);
	msgpack_int(&buf, -1);
	msgpack_int(&buf, -32);
	CHECK_TEXT(hex(cx, &buf), "c0c2c3007fffe0");
}

TEST(large_numbers_take_eight)
{
	Buf buf = fresh(cx);

	msgpack_int(&buf, 128);
	msgpack_int(&buf, -33);
	msgpack_int(&buf, 1795348800000);
	CHECK_TEXT(hex(cx, &buf), "d30000000000000080d3ffffffffffffffdfd3000001a20320a200");
}

TEST(texts_carry_their_length)
{
	Buf buf = fresh(cx);
	char text[300];

	msgpack_text(&buf, "");
	msgpack_text(&buf, "abc");
	msgpack_text(&buf, NULL);
	CHECK_TEXT(hex(cx, &buf), "a0a3616263c0");
	memset(text, 'x', sizeof text);
	text[40] = '\0';
	buf = fresh(cx);
	msgpack_text(&buf, text);
	CHECK(str_starts(hex(cx, &buf), "d92878"));
	CHECK_INT(buf.len, 42);
	text[40] = 'x';
	text[299] = '\0';
	buf = fresh(cx);
	msgpack_text(&buf, text);
	CHECK(str_starts(hex(cx, &buf), "da012b78"));
	CHECK_INT(buf.len, 302);
}

TEST(arrays_and_maps_carry_their_count)
{
	Buf buf = fresh(cx);

	msgpack_array(&buf, 10);
	msgpack_array(&buf, 16);
	msgpack_map(&buf, 11);
	msgpack_map(&buf, 300);
	CHECK_TEXT(hex(cx, &buf), "9adc00108bde012c");
}
