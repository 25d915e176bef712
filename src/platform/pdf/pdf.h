/* pdf: pages of A4 with text, lines, boxes and pictures, written by Cairo and set by Pango. Text
 * stays text: it can be selected and searched, and its fonts lie in the file. The same calls give
 * the same bytes, on machines with the same fonts. Lengths are points (1/72 inch) from the upper
 * left corner. Decision: docs/adr/0050-pango-and-cairo-write-pdf.md. */
#ifndef PDF_PDF_H
#define PDF_PDF_H

#include "core/ctx.h"
#include "core/str.h"

#define PDF_WIDTH  595.28
#define PDF_HEIGHT 841.89

enum { PDF_PAGES_MAX = 200, PDF_BYTES_MAX = 16 << 20 };

typedef struct Pdf Pdf;

typedef struct PdfColour {
	double r, g, b; /* 0 to 1, sRGB */
} PdfColour;

/* A company's colour as theme numbers: thousandths of OKLCH lightness and chroma, degrees. */
PdfColour pdf_colour_oklch(int lightness, int chroma, int hue);
PdfColour pdf_grey(double level); /* 0 black, 1 white */

typedef struct PdfInfo {
	const char *title, *author, *subject;
	int64_t created_at; /* in the file; not the clock, so that bytes repeat */
} PdfInfo;

/* Begin with a first page. Ends with mem when it is not closed. */
Pdf *pdf_open(Arena *mem, const PdfInfo *info);
/* The next page; those beyond PDF_PAGES_MAX are an error of pdf_close. */
void pdf_page(Pdf *pdf);
int pdf_page_count(const Pdf *pdf);
/* The whole file, in the arena. ERR_BUG: it has more than it may, or Cairo failed. */
MUST_CHECK Err pdf_close(Ctx *cx, Pdf *pdf, Str *ret);

typedef enum PdfAlign { PDF_LEFT, PDF_CENTRE, PDF_RIGHT } PdfAlign;

typedef struct PdfText {
	const char *text; /* UTF-8, no markup; wrapped at words */
	double x, y, width;
	double size; /* points */
	int weight;  /* 400, 500, 600, 700; 0: 400 */
	PdfAlign align;
	PdfColour colour;
	int lines_max; /* cut with … behind these; 0: all */
} PdfText;

/* Height that it takes; draws nothing. */
double pdf_measure(Pdf *pdf, const PdfText *text);
/* Draw; y is its upper edge. Returns the height. */
double pdf_text(Pdf *pdf, const PdfText *text);

typedef struct PdfBox {
	double x, y, width, height, radius;
	PdfColour fill;
} PdfBox;
void pdf_box(Pdf *pdf, const PdfBox *box);
void pdf_line(Pdf *pdf, double x1, double y1, double x2, double y2, double width, PdfColour colour);
/* A PNG as large as it fits into the box, at its upper left. False: no PNG that can be read, or
 * more than 4000 pixels a side. */
bool pdf_png(Pdf *pdf, Str png, double x, double y, double width, double height);
/* How wide pdf_png draws it; 0: not at all. */
double pdf_png_width(Str png, double width, double height);

#endif
