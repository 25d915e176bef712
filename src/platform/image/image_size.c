/* The size in the header of a picture, read before anybody decodes it. Only this much of the
 * formats is known here; every step is held against the bytes that are there. */
#include <errno.h>
#include <unistd.h>

#include "core/money.h"
#include "platform/image/image.h"
#include "platform/image/image_bytes.h"

enum { LOOK_BYTES = 1 << 20, TIFF_ENTRIES_MAX = 400, JPEG_MARKERS_MAX = 4000 };

static bool set(uint32_t width, uint32_t height, ImageSize *ret)
{
	if (!width || !height || width > INT32_MAX || height > INT32_MAX)
		return false;
	*ret = (ImageSize){ (int)width, (int)height };
	return true;
}

/* Markers, one behind the other, up to the frame's. */
static bool read_jpeg(const Bytes *b, ImageSize *ret)
{
	size_t at = 2;

	for (int i = 0; i < JPEG_MARKERS_MAX; i++) {
		uint32_t marker, length, width, height;

		while (at < b->size && b->at[at] == 0xff && at + 1 < b->size &&
			b->at[at + 1] == 0xff)
			at++;
		if (!bytes_number(b, at, 2, &marker) || marker >> 8 != 0xff)
			return false;
		marker &= 0xff;
		at += 2;
		if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8))
			continue;
		if (marker == 0xd9 || marker == 0xda || !bytes_number(b, at, 2, &length) ||
			length < 2)
			return false;
		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
			marker != 0xcc)
			return bytes_number(b, at + 3, 2, &height) &&
			       bytes_number(b, at + 5, 2, &width) && set(width, height, ret);
		at += length;
	}
	return false;
}

static bool read_png(const Bytes *b, ImageSize *ret)
{
	uint32_t width, height;

	return bytes_start(b, 12, "IHDR", 4) && bytes_number(b, 16, 4, &width) &&
	       bytes_number(b, 20, 4, &height) && set(width, height, ret);
}

static bool read_gif(const Bytes *b, ImageSize *ret)
{
	Bytes little = { b->at, b->size, true };
	uint32_t width, height;

	return bytes_number(&little, 6, 2, &width) && bytes_number(&little, 8, 2, &height) &&
	       set(width, height, ret);
}

static bool read_webp(const Bytes *b, ImageSize *ret)
{
	Bytes little = { b->at, b->size, true };
	uint32_t width, height;

	if (bytes_start(b, 12, "VP8X", 4))
		return bytes_number(&little, 24, 3, &width) &&
		       bytes_number(&little, 27, 3, &height) && set(width + 1, height + 1, ret);
	if (bytes_start(b, 12, "VP8L", 4))
		return bytes_start(b, 20, "\x2f", 1) && bytes_number(&little, 21, 4, &width) &&
		       set((width & 0x3fff) + 1, (width >> 14 & 0x3fff) + 1, ret);
	return bytes_start(b, 12, "VP8 ", 4) && bytes_start(b, 23, "\x9d\x01\x2a", 3) &&
	       bytes_number(&little, 26, 2, &width) && bytes_number(&little, 28, 2, &height) &&
	       set(width & 0x3fff, height & 0x3fff, ret);
}

/* Width and height stand in the first directory, as short or long. */
static bool read_tiff(const Bytes *head, ImageSize *ret)
{
	Bytes b = { head->at, head->size, head->at[0] == 'I' };
	uint32_t at, count, tag, type, width = 0, height = 0;

	if (!bytes_number(&b, 4, 4, &at) || !bytes_number(&b, at, 2, &count) ||
		count > TIFF_ENTRIES_MAX)
		return false;
	for (size_t entry = (size_t)at + 2; count; count--, entry += 12) {
		uint32_t value;

		if (!bytes_number(&b, entry, 2, &tag) || !bytes_number(&b, entry + 2, 2, &type) ||
			!bytes_number(&b, entry + 8, type == 3 ? 2 : 4, &value))
			return false;
		if (tag == 256)
			width = value;
		else if (tag == 257)
			height = value;
	}
	return set(width, height, ret);
}

bool image_size(const unsigned char *bytes, size_t size, ImageSize *ret)
{
	const Bytes b = { bytes, size, false };

	if (bytes_start(&b, 0, "\xff\xd8\xff", 3))
		return read_jpeg(&b, ret);
	if (bytes_start(&b, 0, "\x89PNG\r\n\x1a\n", 8))
		return read_png(&b, ret);
	if (bytes_start(&b, 0, "GIF87a", 6) || bytes_start(&b, 0, "GIF89a", 6))
		return read_gif(&b, ret);
	if (bytes_start(&b, 0, "RIFF", 4) && bytes_start(&b, 8, "WEBP", 4))
		return read_webp(&b, ret);
	/* a directory that lies far behind is found by the decoder, which asks the same */
	if ((bytes_start(&b, 0, "II*\0", 4) || bytes_start(&b, 0, "MM\0*", 4)) &&
		read_tiff(&b, ret))
		return true;
	*ret = (ImageSize){ 0 };
	return true;
}

static Err judge(Ctx *cx, ImageSize size)
{
	int64_t pixels = (int64_t)size.width * size.height;

	if (pixels <= IMAGE_PIXELS_MAX && size.width <= IMAGE_SIDE_MAX &&
		size.height <= IMAGE_SIDE_MAX)
		return OK;
	return err_tell(cx, ERR_TOO_LARGE,
		arena_printf(cx->mem,
			"A imagem tem %s megapixels (%d × %d); o limite é %d. Reduza e envie de "
			"novo.",
			number_text(cx->mem, pixels / 1000000), size.width, size.height,
			IMAGE_PIXELS_MAX / 1000000),
		"image of %d x %d", size.width, size.height);
}

Err image_check(Ctx *cx, int fd, ImageSize *ret)
{
	unsigned char *bytes = arena_alloc(cx->mem, LOOK_BYTES);
	size_t size = 0;
	ssize_t n;

	while (size < LOOK_BYTES) {
		n = pread(fd, bytes + size, LOOK_BYTES - size, (off_t)size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(
				cx, ERR_UNAVAILABLE, "image cannot be read: errno %d", errno);
		if (n == 0)
			break;
		size += (size_t)n;
	}
	/* libvips aborts on an empty file */
	if (!size || !image_size(bytes, size, ret))
		return err_tell(cx, ERR_INVALID,
			"A imagem está danificada ou incompleta. Envie de novo, ou exporte outra "
			"vez.",
			"image header is broken");
	return judge(cx, *ret);
}
