#include "test.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/pdf/pdf.h"

static const PdfInfo info = {
	.title = "Orçamento nº 7", .author = "Clínica", .created_at = TEST_NOW
};

static Str two_pages(Ctx *cx)
{
	Pdf *pdf = pdf_open(cx->mem, &info);
	Str bytes = { 0 };

	pdf_text(pdf, &(PdfText){ .text = "Restauração em resina, 16 MO",
			      .x = 40,
			      .y = 40,
			      .width = 300,
			      .size = 11,
			      .weight = 600 });
	pdf_box(pdf, &(PdfBox){ 40, 80, 100, 20, 4, pdf_colour_oklch(420, 85, 160) });
	pdf_page(pdf);
	pdf_text(pdf, &(PdfText){ .text = "R$ 1.240,00",
			      .x = 40,
			      .y = 40,
			      .width = 500,
			      .size = 11,
			      .align = PDF_RIGHT });
	CHECK_INT(pdf_page_count(pdf), 2);
	CHECK(pdf_close(cx, pdf, &bytes) == OK);
	return bytes;
}

/* What a program of poppler says about the file. */
static const char *ask(Ctx *cx, Str bytes, const char *program, const char *last)
{
	char *path = test_scratch(cx->mem, "siso-pdf-XXXXXX"), *out = arena_alloc(cx->mem, 65536);
	int file = mkstemp(path), pipes[2];
	ssize_t n, len = 0;
	pid_t child;

	CHECK(file >= 0 && write(file, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	CHECK(pipe(pipes) == 0);
	child = fork();
	if (child == 0) {
		dup2(pipes[1], 1);
		close(pipes[0]);
		execlp(program, program, path, last, (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	while ((n = read(pipes[0], out + len, (size_t)(65535 - len))) > 0)
		len += n;
	close(pipes[0]);
	CHECK(waitpid(child, &file, 0) == child && WEXITSTATUS(file) == 0);
	unlink(path);
	return out;
}

TEST(the_same_calls_give_the_same_bytes)
{
	Str one = two_pages(cx), other = two_pages(cx);

	CHECK_INT(one.len, other.len);
	CHECK(memcmp(one.ptr, other.ptr, one.len) == 0);
}

TEST(text_can_be_selected_with_its_accents)
{
	const char *text = ask(cx, two_pages(cx), "pdftotext", "-");

	CHECK(strstr(text, "Restauração em resina, 16 MO"));
	CHECK(strstr(text, "R$ 1.240,00"));
}

TEST(fonts_lie_in_the_file_and_have_unicode)
{
	const char *fonts = ask(cx, two_pages(cx), "pdffonts", NULL);
	int rows = 0;

	for (const char *line = fonts; (line = strchr(line, '\n')) && line[1]; line++)
		if (line[1] != '-') {
			CHECK(strstr(line, " yes yes yes "));
			rows++;
		}
	CHECK(rows >= 2);
}

TEST(the_file_says_what_it_is)
{
	const char *text = ask(cx, two_pages(cx), "pdfinfo", NULL);

	CHECK(strstr(text, "Orçamento nº 7"));
	CHECK(strstr(text, "Pages:           2"));
	CHECK(strstr(text, "A4"));
}

TEST(a_long_text_wraps_and_one_that_is_bound_is_cut)
{
	Pdf *pdf = pdf_open(cx->mem, &info);
	PdfText text = { .text = "Tratamento endodôntico multirradicular com retratamento de canal",
		.width = 90,
		.size = 10 };
	double all = pdf_measure(pdf, &text), two;

	text.lines_max = 2;
	two = pdf_measure(pdf, &text);
	CHECK(all > 2.5 * two / 2 && two > 20);
}

TEST(what_is_no_picture_is_not_drawn)
{
	Pdf *pdf = pdf_open(cx->mem, &info);
	char bomb[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\10\6\0\0\0";

	CHECK(!pdf_png(pdf, str_of("GIF89a"), 0, 0, 10, 10));
	CHECK(!pdf_png(pdf, (Str){ bomb, sizeof bomb }, 0, 0, 10, 10));
	CHECK(!pdf_png(pdf, (Str){ bomb, 12 }, 0, 0, 10, 10));
}

TEST(the_brand_is_the_colour_that_the_page_shows)
{
	PdfColour white = pdf_colour_oklch(1000, 0, 0), green = pdf_colour_oklch(420, 85, 160);

	CHECK(white.r > 0.999 && white.g > 0.999 && white.b > 0.999);
	CHECK(green.g > green.r && green.g > green.b);
}
