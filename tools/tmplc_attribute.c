/* Inside a start tag: attributes and their values. A value knows what kind it is by the name of its
 * attribute, and how far it is filled, so that a {{}} is written in the one way that is safe there.
 */
#include "tmplc.h"

bool attribute_is_url(AttributeKind kind)
{
	return kind == ATTRIBUTE_URL || kind == ATTRIBUTE_SWITCH;
}

static void check_attribute(Tmplc *t, Str name, AttributeKind kind, const char *why)
{
	Tag *tag = &t->tag;

	if (kind == ATTRIBUTE_REFUSED)
		tmplc_fail(
			t, t->line, "attribute %.*s is refused: %s", (int)name.len, name.ptr, why);
	else if (!tag->foreign && name_has_capital(name))
		tmplc_fail(t, t->line, "write the attribute %.*s in lower case", (int)name.len,
			name.ptr);
	for (size_t i = 0; i < tag->attribute_count; i++)
		if (tag->attribute[i].len == name.len &&
			!memcmp(tag->attribute[i].ptr, name.ptr, name.len))
			tmplc_fail(t, t->line,
				"attribute %.*s stands twice: the browser drops this one",
				(int)name.len, name.ptr);
	if (tag->attribute_count == ATTRIBUTE_MAX)
		tmplc_fail(t, t->line, "too many attributes");
	else
		tag->attribute[tag->attribute_count++] = name;
}

static void read_attribute(Tmplc *t)
{
	Str name = html_name(t, t->at, "-_:.@");
	const char *why = NULL;
	AttributeKind kind = attribute_kind(name, &why);

	if (!name.len)
		tmplc_fail(t, t->line, "'%c' in a tag: an attribute is name or name=\"value\"",
			*t->at);
	else if (t->place.glued)
		tmplc_fail(
			t, t->line, "white space is missing before %.*s", (int)name.len, name.ptr);
	else
		check_attribute(t, name, kind, why);
	if (t->error)
		return;
	code_literal(t, t->at, name.len);
	t->at += name.len;
	t->place.glued = true;
	if (html_starts(t, "{{"))
		tmplc_fail(t, t->line, "{{}} in an attribute name");
	if (!html_starts(t, "="))
		return;
	if (!html_starts(t, "=\"")) {
		tmplc_fail(t, t->line, "the value of %.*s must stand in double quotes",
			(int)name.len, name.ptr);
		return;
	}
	code_literal(t, "=\"", 2);
	t->at += 2;
	t->place.where = IN_VALUE;
	t->place.value = ++t->value_count;
	t->place.filled = VALUE_EMPTY;
	t->value = (Value){ .name = name, .kind = kind, .begin = t->at, .line = t->line };
}

void attribute_step(Tmplc *t)
{
	const char *begin = t->at;

	while (t->at < t->line_end && (*t->at == ' ' || *t->at == '\t'))
		t->at++;
	if (t->at > begin) {
		code_literal(t, " ", 1);
		t->place.glued = false;
	} else if (*t->at == '>' || html_starts(t, "/>")) {
		html_close_tag(t);
	} else if (html_starts(t, "{{")) {
		tmplc_fail(t, t->line, "{{}} in a tag must stand inside a double-quoted value");
	} else if (html_starts(t, "{%")) {
		if (t->tag.element && !strcmp(t->tag.element->name, "script"))
			tmplc_fail(t, t->line, "a directive in a <script> tag");
		else
			html_run_inline(t);
	} else {
		read_attribute(t);
	}
}

static bool piece_starts(Str piece, const char *text)
{
	size_t size = strlen(text);

	return piece.len >= size && name_same((Str){ piece.ptr, size }, text);
}

/* May a literal URL begin with piece? Anything else could leave the site or run a script. What a
 * {{}} adds must not become part of a host: "/{{a}}/{{b}}" with an empty a would read "//b". */
static bool is_url_begin(Str piece, bool is_whole)
{
	if (piece_starts(piece, "/"))
		return piece.len == 1 ? is_whole : piece.ptr[1] != '/' && piece.ptr[1] != '\\';
	if (piece_starts(piece, "https://"))
		return is_whole || (piece.len > 9 && memchr(piece.ptr + 9, '/', piece.len - 9));
	return piece_starts(piece, "#") || piece_starts(piece, "?") ||
	       piece_starts(piece, "tel:") || piece_starts(piece, "mailto:");
}

/* One message for all ways to get a URL wrong. */
static void refuse_url(Tmplc *t)
{
	tmplc_fail(t, t->line,
		"%.*s must be one {{Url}}, or begin with /name # ? tel: mailto: or https://host/",
		(int)t->value.name.len, t->value.name.ptr);
}

