/* A quote on paper: what was frozen, and nothing else, so that it is the same whenever it is made.
 * Drawn twice: the first time only to know how many pages there are. */
#include "modules/treatment/quote.h"
#include "modules/treatment/quote.sql.h"

#include "core/br.h"
#include "core/input.h"
#include "core/money.h"
#include "platform/image/image.h"
#include "platform/pdf/pdf.h"
#include "platform/queue/job.h"
#include "platform/storage/storage.h"

static const double left = 48, right = PDF_WIDTH - 48, bottom = PDF_HEIGHT - 64;
/* Columns of the table: where it stands, the work, and three amounts that end at these edges. */
static const double work_x = 112, price_x = 408, discount_x = 474;

/* The clinic's mark: a box on the paper, the pixels that it is worth, and what a PNG may weigh to
 * be taken as it is. */
enum { LOGO_WIDTH = 120, LOGO_HEIGHT = 44, LOGO_SIDE = 720, LOGO_BYTES = 512 << 10 };

typedef struct Paper {
	Arena *mem;
	Pdf *pdf;
	const QuoteDoc *doc;
	const char *hash;
	Str logo;
	PdfColour brand, ink, quiet, rule;
	double y;
	int pages; /* of the whole; 0: not known yet */
} Paper;

/* Text at x, as wide as width; the pen stays. */
static double put(Paper *p, const char *text, double x, double width, double size, int weight,
	PdfColour colour)
{
	return pdf_text(p->pdf, &(PdfText){ .text = text,
					.x = x,
					.y = p->y,
					.width = width,
					.size = size,
					.weight = weight,
					.colour = colour });
}

static double put_right(
	Paper *p, const char *text, double edge, double size, int weight, PdfColour colour)
{
	return pdf_text(p->pdf, &(PdfText){ .text = text,
					.x = edge - 160,
					.y = p->y,
					.width = 160,
					.size = size,
					.weight = weight,
					.align = PDF_RIGHT,
					.colour = colour });
}

static const char *initials(Paper *p)
{
	const char *name = p->doc->clinic ? p->doc->clinic : "";
	const char *space = strrchr(name, ' ');
	char *two = arena_alloc(p->mem, 12);
	const char *first = str_head(p->mem, name, 2), *last = space ? space + 1 : "";

	/* str_head keeps whole characters: of two bytes an accented letter or two plain ones. */
	if ((unsigned char)first[0] < 0x80)
		first = arena_copy(p->mem, name, name[0] != 0);
	last = (unsigned char)last[0] < 0x80 ? arena_copy(p->mem, last, last[0] != 0)
					     : str_head(p->mem, last, 2);
	snprintf(two, 12, "%s%s", first, last);
	return two;
}

static void mark(Paper *p)
{
	if (p->logo.len && pdf_png(p->pdf, p->logo, left, 44, LOGO_WIDTH, LOGO_HEIGHT))
		return;
	pdf_box(p->pdf, &(PdfBox){ left, 44, 44, 44, 10, p->brand });
	pdf_text(p->pdf, &(PdfText){ .text = initials(p),
				 .x = left,
				 .y = 57,
				 .width = 44,
				 .size = 15,
				 .weight = 600,
				 .align = PDF_CENTRE,
				 .colour = pdf_grey(1) });
}

static void head(Paper *p)
{
	const QuoteDoc *d = p->doc;
	double logo = pdf_png_width(p->logo, LOGO_WIDTH, LOGO_HEIGHT);
	double x = left + (logo > 0 ? logo : 44) + 14, width = right - x - 150;
	Buf line;

	mark(p);
	p->y = 44;
	p->y += put(p, d->clinic, x, width, 13, 600, p->ink) + 2;
	buf_init(&line, p->mem, 400);
	if (d->legal_name && !str_same(d->legal_name, d->clinic))
		buf_printf(&line, "%s  ", d->legal_name);
	if (d->cnpj)
		buf_printf(&line, "CNPJ %s", cnpj_text(p->mem, d->cnpj));
	if (line.len)
		p->y += put(p, buf_text(&line), x, width, 8.5, 400, p->quiet) + 1;
	buf_init(&line, p->mem, 800);
	if (d->address)
		buf_printf(&line, "%s  ", d->address);
	if (d->phone)
		buf_printf(&line, "%s  ", phone_text(p->mem, d->phone));
	if (d->email)
		buf_puts(&line, d->email);
	if (line.len)
		p->y += put(p, buf_text(&line), x, width, 8.5, 400, p->quiet);
	p->y = p->y < 92 ? 92 : p->y + 4;
}

