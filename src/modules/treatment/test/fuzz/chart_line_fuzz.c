/* Hostile bytes for the typed line of the chart: what it answers must always be a mouth. */
#include <string.h>

#include "modules/treatment/chart_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *mem = arena_new(1 << 20);
	ChartLine line;

	chart_line_read(mem, arena_copy(mem, data, size), &line);
	assert(line.words);
	assert(line.count <= LINE_TEETH_MAX);
	for (size_t i = 0; i < line.count; i++)
		assert(tooth_is_valid(line.tooth[i]));
	if (line.faces && !line.bad)
		for (size_t i = 0; i < line.count; i++)
			assert(faces_fit(line.tooth[i], line.faces));
	assert(!line.region || region_is_valid(line.region));
	chart_line_condition(line.words, 0);
	arena_free(mem);
	return 0;
}
