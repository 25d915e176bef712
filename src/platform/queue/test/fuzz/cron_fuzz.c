/* Any text as a pattern: refused, or with a next moment that is later and matches. */
#include "core/clock.h"
#include "core/str.h"
#include "platform/queue/cron.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char zone[] = "America/New_York";
	char text[128];
	CronPattern pattern;
	int64_t at, tick;
	Clock clock;

	if (size < 4 || size - 4 >= sizeof text)
		return 0;
	at = (int64_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
	memcpy(text, bytes + 4, size - 4);
	text[size - 4] = '\0';
	if (!cron_parse(text, &pattern))
		return 0;
	tick = cron_next(&pattern, at, zone);
	if (tick < 0)
		return 0;
	clock = time_clock(tick, zone);
	assert(tick > at && clock.second == 0);
	assert(pattern.months >> clock.month & 1);
	return 0;
}
