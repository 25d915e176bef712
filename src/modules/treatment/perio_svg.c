/* The drawing of a periodontal exam: margin and floor of the pockets over the teeth, 4 units a
 * millimetre. Upper teeth point up; the lower side is the same drawing turned over. */
#include "modules/treatment/perio_view.h"

enum { NECK = 74, SITES_OF_SIDE = 3 };

int perio_neck(void)
{
	return NECK;
}

int perio_site_at(int tooth, bool oral, int column)
{
	/* mesial faces the midline: on the patient's right it is the last on the screen */
	return (oral ? SITES_OF_SIDE : 0) + (tooth_is_right(tooth) ? 2 - column : column);
}

const char *perio_site_name(Arena *mem, int tooth, int site)
{
	static const char *const places[] = { "mesial", "médio", "distal" };

	return arena_printf(mem, "%d %s %s", tooth, places[site % SITES_OF_SIDE],
		site < SITES_OF_SIDE    ? "vestibular"
		: tooth_is_upper(tooth) ? "palatino"
					: "lingual");
}

static const PerioTooth *tooth_of(const PerioExam *exam, bool upper, int column)
{
	return &exam->tooth[(upper ? 0 : 16) + column];
}

static int x_of(int column, int site)
{
	return column * PERIO_COLUMN + 11 + site * 22;
}

/* y of the margin or of the floor; false: not measured, or no tooth. The floor needs no margin:
 * then it is measured from the enamel. */
static bool y_of(const PerioTooth *t, int site, bool floor, int *ret)
{
	const PerioSite *s = &t->site[site];
	int margin = s->margin == PERIO_NONE ? 0 : s->margin;

	if (t->missing || s->probing == PERIO_NONE)
		return false;
	*ret = NECK - (floor ? margin + s->probing : margin) * PERIO_MM;
	return true;
}

const char *perio_line(Arena *mem, const PerioExam *exam, bool upper, bool oral, bool floor)
{
	bool on = false;
	Buf buf;

	buf_init(&buf, mem, 4000);
	for (int c = 0; c < 16; c++)
		for (int i = 0; i < SITES_OF_SIDE; i++) {
			const PerioTooth *t = tooth_of(exam, upper, c);
			int y;

			if (y_of(t, perio_site_at(t->tooth, oral, i), floor, &y)) {
				buf_printf(&buf, "%c%d %d", on ? 'L' : 'M', x_of(c, i), y);
				on = true;
			} else {
				on = false;
			}
		}
	return arena_dup(mem, buf_text(&buf));
}

const char *perio_pocket(Arena *mem, const PerioExam *exam, bool upper, bool oral)
{
	Buf buf;

	buf_init(&buf, mem, 12000);
	for (int c = 0; c < 16; c++) {
		const PerioTooth *t = tooth_of(exam, upper, c);

		for (int i = 0; i < SITES_OF_SIDE; i++) {
			int site = perio_site_at(t->tooth, oral, i), from, to;

			if (!y_of(t, site, false, &from) || !y_of(t, site, true, &to) ||
				t->site[site].probing < 4)
				continue;
			buf_printf(&buf, "M%d %dV%dH%dV%dZ", x_of(c, i) - 8, from, to,
				x_of(c, i) + 8, from);
		}
	}
	return arena_dup(mem, buf_text(&buf));
}
