/* Any text is either compiled or refused with "file:line: why"; neither hangs nor reads outside.
 * What compiles is judged by a second reader, written from the HTML standard's tokenizer and
 * knowing nothing of tmplc: fed with all literals in their order, it must stand in text where
 * html_value() is called, in a double-quoted value where an attribute's call stands, in a JSON
 * script at html_put_json(). Branches leave the context as it was, so reading all of them one
 * behind the other is reading a page. */
#include "tmplc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

typedef enum State {
	DATA,
	TAG_OPEN,
	END_TAG_OPEN,
	TAG_NAME,
	BEFORE_NAME,
	NAME,
	AFTER_NAME,
	BEFORE_VALUE,
	QUOTED,
	OTHER_VALUE,
	AFTER_QUOTED,
	SLASH,
	COMMENT,
	BOGUS
} State;

typedef struct Reader {
	State state;
	bool end_tag;
	char tag[32];
	size_t tag_len;
	char raw[32]; /* element whose inside is text only; "" in normal data */
	char tail[16];
	int drawn;    /* <svg> and <math> open */
	int shielded; /* <foreignObject> open in them */
} Reader;

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static void note_drawn(Reader *r)
{
	int step = r->end_tag ? -1 : 1;

	if (!strcmp(r->tag, "svg") || !strcmp(r->tag, "math"))
		r->drawn += step;
	if (!strcmp(r->tag, "foreignobject"))
		r->shielded += step;
}

static void end_of_tag(Reader *r, bool self_closed)
{
	static const char *const texts[] = { "script", "style", "title", "textarea", "iframe",
		"xmp", "noembed", "noframes", "plaintext" };
	bool foreign = r->drawn > 0 && r->shielded <= 0;

	r->state = DATA;
	if (!(self_closed && (foreign || !strcmp(r->tag, "svg") || !strcmp(r->tag, "math"))))
		note_drawn(r);
	for (size_t i = 0; !r->end_tag && !foreign && i < COUNT(texts); i++)
		if (!strcmp(r->tag, texts[i]) && strcmp(r->tag, "iframe") != 0)
			memcpy(r->raw, r->tag, sizeof r->raw);
}

/* In a text-only element: only its own end tag ends it. */
static void read_raw(Reader *r, char c)
{
	size_t len = strlen(r->tail), need = strlen(r->raw) + 2;

	if (len + 1 == sizeof r->tail) {
		memmove(r->tail, r->tail + 1, len--);
		r->tail[len] = '\0';
	}
	if ((is_blank(c) || c == '>' || c == '/') && len >= need &&
		!memcmp(r->tail + len - need, "</", 2) &&
		!strcasecmp(r->tail + len - need + 2, r->raw)) {
		memset(r->tail, 0, sizeof r->tail);
		r->raw[0] = '\0';
		r->end_tag = true;
		r->tag[0] = '\0';
		if (c == '>')
			end_of_tag(r, false);
		else
			r->state = BEFORE_NAME;
		return;
	}
	r->tail[len] = c;
	r->tail[len + 1] = '\0';
}

static void begin_tag(Reader *r, bool end_tag)
{
	r->end_tag = end_tag;
	memset(r->tag, 0, sizeof r->tag);
	r->tag_len = 0;
	r->state = TAG_NAME;
}

static void read_comment(Reader *r, char c)
{
	size_t len = strlen(r->tail);

	if (len + 1 == sizeof r->tail) {
		memmove(r->tail, r->tail + 1, len--);
		r->tail[len] = '\0';
	}
	r->tail[len] = c;
	r->tail[len + 1] = '\0';
	len++;
	if ((len >= 3 && !strcmp(r->tail + len - 3, "-->")) ||
		(len >= 4 && !strcmp(r->tail + len - 4, "--!>"))) {
		memset(r->tail, 0, sizeof r->tail);
		r->state = DATA;
	}
}

static void read_outside(Reader *r, char c)
{
	if (r->state == DATA) {
		if (c == '<')
			r->state = TAG_OPEN;
	} else if (r->state == BOGUS) { /* <!doctype …> or the first bytes of a comment */
		size_t len = strlen(r->tail);

		if (len < 2) {
			r->tail[len] = c;
			if (!strcmp(r->tail, "--"))
				r->state = COMMENT;
		}
		if (c == '>')
			r->state = DATA;
		if (r->state != BOGUS)
			memset(r->tail, 0, sizeof r->tail);
	} else if (c == '/' && r->state == TAG_OPEN) {
		r->state = END_TAG_OPEN;
	} else if (is_letter(c)) {
		begin_tag(r, r->state == END_TAG_OPEN);
		r->tag[r->tag_len++] = (char)(c | 32);
	} else if (c == '!' || c == '?' || r->state == END_TAG_OPEN) {
		r->state = BOGUS;
	} else {
		r->state = DATA;
	}
}

