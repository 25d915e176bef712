/* A picture without what it tells beside its pixels: place, camera, author, comments, a picture
 * within the picture. Nothing is decoded; parts are copied that are on a list, all others stay
 * behind, and so does what lies behind the end. */
#include "platform/image/image.h"
#include "platform/image/image_bytes.h"

enum { ORIENTATION_TAG = 0x0112, DIRECTORY_MAX = 400 };

static void put(Buf *out, const Bytes *b, size_t offset, size_t size)
{
	buf_add(out, b->at + offset, size);
}

/* ---- JPEG ---- */

/* Which side is up, of an EXIF segment's bytes; 1: as it lies. */
static uint32_t orientation(const Bytes *exif)
{
	Bytes b = { exif->at + 6, exif->size - 6, bytes_start(exif, 6, "II", 2) };
	uint32_t at, count, tag, value;

	if (!bytes_number(&b, 4, 4, &at) || !bytes_number(&b, at, 2, &count) ||
		count > DIRECTORY_MAX)
		return 1;
	for (size_t entry = (size_t)at + 2; count; count--, entry += 12)
		if (!bytes_number(&b, entry, 2, &tag) || !bytes_number(&b, entry + 8, 2, &value))
			return 1;
		else if (tag == ORIENTATION_TAG)
			return value >= 1 && value <= 8 ? value : 1;
	return 1;
}

/* An EXIF segment that says which side is up and nothing else. */
static void put_orientation(Buf *out, uint32_t up)
{
	const char segment[] = "\xff\xe1\x00\x22"
			       "Exif\0\0"
			       "MM\0*\0\0\0\x08"
			       "\0\x01"
			       "\x01\x12\0\x03\0\0\0\x01\0";

	buf_add(out, segment, sizeof segment - 1);
	buf_putc(out, (char)up);
	buf_add(out, "\0\0\0\0\0", 6);
}

static bool is_kept(const Bytes *segment, uint32_t marker)
{
	if (marker == 0xe0) /* longer ones have a preview */
		return bytes_start(segment, 0, "JFIF\0", 5) && segment->size == 14;
	if (marker == 0xe2)
		return bytes_start(segment, 0, "ICC_PROFILE\0", 12);
	if (marker == 0xee)
		return bytes_start(segment, 0, "Adobe", 5);
	return marker < 0xe0 || (marker > 0xef && marker != 0xfe);
}

/* Behind a scan's header: the compressed bytes, to the next marker that is none of theirs. */
static size_t scan_end(const Bytes *b, size_t at)
{
	for (; at + 1 < b->size; at++)
		if (b->at[at] == 0xff && b->at[at + 1] != 0 && b->at[at + 1] != 0xff &&
			(b->at[at + 1] < 0xd0 || b->at[at + 1] > 0xd7))
			return at;
	return b->size;
}

/* One marker with what belongs to it; *at moves behind it. False: broken. */
static bool take_segment(const Bytes *b, size_t *at, uint32_t marker, Buf *out)
{
	uint32_t length;
	size_t end;

	if (!bytes_number(b, *at + 2, 2, &length) || length < 2 || b->size - *at - 2 < length)
		return false;
	const Bytes segment = { b->at + *at + 4, length - 2, false };

	end = *at + 2 + length;
	if (marker == 0xe1 && bytes_start(&segment, 0, "Exif\0\0", 6)) {
		uint32_t up = orientation(&segment);

		if (up != 1)
			put_orientation(out, up);
	}
	if (marker == 0xda)
		end = scan_end(b, end);
	if (marker == 0xda || is_kept(&segment, marker))
		put(out, b, *at, end - *at);
	*at = end;
	return true;
}

static bool clean_jpeg(const Bytes *b, Buf *out)
{
	uint32_t marker;
	size_t at = 2;

	put(out, b, 0, 2);
	for (;;) {
		while (bytes_start(b, at, "\xff\xff", 2))
			at++;
		if (!bytes_number(b, at, 2, &marker) || marker >> 8 != 0xff)
			return false;
		marker &= 0xff;
		if (marker == 0xd9) {
			put(out, b, at, 2);
			return true;
		}
		if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8))
			return false;
		if (!take_segment(b, &at, marker, out))
			return false;
	}
}

/* ---- PNG ---- */

static bool clean_png(const Bytes *b, Buf *out)
{
	static const char kept[] = "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs ";
	size_t at = 8;

	put(out, b, 0, 8);
	for (;;) {
		uint32_t length;
		char name[6] = "    ";

		if (!bytes_number(b, at, 4, &length) || b->size - at < 12 ||
			b->size - at - 12 < length)
			return false;
		memcpy(name, b->at + at + 4, 4);
		name[4] = ' ';
		if (!memchr(name, 0, 4) && strstr(kept, name))
			put(out, b, at, (size_t)length + 12);
		at += (size_t)length + 12;
		if (!strcmp(name, "IEND "))
			return true;
	}
}

/* ---- WebP ---- */

/* One chunk; the flags that promise EXIF and XMP are taken back. */
static void put_webp_chunk(const Bytes *b, size_t at, size_t size, Buf *out)
{
	static const char kept[] = "VP8  VP8L VP8X ALPH ICCP ANIM ANMF ";
	char name[6] = "    ";
	size_t from = out->len;

	memcpy(name, b->at + at, 4);
	name[4] = ' ';
	if (memchr(name, 0, 4) || !strstr(kept, name))
		return;
	put(out, b, at, size);
	if (!strcmp(name, "VP8X "))
		out->bytes[from + 8] = (char)(out->bytes[from + 8] & ~0x0c);
}

static bool clean_webp(const Bytes *big, Buf *out)
{
	const Bytes b = { big->at, big->size, true };
	uint32_t whole, length;
	size_t at = 12, end;

	if (!bytes_number(&b, 4, 4, &whole) || whole < 4 || whole > b.size - 8)
		return false;
	end = (size_t)whole + 8;
	put(out, &b, 0, 12);
	while (end - at >= 8) {
		size_t size;

		if (!bytes_number(&b, at + 4, 4, &length) || length > end - at - 8)
			return false;
		size = 8 + (size_t)length + (length & 1);
		size = size > end - at ? end - at : size;
		put_webp_chunk(&b, at, size, out);
		at += size;
	}
	whole = (uint32_t)(out->len - 8);
	for (int i = 0; i < 4; i++)
		out->bytes[4 + i] = (char)(whole >> 8 * i);
	return out->len > 12;
}

Err image_clean(Ctx *cx, Str bytes, Str *ret)
{
	const Bytes b = { (const unsigned char *)bytes.ptr, bytes.len, false };
	bool whole;
	Buf out;

	buf_init(&out, cx->mem, bytes.len + 1024);
	if (bytes_start(&b, 0, "\xff\xd8\xff", 3))
		whole = clean_jpeg(&b, &out);
	else if (bytes_start(&b, 0, "\x89PNG\r\n\x1a\n", 8))
		whole = clean_png(&b, &out);
	else if (bytes_start(&b, 0, "RIFF", 4) && bytes_start(&b, 8, "WEBP", 4))
		whole = clean_webp(&b, &out);
	else
		return err_tell(cx, ERR_INVALID, "Envie a imagem em JPEG, PNG ou WebP.",
			"image of a format that is not cleaned");
	if (!whole || out.overflow)
		return err_tell(cx, ERR_INVALID,
			"A imagem está danificada ou incompleta. Envie de novo, ou exporte outra "
			"vez.",
			"image ends before it is whole");
	*ret = (Str){ buf_text(&out), out.len };
	return OK;
}
