/* The same formulas serve the style sheet and the check, so what is checked is what is shown. */
#include "modules/company/theme.h"

#include <math.h>

typedef struct Color { /* OKLCH */
	double l, c, h;
} Color;

typedef struct Rgb { /* linear sRGB, clipped to the gamut */
	double r, g, b;
} Rgb;

static double clip(double x)
{
	return x < 0 ? 0 : x > 1 ? 1 : x;
}

static Rgb rgb_of(Color color)
{
	double angle = color.h * 3.14159265358979323846 / 180;
	double a = color.c * cos(angle), b = color.c * sin(angle);
	double l = color.l + 0.3963377774 * a + 0.2158037573 * b;
	double m = color.l - 0.1055613458 * a - 0.0638541728 * b;
	double s = color.l - 0.0894841775 * a - 1.2914855480 * b;

	l = l * l * l;
	m = m * m * m;
	s = s * s * s;
	return (Rgb){
		clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
		clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
		clip(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s),
	};
}

static double luminance(Color color)
{
	Rgb rgb = rgb_of(color);

	return 0.2126 * rgb.r + 0.7152 * rgb.g + 0.0722 * rgb.b;
}

static int ratio(Color a, Color b)
{
	double high = luminance(a), low = luminance(b);

	if (high < low) {
		double swap = high;

		high = low;
		low = swap;
	}
	return (int)((high + 0.05) / (low + 0.05) * 100);
}

/* What a theme makes of its numbers, in one mode. */
typedef struct Tokens {
	Color background, primary, primary_text, ring;
} Tokens;

static Tokens tokens_light(const Theme *theme)
{
	double h = theme->hue, c = theme->chroma / 1000.0;

	return (Tokens){
		.background = { 1, 0, h },
		.primary = { theme->lightness / 1000.0, c, h },
		.primary_text = { 0.99, 0.005, h },
		.ring = { 0.60, c, h },
	};
}

static Tokens tokens_dark(const Theme *theme)
{
	double h = theme->hue, c = theme->chroma / 1000.0;

	return (Tokens){
		.background = { 0.188, 0.006, h },
		.primary = { 0.78, c * 1.1 < 0.13 ? c * 1.1 : 0.13, h },
		.primary_text = { 0.2, c < 0.06 ? c : 0.06, h },
		.ring = { 0.62, c, h },
	};
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

Contrast theme_contrast(const Theme *theme)
{
	Tokens light = tokens_light(theme), dark = tokens_dark(theme);

	return (Contrast){
		.button = least(ratio(light.primary, light.primary_text),
			ratio(dark.primary, dark.primary_text)),
		.link = least(ratio(light.primary, light.background),
			ratio(dark.primary, dark.background)),
		.ring = least(
			ratio(light.ring, light.background), ratio(dark.ring, dark.background)),
	};
}

bool theme_is_readable(const Theme *theme)
{
	Contrast contrast = theme_contrast(theme);

	return contrast.button >= 450 && contrast.link >= 450 && contrast.ring >= 300;
}

Theme theme_mend(Theme theme)
{
	while (!theme_is_readable(&theme) && theme.lightness > 300)
		theme.lightness -= 5;
	while (!theme_is_readable(&theme) && theme.chroma > 0)
		theme.chroma -= 5;
	return theme;
}

static void put(Buf *css, const char *token, Color color)
{
	buf_printf(css, "--%s:oklch(%.3f %.4f %.0f);", token, color.l, color.c, color.h);
}

char *theme_css(Arena *mem, const Theme *theme)
{
	Tokens light = tokens_light(theme), dark = tokens_dark(theme);
	Buf css;

	buf_init(&css, mem, 4096);
	buf_printf(&css, ":root{--brand-h:%d;--radius:%.4frem;", theme->hue, theme->radius / 16.0);
	put(&css, "primary", light.primary);
	put(&css, "primary-foreground", light.primary_text);
	put(&css, "ring", light.ring);
	buf_puts(&css, "}\n.dark{");
	put(&css, "primary", dark.primary);
	put(&css, "primary-foreground", dark.primary_text);
	put(&css, "ring", dark.ring);
	buf_puts(&css, "}\n");
	return arena_dup(mem, buf_text(&css));
}

static int byte_of(double linear)
{
	double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;

	return (int)(value * 255 + 0.5);
}

char *theme_primary_hex(Arena *mem, const Theme *theme)
{
	Rgb rgb = rgb_of(tokens_light(theme).primary);

	return arena_printf(mem, "#%02x%02x%02x", byte_of(rgb.r), byte_of(rgb.g), byte_of(rgb.b));
}
