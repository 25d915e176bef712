#include "test.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vips/vips.h>

#include "platform/image/image.h"

static int file_of(Ctx *cx, const void *bytes, size_t size)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	(void)cx;
	CHECK(fd >= 0);
	CHECK(write(fd, bytes, size) == (ssize_t)size);
	return fd;
}

/* A picture as a phone takes it: lying on its side, with the place in the EXIF. */
static int phone_photo(Ctx *cx, const char *suffix)
{
	VipsImage *black, *photo;
	void *bytes = NULL;
	size_t size = 0;
	int fd;

	CHECK(!VIPS_INIT("test"));
	CHECK(!vips_black(&black, 400, 100, "bands", 3, NULL));
	CHECK(!vips_copy(black, &photo, "interpretation", VIPS_INTERPRETATION_sRGB, NULL));
	vips_image_set_int(photo, "orientation", 6);
	vips_image_set_string(photo, "exif-ifd3-GPSLatitude", "23/1 33/1 0/1 (23, 33, 0)");
	vips_image_set_string(photo, "exif-ifd0-Make", "Telefone");
	CHECK(!vips_image_write_to_buffer(photo, suffix, &bytes, &size, NULL));
	g_object_unref(photo);
	g_object_unref(black);
	fd = file_of(cx, bytes, size);
	g_free(bytes);
	return fd;
}

static bool has(Str bytes, const char *word)
{
	return memmem(bytes.ptr, bytes.len, word, strlen(word)) != NULL;
}

TEST(a_photo_is_turned_upright_and_loses_what_it_tells_of_its_place)
{
	int fd = phone_photo(cx, ".jpg");
	ImageMade made = { 0 };
	ImageSize size = { 0 };
	char raw[4096] = { 0 };
	ssize_t n = pread(fd, raw, sizeof raw, 0);

	CHECK(n > 0);
	CHECK(has((Str){ raw, (size_t)n }, "Exif"));
	CHECK(image_check(cx, fd, &size) == OK);
	CHECK_INT(size.width, 400);
	CHECK_INT(size.height, 100);
	CHECK(image_make(cx, fd, &made) == OK);
	CHECK_INT(made.full_width, 100);
	CHECK_INT(made.full_height, 400);
	CHECK_INT(made.width, 100);
	CHECK_INT(made.height, 400);
	CHECK(!has(made.view, "Exif"));
	CHECK(!has(made.view, "Telefone"));
	CHECK(!has(made.thumb, "Exif"));
	CHECK(made.thumb.len < made.view.len);
	close(fd);
}

TEST(png_webp_gif_and_tiff_become_views_too)
{
	static const char *const suffix[] = { ".png", ".webp", ".tif" };

	for (size_t i = 0; i < COUNT(suffix); i++) {
		int fd = phone_photo(cx, suffix[i]);
		ImageMade made = { 0 };
		ImageSize size = { 0 };

		CHECK(image_check(cx, fd, &size) == OK);
		CHECK_INT(size.width * size.height, 40000);
		CHECK(image_make(cx, fd, &made) == OK);
		CHECK(made.view.len > 100);
		close(fd);
	}
}

/* A round mark on nothing. */
static int mark(Ctx *cx, const char *suffix)
{
	VipsImage *clear, *round;
	double none[] = { 0, 0, 0, 0 }, ink[] = { 20, 120, 90, 255 };
	void *bytes = NULL;
	size_t size = 0;
	int fd;

	CHECK(!VIPS_INIT("test"));
	CHECK(!vips_black(&clear, 900, 300, "bands", 4, NULL));
	CHECK(!vips_copy(clear, &round, "interpretation", VIPS_INTERPRETATION_sRGB, NULL));
	g_object_unref(clear);
	clear = vips_image_copy_memory(round);
	CHECK(!vips_draw_rect(clear, none, 4, 0, 0, 900, 300, "fill", TRUE, NULL));
	CHECK(!vips_draw_circle(clear, ink, 4, 150, 150, 140, "fill", TRUE, NULL));
	CHECK(!vips_image_write_to_buffer(clear, suffix, &bytes, &size, NULL));
	g_object_unref(round);
	g_object_unref(clear);
	fd = file_of(cx, bytes, size);
	g_free(bytes);
	return fd;
}

