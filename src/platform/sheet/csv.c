/* Separated values as RFC 4180 has them and as spreadsheets, people and banks really write them:
 * the separator is guessed from the first rows, a quote inside a bare cell is a quote, rows may
 * differ in length. Parsing is one character at a time over decoded chunks, so memory does not grow
 * with the file. */
#include "platform/sheet/csv.h"

#include <errno.h>
#include <unistd.h>

#include "platform/sheet/encoding.h"

enum { CHUNK = 32 << 10, GUESS_ROWS = 20 };

typedef enum State { AT_START, BARE, QUOTED, QUOTE_SEEN } State;

typedef struct Csv {
	SheetSink *sink;
	Decoder decoder;
	char separator;
	State state;
	bool after_return; /* \r was the end of the row: an \n belongs to it */
	bool begun;        /* something of the row was seen */
	int64_t quote_row;
	size_t column;
	size_t len;
	char *cell;
} Csv;

static Err invalid(Csv *csv, const char *sentence)
{
	return err_tell(csv->sink->cx, ERR_INVALID, sentence, "csv row %" PRId64 " cannot be read",
		csv->sink->number);
}

static Err not_closed(Csv *csv)
{
	return invalid(csv, arena_printf(csv->sink->cx->mem,
				    "As aspas abertas na linha %" PRId64
				    " não fecham. Corrija a linha e envie de novo.",
				    csv->quote_row));
}

static Err end_cell(Csv *csv)
{
	Str text = { csv->cell, csv->len };

	/* what sheet_row put in front of a formula */
	if (text.len >= 2 && text.ptr[0] == '\'' && memchr("=+-@\t\r", text.ptr[1], 6))
		text = (Str){ text.ptr + 1, text.len - 1 };
	csv->len = 0;
	csv->state = AT_START;
	return sink_cell(csv->sink, csv->column++, text);
}

static Err end_row(Csv *csv)
{
	TRY(end_cell(csv));
	TRY(sink_row(csv->sink));
	csv->sink->number++;
	csv->column = 0;
	csv->begun = false;
	return OK;
}

static Err add(Csv *csv, char c)
{
	if (csv->len == SHEET_CELL_BYTES)
		return csv->state == QUOTED ? not_closed(csv)
					    : err_tell(csv->sink->cx, ERR_TOO_LARGE,
						      arena_printf(csv->sink->cx->mem,
							      "A linha %" PRId64
							      " tem texto demais numa célula.",
							      csv->sink->number),
						      "csv cell passes the limit");
	csv->cell[csv->len++] = c;
	return OK;
}

/* A character outside of quotes. */
static Err step_bare(Csv *csv, char c)
{
	if (c == csv->separator) {
		csv->begun = true;
		return end_cell(csv);
	}
	if (c == '\n' || c == '\r') {
		csv->after_return = c == '\r';
		return end_row(csv);
	}
	csv->begun = true;
	if (c == '"' && csv->state == AT_START) {
		csv->state = QUOTED;
		csv->quote_row = csv->sink->number;
		return OK;
	}
	csv->state = BARE;
	return add(csv, c);
}

static Err step(Csv *csv, char c)
{
	if (csv->after_return) {
		csv->after_return = false;
		if (c == '\n')
			return OK;
	}
	if (csv->state == QUOTED) {
		if (c != '"')
			return add(csv, c);
		csv->state = QUOTE_SEEN;
		return OK;
	}
	if (csv->state == QUOTE_SEEN && c == '"') {
		csv->state = QUOTED;
		return add(csv, c);
	}
	return step_bare(csv, c);
}

static Err feed(Csv *csv, Str text)
{
	if (text.len && memchr(text.ptr, '\0', text.len))
		return invalid(csv, "O arquivo não parece uma planilha. Envie um CSV ou XLSX.");
	for (size_t i = 0; i < text.len && !csv->sink->done; i++)
		TRY(step(csv, text.ptr[i]));
	return OK;
}

static Err finish(Csv *csv)
{
	if (csv->sink->done)
		return OK;
	if (csv->state == QUOTED)
		return not_closed(csv);
	return csv->begun ? end_row(csv) : OK;
}

/* ---- what kind of CSV is it? ---- */

/* How many of the first rows have as many separators as the first has, weighed with their number.
 */