static void heading(Paper *p)
{
	double end = p->y;

	p->y = 44;
	p->y += put_right(p, arena_printf(p->mem, "Orçamento nº %" PRId64, p->doc->number), right,
			13, 600, p->brand) +
		2;
	p->y += put_right(p, p->doc->presented_on, right, 8.5, 400, p->quiet);
	p->y = end + 8;
	pdf_line(p->pdf, left, p->y, right, p->y, 1.2, p->brand);
	p->y += 14;
}

static double fact(Paper *p, const char *label, const char *value, double x, double width)
{
	double y = p->y, height;

	if (str_is_empty(value))
		return 0;
	p->y += put(p, label, x, width, 8, 400, p->quiet) + 1;
	height = put(p, value, x, width, 10.5, 500, p->ink);
	height += p->y - y;
	p->y = y;
	return height;
}

static void facts(Paper *p)
{
	double a = fact(p, "Paciente", p->doc->patient, left, 240);
	double b = fact(p, "Profissional", p->doc->dentist, left + 250, 150);
	double c = fact(p, "Válido até", p->doc->valid_until, left + 410, 90);

	p->y += (a > b ? a : b) > c ? (a > b ? a : b) : c;
	p->y += 16;
}

static void table_head(Paper *p)
{
	pdf_box(p->pdf, &(PdfBox){ left, p->y, right - left, 20, 4, pdf_grey(0.955) });
	p->y += 5.5;
	put(p, "Onde", left + 8, 60, 8, 500, p->quiet);
	put(p, "Procedimento", work_x, 200, 8, 500, p->quiet);
	put_right(p, "Valor", price_x, 8, 500, p->quiet);
	put_right(p, "Desconto", discount_x, 8, 500, p->quiet);
	put_right(p, "Total", right - 8, 8, 500, p->quiet);
	p->y += 20;
}

static void foot(Paper *p)
{
	double y = p->y;
	const char *page =
		p->pages ? arena_printf(p->mem, "Página %d de %d", pdf_page_count(p->pdf), p->pages)
			 : "Página";

	p->y = PDF_HEIGHT - 46;
	pdf_line(p->pdf, left, p->y - 8, right, p->y - 8, 0.5, p->rule);
	put(p, arena_printf(p->mem, "SHA-256 do conteúdo: %s", p->hash), left, 420, 6.5, 400,
		p->quiet);
	put_right(p, page, right, 7.5, 400, p->quiet);
	p->y = y;
}

/* Room for as much, on this page or on the next. */
static bool room(Paper *p, double height)
{
	if (p->y + height <= bottom)
		return true;
	foot(p);
	pdf_page(p->pdf);
	p->y = 44;
	return false;
}

static const char *small_print(Paper *p, const QuoteLine *line)
{
	const char *sessions = line->sessions > 1
				       ? arena_printf(p->mem, "%" PRId64 " sessões", line->sessions)
				       : NULL;
	const char *technical = str_same(line->technical, line->name) ? NULL : line->technical;

	if (!technical && !sessions)
		return NULL;
	return arena_printf(p->mem, "%s%s%s", technical ? technical : "",
		technical && sessions ? " · " : "", sessions ? sessions : "");
}

static void row(Paper *p, const QuoteLine *line)
{
	double width = price_x - 62 - work_x, y, height;
	const char *small = small_print(p, line);
	PdfText name = { .text = line->name, .width = width, .size = 9.5, .weight = 500 };
	PdfText note = { .text = small, .width = width, .size = 8 };
	PdfText place = { .text = line->place, .width = work_x - left - 14, .size = 9.5 };

	height = pdf_measure(p->pdf, &name) + (small ? pdf_measure(p->pdf, &note) + 1 : 0);
	if (pdf_measure(p->pdf, &place) > height)
		height = pdf_measure(p->pdf, &place);
	if (!room(p, height + 13))
		table_head(p);
	y = p->y;
	put(p, line->place, left + 8, work_x - left - 14, 9.5, 400, p->ink);
	put_right(p, money_text(p->mem, line->price_cents), price_x, 9, 400, p->quiet);
	if (line->discount_cents)
		put_right(
			p, money_text(p->mem, -line->discount_cents), discount_x, 9, 400, p->quiet);
	put_right(p, money_text(p->mem, line->total_cents), right - 8, 9.5, 500, p->ink);
	p->y += put(p, line->name, work_x, width, 9.5, 500, p->ink) + 1;
	if (small)
		put(p, small, work_x, width, 8, 400, p->quiet);
	p->y = y + height + 6.5;
	pdf_line(p->pdf, left, p->y, right, p->y, 0.5, p->rule);
	p->y += 6.5;
}

static void sum(Paper *p, const char *label, const char *value, bool strong)
{
	double size = strong ? 13 : 9.5;

	put_right(p, label, right - 120, size, strong ? 600 : 400, strong ? p->ink : p->quiet);
	p->y += put_right(
			p, value, right - 8, size, strong ? 600 : 500, strong ? p->brand : p->ink) +
		4;
}

