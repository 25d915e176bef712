/* JSON out: a writer into a buffer that minds commas and quoting. JSON in: a scan that bounds depth
 * and count before jansson builds anything, then jansson for the grammar. */
#include "platform/json/json.h"

#include "core/clock.h"

enum { TEXT_LIMIT = 16 << 20, DEPTH_MAX = 32, VALUES_MAX = 10000, SHORT = 96 };

/* ---- writing ---- */

void json_init(Json *j, Arena *mem)
{
	*j = (Json){ 0 };
	buf_init(&j->buf, mem, TEXT_LIMIT);
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/* Most texts are short and need no escape: these are put together in `to`, behind its first `at`
 * bytes, and added at once. The bytes in `to` then; 0: this is not one of them. */
static size_t quote_short(char to[SHORT], size_t at, const char *text)
{
	to[at++] = '"';
	while (at < SHORT - 2 && is_plain((unsigned char)*text))
		to[at++] = *text++;
	if (*text)
		return 0;
	to[at++] = '"';
	return at;
}

static void put_quoted(Buf *buf, const char *text)
{
	const char *run = text;

	buf_putc(buf, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_plain(c))
			continue;
		buf_add(buf, run, (size_t)(text - run));
		run = text + 1;
		if (c == '"' || c == '\\') {
			buf_putc(buf, '\\');
			buf_putc(buf, (char)c);
		} else if (c == '\n') {
			buf_puts(buf, "\\n");
		} else {
			buf_printf(buf, "\\u%04x", c);
		}
	}
	buf_add(buf, run, (size_t)(text - run));
	buf_putc(buf, '"');
}

/* What stands before a value: the comma that is due, and its key. */
static void begin_value(Json *j, const char *key)
{
	char text[SHORT];
	bool more = j->more[j->depth];
	size_t size;

	assert(key ? j->depth && j->close[j->depth] == '}' : j->close[j->depth] != '}');
	assert(j->depth || !j->more[0]); /* one value at the top */
	j->more[j->depth] = true;
	text[0] = ',';
	size = key ? quote_short(text, more, key) : 0;
	if (size) {
		text[size] = ':';
		buf_add(&j->buf, text, size + 1);
		return;
	}
	if (more)
		buf_putc(&j->buf, ',');
	if (!key)
		return;
	put_quoted(&j->buf, key);
	buf_putc(&j->buf, ':');
}

static void open_value(Json *j, const char *key, char open, char close)
{
	begin_value(j, key);
	assert(j->depth + 1 < (int)COUNT(j->close));
	j->depth++;
	j->more[j->depth] = false;
	j->close[j->depth] = close;
	buf_putc(&j->buf, open);
}

void json_put_object(Json *j, const char *key)
{
	open_value(j, key, '{', '}');
}

void json_put_array(Json *j, const char *key)
{
	open_value(j, key, '[', ']');
}

void json_close(Json *j)
{
	assert(j->depth);
	buf_putc(&j->buf, j->close[j->depth--]);
}

void json_put_text(Json *j, const char *key, const char *value)
{
	char text[SHORT];
	size_t size;

	if (!value) {
		json_put_null(j, key);
		return;
	}
	begin_value(j, key);
	size = quote_short(text, 0, value);
	if (size)
		buf_add(&j->buf, text, size);
	else
		put_quoted(&j->buf, value);
}

void json_put_int(Json *j, const char *key, int64_t value)
{
	begin_value(j, key);
	buf_int64(&j->buf, value);
}

void json_put_bool(Json *j, const char *key, bool value)
{
	begin_value(j, key);
	buf_puts(&j->buf, value ? "true" : "false");
}

void json_put_null(Json *j, const char *key)
{
	begin_value(j, key);
	buf_puts(&j->buf, "null");
}

void json_put_time(Json *j, const char *key, int64_t at)
{
	json_put_text(j, key, at ? time_text_iso(j->buf.mem, at) : NULL);
}

void json_put_date(Json *j, const char *key, int32_t date)
{
	json_put_text(j, key, date == INT32_MIN ? NULL : date_text_iso(j->buf.mem, date));
}

void json_put_raw(Json *j, const char *key, const char *json)
{
	begin_value(j, key);
	buf_puts(&j->buf, str_is_empty(json) ? "null" : json);
}

const char *json_done(Json *j)
{
	while (j->depth)
		json_close(j);
	return buf_text(&j->buf);
}

