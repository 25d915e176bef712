/* The table that web/build.mjs generates; read by asset.c only. Sorted by name. */
#ifndef UI_ASSET_TABLE_H
#define UI_ASSET_TABLE_H

#include <stddef.h>

typedef struct AssetRow {
	const char *name, *url;
} AssetRow;

extern const AssetRow asset_file[];
extern const size_t asset_file_count;
extern const AssetRow asset_icon_row[];
extern const AssetRow asset_art_row[];
extern const size_t asset_art_count;
extern const char *const asset_icon_name[];
extern const size_t asset_icon_count;

#endif
