/* Following the HTML: text, tags, attribute values, and the elements whose inside is not HTML. What
 * is not plain, well-nested HTML is refused, so the context of every {{}} is certain. */
#include "tmplc.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool html_starts(const Tmplc *t, const char *text)
{
	size_t size = strlen(text);

	return (size_t)(t->line_end - t->at) >= size && !memcmp(t->at, text, size);
}

Str html_name(const Tmplc *t, const char *p, const char *also)
{
	const char *begin = p;

	while (p < t->line_end && (is_letter(*p) || (*p >= '0' && *p <= '9') || strchr(also, *p)))
		p++;
	return (Str){ begin, (size_t)(p - begin) };
}

/* Inside <svg> or <math>? */
static bool is_foreign(const Tmplc *t)
{
	for (size_t i = t->place.open_count; i-- > 0;) {
		if (str_is(t->open[i].name, "foreignObject"))
			return false;
		if (t->open[i].element && t->open[i].element->flags & ELEMENT_FOREIGN)
			return true;
	}
	return false;
}

bool html_is_verbatim(const Tmplc *t)
{
	for (size_t i = 0; i < t->place.open_count; i++)
		if (t->open[i].element && t->open[i].element->flags & ELEMENT_VERBATIM)
			return true;
	return false;
}

/* White space beside a block tag is not seen, so it need not be sent. */
static bool is_block(const Tmplc *t, Str name)
{
	const Element *element = element_find(name);

	if (is_foreign(t))
		return !str_is(name, "svg") && !str_is(name, "text") && !str_is(name, "tspan") &&
		       !str_is(name, "a");
	return element && !(element->flags & ELEMENT_INLINE);
}

static const Open *find_open(const Tmplc *t, const char *name)
{
	for (size_t i = t->place.open_count; i-- > 0;)
		if (str_is(t->open[i].name, name))
			return &t->open[i];
	return NULL;
}

/* The <p> that a block tag here would end: a table cell, button or template shields it. */
static const Open *find_paragraph(const Tmplc *t)
{
	static const char *const shields[] = { "button", "td", "th", "caption", "template",
		"foreignObject" };

	for (size_t i = t->place.open_count; i-- > 0;) {
		if (str_is(t->open[i].name, "p"))
			return &t->open[i];
		for (size_t k = 0; k < COUNT(shields); k++)
			if (str_is(t->open[i].name, shields[k]))
				return NULL;
	}
	return NULL;
}

/* ---- {{ }} and {% %} ---- */

/* Read the {{expression}} at t->at; empty after an error. */
static Str read_expression(Tmplc *t)
{
	const char *begin = t->at + 2;
	const char *end = code_end(t, begin, "}}", 0);
	Str expression;

	if (!end)
		return (Str){ "", 0 };
	t->at = end + 2;
	expression = str_trim((Str){ begin, (size_t)(end - begin) });
	if (!expression.len)
		tmplc_fail(t, t->line, "{{}} is empty");
	return expression;
}

void html_put_expression(Tmplc *t, const char *call)
{
	Str expression = read_expression(t);

	if (!t->error)
		code_value(t, call, expression);
	t->last = LAST_OTHER;
}

void html_run_inline(Tmplc *t)
{
	static const char *const words[] = { "if", "elif", "else", "for", "while", "set", "call",
		"end" };
	const char *begin = t->at + 2;
	const char *end = code_end(t, begin, "%}", CODE_COMMAS | CODE_SEMICOLONS);
	Str text, word;
	bool known = false;

	if (!end)
		return;
	text = str_trim((Str){ begin, (size_t)(end - begin) });
	word = html_name(t, text.ptr, "_");
	for (size_t i = 0; i < COUNT(words); i++)
		known |= str_is(word, words[i]);
	if (!known)
		tmplc_fail(
			t, t->line, "{%% %.*s %%} is no inline directive", (int)word.len, word.ptr);
	else if (str_is(word, "end") && t->frame_count == 1)
		tmplc_fail(t, t->line, "{%% end %%} without {%% if %%} or {%% for %%}");
	if (t->error)
		return;
	t->at = end + 2;
	directive_run(t, text);
	t->last = LAST_OTHER;
}

/* ---- tags ---- */

static void check_element(Tmplc *t)
{
	const Tag *tag = &t->tag;
	const Open *paragraph = find_paragraph(t);
	int len = (int)tag->name.len;
	const char *name = tag->name.ptr;

	if (tag->foreign && (name_same(tag->name, "script") || name_same(tag->name, "style")))
		tmplc_fail(t, t->line, "<%.*s> inside <svg>", len, name);
	else if (!tag->foreign && name_has_capital(tag->name))
		tmplc_fail(t, t->line, "write <%.*s> in lower case", len, name);
	else if (!tag->foreign && !tag->element && !memchr(name, '-', tag->name.len))
		tmplc_fail(t, t->line, "HTML has no <%.*s>", len, name);
	if (t->error || !tag->element)
		return;
	if (tag->element->flags & ELEMENT_REFUSED)
		tmplc_fail(t, t->line, "<%s> has no place in a page of ours", tag->element->name);
	else if (tag->element->flags & ELEMENT_LONELY && find_open(t, tag->element->name))
		tmplc_fail(t, t->line, "<%s> inside the <%s> of line %d", tag->element->name,
			tag->element->name, find_open(t, tag->element->name)->line);
	else if (tag->element->flags & ELEMENT_BREAKS_P && paragraph)
		tmplc_fail(t, t->line,
			"<%s> inside the <p> of line %d: the browser ends the <p> there",
			tag->element->name, paragraph->line);
}

