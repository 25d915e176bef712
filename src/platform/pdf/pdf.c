/* Pages by Cairo and Pango. Every text has a layout of its own: nothing is kept between calls but
 * the surface, so that a page is what was asked of it and nothing else. */
#include "platform/pdf/pdf.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>

#include "core/clock.h"

struct Pdf {
	cairo_surface_t *surface;
	cairo_t *cairo;
	PangoFontMap *fonts;
	PangoContext *pango;
	Buf bytes;
	int page_count;
};

enum { PNG_SIDE_MAX = 4000 };

#if defined(__SANITIZE_ADDRESS__)
/* Fontconfig keeps one pattern for the life of the process and forgets where. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig";
}
#endif

static cairo_status_t take(void *closure, const unsigned char *bytes, unsigned int size)
{
	Pdf *pdf = closure;

	buf_add(&pdf->bytes, bytes, size);
	return pdf->bytes.overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void end(void *object)
{
	Pdf *pdf = object;

	if (pdf->pango)
		g_object_unref(pdf->pango);
	if (pdf->fonts)
		g_object_unref(pdf->fonts);
	if (pdf->cairo)
		cairo_destroy(pdf->cairo);
	if (pdf->surface)
		cairo_surface_destroy(pdf->surface);
	*pdf = (Pdf){ 0 };
}

static void tell(Pdf *pdf, cairo_pdf_metadata_t what, const char *text)
{
	if (text)
		cairo_pdf_surface_set_metadata(pdf->surface, what, text);
}

Pdf *pdf_open(Arena *mem, const PdfInfo *info)
{
	cairo_font_options_t *options;
	Pdf *pdf = NEW(mem, Pdf);

	arena_defer(mem, end, pdf);
	buf_init(&pdf->bytes, mem, PDF_BYTES_MAX);
	pdf->surface = cairo_pdf_surface_create_for_stream(take, pdf, PDF_WIDTH, PDF_HEIGHT);
	cairo_pdf_surface_restrict_to_version(pdf->surface, CAIRO_PDF_VERSION_1_5);
	tell(pdf, CAIRO_PDF_METADATA_TITLE, info->title);
	tell(pdf, CAIRO_PDF_METADATA_AUTHOR, info->author);
	tell(pdf, CAIRO_PDF_METADATA_SUBJECT, info->subject);
	tell(pdf, CAIRO_PDF_METADATA_CREATE_DATE, time_text_iso(mem, info->created_at));
	pdf->cairo = cairo_create(pdf->surface);
	/* A map of one's own: the default one belongs to the thread and outlives it. */
	pdf->fonts = pango_cairo_font_map_new();
	pdf->pango = pango_font_map_create_context(pdf->fonts);
	/* Letters stand where the typeface puts them, not on a screen's pixels. */
	pango_context_set_round_glyph_positions(pdf->pango, FALSE);
	options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(pdf->pango, options);
	cairo_font_options_destroy(options);
	pango_cairo_update_context(pdf->cairo, pdf->pango);
	pango_context_set_language(pdf->pango, pango_language_from_string("pt-BR"));
	pdf->page_count = 1;
	return pdf;
}

void pdf_page(Pdf *pdf)
{
	cairo_show_page(pdf->cairo);
	pdf->page_count++;
}

int pdf_page_count(const Pdf *pdf)
{
	return pdf->page_count;
}

Err pdf_close(Ctx *cx, Pdf *pdf, Str *ret)
{
	cairo_status_t status;

	cairo_show_page(pdf->cairo);
	cairo_surface_finish(pdf->surface);
	status = cairo_surface_status(pdf->surface);
	if (status != CAIRO_STATUS_SUCCESS || pdf->bytes.overflow)
		return err_set(cx, ERR_BUG, "cairo: %s", cairo_status_to_string(status));
	if (pdf->page_count > PDF_PAGES_MAX)
		return err_set(cx, ERR_BUG, "a PDF of %d pages", pdf->page_count);
	*ret = (Str){ pdf->bytes.bytes, pdf->bytes.len };
	return OK;
}

/* ---- colours ---- */

