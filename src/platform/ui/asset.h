/* asset: where the built styles, scripts, fonts and icons are. web/build.mjs writes them with a
 * hash of their content in the name and generates assets.c, the table behind these functions; so a
 * page always names the version it was built with and browsers may keep it for ever. */
#ifndef UI_ASSET_H
#define UI_ASSET_H

#include "platform/html/html.h"

/* "app.css" -> /static/app.1f3a9c20.css. A name that was not built is a bug: aborts. */
Url asset(const char *name);
/* "phone" -> /static/icons.9b1d22e7.svg#phone. An icon that is not in web/icons.txt shows as a
 * question mark (icons may come from data). */
Url asset_icon(const char *name);
/* "rings" -> /static/art.77aa01.svg#rings: a drawing in the colour of the page. */
Url asset_art(const char *name);
bool asset_has_icon(const char *name);
/* All icons, sorted: for /design and for a module's choice of icons. */
Strs asset_icons(void);

#endif