static void check_value_begin(Tmplc *t, Str piece)
{
	Value *value = &t->value;
	Str text = str_trim(piece);
	bool is_whole = t->at < t->line_end && *t->at == '"';
	bool is_word = str_is(piece, "true") || str_is(piece, "false");

	if (piece_starts(text, "javascript:") || piece_starts(text, "vbscript:") ||
		(piece_starts(text, "js:") && piece_starts(value->name, "hx-"))) {
		tmplc_fail(t, t->line, "a script as the value of %.*s", (int)value->name.len,
			value->name.ptr);
		return;
	}
	if (value->kind == ATTRIBUTE_SWITCH && is_word && is_whole)
		return;
	if (value->kind != ATTRIBUTE_URL && value->kind != ATTRIBUTE_SWITCH)
		return;
	if (!is_url_begin(piece, is_whole))
		refuse_url(t);
	value->address = piece_starts(piece, "tel:") || piece_starts(piece, "mailto:");
}

static void put_value_piece(Tmplc *t)
{
	const char *begin = t->at;
	Str piece;

	while (t->at < t->line_end && *t->at != '"' && !html_starts(t, "{{") &&
		!html_starts(t, "{%"))
		t->at++;
	piece = (Str){ begin, (size_t)(t->at - begin) };
	if (t->place.filled == VALUE_EMPTY && str_trim(piece).len)
		check_value_begin(t, piece);
	if (attribute_is_url(t->value.kind) &&
		(memchr(begin, ' ', piece.len) || memchr(begin, '\t', piece.len)))
		tmplc_fail(t, t->line, "white space in a URL");
	if (t->place.filled == VALUE_WHOLE && str_trim(piece).len)
		tmplc_fail(t, t->line, "beside the {{}} that fills %.*s nothing else may stand",
			(int)t->value.name.len, t->value.name.ptr);
	if (t->error)
		return;
	if (t->place.filled == VALUE_EMPTY && str_trim(piece).len)
		t->place.filled = VALUE_LITERAL;
	code_literal(t, begin, piece.len);
}

/* The function that writes a {{}} here; NULL after an error. */
static const char *value_call(Tmplc *t)
{
	Value *value = &t->value;
	int len = (int)value->name.len;

	if (value->kind == ATTRIBUTE_PLAIN)
		return "html_plain_value";
	if (value->kind == ATTRIBUTE_LITERAL) {
		tmplc_fail(t, t->line, "%.*s takes literal text only", len, value->name.ptr);
		return NULL;
	}
	if (t->place.filled == VALUE_LITERAL && attribute_is_url(value->kind))
		return value->address ? "html_address_value" : "html_url_value";
	if (t->place.filled != VALUE_EMPTY) {
		tmplc_fail(t, t->line, "beside the {{}} that fills %.*s nothing else may stand",
			len, value->name.ptr);
		return NULL;
	}
	t->place.filled = VALUE_WHOLE;
	return attribute_is_url(value->kind) ? "html_put_url" : "html_put_json_value";
}

static void put_value_expression(Tmplc *t)
{
	ValueState before = t->place.filled;
	const char *call = value_call(t);

	t->value.dynamic = true;
	if (!call)
		return;
	html_put_expression(t, call);
	if (before == VALUE_EMPTY && attribute_is_url(t->value.kind) && t->at < t->line_end &&
		*t->at != '"' && !html_starts(t, "{%"))
		refuse_url(t);
}

static bool is_htmx_post(Str name)
{
	return str_is(name, "hx-post") || str_is(name, "hx-put") || str_is(name, "hx-patch") ||
	       str_is(name, "hx-delete");
}

/* What the values of a few attributes mean for the element. */
static void note_value(Tmplc *t)
{
	Tag *tag = &t->tag;
	Str text = { t->value.begin, (size_t)(t->at - t->value.begin) };

	if (str_is(t->value.name, "src"))
		tag->has_src = true;
	if (str_is(t->value.name, "type"))
		tag->script_type = text;
	if (t->value.dynamic && ((str_is(t->value.name, "type") && str_is(tag->name, "script")) ||
					str_is(t->value.name, "method")))
		tmplc_fail(t, t->line, "the %.*s of a <%.*s> is literal", (int)t->value.name.len,
			t->value.name.ptr, (int)tag->name.len, tag->name.ptr);
	if ((str_is(t->value.name, "method") && name_same(text, "post")) ||
		is_htmx_post(t->value.name))
		tag->posts = true;
	if (str_is(t->value.name, "action") && piece_starts(text, "https:"))
		tag->leaves = true;
}

static void end_value(Tmplc *t)
{
	if (attribute_is_url(t->value.kind) && t->place.filled == VALUE_EMPTY) {
		tmplc_fail(t, t->line, "%.*s is empty", (int)t->value.name.len, t->value.name.ptr);
		return;
	}
	note_value(t);
	code_literal(t, "\"", 1);
	t->at++;
	t->place.where = IN_TAG;
	t->place.glued = true;
}

void attribute_value_step(Tmplc *t)
{
	if (*t->at == '"')
		end_value(t);
	else if (html_starts(t, "{{"))
		put_value_expression(t);
	else if (html_starts(t, "{%"))
		html_run_inline(t);
	else
		put_value_piece(t);
}