TEST(a_mark_becomes_a_small_png_that_is_clear_where_it_was)
{
	static const char *const suffix[] = { ".webp", ".png", ".jpg" };

	for (size_t i = 0; i < COUNT(suffix); i++) {
		int fd = mark(cx, suffix[i]);
		VipsImage *made = NULL;
		double *corner = NULL;
		int bands;
		Str png;

		CHECK(image_png(cx, fd, 600, &png) == OK);
		made = vips_image_new_from_buffer(png.ptr, png.len, "", NULL);
		CHECK(made != NULL);
		CHECK_INT(vips_image_get_width(made), 600);
		CHECK_INT(vips_image_get_height(made), 200);
		CHECK(!vips_getpoint(made, &corner, &bands, 590, 5, NULL));
		CHECK_INT(bands, i == 2 ? 3 : 4);
		CHECK(i == 2 || corner[3] == 0);
		g_free(corner);
		g_object_unref(made);
		close(fd);
	}
}

TEST(what_is_no_picture_becomes_no_png)
{
	int fd = file_of(cx, "GIF89a", 6);
	Str png;

	CHECK(image_png(cx, fd, 600, &png) == ERR_INVALID);
	close(fd);
}

/* A PNG whose header says how large it would be, and nothing else. */
static size_t png_header(unsigned char *ret, uint32_t width, uint32_t height)
{
	static const unsigned char head[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

	memcpy(ret, head, 16);
	for (int i = 0; i < 4; i++) {
		ret[16 + i] = (unsigned char)(width >> (24 - 8 * i));
		ret[20 + i] = (unsigned char)(height >> (24 - 8 * i));
	}
	memset(ret + 24, 0, 9);
	ret[24] = 8;
	return 33;
}

TEST(a_hundred_megapixels_and_bombs_are_refused_before_they_are_decoded)
{
	static const struct {
		uint32_t width, height;
	} bombs[] = { { 10000, 10000 }, { 60000, 60000 }, { 100000, 10 },
		{ 0x7fffffff, 0x7fffffff } };
	unsigned char bytes[40];

	for (size_t i = 0; i < COUNT(bombs); i++) {
		int fd = file_of(cx, bytes, png_header(bytes, bombs[i].width, bombs[i].height));
		ImageMade made;

		CHECK(image_make(cx, fd, &made) == ERR_TOO_LARGE);
		CHECK(cx->err.sentence && strstr(cx->err.sentence, "megapixels"));
		close(fd);
	}
}

TEST(what_is_damaged_or_no_image_is_refused_with_a_sentence)
{
	unsigned char png[40];
	static const char text[] = "isto não é uma imagem, nem de longe";
	static const unsigned char jpeg[] = { 0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xd9 };
	int fd[] = { file_of(cx, text, sizeof text), file_of(cx, jpeg, sizeof jpeg),
		file_of(cx, png, png_header(png, 20, 20)), file_of(cx, png, png_header(png, 0, 5)),
		file_of(cx, text, 0) };

	for (size_t i = 0; i < COUNT(fd); i++) {
		ImageMade made;

		cx->err.sentence = NULL;
		CHECK(image_make(cx, fd[i], &made) == ERR_INVALID);
		CHECK(cx->err.sentence);
		close(fd[i]);
	}
}

TEST(formats_that_run_programs_are_not_even_opened)
{
	static const char svg[] =
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
	static const char ppm[] = "P6 2 2 255\n............";
	int a = file_of(cx, svg, sizeof svg), b = file_of(cx, ppm, sizeof ppm);
	ImageMade made;

	CHECK(image_make(cx, a, &made) == ERR_INVALID);
	CHECK(image_make(cx, b, &made) == ERR_INVALID);
	close(a);
	close(b);
}

TEST(the_header_of_every_format_is_read_and_none_is_believed_past_its_end)
{
	static const unsigned char gif[] = "GIF89a\x40\x01\xf0\x00";
	static const unsigned char webp[] =
		"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\xff\x0f\0\xff\x07\0";
	ImageSize size = { 0 };

	CHECK(image_size(gif, sizeof gif - 1, &size));
	CHECK_INT(size.width, 320);
	CHECK_INT(size.height, 240);
	CHECK(image_size(webp, sizeof webp - 1, &size));
	CHECK_INT(size.width, 4096);
	CHECK_INT(size.height, 2048);
	for (size_t n = 6; n < sizeof gif - 1; n++)
		CHECK(!image_size(gif, n, &size));
	for (size_t n = 16; n < sizeof webp - 1; n++)
		CHECK(!image_size(webp, n, &size));
	CHECK(image_size((const unsigned char *)"????ftypheic", 12, &size));
	CHECK_INT(size.width, 0);
}

/* All bytes of the file. */
static Str bytes_of(Ctx *cx, int fd)
{
	enum { ROOM = 1 << 20 };
	char *bytes = arena_alloc(cx->mem, ROOM);
	ssize_t n = pread(fd, bytes, ROOM, 0);

	CHECK(n > 0);
	return (Str){ bytes, (size_t)n };
}

/* The file with a chunk of words put in at a place: PNG's behind its header, WebP's at its end. */
static Str with_words(Ctx *cx, Str raw, bool png)
{
	static const char text[] = "\0\0\0\x08tEXtTelefone....", exif[] = "EXIF\x08\0\0\0Telefone";
	size_t at = png ? 33 : raw.len, size = png ? sizeof text - 1 : sizeof exif - 1;
	char *all = arena_alloc(cx->mem, raw.len + size);
	size_t riff = raw.len + size - 8;

	memcpy(all, raw.ptr, at);
	memcpy(all + at, png ? text : exif, size);
	memcpy(all + at + size, raw.ptr + at, raw.len - at);
	for (int i = 0; i < 4 && !png; i++)
		all[4 + i] = (char)(riff >> 8 * i);
	return (Str){ all, raw.len + size };
}

TEST(what_is_cleaned_has_its_pixels_and_nothing_beside_them)
{
	static const char *const suffix[] = { ".jpg", ".png", ".webp" };

	for (size_t i = 0; i < COUNT(suffix); i++) {
		int fd = phone_photo(cx, suffix[i]), again;
		Str raw = bytes_of(cx, fd), clean = { 0 };
		ImageMade before = { 0 }, after = { 0 };

		if (i > 0)
			raw = with_words(cx, raw, i == 1);
		CHECK(has(raw, "Telefone"));
		CHECK(image_clean(cx, raw, &clean) == OK);
		CHECK(clean.len < raw.len);
		CHECK(!has(clean, "Telefone"));
		again = file_of(cx, clean.ptr, clean.len);
		CHECK(image_make(cx, fd, &before) == OK);
		CHECK(image_make(cx, again, &after) == OK);
		if (i == 0) /* it still stands upright */
			CHECK_INT(after.width, before.width);
		CHECK_INT(
			(int64_t)after.width * after.height, (int64_t)before.width * before.height);
		close(again);
		close(fd);
	}
}

TEST(a_picture_behind_a_picture_and_words_behind_its_end_do_not_come_along)
{
	int fd = phone_photo(cx, ".jpg");
	Str raw = bytes_of(cx, fd), clean = { 0 }, twice = { 0 };
	const char *more = "-23.5505 -46.6333";
	char *joined = arena_alloc(cx->mem, raw.len + strlen(more));

	memcpy(joined, raw.ptr, raw.len);
	memcpy(joined + raw.len, more, strlen(more));
	CHECK(image_clean(cx, (Str){ joined, raw.len + strlen(more) }, &clean) == OK);
	CHECK(!has(clean, "-23.5505"));
	CHECK(image_clean(cx, clean, &twice) == OK);
	CHECK_INT(twice.len, clean.len);
	close(fd);
}

TEST(what_ends_too_early_or_is_no_picture_of_a_browser_is_not_cleaned)
{
	static const char *const suffix[] = { ".jpg", ".png", ".webp" };
	Str clean = { 0 };

	for (size_t i = 0; i < COUNT(suffix); i++) {
		int fd = phone_photo(cx, suffix[i]);
		Str raw = bytes_of(cx, fd);

		for (size_t n = 3; n < raw.len; n += 7)
			CHECK(image_clean(cx, (Str){ raw.ptr, n }, &clean) == ERR_INVALID);
		close(fd);
	}
	CHECK(image_clean(cx, str_of("II*\0...."), &clean) == ERR_INVALID);
	CHECK(image_clean(cx, str_of("GIF89a"), &clean) == ERR_INVALID);
	CHECK(image_clean(cx, str_of(""), &clean) == ERR_INVALID);
}
