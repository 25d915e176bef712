/* theme: a company's colours as four numbers, and the few CSS tokens made from them. The page's
 * other colours follow from --brand-h (web/css). Colour arithmetic: OKLCH to linear sRGB (Ottosson,
 * 2020); contrast: WCAG 2.2 relative luminance. */
#ifndef COMPANY_THEME_H
#define COMPANY_THEME_H

#include "core/str.h"

typedef struct Theme {
	int hue;       /* degrees, 0-359 */
	int chroma;    /* thousandths of OKLCH chroma, 0-250 */
	int lightness; /* thousandths of OKLCH lightness of the primary in light mode, 300-650 */
	int radius;    /* sixteenths of a rem, 0-20 */
} Theme;

/* Ratios that must hold, times 100: the least over both modes. */
typedef struct Contrast {
	int button; /* text on the primary colour; at least 450 */
	int link;   /* the primary colour on the page; at least 450 */
	int ring;   /* the focus ring on the page; at least 300 */
} Contrast;

Contrast theme_contrast(const Theme *theme);
bool theme_is_readable(const Theme *theme);
/* Darken the primary (never its hue) until everything is readable. */
Theme theme_mend(Theme theme);
/* The text of /theme.css: known tokens with numbers only. */
char *theme_css(Arena *mem, const Theme *theme);
/* "#rrggbb" of the primary in light mode: manifest, e-mails, PDF. */
char *theme_primary_hex(Arena *mem, const Theme *theme);

#endif
