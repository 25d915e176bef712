#include "platform/storage/storage_type.h"

#include <unistd.h>

#include "store.h"
#include "test.h"

/* Type of bytes for a place that takes all kinds; "!sentence" when refused. */
static const char *type_of(Ctx *cx, const void *bytes, size_t size, int64_t claimed, unsigned kinds)
{
	FILE *file = fopen(store_upload(cx, (Str){ bytes, size }), "rbe");
	const char *type;
	Err err;

	CHECK(file != NULL);
	cx->err.sentence = NULL;
	err = storage_check_type(cx, fileno(file), claimed, kinds, &type);
	fclose(file);
	return err == OK ? type : arena_printf(cx->mem, "!%s", cx->err.sentence);
}

#define TYPE_OF(literal) type_of(cx, literal, sizeof(literal) - 1, sizeof(literal) - 1, 0xFFFF)

TEST(files_are_known_by_their_bytes)
{
	CHECK_TEXT(TYPE_OF("\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"), "image/jpeg");
	CHECK_TEXT(TYPE_OF("RIFF\x24\0\0\0WEBPVP8 "
			   "\x18\0\0\0\x30\1\0\x9d\1\x2a\1\0\1\0\2\0\x34\x25\xa4\0"),
		"image/webp");
	CHECK_TEXT(TYPE_OF("GIF89a\1\0\1\0\x80\0\0\0\0\0\0\0\0!\xF9\4"), "image/gif");
	CHECK_TEXT(TYPE_OF("\0\0\0\x18"
			   "ftypheic\0\0\0\0mif1heic"),
		"image/heic");
	CHECK_TEXT(TYPE_OF("\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0\x68\4\0\0\x16\0\0\0\x28\0\0\0"),
		"image/vnd.microsoft.icon");
	CHECK_TEXT(TYPE_OF("%PDF-1.7\n1 0 obj\n"), "application/pdf");
	CHECK_TEXT(TYPE_OF("Ol\xC3\xA1, doutora\n"), "text/plain");
	CHECK_TEXT(TYPE_OF("OggS\0\2\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1\x13OpusHead\1\1\0\0"
			   "\x80\xBB"
			   "\0\0\0\0\0"),
		"audio/ogg");
	CHECK_TEXT(TYPE_OF("\0\0\0\x18"
			   "ftypmp42\0\0\0\0mp42isom"),
		"video/mp4");
}

TEST(x_rays_are_known_by_the_mark_behind_their_preamble)
{
	char bytes[160] = { 0 };

	memcpy(bytes + 128, "DICM\2\0\0\0UL\4\0", 12);
	CHECK_TEXT(
		type_of(cx, bytes, sizeof bytes, sizeof bytes, STORAGE_SCAN), "application/dicom");
}

TEST(files_that_run_code_are_refused)
{
	CHECK(TYPE_OF("<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>")[0] == '!');
	CHECK(TYPE_OF("<!DOCTYPE html><html></html>")[0] == '!');
	CHECK(TYPE_OF("\x7F"
		      "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\x3E\0")[0] == '!');
	CHECK(TYPE_OF("MZ\x90\0\3\0\0\0\4\0\0\0\xFF\xFF\0\0")[0] == '!');
	CHECK(TYPE_OF("#!/bin/sh\nrm -rf /\n")[0] == '!');
	CHECK(TYPE_OF("PK\3\4\x14\0\0\0\0\0")[0] == '!');
	CHECK(TYPE_OF("\1\2\3\4\5\6\7\x08")[0] == '!');
}

TEST(a_place_takes_only_its_kinds)
{
	static const char pdf[] = "%PDF-1.7\n";

	CHECK_TEXT(type_of(cx, pdf, 9, 9, STORAGE_IMAGE),
		"!Este tipo de arquivo não é aceito aqui. Envie imagem (JPG, PNG, WebP).");
	CHECK_TEXT(type_of(cx, pdf, 9, 9, STORAGE_AUDIO | STORAGE_DOCUMENT), "application/pdf");
}

TEST(each_type_has_its_own_limit)
{
	char *png = arena_alloc(cx->mem, 300 << 10);

	memcpy(png, store_png(cx, 1).ptr, 64);
	CHECK_TEXT(type_of(cx, png, 300 << 10, 20 << 20, STORAGE_IMAGE), "image/png");
	CHECK_TEXT(type_of(cx, png, 300 << 10, (20 << 20) + 1, STORAGE_IMAGE),
		"!O arquivo tem 20,1 MB; o limite para este tipo é 20 MB.");
}
