/* The elements of HTML that matter to a template, and what each attribute may hold. */
#include "tmplc.h"

#include <strings.h>

enum {
	NO_END = ELEMENT_VOID,
	FLOWS = ELEMENT_INLINE,
	BANNED = ELEMENT_REFUSED,
	ENDS_P = ELEMENT_BREAKS_P,
	KEEPS = ELEMENT_VERBATIM,
	ALONE = ELEMENT_LONELY,
	TEXT_ONLY = ELEMENT_RCDATA,
	DRAWN = ELEMENT_FOREIGN
};

static const Element elements[] = {
	{ "a", FLOWS | ALONE },
	{ "abbr", FLOWS },
	{ "address", ENDS_P },
	{ "applet", BANNED },
	{ "area", NO_END },
	{ "article", ENDS_P },
	{ "aside", ENDS_P },
	{ "audio", FLOWS },
	{ "b", FLOWS },
	{ "base", BANNED },
	{ "bdi", FLOWS },
	{ "bdo", FLOWS },
	{ "blockquote", ENDS_P },
	{ "body", 0 },
	{ "br", NO_END },
	{ "button", FLOWS | ALONE },
	{ "canvas", FLOWS },
	{ "caption", 0 },
	{ "cite", FLOWS },
	{ "code", FLOWS },
	{ "col", NO_END },
	{ "colgroup", 0 },
	{ "data", FLOWS },
	{ "datalist", 0 },
	{ "dd", ENDS_P },
	{ "del", FLOWS },
	{ "details", ENDS_P },
	{ "dfn", FLOWS },
	{ "dialog", ENDS_P },
	{ "div", ENDS_P },
	{ "dl", ENDS_P },
	{ "dt", ENDS_P },
	{ "em", FLOWS },
	{ "embed", BANNED },
	{ "fieldset", ENDS_P },
	{ "figcaption", ENDS_P },
	{ "figure", ENDS_P },
	{ "footer", ENDS_P },
	{ "form", ENDS_P | ALONE },
	{ "frame", BANNED },
	{ "frameset", BANNED },
	{ "h1", ENDS_P },
	{ "h2", ENDS_P },
	{ "h3", ENDS_P },
	{ "h4", ENDS_P },
	{ "h5", ENDS_P },
	{ "h6", ENDS_P },
	{ "head", 0 },
	{ "header", ENDS_P },
	{ "hgroup", ENDS_P },
	{ "hr", NO_END | ENDS_P },
	{ "html", 0 },
	{ "i", FLOWS },
	{ "iframe", FLOWS },
	{ "img", NO_END | FLOWS },
	{ "input", NO_END | FLOWS },
	{ "ins", FLOWS },
	{ "kbd", FLOWS },
	{ "label", FLOWS | ALONE },
	{ "legend", 0 },
	{ "li", ENDS_P },
	{ "link", NO_END },
	{ "listing", BANNED },
	{ "main", ENDS_P },
	{ "map", FLOWS },
	{ "mark", FLOWS },
	{ "math", FLOWS | DRAWN },
	{ "menu", ENDS_P },
	{ "meta", NO_END },
	{ "meter", FLOWS },
	{ "nav", ENDS_P },
	{ "noembed", BANNED },
	{ "noframes", BANNED },
	{ "noscript", 0 },
	{ "object", BANNED },
	{ "ol", ENDS_P },
	{ "optgroup", 0 },
	{ "option", 0 },
	{ "output", FLOWS },
	{ "p", ENDS_P },
	{ "param", BANNED },
	{ "picture", FLOWS },
	{ "plaintext", BANNED },
	{ "pre", ENDS_P | KEEPS },
	{ "progress", FLOWS },
	{ "q", FLOWS },
	{ "rp", FLOWS },
	{ "rt", FLOWS },
	{ "ruby", FLOWS },
	{ "s", FLOWS },
	{ "samp", FLOWS },
	{ "script", FLOWS },
	{ "search", ENDS_P },
	{ "section", ENDS_P },
	{ "select", FLOWS },
	{ "slot", FLOWS },
	{ "small", FLOWS },
	{ "source", NO_END },
	{ "span", FLOWS },
	{ "strong", FLOWS },
	{ "style", 0 },
	{ "sub", FLOWS },
	{ "summary", ENDS_P },
	{ "sup", FLOWS },
	{ "svg", FLOWS | DRAWN },
	{ "table", ENDS_P },
	{ "tbody", 0 },
	{ "td", 0 },
	{ "template", 0 },
	{ "textarea", FLOWS | KEEPS | TEXT_ONLY },
	{ "tfoot", 0 },
	{ "th", 0 },
	{ "thead", 0 },
	{ "time", FLOWS },
	{ "title", TEXT_ONLY },
	{ "tr", 0 },
	{ "track", NO_END },
	{ "u", FLOWS },
	{ "ul", ENDS_P },
	{ "var", FLOWS },
	{ "video", FLOWS },
	{ "wbr", NO_END | FLOWS },
	{ "xmp", BANNED },
};

