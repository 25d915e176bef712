/* Lines and directives: what opens, branches and closes, and that every branch leaves the HTML
 * where it found it. */
#include "tmplc.h"

enum { OUT_MAX = 32 << 20 };

void tmplc_fail(Tmplc *t, int line, const char *format, ...)
{
	va_list args;

	if (t->error)
		return;
	va_start(args, format);
	t->error = arena_printf(
		t->mem, "%s:%d: %s", t->file, line, arena_vprintf(t->mem, format, args));
	va_end(args);
	t->at = t->line_end;
}

/* ---- branches ---- */

static Frame *top_frame(Tmplc *t)
{
	return &t->frame[t->frame_count - 1];
}

static void push_frame(Tmplc *t, FrameKind kind)
{
	if (t->frame_count == FRAME_MAX) {
		tmplc_fail(t, t->line, "directives nested too deep");
		return;
	}
	/* the body of a loop follows itself: the last attribute of one round must not touch the
	 * first of the next */
	if (kind == FRAME_LOOP && t->place.where == IN_TAG)
		t->place.glued = true;
	t->frame[t->frame_count++] = (Frame){ .kind = kind,
		.line = t->line,
		.start = t->place,
		.attribute_count = t->tag.attribute_count };
}

/* Only values that one {{}} may fill care how far they are filled. */
static bool filled_counts(const Tmplc *t)
{
	return t->place.where == IN_VALUE && t->value.kind != ATTRIBUTE_PLAIN &&
	       t->value.kind != ATTRIBUTE_LITERAL;
}

static void take_end(Tmplc *t, Frame *frame, const Place *end)
{
	if (frame->one_ended && filled_counts(t) && frame->filled != end->filled)
		tmplc_fail(t, t->line,
			"the branches of line %d fill %.*s differently: write an else "
			"that begins the value too",
			frame->line, (int)t->value.name.len, t->value.name.ptr);
	frame->filled = end->filled;
	frame->glued |= end->glued;
	frame->one_ended = true;
}

/* A branch ends: it must stand where it began. */
static void leave_branch(Tmplc *t, Frame *frame)
{
	const Place *start = &frame->start, *end = &t->place;

	if (end->open_count > start->open_count) {
		const Open *open = &t->open[end->open_count - 1];

		tmplc_fail(t, t->line,
			"the <%.*s> of line %d is opened but not closed in this branch",
			(int)open->name.len, open->name.ptr, open->line);
	} else if (end->where != start->where || (end->where == IN_TAG && end->tag != start->tag) ||
		   (end->where == IN_VALUE && end->value != start->value)) {
		tmplc_fail(t, t->line,
			"the branch of line %d ends in another place of the HTML than "
			"it began (text, tag or quoted value)",
			frame->line);
	}
	if (!t->error)
		take_end(t, frame, end);
}

static void next_branch(Tmplc *t, bool is_else)
{
	Frame *frame = top_frame(t);

	if (frame->kind != FRAME_IF || frame->has_else) {
		tmplc_fail(t, t->line, "%s without an open %%if", is_else ? "%else" : "%elif");
		return;
	}
	leave_branch(t, frame);
	frame->has_else = is_else;
	t->place = frame->start;
	t->tag.attribute_count = frame->attribute_count;
}

static void end_branch(Tmplc *t)
{
	Frame *frame = top_frame(t);

	leave_branch(t, frame);
	if (!t->error && !frame->has_else)
		take_end(t, frame, &frame->start);
	if (t->error)
		return;
	t->place.filled = frame->filled;
	t->place.glued = frame->glued;
	code_plain(t, "}");
	t->frame_count--;
}

/* ---- directives; each gets what stands behind its word ---- */

/* The whole of rest in one pair of parentheses? */
static bool is_parenthesised(Tmplc *t, Str rest)
{
	if (rest.len && rest.ptr[0] == '(' && code_bracket(rest) == rest.len)
		return true;
	tmplc_fail(t, t->line, "the condition must stand in one pair of parentheses");
	return false;
}

