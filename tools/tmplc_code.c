/* The C that a template becomes: literals gathered into one html_raw(), expressions placed at the
 * line and column where they stand in the template, so that the compiler's errors point there. */
#include "tmplc.h"

enum { BRACKETS_MAX = 64 };

/* Behind the string or character constant at p; NULL when it does not end. */
static const char *skip_quoted(const char *p, const char *end)
{
	char quote = *p++;

	for (; p < end && *p != '\n'; p++) {
		if (*p == quote)
			return p + 1;
		if (*p == '\\' && p + 1 < end && p[1] != '\n')
			p++;
	}
	return NULL;
}

static char closing(char c)
{
	return (char)(c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : 0);
}

/* Why the byte at p may not stand in C of a template; NULL: it may. */
static const char *refuse(const char *p, const char *end, size_t depth, unsigned flags)
{
	if (*p == '/' && p + 1 < end && (p[1] == '/' || p[1] == '*'))
		return "a comment inside C; use %# on a line of its own";
	if (*p == ';' && !(depth && flags & CODE_SEMICOLONS))
		return "';' does not belong here";
	if (*p == ',' && !depth && !(flags & CODE_COMMAS))
		return "',' does not belong here";
	if (*p == '#' || *p == '\\')
		return "a preprocessor character inside C";
	return NULL;
}

const char *code_end(Tmplc *t, const char *p, const char *stop, unsigned flags)
{
	char due[BRACKETS_MAX];
	size_t depth = 0, stop_len = strlen(stop);
	const char *why = NULL;

	while (p < t->line_end && !why) {
		size_t left = (size_t)(t->line_end - p);

		if (!depth && stop_len && left >= stop_len && !memcmp(p, stop, stop_len))
			return p;
		if (*p == '"' || *p == '\'') {
			const char *behind = skip_quoted(p, t->line_end);

			why = behind ? NULL : "a string is not closed on its line";
			p = behind;
			continue;
		}
		why = refuse(p, t->line_end, depth, flags);
		if (closing(*p)) {
			if (depth == BRACKETS_MAX)
				why = "brackets nested too deep";
			else
				due[depth++] = closing(*p);
		} else if (*p == ')' || *p == ']' || *p == '}') {
			if (!depth || due[--depth] != *p)
				why = "brackets do not match";
		}
		p++;
	}
	if (!why && depth)
		why = "a bracket is not closed";
	if (!why && !stop_len)
		return t->line_end;
	if (why)
		tmplc_fail(t, t->line, "%s", why);
	else
		tmplc_fail(t, t->line, "\"%s\" is missing on this line", stop);
	return NULL;
}

bool code_is_open(Str s)
{
	const char *p = s.ptr, *end = s.ptr + s.len;
	size_t depth = 0;

	while (p < end) {
		if (*p == '"' || *p == '\'') {
			p = skip_quoted(p, end);
			if (!p)
				return false;
			continue;
		}
		if (closing(*p))
			depth++;
		else if ((*p == ')' || *p == ']' || *p == '}') && depth)
			depth--;
		p++;
	}
	return depth > 0;
}

size_t code_bracket(Str s)
{
	const char *p = s.ptr, *end = s.ptr + s.len;
	size_t depth = 0;

	while (p && p < end) {
		if (*p == '"' || *p == '\'') {
			p = skip_quoted(p, end);
			continue;
		}
		if (closing(*p))
			depth++;
		else if ((*p == ')' || *p == ']' || *p == '}') && --depth == 0)
			return (size_t)(p + 1 - s.ptr);
		p++;
	}
	return s.len;
}

void code_line(Tmplc *t, int line)
{
	buf_printf(&t->out, "#line %d \"", line);
	for (const char *c = t->file; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_putc(&t->out, '\\');
		buf_putc(&t->out, *c);
	}
	buf_puts(&t->out, "\"\n");
}

static void indent(Tmplc *t)
{
	for (size_t i = 0; i < t->frame_count; i++)
		buf_putc(&t->out, '\t');
}

void code_literal(Tmplc *t, const char *bytes, size_t size)
{
	if (!t->literal.len)
		t->literal_line = t->line;
	buf_add(&t->literal, bytes, size);
}

static void c_string(Buf *out, const char *bytes, size_t size, size_t tabs)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < size; i++) {
		char c = bytes[i];

		if (c == '\n') {
			buf_puts(out, "\\n");
			if (i + 1 < size) {
				buf_puts(out, "\"\n");
				for (size_t n = 0; n <= tabs; n++)
					buf_putc(out, '\t');
				buf_putc(out, '"');
			}
			continue;
		}
		if (c == '"' || c == '\\')
			buf_putc(out, '\\');
		if (c == '\t')
			buf_puts(out, "\\t");
		else
			buf_putc(out, c);
	}
	buf_putc(out, '"');
}

void code_flush(Tmplc *t)
{
	if (!t->literal.len)
		return;
	code_line(t, t->literal_line);
	indent(t);
	buf_puts(&t->out, "html_raw(h, ");
	c_string(&t->out, t->literal.bytes, t->literal.len, t->frame_count);
	buf_printf(&t->out, ", %zu);\n", t->literal.len);
	t->literal.len = 0;
}

/* White space as wide as what stands before `to` in the template's line. */
static void pad(Tmplc *t, const char *to)
{
	for (const char *c = t->line_begin; c < to; c++) {
		if (*c == '\t')
			buf_putc(&t->out, '\t');
		else if (((unsigned char)*c & 0xC0) != 0x80)
			buf_putc(&t->out, ' ');
	}
}

void code_value(Tmplc *t, const char *call, Str expression)
{
	code_flush(t);
	code_line(t, t->line - 1);
	indent(t);
	buf_printf(&t->out, "%s(h,\n", call);
	pad(t, expression.ptr - 1);
	buf_putc(&t->out, '(');
	buf_add(&t->out, expression.ptr, expression.len);
	buf_puts(&t->out, "));\n");
}

void code_plain(Tmplc *t, const char *statement)
{
	code_flush(t);
	for (size_t i = statement[0] == '}'; i < t->frame_count; i++)
		buf_putc(&t->out, '\t');
	buf_printf(&t->out, "%s\n", statement);
}

void code_statement(Tmplc *t, const char *before, Str text, const char *after)
{
	code_flush(t);
	if (before[0])
		code_plain(t, before);
	code_line(t, t->line);
	pad(t, text.ptr);
	buf_add(&t->out, text.ptr, text.len);
	buf_printf(&t->out, "%s\n", after);
}
