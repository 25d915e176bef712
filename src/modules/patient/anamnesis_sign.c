/* Drawn signatures: what a browser sends is numbers, never a picture, so that what is shown later
 * is a path this program has written itself. */
#include "modules/patient/anamnesis_sign.h"

#include "platform/json/json.h"

enum { PER_POINT = 4, TENTHS = 10, EDGE = 60, PATH_MAX_BYTES = 60000, INK_LEAST = 24 };

typedef struct Ink {
	Buf path;
	Buf points;
	int count;                    /* points so far */
	int left, right, top, bottom; /* in tenths */
} Ink;

typedef struct Dot {
	int x, y; /* tenths of a unit of the box */
} Dot;

/* A number of the stroke in tenths; false: none, or absurd. */
static bool tenths(const json_t *stroke, size_t at, double least, double most, int *ret)
{
	const json_t *value = json_array_get(stroke, at);
	double number;

	if (!json_is_number(value))
		return false;
	number = json_number_value(value);
	if (!(number >= least && number <= most))
		return false;
	*ret = (int)(number * TENTHS);
	return true;
}

static void put_tenths(Buf *buf, int value)
{
	if (value < 0)
		buf_putc(buf, '-');
	value = value < 0 ? -value : value;
	buf_int64(buf, value / TENTHS);
	if (value % TENTHS) {
		buf_putc(buf, '.');
		buf_int64(buf, value % TENTHS);
	}
}

static void put_dot(Buf *buf, char command, Dot dot)
{
	buf_putc(buf, command);
	put_tenths(buf, dot.x);
	buf_putc(buf, ' ');
	put_tenths(buf, dot.y);
}

static void stretch(Ink *ink, Dot dot)
{
	bool first = ink->count == 0;

	if (first || dot.x < ink->left)
		ink->left = dot.x;
	if (first || dot.x > ink->right)
		ink->right = dot.x;
	if (first || dot.y < ink->top)
		ink->top = dot.y;
	if (first || dot.y > ink->bottom)
		ink->bottom = dot.y;
	ink->count++;
}

/* Curves through the middles between points, as a pen runs; a lone point is a short line. */
static bool add_stroke(Ink *ink, const json_t *stroke)
{
	size_t size = json_array_size(stroke);
	Dot before = { 0 }, dot;

	if (!size || size % PER_POINT)
		return false;
	buf_putc(&ink->points, ink->count ? ',' : ' ');
	for (size_t i = 0; i < size; i += PER_POINT) {
		int ms, pressure;

		if (!tenths(stroke, i, -EDGE, SIGNATURE_WIDTH + EDGE, &dot.x) ||
			!tenths(stroke, i + 1, -EDGE, SIGNATURE_HEIGHT + EDGE, &dot.y) ||
			!tenths(stroke, i + 2, 0, 36e5, &ms) ||
			!tenths(stroke, i + 3, 0, 1, &pressure) ||
			ink->count >= SIGNATURE_POINTS_MAX)
			return false;
		stretch(ink, dot);
		if (i == 0) {
			put_dot(&ink->path, 'M', dot);
		} else {
			put_dot(&ink->path, 'Q', before);
			put_dot(&ink->path, ' ',
				(Dot){ (before.x + dot.x) / 2, (before.y + dot.y) / 2 });
		}
		before = dot;
		buf_putc(&ink->points, i ? ',' : '[');
		put_tenths(&ink->points, dot.x);
		buf_putc(&ink->points, ',');
		put_tenths(&ink->points, dot.y);
		buf_printf(&ink->points, ",%d,%d.%d", ms / TENTHS, pressure / TENTHS,
			pressure % TENTHS);
	}
	buf_putc(&ink->points, ']');
	if (size == PER_POINT)
		dot.x += TENTHS / 2;
	put_dot(&ink->path, 'L', dot);
	return true;
}

static bool draw(Ink *ink, const json_t *strokes)
{
	const json_t *stroke;
	size_t i;

	if (!json_is_array(strokes))
		return false;
	json_array_foreach(strokes, i, stroke)
	{
		if (!add_stroke(ink, stroke))
			return false;
	}
	return ink->right - ink->left + ink->bottom - ink->top >= INK_LEAST * TENTHS;
}

Err signature_read(Ctx *cx, const char *json, const char **ret_path, const char **ret_points)
{
	json_t *strokes;
	Ink ink = { 0 };

	if (str_is_empty(json))
		return err_field(cx, "signature", "Assine no quadro.");
	if (json_parse(cx, str_of(json), &strokes) != OK)
		return err_field(
			cx, "signature", "A assinatura não chegou inteira. Assine de novo.");
	buf_init(&ink.path, cx->mem, PATH_MAX_BYTES);
	buf_init(&ink.points, cx->mem, PATH_MAX_BYTES * 2);
	buf_putc(&ink.points, '[');
	if (!draw(&ink, strokes) || ink.path.overflow)
		return err_field(cx, "signature", "Assine com o nome inteiro, dentro do quadro.");
	buf_putc(&ink.points, ']');
	*ret_path = buf_text(&ink.path);
	*ret_points = buf_text(&ink.points);
	return OK;
}
