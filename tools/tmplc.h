/* tmplc: the template compiler's inside. One pass over the lines of a template: tmplc_compile.c
 * reads lines and directives, tmplc_html.c follows the HTML, tmplc_attribute.c the inside of tags,
 * tmplc_code.c writes the C, and tmplc_names.c knows the elements and attributes. After the first
 * error the source is at its end, so every loop stops by itself. */
#ifndef TOOLS_TMPLC_H
#define TOOLS_TMPLC_H

#include "core/str.h"

enum { OPEN_MAX = 256, FRAME_MAX = 64, ATTRIBUTE_MAX = 64 };

/* ---- names ---- */

enum ElementFlag {
	ELEMENT_VOID = 1,      /* has no end tag */
	ELEMENT_INLINE = 2,    /* white space beside it is seen */
	ELEMENT_REFUSED = 4,   /* has no place in our pages */
	ELEMENT_BREAKS_P = 8,  /* the browser ends an open <p> before it */
	ELEMENT_VERBATIM = 16, /* white space inside is kept */
	ELEMENT_LONELY = 32,   /* may not stand inside itself */
	ELEMENT_RCDATA = 64,   /* text only: <title>, <textarea> */
	ELEMENT_FOREIGN = 128  /* <svg>, <math>: "/>" closes, names may have capitals */
};

typedef struct Element {
	const char *name;
	unsigned flags;
} Element;

/* What a value may hold besides literal text. */
typedef enum AttributeKind {
	ATTRIBUTE_PLAIN,   /* {{text or number}}, HTML-escaped */
	ATTRIBUTE_URL,     /* one {{Url}}, or a literal beginning with {{}} percent-encoded */
	ATTRIBUTE_SWITCH,  /* true, false, or as ATTRIBUTE_URL */
	ATTRIBUTE_JSON,    /* literal, or one {{JsonText}} */
	ATTRIBUTE_LITERAL, /* no {{}} */
	ATTRIBUTE_REFUSED
} AttributeKind;

/* The element of a lower-case HTML name; NULL when HTML has no such element. */
const Element *element_find(Str name);
/* Kind of an attribute; *ret_why says why it is refused. Capitals make no difference. */
AttributeKind attribute_kind(Str name, const char **ret_why);
bool name_same(Str name, const char *other); /* ASCII letters compared without case */
bool name_has_capital(Str name);

/* ---- the compiler's state ---- */

typedef enum Where { IN_TEXT, IN_RCDATA, IN_SCRIPT, IN_STYLE, IN_COMMENT, IN_TAG, IN_VALUE } Where;

typedef enum ValueState {
	VALUE_EMPTY,  /* nothing written yet */
	VALUE_WHOLE,  /* one {{}} filled it: nothing may follow */
	VALUE_LITERAL /* begun with literal text */
} ValueState;

/* Where in the HTML the next byte stands. A branch must end at the place where it began. */
typedef struct Place {
	Where where;
	int tag; /* number of the tag and of the value we are in */
	int value;
	bool glued; /* in a tag: white space is due before the next attribute */
	ValueState filled;
	size_t open_count;
} Place;

typedef struct Open { /* an element whose end tag is still to come */
	Str name;
	int line;
	const Element *element; /* NULL: custom, or inside <svg> */
} Open;

typedef struct Tag { /* the start tag being read */
	Str name;
	int line;
	const Element *element;
	bool foreign;
	Str attribute[ATTRIBUTE_MAX];
	size_t attribute_count;
	Str script_type; /* of <script> */
	bool has_src;
	bool posts;  /* <form method="post"> to this site */
	bool leaves; /* action begins with https:// */
} Tag;

typedef struct Value { /* the attribute value being read */
	Str name;
	AttributeKind kind;
	const char *begin; /* just behind the quote */
	int line;
	bool dynamic;
	bool address; /* tel: or mailto: */
} Value;

typedef enum FrameKind { FRAME_TEMPLATE, FRAME_IF, FRAME_LOOP } FrameKind;

