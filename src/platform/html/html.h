/* html: the page being written, and the escaping that tools/tmplc puts around every {{}}. A
 * template is a C function `void name(Html *h, …)`; nobody else writes HTML. */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include "core/ctx.h"
#include "core/str.h"

enum { HTML_LIMIT = 16 << 20 };

typedef struct Html {
	Buf buf;
	Arena *mem;
	const Ctx *cx;    /* zone, now and the wrong fields, for the formats below */
	const char *csrf; /* token for forms; "" on public pages */
	int next_id;      /* unique ids within the page: html_id */
} Html;

/* HTML that was already escaped by a template or cleaned by a sanitizer. Nothing else may make one.
 */
typedef struct Safe {
	const char *html;
} Safe;

/* A whole URL that the program made (path literal + escaped parts); the only type that may fill a
 * href, src, action or hx-* attribute alone. url_printf checks the form. */
typedef struct Url {
	const char *text;
} Url;

/* JSON text for <script type="application/json">; made by platform/json, "<" is escaped as \u003c.
 */
typedef struct JsonText {
	const char *json;
} JsonText;

void html_init(Html *h, const Ctx *cx, const char *csrf);
const char *html_text_of(Html *h); /* what was written; NUL-terminated */

/* Called by generated code only. NULL texts write nothing. */
void html_raw(Html *h, const char *literal, size_t size);
void html_put_text(Html *h, const char *text); /* & < > " ' escaped */
void html_put_int(Html *h, int64_t value);
void html_put_uint(Html *h, uint64_t value);
void html_put_safe(Html *h, Safe safe);
void html_put_json(Html *h, JsonText json);       /* as it is: in <script> */
void html_put_json_value(Html *h, JsonText json); /* escaped: in an attribute or text */
void html_put_url_part(
	Html *h, const char *text);               /* percent-encoded, then nothing left to escape */
void html_put_address(Html *h, const char *text); /* behind tel: and mailto:, where + and @ stay */
void html_put_url(Html *h, Url url);
/* The hidden field of the CSRF token; nothing when there is none. tmplc puts it into every form
 * that posts to this site. */
void html_csrf(Html *h);

/* What {{}} may be; another type (bool, double, a struct) is a compile error where it stands:
 * "incompatible type for argument 2 of html_cannot_write". */
typedef struct HtmlTextOrNumber {
	char nothing;
} HtmlTextOrNumber;
void html_cannot_write(Html *h, HtmlTextOrNumber value);

/* clang-format off */
#define HTML_INTEGERS                                                                              \
	signed char: html_put_int, short: html_put_int, int: html_put_int, long: html_put_int,     \
		long long: html_put_int, unsigned char: html_put_uint,                             \
		unsigned short: html_put_uint, unsigned: html_put_uint,                            \
		unsigned long: html_put_uint, unsigned long long: html_put_uint,                   \
		default: html_cannot_write
/* clang-format on */

/* {{}} in text; in attributes, <title> and <textarea> (no Safe there: its quotes are real); in
 * URLs. */
#define html_value(h, x)                                                                           \
	_Generic((x), char *: html_put_text, const char *: html_put_text,                          \
		JsonText: html_put_json_value, Safe: html_put_safe, HTML_INTEGERS)((h), (x))
#define html_plain_value(h, x)                                                                     \
	_Generic((x), char *: html_put_text, const char *: html_put_text,                          \
		JsonText: html_put_json_value, HTML_INTEGERS)((h), (x))
#define html_url_value(h, x)                                                                       \
	_Generic((x), char *: html_put_url_part, const char *: html_put_url_part,                  \
		HTML_INTEGERS)((h), (x))
#define html_address_value(h, x)                                                                   \
	_Generic((x), char *: html_put_address, const char *: html_put_address, HTML_INTEGERS)(    \
		(h), (x))

/* "/leads/%lld?x=%s": every %s is percent-encoded (NULL is nothing); the format must be a literal
 * that starts with "/", "#", "?", "tel:", "mailto:" or "https://". Knows %s, %%, %d, %u and these
 * with l, ll, z; anything else aborts. */
Url url_printf(Arena *mem, const char *format, ...) PRINTF(2, 3);
/* A URL from data (webhook target, OIDC issuer): only http:// and https://, without white space and
 * control characters; anything else gives "#". */
Url url_foreign(Arena *mem, const char *text);

/* Formats, for use inside {{ }}; results live in h->mem. */
const char *fmt_money(Html *h, int64_t cents);       /* R$ 1.240,00 */
const char *fmt_money_short(Html *h, int64_t cents); /* R$ 1.240 */
const char *fmt_number(Html *h, int64_t value);      /* 1.234 */
const char *fmt_id(Html *h, int64_t id);             /* 1234, as forms send it; NULL for 0 */
const char *fmt_percent(Html *h, int64_t tenths);    /* 12,5% */
const char *fmt_date(Html *h, int32_t date);         /* 22/11/2026 */
const char *fmt_when(Html *h, int64_t at);           /* hoje, 14:00 (the user's zone) */
const char *fmt_moment(Html *h, int64_t at);         /* 22/11/2026 14:00 */
const char *fmt_phone(Html *h, const char *e164);
const char *fmt_cpf(Html *h, const char *cpf);
const char *fmt_cnpj(Html *h, const char *cnpj);
/* "Marta Vasconcelos" -> "MV": first and last name; titles (Dr., Dra.) and particles (de, da) are
 * left out; "" for an empty name. */
const char *fmt_initials(Html *h, const char *name);
const char *fmt_bad(Html *h, const char *field); /* what is wrong with the field, or NULL */
const char *fmt_count(
	Html *h, int64_t n, const char *one, const char *many); /* "1 lead", "3 leads" */

#endif
