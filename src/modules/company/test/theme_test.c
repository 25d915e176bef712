#include "test.h"

#include "modules/company/theme.h"

TEST(every_theme_can_be_mended_until_it_is_readable)
{
	int mended = 0;

	for (int hue = 0; hue < 360; hue += 5) {
		for (int chroma = 0; chroma <= 250; chroma += 50) {
			Theme theme = { hue, chroma, 650, 10 };

			mended += !theme_is_readable(&theme);
			theme = theme_mend(theme);
			CHECK(theme_is_readable(&theme));
			CHECK_INT(theme.hue, hue);
		}
	}
	CHECK(mended > 0);
}

TEST(contrast_is_the_ratio_that_wcag_gives)
{
	Theme gray = { 0, 0, 300, 10 };

	/* without chroma, linear light is the cube of lightness: (0.78^3 + 0.05) / (0.188^3 +
	 * 0.05); the page behind has a breath of colour */
	CHECK(theme_contrast(&gray).link >= 925 && theme_contrast(&gray).link <= 928);
	CHECK_TEXT(theme_primary_hex(cx->mem, &(Theme){ 0, 0, 300, 0 }), "#2e2e2e");
}

TEST(a_theme_is_css_of_known_tokens_and_numbers)
{
	const char *css = theme_css(cx->mem, &(Theme){ 165, 85, 430, 10 });

	CHECK(strstr(
		css, ":root{--brand-h:165;--radius:0.6250rem;--primary:oklch(0.430 0.0850 165);"));
	CHECK(strstr(css, ".dark{--primary:oklch(0.780 0.0935 165);"));
}