typedef struct Frame { /* what the next %end closes */
	FrameKind kind;
	int line;
	Place start;
	bool has_else;
	bool one_ended; /* the two below hold what the branches so far left */
	bool glued;
	ValueState filled;
	size_t attribute_count; /* of the tag, before the branches */
} Frame;

typedef enum Last { LAST_NOTHING, LAST_BLOCK, LAST_OTHER } Last;

typedef struct Tmplc {
	Arena *mem;
	const char *file;
	const char *at; /* the next byte of the line */
	const char *line_begin, *line_end, *end;
	int line;
	const char *error; /* "file:line: why", NULL while all is well */

	Buf out;     /* the C text */
	Buf literal; /* HTML waiting for its html_raw() */
	int literal_line;

	Place place;
	int tag_count, value_count;
	Tag tag;
	Value value;
	bool json_done; /* the {{}} of this JSON script was seen */
	Open open[OPEN_MAX];
	Frame frame[FRAME_MAX];
	size_t frame_count;
	bool may_open, may_close; /* %template opens / closes */

	bool newline_due; /* written before the next text, unless a block tag comes */
	Last last;        /* what this line wrote last */
} Tmplc;

/* Compile source (the text of file) into C. False: *ret_error is "file:line: why". Both live in
 * mem. */
bool tmplc_compile(Arena *mem, const char *file, Str source, Str *ret_c, const char **ret_error);

/* Remember the first error and stop reading. */
void tmplc_fail(Tmplc *t, int line, const char *format, ...) PRINTF(3, 4);

/* ---- tmplc_compile.c ---- */

/* One directive without its % or {% %}. */
void directive_run(Tmplc *t, Str text);

/* ---- tmplc_html.c ---- */

/* Read on from t->at as far as one state reaches. */
void html_step(Tmplc *t);
/* A line ends: decide about its newline. */
void html_newline(Tmplc *t);
/* A line begins at t->at: drop its white space, and the newline before a block tag. */
void html_line_begin(Tmplc *t);
/* Write the newline that is due: before a directive that splits the lines. */
void html_flush_newline(Tmplc *t);
/* Is white space written as it stands, as in <pre>? */
bool html_is_verbatim(const Tmplc *t);

/* Does the rest of the line begin with text? */
bool html_starts(const Tmplc *t, const char *text);
/* The letters, digits and bytes of `also` at p. */
Str html_name(const Tmplc *t, const char *p, const char *also);
/* Read the {{expression}} at t->at and write "call(h, expression);". */
void html_put_expression(Tmplc *t, const char *call);
/* Run the {% directive %} at t->at. */
void html_run_inline(Tmplc *t);
/* Read the ">" or "/>" at t->at. */
void html_close_tag(Tmplc *t);

/* ---- tmplc_attribute.c ---- */

void attribute_step(Tmplc *t);
void attribute_value_step(Tmplc *t);
bool attribute_is_url(AttributeKind kind);

/* ---- tmplc_code.c ---- */

enum CodeFlag { CODE_COMMAS = 1, CODE_SEMICOLONS = 2 };

/* End of the C text that begins at p: where `stop` stands outside strings and brackets, or end when
 * stop is "". NULL and an error when it is not one balanced piece on this line. */
const char *code_end(Tmplc *t, const char *p, const char *stop, unsigned flags);
/* Does s leave a bracket open, so that its directive goes on in the next line? */
bool code_is_open(Str s);
/* Index behind the bracket that closes the one s begins with. */
size_t code_bracket(Str s);

void code_literal(Tmplc *t, const char *bytes, size_t size);
void code_flush(Tmplc *t);
/* "call(h, (expression));" with the expression at its own line and column of the template. */
void code_value(Tmplc *t, const char *call, Str expression);
/* A statement: before, then text at its own place, then after. */
void code_statement(Tmplc *t, const char *before, Str text, const char *after);
/* A statement of our own. */
void code_plain(Tmplc *t, const char *statement);
void code_line(Tmplc *t, int line);

#endif