static void sums(Paper *p)
{
	const QuoteDoc *d = p->doc;

	(void)room(p, 76);
	p->y += 4;
	if (d->discount) {
		sum(p, "Subtotal", money_text(p->mem, d->subtotal), false);
		sum(p, "Desconto", money_text(p->mem, -d->discount), false);
	}
	sum(p, "Total", money_text(p->mem, d->total), true);
	p->y += 10;
}

static void paragraph(Paper *p, const char *title, const char *text)
{
	PdfText body = { .text = text, .width = right - left, .size = 9.5 };

	if (str_is_empty(text))
		return;
	(void)room(p, pdf_measure(p->pdf, &body) + 24);
	p->y += put(p, title, left, right - left, 8, 500, p->quiet) + 2;
	p->y += put(p, text, left, right - left, 9.5, 400, p->ink) + 10;
}

static void signatures(Paper *p)
{
	(void)room(p, 70);
	p->y += 38;
	pdf_line(p->pdf, left, p->y, left + 220, p->y, 0.6, p->quiet);
	pdf_line(p->pdf, right - 220, p->y, right, p->y, 0.6, p->quiet);
	p->y += 4;
	put(p, p->doc->patient, left, 220, 8.5, 400, p->quiet);
	p->y += put(p, p->doc->clinic, right - 220, 220, 8.5, 400, p->quiet);
}

static void draw(Paper *p)
{
	head(p);
	heading(p);
	facts(p);
	table_head(p);
	for (size_t i = 0; i < p->doc->line_count; i++)
		row(p, &p->doc->line[i]);
	sums(p);
	paragraph(p, "Condições de pagamento", p->doc->payment);
	paragraph(p, "Validade",
		arena_printf(p->mem,
			"Este orçamento vale até %s. Os valores podem mudar se o tratamento mudar "
			"depois "
			"de novos exames.",
			p->doc->valid_until));
	signatures(p);
	foot(p);
}

/* The clinic's logo as PNG, whatever it was sent as; its initials stand there when there is none,
 * or it cannot be read. */
static Err read_logo(Ctx *cx, const char *hash, Str *ret)
{
	StoredFile file;
	int fd;
	Err err;

	*ret = (Str){ 0 };
	if (!hash)
		return OK;
	err = storage_get(cx, hash, &file);
	if (err == ERR_NOT_FOUND)
		return OK; /* the clinic has another one by now */
	TRY(err);
	TRY(storage_open(cx, hash, &fd));
	if (!strcmp(file.type, "image/png") && file.size_bytes <= LOGO_BYTES)
		TRY(input_read(cx, &(Input){ fd, file.size_bytes }, ret));
	if (pdf_png_width(*ret, LOGO_WIDTH, LOGO_HEIGHT) > 0)
		return OK;
	*ret = (Str){ 0 };
	err = image_png(cx, fd, LOGO_SIDE, ret);
	return err == ERR_INVALID || err == ERR_TOO_LARGE ? OK : err;
}

Err quote_pdf(Ctx *cx, const Quote *quote, Str *ret)
{
	Paper paper = { .mem = cx->mem,
		.hash = quote->hash,
		.ink = { 0.10, 0.12, 0.12 },
		.quiet = { 0.36, 0.40, 0.39 },
		.rule = { 0.86, 0.88, 0.87 } };
	PdfInfo info = { .title = arena_printf(cx->mem, "Orçamento nº %d", quote->number),
		.subject = quote->hash,
		.created_at = quote->presented_at };
	Paper first;
	QuoteDoc doc;

	TRY(quote_read(cx, quote->frozen, &doc));
	TRY(read_logo(cx, doc.logo, &paper.logo));
	info.author = doc.clinic;
	paper.doc = &doc;
	paper.brand = pdf_colour_oklch(doc.lightness, doc.chroma, doc.hue);
	first = paper;
	first.pdf = pdf_open(cx->mem, &info);
	draw(&first);
	paper.pages = pdf_page_count(first.pdf);
	paper.pdf = pdf_open(cx->mem, &info);
	draw(&paper);
	return pdf_close(cx, paper.pdf, ret);
}

Err quote_pdf_job(Ctx *cx, const char *data)
{
	StoredFile file;
	int64_t id, rows;
	Quote quote;
	Str bytes;

	TRY(job_id(cx, data, "quote", &id));
	TRY(quote_get(cx, id, &quote));
	if (quote.pdf_hash)
		return OK;
	TRY(quote_pdf(cx, &quote, &bytes));
	TRY(storage_put_bytes(cx, bytes, STORAGE_DOCUMENT, &file));
	TRY(sql_quote_set_pdf(cx, id, file.hash, &rows));
	return rows ? OK : storage_drop(cx, file.hash);
}