static void start_tag(Tmplc *t)
{
	Str name = html_name(t, t->at + 1, "-");
	bool foreign = is_foreign(t);
	const Element *element = element_find(name);

	if (foreign && element && !(element->flags & ELEMENT_FOREIGN))
		element = NULL;
	t->tag = (Tag){ .name = name,
		.line = t->line,
		.element = element,
		.foreign = foreign || (element && element->flags & ELEMENT_FOREIGN),
		.script_type = { "", 0 } };
	check_element(t);
	if (t->error)
		return;
	code_literal(t, t->at, name.len + 1);
	t->at += name.len + 1;
	t->place.where = IN_TAG;
	t->place.tag = ++t->tag_count;
	t->place.glued = true;
}

static void end_tag(Tmplc *t)
{
	Str name = html_name(t, t->at + 2, "-");
	const Frame *frame = &t->frame[t->frame_count - 1];
	const Open *top = &t->open[t->place.open_count - (t->place.open_count > 0)];
	int len = (int)name.len;
	bool is_last_block = is_block(t, name);

	if (!html_starts(t, "</") || name.ptr + name.len == t->line_end ||
		name.ptr[name.len] != '>') {
		tmplc_fail(t, t->line, "write the end tag as </name>");
	} else if (t->place.open_count == frame->start.open_count) {
		if (frame->kind != FRAME_TEMPLATE)
			tmplc_fail(t, t->line,
				"</%.*s> closes an element opened outside this branch "
				"(of line %d)",
				len, name.ptr, frame->line);
		else if (!t->may_close)
			tmplc_fail(t, t->line,
				"</%.*s> closes nothing that this template opened "
				"(%%template closes … allows it)",
				len, name.ptr);
	} else if (top->name.len != name.len || memcmp(top->name.ptr, name.ptr, name.len) != 0) {
		tmplc_fail(t, t->line, "</%.*s> but the <%.*s> of line %d is still open", len,
			name.ptr, (int)top->name.len, top->name.ptr, top->line);
	} else {
		t->place.open_count--;
	}
	if (t->error)
		return;
	code_literal(t, t->at, name.len + 3);
	t->at += name.len + 3;
	t->place.where = IN_TEXT;
	t->last = is_last_block ? LAST_BLOCK : LAST_OTHER;
}

static void open_comment(Tmplc *t)
{
	if (html_starts(t, "<!-->") || html_starts(t, "<!--->")) {
		tmplc_fail(t, t->line, "a comment that closes at its opening");
		return;
	}
	code_literal(t, t->at, 4);
	t->at += 4;
	t->place.where = IN_COMMENT;
}

static void open_markup(Tmplc *t)
{
	static const char doctype[] = "<!doctype html>";

	if (html_starts(t, "<!--")) {
		open_comment(t);
	} else if (html_starts(t, doctype)) {
		code_literal(t, doctype, sizeof doctype - 1);
		t->at += sizeof doctype - 1;
		t->last = LAST_BLOCK;
	} else if (html_starts(t, "</")) {
		end_tag(t);
	} else if (t->at + 1 < t->line_end && is_letter(t->at[1])) {
		start_tag(t);
	} else {
		tmplc_fail(t, t->line, "write &lt; for a < that opens no tag");
	}
}

static void push_open(Tmplc *t)
{
	if (t->place.open_count == OPEN_MAX) {
		tmplc_fail(t, t->line, "elements nested too deep");
		return;
	}
	t->open[t->place.open_count++] = (Open){ t->tag.name, t->tag.line, t->tag.element };
}

/* What stands behind the ">" of a start tag that has an end tag. */
static void enter_element(Tmplc *t)
{
	const Tag *tag = &t->tag;
	unsigned flags = tag->element ? tag->element->flags : 0;

	push_open(t);
	if (flags & ELEMENT_RCDATA)
		t->place.where = IN_RCDATA;
	if (flags & ELEMENT_VERBATIM && t->at < t->line_end)
		code_literal(
			t, "\n", 1); /* the browser drops one: the value's own must not be it */
	if (!tag->element)
		return;
	if (!strcmp(tag->element->name, "style"))
		t->place.where = IN_STYLE;
	if (!strcmp(tag->element->name, "script")) {
		t->place.where = IN_SCRIPT;
		t->json_done = false;
		if (!tag->has_src && !str_is(tag->script_type, "application/json"))
			tmplc_fail(
				t, t->line, "a <script> without src: the content policy blocks it");
	}
	if (tag->posts && !tag->leaves && !strcmp(tag->element->name, "form"))
		code_plain(t, "html_csrf(h);");
}

