/* URLs: percent-encoding of parts, and the only two ways to make a whole one. */
#include "platform/html/html.h"

enum { URL_LIMIT = 64 << 10 };

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

static void put_encoded(Buf *buf, const char *text, const char *also)
{
	static const char hex[] = "0123456789ABCDEF";
	const char *run = text;

	if (!text)
		return;
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		char code[3] = { '%', hex[c >> 4], hex[c & 15] };

		if (is_unreserved(*text) || strchr(also, *text))
			continue;
		buf_add(buf, run, (size_t)(text - run));
		buf_add(buf, code, sizeof code);
		run = text + 1;
	}
	buf_add(buf, run, (size_t)(text - run));
}

void html_put_url_part(Html *h, const char *text)
{
	put_encoded(&h->buf, text, "");
}

void html_put_address(Html *h, const char *text)
{
	put_encoded(&h->buf, text, "+@");
}

void html_put_url(Html *h, Url url)
{
	html_put_text(h, url.text);
}

static bool is_address(const char *format)
{
	return str_starts(format, "tel:") || str_starts(format, "mailto:");
}

static bool is_own_form(const char *format)
{
	if (format[0] == '/')
		return format[1] != '/' && format[1] != '\\';
	return format[0] == '#' || format[0] == '?' || is_address(format) ||
	       str_starts(format, "https://");
}

static void put_unsigned(Buf *buf, uint64_t value)
{
	if (value > INT64_MAX) {
		buf_int64(buf, (int64_t)(value / 10));
		value %= 10;
	}
	buf_int64(buf, (int64_t)value);
}

/* Write the conversion at *format (behind its %) and step over it. */
static void put_conversion(Buf *buf, const char **format, va_list *args, const char *also)
{
	const char *p = *format;
	int longs = 0;

	while (*p == 'l' || *p == 'z') {
		longs += *p == 'z' ? 2 : 1;
		p++;
	}
	switch (*p) {
	case '%':
		buf_puts(buf, "%");
		break;
	case 's':
		put_encoded(buf, va_arg(*args, const char *), also);
		break;
	case 'd':
		buf_int64(buf, longs == 0 ? va_arg(*args, int) : va_arg(*args, int64_t));
		break;
	case 'u':
		put_unsigned(buf, longs == 0 ? va_arg(*args, unsigned) : va_arg(*args, uint64_t));
		break;
	default:
		assert(*p == 's'); /* a conversion that url_printf does not know */
	}
	*format = p + 1;
}

Url url_printf(Arena *mem, const char *format, ...)
{
	const char *also = is_address(format) ? "+@" : "";
	va_list args;
	Buf buf;

	assert(is_own_form(format));
	buf_init(&buf, mem, URL_LIMIT);
	va_start(args, format);
	while (*format) {
		size_t run = strcspn(format, "%");

		buf_add(&buf, format, run);
		format += run;
		if (!*format)
			break;
		format++;
		put_conversion(&buf, &format, &args, also);
	}
	va_end(args);
	return (Url){ buf.overflow ? "#" : buf_text(&buf) };
}

Url url_foreign(Arena *mem, const char *text)
{
	Str s = str_of(text);

	if (!text || (!str_starts(text, "https://") && !str_starts(text, "http://")))
		return (Url){ "#" };
	if (!str_is_clean_utf8(s) || s.len > URL_LIMIT || strpbrk(text, " \t\r\n\"<>\\^`{|}"))
		return (Url){ "#" };
	return (Url){ arena_dup(mem, text) };
}