/* Length of the character at p that HTML or an old script engine could misread, and what to write
 * in its place; 0: harmless. Outside of strings JSON has none of them. */
static size_t find_special(const char *p, const char **ret_escape)
{
	const unsigned char *byte = (const unsigned char *)p;

	if (*p == '<' || *p == '>' || *p == '&') {
		*ret_escape = *p == '<' ? "\\u003c" : *p == '>' ? "\\u003e" : "\\u0026";
		return 1;
	}
	if (byte[0] == 0xE2 && byte[1] == 0x80 && (byte[2] & 0xFE) == 0xA8) {
		*ret_escape = byte[2] == 0xA8 ? "\\u2028" : "\\u2029";
		return 3;
	}
	return 0;
}

JsonText json_for_html(Json *j)
{
	const char *text = json_done(j), *run = text, *escape = "";
	Buf out;

	buf_init(&out, j->buf.mem, TEXT_LIMIT);
	while (*text) {
		size_t size = find_special(text, &escape);

		if (!size) {
			text++;
			continue;
		}
		buf_add(&out, run, (size_t)(text - run));
		buf_puts(&out, escape);
		text += size;
		run = text;
	}
	buf_add(&out, run, (size_t)(text - run));
	return (JsonText){ out.overflow || j->buf.overflow ? "null" : buf_text(&out) };
}

/* ---- reading ---- */

static const char *skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p < end ? p + 1 : end;
}

/* Depth and an upper bound of the number of values, without building any. */
static void measure(Str body, size_t *ret_depth, size_t *ret_values)
{
	const char *p = body.ptr, *end = body.ptr + body.len;
	size_t depth = 0;

	*ret_depth = 0;
	*ret_values = 1;
	while (p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		*ret_values += *p == ',' || *p == '[' || *p == '{';
		if (*p == '[' || *p == '{')
			depth++;
		else if ((*p == ']' || *p == '}') && depth)
			depth--;
		if (depth > *ret_depth)
			*ret_depth = depth;
		p++;
	}
}

static void free_tree(void *tree)
{
	json_decref(tree);
}

/* The reason in words for the person, by jansson's code; its own text would repeat what was sent.
 */
static Err refuse(Ctx *cx, const json_error_t *error)
{
	const char *what = "O JSON está malformado";

	switch (json_error_code(error)) {
	case json_error_duplicate_key:
		what = "O JSON repete uma chave no mesmo objeto";
		break;
	case json_error_invalid_utf8:
	case json_error_null_character:
	case json_error_null_byte_in_key:
		what = "O JSON tem texto que não é UTF-8 válido";
		break;
	case json_error_numeric_overflow:
		what = "O JSON tem um número grande demais";
		break;
	case json_error_premature_end_of_input:
		what = "O JSON termina antes da hora";
		break;
	default:
		break;
	}
	return err_tell(cx, ERR_BAD_REQUEST,
		arena_printf(
			cx->mem, "%s (linha %d, coluna %d).", what, error->line, error->column),
		"JSON refused at line %d column %d: code %d", error->line, error->column,
		(int)json_error_code(error));
}

Err json_parse(Ctx *cx, Str body, json_t **ret)
{
	size_t depth, values;
	json_error_t error;
	json_t *tree;

	measure(body, &depth, &values);
	if (depth > DEPTH_MAX)
		return err_tell(cx, ERR_BAD_REQUEST, "O JSON tem níveis demais: no máximo 32.",
			"JSON %zu levels deep", depth);
	if (values > VALUES_MAX)
		return err_tell(cx, ERR_BAD_REQUEST, "O JSON tem valores demais: no máximo 10.000.",
			"JSON of up to %zu values", values);
	tree = json_loadb(body.len ? body.ptr : "", body.len, JSON_REJECT_DUPLICATES, &error);
	if (!tree)
		return refuse(cx, &error);
	arena_defer(cx->mem, free_tree, tree);
	*ret = tree;
	return OK;
}

static int add_bytes(const char *bytes, size_t size, void *buf)
{
	buf_add(buf, bytes, size);
	return ((Buf *)buf)->overflow ? -1 : 0;
}

const char *json_tree_text(Arena *mem, const json_t *tree, size_t max_bytes)
{
	Buf buf;

	buf_init(&buf, mem, max_bytes);
	if (json_dump_callback(tree, add_bytes, &buf, JSON_COMPACT | JSON_ENCODE_ANY))
		return NULL;
	return arena_dup(mem, buf_text(&buf));
}
