/* image: photographs and X-rays as browsers show them. The header is read by code of ours, with
 * limits, before anything is decoded; decoding is libvips' work and happens in the worker only, one
 * picture at a time, so that memory has a bound. Originals are never written. README.md. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "core/ctx.h"
#include "core/str.h"

enum {
	IMAGE_PIXELS_MAX = 80000000, /* of an original: 80 megapixels */
	IMAGE_SIDE_MAX = 30000,
	IMAGE_VIEW_SIDE = 2560, /* longest side of what the viewer shows */
	IMAGE_THUMB_SIDE = 360,
	IMAGE_SECONDS_MAX = 90 /* of decoding; then it is given up */
};

typedef struct ImageSize {
	int width, height; /* as stored, before any orientation; 0: the header is none we read */
} ImageSize;

/* What the bytes at the beginning of a file say of its size: JPEG, PNG, GIF, WebP, TIFF. False: the
 * header is broken. Another format is size 0. Looks at nothing behind size bytes. */
bool image_size(const unsigned char *bytes, size_t size, ImageSize *ret);

/* Look at the file open at fd before it is taken. ERR_INVALID: a broken header; ERR_TOO_LARGE: more
 * pixels than are ever decoded; both with a sentence. */
MUST_CHECK Err image_check(Ctx *cx, int fd, ImageSize *ret);

/* The same picture, JPEG, PNG or WebP, without what stands beside its pixels: place, camera, texts,
 * previews, bytes behind its end. Of a JPEG's EXIF only which side is up is kept. Nothing is
 * decoded. In cx->mem. ERR_INVALID: another format, or it ends too early; with a sentence. */
MUST_CHECK Err image_clean(Ctx *cx, Str bytes, Str *ret);

typedef struct ImageMade {
	Str view, thumb;   /* JPEG, oriented, without EXIF and any other metadata; in cx->mem */
	int width, height; /* of the view */
	int full_width, full_height; /* of the original, oriented */
} ImageMade;

/* Decode the file open at fd. ERR_INVALID, ERR_TOO_LARGE: with a sentence; there is no use in
 * trying again. Takes seconds and, for the largest, some hundreds of megabytes. */
MUST_CHECK Err image_make(Ctx *cx, int fd, ImageMade *ret);

/* A small picture for paper: PNG, upright, at most `side` wide and high, transparent where the
 * original is. The file is open at fd; in the worker only, and errors, as image_make. */
MUST_CHECK Err image_png(Ctx *cx, int fd, int side, Str *ret);

#endif