const Element *element_find(Str name)
{
	for (size_t i = 0; i < COUNT(elements); i++)
		if (str_is(name, elements[i].name))
			return &elements[i];
	return NULL;
}

bool name_has_capital(Str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z')
			return true;
	return false;
}

bool name_same(Str name, const char *other)
{
	return strlen(other) == name.len && !strncasecmp(name.ptr, other, name.len);
}

static const struct {
	const char *name;
	AttributeKind kind;
	const char *why;
} attributes[] = {
	{ "action", ATTRIBUTE_URL, NULL },
	{ "background", ATTRIBUTE_URL, NULL },
	{ "cite", ATTRIBUTE_URL, NULL },
	{ "data-url", ATTRIBUTE_URL, NULL },
	{ "formaction", ATTRIBUTE_URL, NULL },
	{ "href", ATTRIBUTE_URL, NULL },
	{ "hx-delete", ATTRIBUTE_URL, NULL },
	{ "hx-get", ATTRIBUTE_URL, NULL },
	{ "hx-patch", ATTRIBUTE_URL, NULL },
	{ "hx-post", ATTRIBUTE_URL, NULL },
	{ "hx-put", ATTRIBUTE_URL, NULL },
	{ "manifest", ATTRIBUTE_URL, NULL },
	{ "ping", ATTRIBUTE_URL, NULL },
	{ "poster", ATTRIBUTE_URL, NULL },
	{ "src", ATTRIBUTE_URL, NULL },
	{ "xlink:href", ATTRIBUTE_URL, NULL },
	{ "hx-push-url", ATTRIBUTE_SWITCH, NULL },
	{ "hx-replace-url", ATTRIBUTE_SWITCH, NULL },
	{ "hx-config", ATTRIBUTE_JSON, NULL },
	{ "hx-headers", ATTRIBUTE_JSON, NULL },
	{ "hx-request", ATTRIBUTE_JSON, NULL },
	{ "hx-vals", ATTRIBUTE_JSON, NULL },
	{ "imagesrcset", ATTRIBUTE_LITERAL, NULL },
	{ "method", ATTRIBUTE_LITERAL, NULL },
	{ "formmethod", ATTRIBUTE_LITERAL, NULL },
	{ "srcset", ATTRIBUTE_LITERAL, NULL },
	{ "type", ATTRIBUTE_PLAIN, NULL },
	{ "http-equiv", ATTRIBUTE_REFUSED, "the program sends headers" },
	{ "hx-vars", ATTRIBUTE_REFUSED, "it would need eval; use hx-vals" },
	{ "srcdoc", ATTRIBUTE_REFUSED, "it would need escaping twice" },
	{ "style", ATTRIBUTE_REFUSED, "the content policy blocks it; use a class" },
};

AttributeKind attribute_kind(Str name, const char **ret_why)
{
	for (size_t i = 0; i < COUNT(attributes); i++)
		if (name_same(name, attributes[i].name)) {
			*ret_why = attributes[i].why;
			return attributes[i].kind;
		}
	if (name.len >= 5 && !strncasecmp(name.ptr, "hx-on", 5)) {
		*ret_why = "it would need eval; listen in web/js";
		return ATTRIBUTE_REFUSED;
	}
	if (name.len >= 2 && !strncasecmp(name.ptr, "on", 2)) {
		*ret_why = "the content policy blocks it; listen in web/js";
		return ATTRIBUTE_REFUSED;
	}
	return ATTRIBUTE_PLAIN;
}
