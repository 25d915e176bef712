/* Hostile bytes where a button names a free time: what is read must be a time that can be shown,
 * and say the same when it is written again. */
#include "core/clock.h"
#include "modules/agenda/slot_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_time(Arena *mem, int64_t at)
{
	static const char zone[] = "America/Sao_Paulo";
	Clock clock = time_clock(at, zone);

	assert(at >= 0 && clock.year >= 1969 && clock.year <= 9999);
	assert(clock.hour >= 0 && clock.hour < 24 && clock.minute >= 0 && clock.minute < 60);
	assert(time_text_hm(mem, at, zone)[0]);
	assert(date_text_short(mem, date_today(at, zone))[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *mem = arena_new(1 << 20);
	const char *text = arena_copy(mem, data, size);
	Slot slot, again;

	if (slot_read(text, &slot)) {
		check_time(mem, slot.starts_at);
		assert(slot.dentist_id > 0 && slot.branch_id > 0 && !slot.chair_id);
		assert(slot_read(arena_printf(mem, "%" PRId64 "-%" PRId64 "-%" PRId64,
					 slot.starts_at, slot.dentist_id, slot.branch_id),
			&again));
		assert(again.starts_at == slot.starts_at && again.branch_id == slot.branch_id);
	}
	if (slot_read_place(text, &slot)) {
		check_time(mem, slot.starts_at);
		assert(slot.dentist_id >= 0 && slot.chair_id >= 0 && slot.branch_id >= 0);
	}
	arena_free(mem);
	return 0;
}
