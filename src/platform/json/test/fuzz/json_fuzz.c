/* Any body is either refused with a sentence or parsed within the limits; what is parsed survives
 * being written for HTML, and is then harmless there. */
#include "core/ctx.h"
#include "platform/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem, .zone = "America/Sao_Paulo" };
	Str body = { (const char *)bytes, size };
	json_t *tree = NULL, *again = NULL;
	Err err = json_parse(&cx, body, &tree);
	char *text = err == OK ? json_dumps(tree, JSON_COMPACT) : NULL;
	Json j;

	if (err != OK && !cx.err.sentence)
		abort();
	if (text) {
		JsonText html;

		json_init(&j, mem);
		json_put_raw(&j, NULL, text);
		html = json_for_html(&j);
		if (strpbrk(html.json, "<>&"))
			abort();
		if (json_parse(&cx, str_of(html.json), &again) != OK || !json_equal(tree, again))
			abort();
		free(text);
	}
	arena_free(mem);
	return 0;
}