static void run_if(Tmplc *t, Str text, Str rest)
{
	if (!is_parenthesised(t, rest))
		return;
	code_statement(t, "", text, " {");
	push_frame(t, FRAME_IF);
}

static void run_loop(Tmplc *t, Str text, Str rest)
{
	if (!is_parenthesised(t, rest))
		return;
	code_statement(t, "", text, " {");
	push_frame(t, FRAME_LOOP);
}

static void run_elif(Tmplc *t, Str text, Str rest)
{
	if (!is_parenthesised(t, rest))
		return;
	next_branch(t, /* is_else= */ false);
	if (!t->error)
		code_statement(t, "} else", (Str){ text.ptr + 2, text.len - 2 }, " {");
}

static void run_else(Tmplc *t, Str text, Str rest)
{
	(void)text;
	if (rest.len)
		tmplc_fail(t, t->line, "nothing may follow %%else");
	next_branch(t, /* is_else= */ true);
	if (!t->error)
		code_plain(t, "} else {");
}

static void end_template(Tmplc *t)
{
	if (t->place.where != IN_TEXT && t->place.where != IN_RCDATA)
		tmplc_fail(t, t->line,
			"the template of line %d ends inside a tag, comment or script",
			top_frame(t)->line);
	else if (t->place.open_count && !t->may_open)
		tmplc_fail(t, t->line,
			"the <%.*s> of line %d is not closed (%%template opens … allows "
			"it)",
			(int)t->open[t->place.open_count - 1].name.len,
			t->open[t->place.open_count - 1].name.ptr,
			t->open[t->place.open_count - 1].line);
	code_flush(t);
	t->frame_count--;
	buf_puts(&t->out, "}\n\n");
}

static void run_end(Tmplc *t, Str text, Str rest)
{
	(void)text;
	if (rest.len)
		tmplc_fail(t, t->line, "nothing may follow %%end");
	else if (top_frame(t)->kind == FRAME_TEMPLATE)
		end_template(t);
	else
		end_branch(t);
}

static void run_set(Tmplc *t, Str text, Str rest)
{
	(void)text;
	if (!rest.len)
		tmplc_fail(t, t->line, "%%set needs a declaration or an assignment");
	else
		code_statement(t, "", rest, ";");
}

/* Cut "name(arguments)"; false after an error. */
static bool cut_call(Tmplc *t, Str rest, Str *ret_name, Str *ret_arguments)
{
	size_t len = 0;

	while (len < rest.len &&
		(rest.ptr[len] == '_' || (rest.ptr[len] >= 'a' && rest.ptr[len] <= 'z') ||
			(rest.ptr[len] >= '0' && rest.ptr[len] <= '9')))
		len++;
	*ret_name = (Str){ rest.ptr, len };
	*ret_arguments = (Str){ rest.ptr + len, rest.len - len };
	if (!len || !ret_arguments->len || ret_arguments->ptr[0] != '(' ||
		code_bracket(*ret_arguments) != ret_arguments->len) {
		tmplc_fail(t, t->line, "expected name(arguments) on one line");
		return false;
	}
	*ret_arguments = str_trim((Str){ ret_arguments->ptr + 1, ret_arguments->len - 2 });
	return true;
}

static void run_call(Tmplc *t, Str text, Str rest)
{
	Str name, arguments;

	(void)text;
	if (t->place.where != IN_TEXT)
		tmplc_fail(t, t->line, "a template can be called in text only");
	else if (cut_call(t, rest, &name, &arguments))
		code_statement(t, "", name,
			arena_printf(t->mem, "(h%s%.*s);", arguments.len ? ", " : "",
				(int)arguments.len, arguments.ptr));
}

static bool cut_word(Str *rest, const char *word)
{
	size_t len = strlen(word);

	if (rest->len <= len || memcmp(rest->ptr, word, len) != 0 || rest->ptr[len] != ' ')
		return false;
	*rest = str_trim((Str){ rest->ptr + len, rest->len - len });
	return true;
}