void html_close_tag(Tmplc *t)
{
	const Tag *tag = &t->tag;
	bool slash = *t->at == '/';
	bool is_void = tag->element && tag->element->flags & ELEMENT_VOID;

	if (slash && !is_void && !tag->foreign) {
		tmplc_fail(t, t->line, "<%.*s/> does not close itself in HTML", (int)tag->name.len,
			tag->name.ptr);
		return;
	}
	t->at += slash ? 2 : 1;
	if (slash && tag->foreign)
		code_literal(t, "/>", 2);
	else
		code_literal(t, ">", 1);
	t->place.where = IN_TEXT;
	t->last = is_block(t, tag->name) ? LAST_BLOCK : LAST_OTHER;
	if (!is_void && !slash)
		enter_element(t);
}

/* ---- text and what is not HTML ---- */

static void step_text(Tmplc *t)
{
	const char *begin = t->at;

	while (t->at < t->line_end && *t->at != '<' && !html_starts(t, "{{") &&
		!html_starts(t, "{%"))
		t->at++;
	if (t->at > begin) {
		code_literal(t, begin, (size_t)(t->at - begin));
		t->last = LAST_OTHER;
	} else if (html_starts(t, "{{")) {
		html_put_expression(
			t, t->place.where == IN_TEXT ? "html_value" : "html_plain_value");
	} else if (html_starts(t, "{%")) {
		html_run_inline(t);
	} else if (t->place.where == IN_TEXT) {
		open_markup(t);
	} else if (html_starts(t, "</")) {
		end_tag(t);
	} else {
		tmplc_fail(t, t->line, "write &lt; for a < in text");
	}
}

static void step_script(Tmplc *t)
{
	bool json = !t->tag.has_src;

	if (is_blank(*t->at)) {
		t->at++;
	} else if (html_starts(t, "</script>")) {
		if (json && !t->json_done)
			tmplc_fail(t, t->line, "a JSON <script> holds exactly one {{JsonText}}");
		else
			end_tag(t);
	} else if (json && !t->json_done && html_starts(t, "{{")) {
		html_put_expression(t, "html_put_json");
		t->json_done = true;
	} else {
		tmplc_fail(t, t->line,
			json ? "a JSON <script> holds exactly one {{JsonText}}"
			     : "a <script> with src must be empty");
	}
}

/* <style> and comments: literal up to their end. */
static void step_literal(Tmplc *t, const char *stop, const char *what)
{
	const char *begin = t->at;

	while (t->at < t->line_end && !html_starts(t, stop)) {
		if (html_starts(t, "{{") || html_starts(t, "{%"))
			tmplc_fail(t, t->line, "%.2s in %s", t->at, what);
		else if (html_starts(t, "--!>") || (*t->at == '<' && t->place.where == IN_STYLE))
			tmplc_fail(t, t->line, "%s must end with %s", what, stop);
		if (t->error)
			return;
		t->at++;
	}
	code_literal(t, begin, (size_t)(t->at - begin));
	if (t->at == t->line_end)
		return;
	if (t->place.where == IN_STYLE) {
		end_tag(t);
		return;
	}
	code_literal(t, stop, 3);
	t->at += 3;
	t->place.where = IN_TEXT;
	t->last = LAST_OTHER;
}

void html_step(Tmplc *t)
{
	switch (t->place.where) {
	case IN_TEXT:
	case IN_RCDATA:
		step_text(t);
		break;
	case IN_SCRIPT:
		step_script(t);
		break;
	case IN_STYLE:
		step_literal(t, "</style>", "<style>");
		break;
	case IN_COMMENT:
		step_literal(t, "-->", "a comment");
		break;
	case IN_TAG:
		attribute_step(t);
		break;
	case IN_VALUE:
		attribute_value_step(t);
		break;
	}
}

/* ---- lines ---- */

void html_flush_newline(Tmplc *t)
{
	if (!t->newline_due)
		return;
	code_literal(t, "\n", 1);
	t->newline_due = false;
	t->last = LAST_NOTHING;
}

void html_line_begin(Tmplc *t)
{
	bool closing;

	if (html_is_verbatim(t) && (t->place.where == IN_TEXT || t->place.where == IN_RCDATA))
		return;
	while (t->at < t->line_end && is_blank(*t->at))
		t->at++;
	while (t->line_end > t->at && is_blank(t->line_end[-1]))
		t->line_end--;
	if (t->at == t->line_end || t->place.where != IN_TEXT)
		return;
	closing = html_starts(t, "</");
	if (*t->at == '<' && is_block(t, html_name(t, t->at + 1 + closing, "-")))
		t->newline_due = false;
	html_flush_newline(t);
}

void html_newline(Tmplc *t)
{
	bool text = t->place.where == IN_TEXT;

	if (text && !html_is_verbatim(t)) {
		t->newline_due |= t->last == LAST_OTHER;
		return;
	}
	if (t->place.where == IN_SCRIPT)
		return;
	if (t->place.where == IN_VALUE && attribute_is_url(t->value.kind))
		tmplc_fail(t, t->line, "white space in a URL");
	code_literal(t, "\n", 1);
	t->place.glued = false;
}
