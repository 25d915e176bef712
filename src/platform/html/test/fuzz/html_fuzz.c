/* Whatever text is written: escaped HTML has no live character and reads back as the same text; a
 * URL part has only harmless bytes and decodes to the same text; initials stay inside their bounds.
 */
#include "platform/html/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct {
	const char *entity;
	char c;
} entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' },
	{ "&#39;", '\'' } };

static char *unescape(Arena *mem, const char *html)
{
	char *text = arena_dup(mem, html), *to = text;

	while (*html) {
		size_t step = 1;

		*to = *html;
		for (size_t i = 0; *html == '&' && i < COUNT(entities); i++)
			if (str_starts(html, entities[i].entity)) {
				*to = entities[i].c;
				step = strlen(entities[i].entity);
			}
		if (*html == '&' && step == 1)
			abort();
		html += step;
		to++;
	}
	*to = '\0';
	return text;
}

static char *decode(Arena *mem, const char *url)
{
	char *text = arena_dup(mem, url), *to = text;

	for (; *url; url++) {
		char hex[3] = { 0 };

		if (*url != '%') {
			*to++ = *url;
			continue;
		}
		memcpy(hex, url + 1, 2);
		*to++ = (char)strtol(hex, NULL, 16);
		url += 2;
	}
	*to = '\0';
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem, .zone = "America/Sao_Paulo" };
	const char *text = arena_copy(mem, bytes, size);
	Html h;

	html_init(&h, &cx, NULL);
	html_put_text(&h, text);
	if (strpbrk(html_text_of(&h), "<>\"'") ||
		strcmp(unescape(mem, html_text_of(&h)), text) != 0)
		abort();
	html_init(&h, &cx, NULL);
	html_put_url_part(&h, text);
	if (strpbrk(html_text_of(&h), "<>\"'&?#/ ") ||
		strcmp(decode(mem, html_text_of(&h)), text) != 0)
		abort();
	if (strlen(fmt_initials(&h, text)) > 8)
		abort();
	arena_free(mem);
	return 0;
}