static int64_t weigh(Str sample, char separator)
{
	int64_t first = -1, count = 0, same = 0, rows = 0;
	bool quoted = false;

	for (size_t i = 0; i < sample.len && rows < GUESS_ROWS; i++) {
		char c = sample.ptr[i];

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == separator)
			count++;
		else if (!quoted && (c == '\n' || c == '\r')) {
			if (first < 0)
				first = count;
			if (count == first)
				same++;
			rows++;
			count = 0;
		}
	}
	if (first < 0) /* a single row */
		return count;
	return first ? same * 1000 + (first < 999 ? first : 999) : 0;
}

static char guess_separator(Str sample)
{
	static const char candidates[] = { ';', '\t', ',', '|' };
	char best = ';';
	int64_t best_weight = 0;

	for (size_t i = 0; i < COUNT(candidates); i++) {
		int64_t weight = weigh(sample, candidates[i]);

		if (weight > best_weight) {
			best_weight = weight;
			best = candidates[i];
		}
	}
	return best;
}

/* "sep=;" in a line of its own, which Excel understands: the bytes it takes, 0 when it is not
 * there. */
static size_t separator_line(Str sample, char *ret)
{
	size_t size = 5;

	if (sample.len < 6 || memcmp(sample.ptr, "sep=", 4))
		return 0;
	if (sample.ptr[size] == '\r')
		size++;
	if (size == sample.len || sample.ptr[size] != '\n')
		return 0;
	*ret = sample.ptr[4];
	return size + 1;
}

/* Fill up chunk from fd: less than room only at the end of the file. -1: it cannot be read. */
static ssize_t read_chunk(int fd, unsigned char *chunk, size_t room)
{
	size_t size = 0;

	while (size < room) {
		ssize_t got = read(fd, chunk + size, room - size);

		if (got < 0)
			return -1;
		if (!got)
			break;
		size += (size_t)got;
	}
	return (ssize_t)size;
}

static Err unreadable(Csv *csv)
{
	return err_set(csv->sink->cx, ERR_UNAVAILABLE, "could not read the file: errno %d", errno);
}

/* Read all of the file to know whether it is UTF-8. Leaves fd behind the byte order mark. */
static Err learn_encoding(Csv *csv, int fd, unsigned char *chunk)
{
	ssize_t size = lseek(fd, 0, SEEK_SET) < 0 ? -1 : read_chunk(fd, chunk, CHUNK);
	size_t mark;
	int state = 0;

	if (size < 0)
		return unreadable(csv);
	csv->decoder.encoding = encoding_of_mark(chunk, (size_t)size, &mark);
	if (!mark) {
		bool good = true;

		while (size > 0 && good) {
			good = encoding_may_be_utf8(chunk, (size_t)size, &state);
			size = read_chunk(fd, chunk, CHUNK);
		}
		if (size < 0)
			return unreadable(csv);
		if (!good || state)
			csv->decoder.encoding = ENCODING_WINDOWS_1252;
	}
	return lseek(fd, (off_t)mark, SEEK_SET) < 0 ? unreadable(csv) : OK;
}

static Err read_all(Csv *csv, int fd, unsigned char *chunk, char *text)
{
	bool first = true;
	ssize_t size;

	while (!csv->sink->done && (size = read_chunk(fd, chunk, CHUNK)) != 0) {
		Str piece = { text, 0 };
		size_t skip = 0;

		if (size < 0)
			return unreadable(csv);
		piece.len = encoding_decode(&csv->decoder, chunk, (size_t)size, text);
		if (first) {
			csv->separator = guess_separator(piece);
			skip = separator_line(piece, &csv->separator);
		}
		first = false;
		TRY(feed(csv, (Str){ piece.ptr + skip, piece.len - skip }));
	}
	return finish(csv);
}

Err csv_read(SheetSink *sink, int fd)
{
	Arena *mem = sink->cx->mem;
	unsigned char *chunk = arena_alloc(mem, CHUNK);
	char *text = arena_alloc(mem, (CHUNK + ENCODING_CARRY) * ENCODING_GROWTH);
	Csv csv = { .sink = sink, .cell = arena_alloc(mem, SHEET_CELL_BYTES) };

	sink->number = 1;
	TRY(learn_encoding(&csv, fd, chunk));
	return read_all(&csv, fd, chunk, text);
}
