/* libvips, narrowed: six formats, one thread, no cache, one picture at a time, and a clock that
 * stops what takes too long. What is given out are the pixels and nothing else. */
#include <pthread.h>
#include <unistd.h>
#include <vips/vips.h>

#include "core/clock.h"
#include "platform/image/image.h"

static pthread_once_t begun = PTHREAD_ONCE_INIT;
static bool begun_well; /* written once */
/* One decoding at a time: the largest picture decides how much memory the worker needs. */
static pthread_mutex_t vips_mutex = PTHREAD_MUTEX_INITIALIZER;

/* What it thinks of a damaged file is told by the job's error, not on standard error. */
static void hear_nothing(
	const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

static void begin(void)
{
	static const char *const wanted[] = { "VipsForeignLoadJpeg", "VipsForeignLoadPng",
		"VipsForeignLoadWebp", "VipsForeignLoadNsgif", "VipsForeignLoadTiff",
		"VipsForeignLoadHeif" };

	g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, hear_nothing, NULL);
	begun_well = VIPS_INIT("siso") == 0;
	if (!begun_well)
		return;
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	for (size_t i = 0; i < COUNT(wanted); i++)
		vips_operation_block_set(wanted[i], FALSE);
}

static void stop_when_late(VipsImage *image, VipsProgress *progress, gpointer data)
{
	(void)data;
	if (progress->run > IMAGE_SECONDS_MAX)
		vips_image_set_kill(image, TRUE);
}

static void drop_object(gpointer object)
{
	if (object)
		g_object_unref(object);
}

typedef struct Work {
	Ctx *cx;
	VipsSource *source;
	VipsImage *head, *shrunk, *flat, *view, *thumb;
} Work;

static void clear(Work *work)
{
	drop_object(work->thumb);
	drop_object(work->view);
	drop_object(work->flat);
	drop_object(work->shrunk);
	drop_object(work->head);
	drop_object(work->source);
	vips_error_clear();
}

static Err broken(const Work *work, const char *step)
{
	return err_tell(work->cx, ERR_INVALID,
		"Não foi possível abrir a imagem: o arquivo está danificado ou incompleto.",
		"libvips refused at %s", step);
}

/* The size as the decoder itself understands it: formats that our reader passes over (HEIC) end
 * here. */
static Err look(Work *work, ImageMade *ret)
{
	int width, height;
	bool turned;

	work->head = vips_image_new_from_source(
		work->source, "", "access", VIPS_ACCESS_SEQUENTIAL, NULL);
	if (!work->head)
		return broken(work, "header");
	width = vips_image_get_width(work->head);
	height = vips_image_get_height(work->head);
	if ((int64_t)width * height > IMAGE_PIXELS_MAX || width > IMAGE_SIDE_MAX ||
		height > IMAGE_SIDE_MAX)
		return err_tell(work->cx, ERR_TOO_LARGE,
			arena_printf(work->cx->mem,
				"A imagem tem %d × %d pontos, mais que os %d megapixels do limite.",
				width, height, IMAGE_PIXELS_MAX / 1000000),
			"image of %d x %d", width, height);
	turned = vips_image_get_orientation_swap(work->head);
	ret->full_width = turned ? height : width;
	ret->full_height = turned ? width : height;
	return OK;
}

static Err save(Work *work, VipsImage *image, int quality, Str *ret)
{
	void *bytes = NULL;
	size_t size = 0;

	if (vips_jpegsave_buffer(image, &bytes, &size, "Q", quality, "strip", TRUE,
		    "optimize_coding", TRUE, NULL))
		return broken(work, "save");
	*ret = (Str){ arena_copy(work->cx->mem, bytes, size), size };
	g_free(bytes);
	return OK;
}

/* Decoded once: the view is kept in memory, and the thumbnail made of it. */
static Err shrink(Work *work)
{
	VipsImage *shown;

	if (vips_thumbnail_source(work->source, &work->shrunk, IMAGE_VIEW_SIDE, "height",
		    IMAGE_VIEW_SIDE, "size", VIPS_SIZE_DOWN, "export_profile", "srgb", NULL))
		return broken(work, "shrink");
	shown = work->shrunk;
	if (vips_image_hasalpha(shown)) {
		VipsArrayDouble *white = vips_array_double_newv(1, 255.0);
		int failed = vips_flatten(shown, &work->flat, "background", white, NULL);

		vips_area_unref(VIPS_AREA(white));
		if (failed)
			return broken(work, "flatten");
		shown = work->flat;
	}
	vips_image_set_progress(shown, TRUE);
	g_signal_connect(shown, "eval", G_CALLBACK(stop_when_late), NULL);
	work->view = vips_image_copy_memory(shown);
	if (!work->view)
		return broken(work, "decode");
	if (vips_thumbnail_image(work->view, &work->thumb, IMAGE_THUMB_SIDE, "height",
		    IMAGE_THUMB_SIDE, "size", VIPS_SIZE_DOWN, NULL))
		return broken(work, "thumbnail");
	return OK;
}

static Err make(Work *work, int fd, ImageMade *ret)
{
	work->source = vips_source_new_from_descriptor(fd);
	if (!work->source)
		return broken(work, "open");
	TRY(look(work, ret));
	TRY(shrink(work));
	ret->width = vips_image_get_width(work->view);
	ret->height = vips_image_get_height(work->view);
	TRY(save(work, work->view, 88, &ret->view));
	return save(work, work->thumb, 80, &ret->thumb);
}

static Err make_png(Work *work, int fd, int side, Str *ret)
{
	ImageMade original;
	void *bytes = NULL;
	size_t size = 0;

	work->source = vips_source_new_from_descriptor(fd);
	if (!work->source)
		return broken(work, "open");
	TRY(look(work, &original));
	if (vips_thumbnail_source(work->source, &work->shrunk, side, "height", side, "size",
		    VIPS_SIZE_DOWN, "export_profile", "srgb", NULL))
		return broken(work, "shrink");
	vips_image_set_progress(work->shrunk, TRUE);
	g_signal_connect(work->shrunk, "eval", G_CALLBACK(stop_when_late), NULL);
	if (vips_pngsave_buffer(work->shrunk, &bytes, &size, "strip", TRUE, NULL))
		return broken(work, "save");
	*ret = (Str){ arena_copy(work->cx->mem, bytes, size), size };
	g_free(bytes);
	return OK;
}

/* Checked and begun: the decoder is this thread's until leave. */
static Err enter(Ctx *cx, int fd)
{
	ImageSize size;

	TRY(image_check(cx, fd, &size));
	pthread_once(&begun, begin);
	if (!begun_well)
		return err_set(cx, ERR_BUG, "libvips does not start");
	pthread_mutex_lock(&vips_mutex);
	return OK;
}

static void leave(Work *work)
{
	clear(work);
	vips_thread_shutdown();
	pthread_mutex_unlock(&vips_mutex);
}

Err image_png(Ctx *cx, int fd, int side, Str *ret)
{
	Work work = { .cx = cx };
	Err err;

	TRY(enter(cx, fd));
	err = make_png(&work, fd, side, ret);
	leave(&work);
	return err;
}

Err image_make(Ctx *cx, int fd, ImageMade *ret)
{
	Work work = { .cx = cx };
	ImageMade made = { 0 };
	Err err;

	TRY(enter(cx, fd));
	err = make(&work, fd, &made);
	leave(&work);
	TRY(err);
	*ret = made;
	return OK;
}
