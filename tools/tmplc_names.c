/* The elements of HTML that matter to a template, and what each attribute may hold. */
#include "tmplc.h"

#include <strings.h>

enum {
	V = ELEMENT_VOID,
	I = ELEMENT_INLINE,
	X = ELEMENT_REFUSED,
	P = ELEMENT_BREAKS_P,
	KEEP = ELEMENT_VERBATIM,
	ONE = ELEMENT_LONELY,
	RC = ELEMENT_RCDATA,
	SVG = ELEMENT_FOREIGN
};

static const Element elements[] = {
	{"a",           I | ONE      },
	{ "abbr",       I            },
	{ "address",    P            },
	{ "applet",     X            },
	{ "area",       V            },
	{ "article",    P            },
	{ "aside",      P            },
	{ "audio",      I            },
	{ "b",          I            },
	{ "base",       X            },
	{ "bdi",        I            },
	{ "bdo",        I            },
	{ "blockquote", P            },
	{ "body",       0            },
	{ "br",         V            },
	{ "button",     I | ONE      },
	{ "canvas",     I            },
	{ "caption",    0            },
	{ "cite",       I            },
	{ "code",       I            },
	{ "col",        V            },
	{ "colgroup",   0            },
	{ "data",       I            },
	{ "datalist",   0            },
	{ "dd",         0            },
	{ "del",        I            },
	{ "details",    P            },
	{ "dfn",        I            },
	{ "dialog",     P            },
	{ "div",        P            },
	{ "dl",         P            },
	{ "dt",         0            },
	{ "em",         I            },
	{ "embed",      X            },
	{ "fieldset",   P            },
	{ "figcaption", P            },
	{ "figure",     P            },
	{ "footer",     P            },
	{ "form",       P | ONE      },
	{ "frame",      X            },
	{ "frameset",   X            },
	{ "h1",         P            },
	{ "h2",         P            },
	{ "h3",         P            },
	{ "h4",         P            },
	{ "h5",         P            },
	{ "h6",         P            },
	{ "head",       0            },
	{ "header",     P            },
	{ "hgroup",     P            },
	{ "hr",         V | P        },
	{ "html",       0            },
	{ "i",          I            },
	{ "iframe",     I            },
	{ "img",        V | I        },
	{ "input",      V | I        },
	{ "ins",        I            },
	{ "kbd",        I            },
	{ "label",      I | ONE      },
	{ "legend",     0            },
	{ "li",         0            },
	{ "link",       V            },
	{ "listing",    X            },
	{ "main",       P            },
	{ "map",        I            },
	{ "mark",       I            },
	{ "math",       I | SVG      },
	{ "menu",       P            },
	{ "meta",       V            },
	{ "meter",      I            },
	{ "nav",        P            },
	{ "noembed",    X            },
	{ "noframes",   X            },
	{ "noscript",   0            },
	{ "object",     X            },
	{ "ol",         P            },
	{ "optgroup",   0            },
	{ "option",     0            },
	{ "output",     I            },
	{ "p",          P            },
	{ "param",      X            },
	{ "picture",    I            },
	{ "plaintext",  X            },
	{ "pre",        P | KEEP     },
	{ "progress",   I            },
	{ "q",          I            },
	{ "rp",         I            },
	{ "rt",         I            },
	{ "ruby",       I            },
	{ "s",          I            },
	{ "samp",       I            },
	{ "script",     I            },
	{ "search",     P            },
	{ "section",    P            },
	{ "select",     I            },
	{ "slot",       I            },
	{ "small",      I            },
	{ "source",     V            },
	{ "span",       I            },
	{ "strong",     I            },
	{ "style",      0            },
	{ "sub",        I            },
	{ "summary",    0            },
	{ "sup",        I            },
	{ "svg",        I | SVG      },
	{ "table",      P            },
	{ "tbody",      0            },
	{ "td",         0            },
	{ "template",   0            },
	{ "textarea",   I | KEEP | RC},
	{ "tfoot",      0            },
	{ "th",         0            },
	{ "thead",      0            },
	{ "time",       I            },
	{ "title",      RC           },
	{ "tr",         0            },
	{ "track",      V            },
	{ "u",          I            },
	{ "ul",         P            },
	{ "var",        I            },
	{ "video",      I            },
	{ "wbr",        V | I        },
	{ "xmp",        X            },
};

const Element *element_find(Str name)
{
	for (size_t i = 0; i < COUNT(elements); i++)
		if (str_is(name, elements[i].name))
			return &elements[i];
	return NULL;
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
	{"action",          ATTRIBUTE_URL,     NULL                                       },
	{ "background",     ATTRIBUTE_URL,     NULL                                       },
	{ "cite",           ATTRIBUTE_URL,     NULL				       },
	{ "data-url",       ATTRIBUTE_URL,     NULL                                       },
	{ "formaction",     ATTRIBUTE_URL,     NULL                                       },
	{ "href",           ATTRIBUTE_URL,     NULL				       },
	{ "hx-delete",      ATTRIBUTE_URL,     NULL                                       },
	{ "hx-get",         ATTRIBUTE_URL,     NULL                                       },
	{ "hx-patch",       ATTRIBUTE_URL,     NULL                                       },
	{ "hx-post",        ATTRIBUTE_URL,     NULL                                       },
	{ "hx-put",         ATTRIBUTE_URL,     NULL                                       },
	{ "manifest",       ATTRIBUTE_URL,     NULL                                       },
	{ "ping",           ATTRIBUTE_URL,     NULL				       },
	{ "poster",         ATTRIBUTE_URL,     NULL                                       },
	{ "src",            ATTRIBUTE_URL,     NULL				       },
	{ "xlink:href",     ATTRIBUTE_URL,     NULL                                       },
	{ "hx-push-url",    ATTRIBUTE_SWITCH,  NULL                                       },
	{ "hx-replace-url", ATTRIBUTE_SWITCH,  NULL                                       },
	{ "hx-config",      ATTRIBUTE_JSON,    NULL                                       },
	{ "hx-headers",     ATTRIBUTE_JSON,    NULL                                       },
	{ "hx-request",     ATTRIBUTE_JSON,    NULL                                       },
	{ "hx-vals",        ATTRIBUTE_JSON,    NULL                                       },
	{ "imagesrcset",    ATTRIBUTE_LITERAL, NULL                                       },
	{ "method",         ATTRIBUTE_LITERAL, NULL                                       },
	{ "formmethod",     ATTRIBUTE_LITERAL, NULL                                       },
	{ "srcset",         ATTRIBUTE_LITERAL, NULL                                       },
	{ "type",           ATTRIBUTE_PLAIN,   NULL                                       },
	{ "http-equiv",     ATTRIBUTE_REFUSED, "the program sends headers"                },
	{ "hx-vars",        ATTRIBUTE_REFUSED, "it would need eval; use hx-vals"          },
	{ "srcdoc",         ATTRIBUTE_REFUSED, "it would need escaping twice"             },
	{ "style",          ATTRIBUTE_REFUSED, "the content policy blocks it; use a class"},
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
