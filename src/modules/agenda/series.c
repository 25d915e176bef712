/* The times of a repetition. */
#include "core/rrule.h"
#include "modules/agenda/agenda_rooms.h"

enum { SERIES_YEARS_S = 731 * DAY_S };

Err series_times(Ctx *cx, const char *rrule, int64_t from, const char *zone, int64_t **ret,
	size_t *ret_count)
{
	int64_t *at = NEW_ARRAY(cx->mem, int64_t, SERIES_MOST + 1);
	size_t n = 0;
	Rrule rule;

	if (!rrule_parse(rrule, &rule))
		return err_field(cx, "rrule", "Esta repetição não é conhecida.");
	for (int64_t next = from; n <= SERIES_MOST;) {
		at[n++] = next;
		if ((rule.count && n == (size_t)rule.count) ||
			!rrule_next(&rule, next, zone, &next))
			break;
		if (next > from + SERIES_YEARS_S) {
			if (rule.count || rule.until != INT32_MAX)
				return err_field(cx, "rrule", "A repetição passa de dois anos.");
			break;
		}
	}
	if (n > SERIES_MOST)
		return err_field(cx, "rrule",
			"A repetição passa de 104 consultas. Informe até quando ela vai.");
	*ret = at;
	*ret_count = n;
	return OK;
}