static void read_value(Reader *r, char c)
{
	if (r->state == QUOTED) {
		if (c == '"')
			r->state = AFTER_QUOTED;
	} else if (r->state == BEFORE_VALUE) {
		if (c == '"')
			r->state = QUOTED;
		else if (!is_blank(c))
			r->state = OTHER_VALUE; /* tmplc never writes one */
	} else {
		abort();
	}
}

static void read_tag(Reader *r, char c)
{
	if (r->state == SLASH && c == '>') {
		end_of_tag(r, true);
	} else if (c == '>') {
		end_of_tag(r, false);
	} else if (c == '/') {
		r->state = SLASH;
	} else if (is_blank(c)) {
		r->state = r->state == NAME || r->state == AFTER_NAME ? AFTER_NAME : BEFORE_NAME;
	} else if (r->state == TAG_NAME) {
		if (r->tag_len + 1 < sizeof r->tag)
			r->tag[r->tag_len++] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
	} else if (c == '=' && (r->state == NAME || r->state == AFTER_NAME)) {
		r->state = BEFORE_VALUE;
	} else if (c == '"' || c == '\'' || c == '<') {
		abort(); /* what a browser would mend, tmplc refuses */
	} else {
		r->state = NAME;
	}
}

static void read_byte(Reader *r, char c)
{
	if (r->raw[0])
		read_raw(r, c);
	else if (r->state == COMMENT)
		read_comment(r, c);
	else if (r->state <= END_TAG_OPEN || r->state == BOGUS)
		read_outside(r, c);
	else if (r->state == BEFORE_VALUE || r->state == QUOTED || r->state == OTHER_VALUE)
		read_value(r, c);
	else
		read_tag(r, c);
}

/* ---- the compiled C ---- */

/* Feed the strings of a line; returns when the line ends. */
static void read_strings(Reader *r, Str line)
{
	bool inside = false;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];

		if (c == '"') {
			inside = !inside;
			continue;
		}
		if (!inside)
			continue;
		if (c == '\\') {
			c = line.ptr[++i];
			c = (char)(c == 'n' ? '\n' : c == 't' ? '\t' : c);
		}
		read_byte(r, c);
	}
	if (inside)
		abort();
}

static bool begins(Str line, const char *with)
{
	return line.len >= strlen(with) && !memcmp(line.ptr, with, strlen(with));
}

static void check_call(const Reader *r, Str line)
{
	bool text = !r->raw[0] && r->state == DATA;
	bool rcdata = !strcmp(r->raw, "title") || !strcmp(r->raw, "textarea");
	bool value = !r->raw[0] && r->state == QUOTED;
	bool fits = true;

	if (begins(line, "html_value(h,"))
		fits = text;
	else if (begins(line, "html_plain_value(h,"))
		fits = value || rcdata;
	else if (begins(line, "html_url_value(h,") || begins(line, "html_address_value(h,") ||
		 begins(line, "html_put_url(h,") || begins(line, "html_put_json_value(h,"))
		fits = value;
	else if (begins(line, "html_put_json(h,"))
		fits = !strcmp(r->raw, "script");
	else if (begins(line, "html_csrf(h)"))
		fits = text;
	if (!fits)
		abort();
}

/* Lines behind "#line" hold C of the template; lines that we indent hold ours. Only ours are read.
 */
static void judge(Str text)
{
	Reader reader = { 0 };
	bool strings = false;
	Str line;

	while (str_cut(&text, '\n', &line)) {
		Str s = str_trim(line);

		if (begins(line, "void ") || begins(line, "static void "))
			reader = (Reader){ 0 };
		if (strings || (line.len && line.ptr[0] == '\t' && begins(s, "html_raw(h, \""))) {
			read_strings(&reader, s);
			strings = s.len && s.ptr[s.len - 1] == '"';
		} else if (line.len && line.ptr[0] == '\t') {
			check_call(&reader, s);
		}
	}
}

/* C of the template that looks like ours would fool the judge. */
static bool is_fooling(Str source)
{
	return memmem(source.ptr, source.len, "html_", 5) != NULL;
}

static void compile(const char *begin, const uint8_t *bytes, size_t size, const char *end)
{
	Arena *mem = arena_new(256 << 20);
	const char *error = NULL;
	Buf source;
	Str text;

	buf_init(&source, mem, 64 << 20);
	buf_puts(&source, begin);
	buf_add(&source, bytes, size);
	buf_puts(&source, end);
	if (!tmplc_compile(mem, "f.html", (Str){ source.bytes, source.len }, &text, &error)) {
		if (!str_starts(error, "f.html:"))
			abort();
	} else if (!is_fooling((Str){ source.bytes, source.len })) {
		judge(text);
	}
	arena_free(mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (!size)
		return 0;
	if (bytes[0] & 1)
		compile("%template t(const V *v)\n", bytes + 1, size - 1, "\n%end\n");
	else
		compile("", bytes + 1, size - 1, "");
	return 0;
}
