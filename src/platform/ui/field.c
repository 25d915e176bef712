/* Fields: what follows from the kind of an input, so that templates of modules need not say it. */
#include "platform/ui/setup.h"

typedef struct Kind {
	const char *type, *inputmode, *autocomplete, *mask, *prefix;
} Kind;

/* Staff type other people's data, so a browser's own suggestions are off unless a form asks. */
static const Kind kinds[] = {
	[UI_TEXT] = { "text", NULL, "off", NULL, NULL },
	[UI_EMAIL] = { "email", "email", "off", NULL, NULL },
	[UI_PASSWORD] = { "password", NULL, "current-password", NULL, NULL },
	[UI_NEW_PASSWORD] = { "password", NULL, "new-password", NULL, NULL },
	[UI_PHONE] = { "tel", "tel", "off", "phone", NULL },
	[UI_MONEY] = { "text", "decimal", "off", "money", "R$" },
	[UI_CPF] = { "text", "numeric", "off", "cpf", NULL },
	[UI_CNPJ] = { "text", NULL, "off", "cnpj", NULL },
	[UI_CEP] = { "text", "numeric", "off", "cep", NULL },
	[UI_NUMBER] = { "number", "numeric", "off", NULL, NULL },
	[UI_DATE] = { "date", NULL, "off", NULL, NULL },
	[UI_MOMENT] = { "datetime-local", NULL, "off", NULL, NULL },
	[UI_TIME] = { "time", NULL, "off", NULL, NULL },
	[UI_COLOR] = { "color", NULL, NULL, NULL, NULL },
	[UI_URL] = { "url", "url", "off", NULL, NULL },
	[UI_SEARCH] = { "search", "search", "off", NULL, NULL },
	[UI_CODE] = { "text", "numeric", "one-time-code", NULL, NULL },
	[UI_TEXTAREA] = { NULL, NULL, NULL, NULL, NULL },
	[UI_SELECT] = { NULL, NULL, NULL, NULL, NULL },
	[UI_RADIO] = { NULL, NULL, NULL, NULL, NULL },
	[UI_CHECKBOX] = { NULL, NULL, NULL, NULL, NULL },
	[UI_SWITCH] = { NULL, NULL, NULL, NULL, NULL },
	[UI_TAGS] = { NULL, NULL, NULL, NULL, NULL },
	[UI_FILE] = { "file", NULL, NULL, NULL, NULL },
};

size_t field_group_end(const UiField *f, size_t from)
{
	size_t to = from + 1;

	while (to < f->option_count && str_same(f->option[to].group, f->option[from].group))
		to++;
	return to;
}

static const char *describedby(Arena *mem, const FieldView *v)
{
	if (v->f->hint && v->bad)
		return arena_printf(mem, "%s-bad %s-hint", v->id, v->id);
	if (v->bad)
		return arena_printf(mem, "%s-bad", v->id);
	return v->f->hint ? arena_printf(mem, "%s-hint", v->id) : NULL;
}

/* A stored phone is shown as people write it; a typed one as it was typed. */
static const char *value_of(Html *h, const UiField *f)
{
	if (f->input == UI_PASSWORD || f->input == UI_NEW_PASSWORD || f->input == UI_FILE)
		return NULL;
	if (f->input == UI_PHONE && f->value && *f->value == '+')
		return fmt_phone(h, f->value);
	return f->value;
}

static bool is_boxed(const UiField *f)
{
	return f->prefix || f->suffix || f->input == UI_PASSWORD || f->input == UI_NEW_PASSWORD ||
	       f->input == UI_SEARCH;
}

static void write(Html *h, const FieldView *v)
{
	switch (v->f->input) {
	case UI_TEXTAREA:
		field_area(h, v);
		break;
	case UI_SELECT:
		field_select(h, v);
		break;
	case UI_RADIO:
		field_radio(h, v);
		break;
	case UI_CHECKBOX:
	case UI_SWITCH:
		field_tick(h, v);
		break;
	case UI_TAGS:
		field_tags(h, v);
		break;
	default:
		field_text(h, v);
		break;
	}
}

void ui_field(Html *h, const UiField *given)
{
	UiField f = *given;
	const Kind *kind = &kinds[f.input];
	FieldView v = {
		.f = &f,
		.id = f.id ? f.id : arena_printf(h->mem, "f-%s", f.name),
		.bad = h->cx ? fmt_bad(h, f.name) : NULL,
		.type = kind->type,
		.inputmode = kind->inputmode,
		.autocomplete = f.autocomplete ? f.autocomplete : kind->autocomplete,
		.mask = kind->mask,
		.value = value_of(h, &f),
	};

	if (!f.prefix)
		f.prefix = kind->prefix;
	v.boxed = is_boxed(&f);
	v.describedby = describedby(h->mem, &v);
	write(h, &v);
}