static void run_template(Tmplc *t, Str text, Str rest)
{
	bool is_static = cut_word(&rest, "static");
	Str name, arguments;

	(void)text;
	t->may_open = cut_word(&rest, "opens");
	t->may_close = cut_word(&rest, "closes");
	if (t->frame_count) {
		tmplc_fail(
			t, t->line, "%%template inside the template of line %d", t->frame[0].line);
		return;
	}
	if (!cut_call(t, rest, &name, &arguments))
		return;
	code_line(t, t->line);
	buf_printf(&t->out, "%svoid %.*s(Html *h%s%.*s)\n{\n", is_static ? "static " : "",
		(int)name.len, name.ptr, arguments.len ? ", " : "", (int)arguments.len,
		arguments.ptr);
	t->place = (Place){ .where = IN_TEXT };
	t->last = LAST_NOTHING;
	t->newline_due = false;
	push_frame(t, FRAME_TEMPLATE);
}

static void run_include(Tmplc *t, Str text, Str rest)
{
	(void)text;
	if (t->frame_count)
		tmplc_fail(t, t->line, "%%include inside a template");
	else if (rest.len < 3 || rest.ptr[0] != '"' ||
		 (const char *)memchr(rest.ptr + 1, '"', rest.len - 1) != rest.ptr + rest.len - 1)
		tmplc_fail(t, t->line, "write %%include \"path/from/src.h\"");
	if (t->error)
		return;
	code_line(t, t->line);
	buf_printf(&t->out, "#include %.*s\n", (int)rest.len, rest.ptr);
}

static const struct {
	const char *word;
	unsigned flags;
	void (*run)(Tmplc *t, Str text, Str rest);
} directives[] = {
	{ "call", CODE_COMMAS, run_call },
	{ "elif", CODE_COMMAS, run_elif },
	{ "else", 0, run_else },
	{ "end", 0, run_end },
	{ "for", CODE_COMMAS | CODE_SEMICOLONS, run_loop },
	{ "if", CODE_COMMAS, run_if },
	{ "include", 0, run_include },
	{ "set", CODE_COMMAS, run_set },
	{ "template", CODE_COMMAS, run_template },
	{ "while", CODE_COMMAS, run_loop },
};

/* Check the C of a directive; text ends at t->line_end or is checked up to its own end. */
static bool is_whole_c(Tmplc *t, Str text, unsigned flags)
{
	const char *line_end = t->line_end;
	const char *end;

	t->line_end = text.ptr + text.len;
	end = code_end(t, text.ptr, "", flags);
	t->line_end = line_end;
	return end != NULL;
}

void directive_run(Tmplc *t, Str text)
{
	size_t len = 0;

	while (len < text.len && text.ptr[len] >= 'a' && text.ptr[len] <= 'z')
		len++;
	t->value.dynamic |= t->place.where == IN_VALUE;
	for (size_t i = 0; i < COUNT(directives); i++) {
		Str rest = str_trim((Str){ text.ptr + len, text.len - len });
		bool outside =
			directives[i].run == run_template || directives[i].run == run_include;

		if (!str_is((Str){ text.ptr, len }, directives[i].word))
			continue;
		if (!t->frame_count && !outside)
			tmplc_fail(t, t->line, "%%%s outside of a %%template", directives[i].word);
		else if (is_whole_c(t, rest, directives[i].flags))
			directives[i].run(t, text, rest);
		return;
	}
	tmplc_fail(t, t->line, "%%%.*s is no directive", (int)(text.len < 20 ? text.len : 20),
		text.ptr);
}

/* ---- lines ---- */

