/* html: the page being written, and the escaping that tools/tmplc puts around every {{}}. A template
 * is a C function `void name(Html *h, …)`; nobody else writes HTML. */
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

/* HTML that was already escaped by a template or cleaned by a sanitizer. Nothing else may make one. */
typedef struct Safe {
	const char *html;
} Safe;

/* A whole URL that the program made (path literal + escaped parts); the only type that may fill a
 * href, src, action or hx-* attribute alone. url_printf checks the form. */
typedef struct Url {
	const char *text;
} Url;

/* JSON text for <script type="application/json">; made by platform/json, "<" is escaped as \u003c. */
typedef struct JsonText {
	const char *json;
} JsonText;

void html_init(Html *h, const Ctx *cx, const char *csrf);
const char *html_text_of(Html *h); /* what was written; NUL-terminated */

/* Called by generated code only. */
void html_raw(Html *h, const char *literal, size_t size);
void html_put_text(Html *h, const char *text);  /* & < > " ' escaped; NULL is nothing */
void html_put_int(Html *h, int64_t value);
void html_put_safe(Html *h, Safe safe);
void html_put_json(Html *h, JsonText json);
void html_put_url_part(Html *h, const char *text); /* percent-encoded, then nothing left to escape */
void html_put_url(Html *h, Url url);

#define html_value(h, x)                                                                       \
	_Generic((x), char *: html_put_text, const char *: html_put_text, int: html_put_int,   \
		unsigned: html_put_int, long: html_put_int, unsigned long: html_put_int,       \
		long long: html_put_int, Safe: html_put_safe)((h), (x))
#define html_url_value(h, x)                                                                   \
	_Generic((x), char *: html_put_url_part, const char *: html_put_url_part,              \
		int: html_put_int, unsigned: html_put_int, long: html_put_int,                 \
		unsigned long: html_put_int, long long: html_put_int)((h), (x))

/* "/leads/%lld?x=%s": every %s is percent-encoded; the format must be a literal that starts with
 * "/", "#", "tel:", "mailto:" or "https://". */
Url url_printf(Arena *mem, const char *format, ...) PRINTF(2, 3);
/* A URL from data (webhook target, OIDC issuer): only http:// and https://; anything else gives "#". */
Url url_foreign(Arena *mem, const char *text);

/* Formats, for use inside {{ }}; results live in h->mem. */
const char *fmt_money(Html *h, int64_t cents);       /* R$ 1.240,00 */
const char *fmt_money_short(Html *h, int64_t cents); /* R$ 1.240 */
const char *fmt_number(Html *h, int64_t value);      /* 1.234 */
const char *fmt_percent(Html *h, int64_t tenths);    /* 12,5% */
const char *fmt_date(Html *h, int32_t date);         /* 22/11/2026 */
const char *fmt_when(Html *h, int64_t at);           /* hoje, 14:00 (the user's zone) */
const char *fmt_moment(Html *h, int64_t at);         /* 22/11/2026 14:00 */
const char *fmt_phone(Html *h, const char *e164);
const char *fmt_cpf(Html *h, const char *cpf);
const char *fmt_cnpj(Html *h, const char *cnpj);
const char *fmt_initials(Html *h, const char *name); /* "Marta Vasconcelos" -> "MV" */
const char *fmt_bad(Html *h, const char *field);     /* what is wrong with the field, or NULL */
const char *fmt_count(Html *h, int64_t n, const char *one, const char *many); /* "1 lead", "3 leads" */

#endif
