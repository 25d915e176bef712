/* chart_regions: the regions that are no tooth, as TISS dm_regiao (ANS) lists them. */
#ifndef TREATMENT_CHART_REGIONS_H
#define TREATMENT_CHART_REGIONS_H

#include <stddef.h>

typedef struct Region {
	const char *code; /* "S1" */
	const char *name;
} Region;
extern const Region chart_regions[];
extern const size_t chart_region_count;

#endif