static void run_directive_line(Tmplc *t, Str text)
{
	bool is_call = text.len > 4 && !memcmp(text.ptr, "call", 4);
	bool is_set = text.len > 3 && !memcmp(text.ptr, "set", 3);
	bool ends_template = str_is(text, "end") && t->frame_count == 1;
	bool in_text = t->frame_count && t->place.where == IN_TEXT && !html_is_verbatim(t);

	if (t->frame_count && (t->place.where == IN_COMMENT || t->place.where == IN_STYLE ||
				      t->place.where == IN_SCRIPT)) {
		tmplc_fail(t, t->line, "a directive inside a comment, <style> or <script>");
		return;
	}
	if (t->frame_count && t->place.where == IN_TAG && t->tag.element &&
		!strcmp(t->tag.element->name, "script")) {
		tmplc_fail(t, t->line, "a directive in a <script> tag");
		return;
	}
	if (in_text && !is_set && !ends_template)
		html_flush_newline(t);
	directive_run(t, text);
	if (is_call && in_text && !t->error) {
		t->last = LAST_OTHER; /* what it writes stands for a line of text */
		html_newline(t);
	}
}

static void run_line(Tmplc *t)
{
	Str trimmed = str_trim((Str){ t->at, (size_t)(t->line_end - t->at) });
	Str line = { t->at, (size_t)(t->line_end - t->at) };

	if (!str_is_clean_utf8(line) || memchr(line.ptr, '\r', line.len)) {
		tmplc_fail(t, t->line, "bytes that are not clean UTF-8 text with LF line ends");
		return;
	}
	if (trimmed.len >= 2 && trimmed.ptr[0] == '%' && trimmed.ptr[1] == '#')
		return;
	if (trimmed.len && trimmed.ptr[0] == '%' && (trimmed.len < 2 || trimmed.ptr[1] != '%')) {
		Str text = str_trim((Str){ trimmed.ptr + 1, trimmed.len - 1 });

		run_directive_line(t, text);
		return;
	}
	if (!t->frame_count) {
		if (trimmed.len)
			tmplc_fail(t, t->line, "text outside of a %%template");
		return;
	}
	html_line_begin(t);
	if (t->at < t->line_end && trimmed.len && trimmed.ptr[0] == '%') {
		code_literal(t, t->at, (size_t)(trimmed.ptr - t->at)); /* <pre> keeps the indent */
		t->at = trimmed.ptr + 1;
	}
	while (!t->error && t->at < t->line_end)
		html_step(t);
	if (!t->error)
		html_newline(t);
}

/* A line of its own begins at next: the line, or the lines of one directive with open brackets.
 * Returns where the next begins. */
static const char *cut_line(Tmplc *t, const char *next)
{
	t->at = t->line_begin = next;
	for (;;) {
		const char *newline = memchr(next, '\n', (size_t)(t->end - next));
		Str line;

		t->line_end = newline ? newline : t->end;
		next = newline ? newline + 1 : t->end;
		line = str_trim((Str){ t->at, (size_t)(t->line_end - t->at) });
		if (line.len < 2 || line.ptr[0] != '%' || line.ptr[1] == '%' || line.ptr[1] == '#')
			return next;
		if (next == t->end || *next == '%' || *next == '\n' || !code_is_open(line))
			return next;
	}
}

bool tmplc_compile(Arena *mem, const char *file, Str source, Str *ret_c, const char **ret_error)
{
	Tmplc *t = NEW(mem, Tmplc);
	const char *next = source.ptr;

	*t = (Tmplc){ .mem = mem, .file = file, .end = source.ptr + source.len };
	buf_init(&t->out, mem, OUT_MAX);
	buf_init(&t->literal, mem, OUT_MAX);
	buf_puts(&t->out, "/* Made by tmplc. Edit the template instead. */\n"
			  "#include \"platform/html/html.h\"\n");
	while (!t->error && next < t->end) {
		t->line++;
		next = cut_line(t, next);
		run_line(t);
		for (const char *c = t->line_begin; c + 1 < next; c++)
			t->line += *c == '\n';
	}
	if (t->frame_count)
		tmplc_fail(t, top_frame(t)->line,
			"no %%end for what begins here, or for something in it");
	if (t->out.overflow || t->literal.overflow)
		tmplc_fail(t, t->line, "the template is too large");
	*ret_c = (Str){ buf_text(&t->out), t->out.len };
	*ret_error = t->error;
	return !t->error;
}