static double gamma_of(double linear)
{
	double v = linear < 0 ? 0 : linear > 1 ? 1 : linear;

	return v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

/* OKLCH to linear sRGB (Ottosson, 2020), then the sRGB curve. */
PdfColour pdf_colour_oklch(int lightness, int chroma, int hue)
{
	double light = lightness / 1000.0, c = chroma / 1000.0, angle = hue * M_PI / 180;
	double a = c * cos(angle), b = c * sin(angle);
	double l = pow(light + 0.3963377774 * a + 0.2158037573 * b, 3);
	double m = pow(light - 0.1055613458 * a - 0.0638541728 * b, 3);
	double s = pow(light - 0.0894841775 * a - 1.2914855480 * b, 3);

	return (PdfColour){ gamma_of(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
		gamma_of(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
		gamma_of(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s) };
}

PdfColour pdf_grey(double level)
{
	return (PdfColour){ level, level, level };
}

static void paint_with(Pdf *pdf, PdfColour colour)
{
	cairo_set_source_rgb(pdf->cairo, colour.r, colour.g, colour.b);
}

/* ---- text ---- */

static PangoLayout *layout_of(Pdf *pdf, const PdfText *in)
{
	PangoLayout *layout = pango_layout_new(pdf->pango);
	PangoFontDescription *font = pango_font_description_new();
	PangoAttrList *attributes = pango_attr_list_new();

	pango_font_description_set_family(font, "Inter, DejaVu Sans, sans-serif");
	pango_font_description_set_weight(font, (PangoWeight)(in->weight ? in->weight : 400));
	pango_font_description_set_absolute_size(font, in->size * PANGO_SCALE);
	/* Figures of one width stand under one another; no ligatures, so that what is copied out
	 * is what was written. */
	pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1, liga=0, calt=0"));
	pango_layout_set_attributes(layout, attributes);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, in->text ? in->text : "", -1);
	pango_layout_set_width(layout, (int)(in->width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(layout, in->align == PDF_RIGHT    ? PANGO_ALIGN_RIGHT
					   : in->align == PDF_CENTRE ? PANGO_ALIGN_CENTER
								     : PANGO_ALIGN_LEFT);
	if (in->lines_max) {
		pango_layout_set_height(layout, -in->lines_max);
		pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	}
	pango_attr_list_unref(attributes);
	pango_font_description_free(font);
	return layout;
}

static double height_of(PangoLayout *layout)
{
	int height;

	pango_layout_get_size(layout, NULL, &height);
	return height / (double)PANGO_SCALE;
}

double pdf_measure(Pdf *pdf, const PdfText *text)
{
	PangoLayout *layout = layout_of(pdf, text);
	double height = height_of(layout);

	g_object_unref(layout);
	return height;
}

double pdf_text(Pdf *pdf, const PdfText *text)
{
	PangoLayout *layout = layout_of(pdf, text);
	double height = height_of(layout);

	paint_with(pdf, text->colour);
	cairo_move_to(pdf->cairo, text->x, text->y);
	pango_cairo_show_layout(pdf->cairo, layout);
	g_object_unref(layout);
	return height;
}

/* ---- shapes ---- */

void pdf_box(Pdf *pdf, const PdfBox *box)
{
	double r = box->radius, x = box->x, y = box->y, w = box->width, h = box->height;

	paint_with(pdf, box->fill);
	if (r <= 0) {
		cairo_rectangle(pdf->cairo, x, y, w, h);
	} else {
		cairo_new_sub_path(pdf->cairo);
		cairo_arc(pdf->cairo, x + w - r, y + r, r, -M_PI / 2, 0);
		cairo_arc(pdf->cairo, x + w - r, y + h - r, r, 0, M_PI / 2);
		cairo_arc(pdf->cairo, x + r, y + h - r, r, M_PI / 2, M_PI);
		cairo_arc(pdf->cairo, x + r, y + r, r, M_PI, 3 * M_PI / 2);
		cairo_close_path(pdf->cairo);
	}
	cairo_fill(pdf->cairo);
}

void pdf_line(Pdf *pdf, double x1, double y1, double x2, double y2, double width, PdfColour colour)
{
	paint_with(pdf, colour);
	cairo_set_line_width(pdf->cairo, width);
	cairo_move_to(pdf->cairo, x1, y1);
	cairo_line_to(pdf->cairo, x2, y2);
	cairo_stroke(pdf->cairo);
}

static cairo_status_t give(void *closure, unsigned char *bytes, unsigned int size)
{
	Str *rest = closure;

	if (rest->len < size)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(bytes, rest->ptr, size);
	rest->ptr += size;
	rest->len -= size;
	return CAIRO_STATUS_SUCCESS;
}

/* The sizes stand in the first chunk: a picture that unpacks to gigabytes is not begun. */
static bool png_is_small(Str png, uint32_t *ret_w, uint32_t *ret_h)
{
	const unsigned char *b = (const unsigned char *)png.ptr;
	uint32_t w, h;

	if (png.len < 24 || memcmp(b, "\x89PNG\r\n\x1a\n", 8) != 0)
		return false;
	w = (uint32_t)b[16] << 24 | (uint32_t)b[17] << 16 | (uint32_t)b[18] << 8 | b[19];
	h = (uint32_t)b[20] << 24 | (uint32_t)b[21] << 16 | (uint32_t)b[22] << 8 | b[23];
	*ret_w = w;
	*ret_h = h;
	return w && h && w <= PNG_SIDE_MAX && h <= PNG_SIDE_MAX;
}

double pdf_png_width(Str png, double width, double height)
{
	uint32_t w, h;

	return png_is_small(png, &w, &h) ? w * fmin(width / w, height / h) : 0;
}

bool pdf_png(Pdf *pdf, Str png, double x, double y, double width, double height)
{
	cairo_surface_t *image;
	uint32_t columns, rows;
	double w, h, scale;
	bool good;

	if (!png_is_small(png, &columns, &rows))
		return false;
	image = cairo_image_surface_create_from_png_stream(give, &png);
	good = cairo_surface_status(image) == CAIRO_STATUS_SUCCESS;
	if (good) {
		w = cairo_image_surface_get_width(image);
		h = cairo_image_surface_get_height(image);
		scale = fmin(width / w, height / h);
		cairo_save(pdf->cairo);
		cairo_translate(pdf->cairo, x, y);
		cairo_scale(pdf->cairo, scale, scale);
		cairo_set_source_surface(pdf->cairo, image, 0, 0);
		cairo_paint(pdf->cairo);
		cairo_restore(pdf->cairo);
	}
	cairo_surface_destroy(image);
	return good;
}
