/* Names to hashed paths by binary search in the generated table: some eight comparisons an icon. */
#include "platform/ui/asset.h"

#include "platform/ui/asset_table.h"

static const char *find(const AssetRow *row, size_t count, const char *name)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, row[middle].name);

		if (!order)
			return row[middle].url;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

Url asset(const char *name)
{
	const char *url = find(asset_file, asset_file_count, name);

	assert(url); /* a template names a file that the web build does not make */
	return (Url){ url };
}

Url asset_icon(const char *name)
{
	const char *url = name ? find(asset_icon_row, asset_icon_count, name) : NULL;

	return (Url){ url ? url : find(asset_icon_row, asset_icon_count, "circle-help") };
}

Url asset_art(const char *name)
{
	return (Url){ find(asset_art_row, asset_art_count, name) };
}

bool asset_has_icon(const char *name)
{
	return name && find(asset_icon_row, asset_icon_count, name);
}

Strs asset_icons(void)
{
	return (Strs){ asset_icon_name, asset_icon_count };
}
