/* A time as a button or an address names it: numbers that come from outside. */
#include "modules/agenda/slot_text.h"

#include "core/str.h"

/* Begin of the year 10000: what the calendar's arithmetic and the pages can show. */
static const int64_t last_moment = INT64_C(253402300800);

/* Exactly count numbers from 0 on with the sign between them. */
static bool numbers(const char *text, char sign, int64_t *ret, size_t count)
{
	Str rest = str_of(text), piece;

	for (size_t i = 0; i < count; i++)
		if (!str_cut(&rest, sign, &piece) || !str_int64(piece, &ret[i]) || ret[i] < 0)
			return false;
	return !rest.ptr;
}

bool slot_read(const char *text, Slot *ret)
{
	int64_t part[3];

	if (!numbers(text, '-', part, COUNT(part)) || !part[0] || !part[1] || !part[2] ||
		part[0] >= last_moment)
		return false;
	*ret = (Slot){ .starts_at = part[0], .dentist_id = part[1], .branch_id = part[2] };
	return true;
}

bool slot_read_place(const char *text, Slot *ret)
{
	int64_t part[4];

	if (!numbers(text, ',', part, COUNT(part)) || part[0] >= last_moment)
		return false;
	*ret = (Slot){ .starts_at = part[0],
		.dentist_id = part[1],
		.chair_id = part[2],
		.branch_id = part[3] };
	return true;
}
