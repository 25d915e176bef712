/* The parts of components that are arithmetic rather than markup. */
#include "platform/ui/setup.h"

const char *ui_tone_of(const char *text)
{
	/* Red and amber mean trouble and are nobody's own colour. */
	static const char *const tone[] = { "teal", "violet", "pink", "orange", "blue", "green" };
	uint32_t hash = 2166136261u;

	for (const char *c = text ? text : ""; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	return tone[(hash >> 8) % COUNT(tone)];
}

const char *ui_typed(const Form *form, const char *name, const char *otherwise)
{
	const char *sent = form && form->count ? form_value(form, name) : NULL;

	return sent ? sent : otherwise;
}

const char *ui_option_label(const UiOption *option, size_t count, const char *value)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(option[i].value, value))
			return option[i].label;
	return value;
}

UiOption ui_option(Arena *mem, int64_t id, const char *label)
{
	return (UiOption){ .value = arena_printf(mem, "%" PRId64, id), .label = label };
}

const char *ui_if(bool yes, const char *text)
{
	return yes ? text : "";
}

void ui_kbd(Html *h, const char *keys)
{
	Str rest = str_of(keys), key;

	keys_open(h);
	while (str_cut(&rest, ' ', &key))
		if (key.len)
			key_box(h, arena_copy(h->mem, key.ptr, key.len));
	keys_close(h);
}

static int percent_of(int percent)
{
	return percent < 0 ? 0 : percent > 100 ? 100 : percent;
}

void ui_bar(Html *h, int percent, const char *tone)
{
	bar_svg(h, &(BarView){ percent_of(percent), tone });
}

void ui_columns(Html *h, const UiColumn *column, size_t count, const char *label)
{
	int64_t most = 1;

	for (size_t i = 0; i < count; i++)
		if (column[i].value > most)
			most = column[i].value;
	columns_open(h, label);
	for (size_t i = 0; i < count; i++) {
		double share = (double)column[i].value / (double)most;

		column_item(h, &column[i], percent_of((int)(share * 100 + 0.5)));
	}
	columns_close(h);
}

/* ---- what a tone looks like ---- */

static const char *icon_of_tone(const char *tone)
{
	static const char *const icon[][2] = {
		{ "red", "circle-alert" },
		{ "amber", "triangle-alert" },
		{ "green", "circle-check" },
	};

	for (size_t i = 0; i < COUNT(icon); i++)
		if (str_same(tone, icon[i][0]))
			return icon[i][1];
	return "info";
}

void ui_alert(Html *h, const UiAlert *v)
{
	alert_box(h, v, v->icon ? v->icon : icon_of_tone(v->tone));
}

void ui_toast(Html *h, const UiToast *v)
{
	const char *icon = v->icon ? v->icon : icon_of_tone(v->tone ? v->tone : "green");

	toast_box(h, v, icon, (Url){ v->undo });
}

void ui_toast_oob(Html *h, const UiToast *v)
{
	toast_wrap(h, v);
}

void ui_toast_hook(Html *h, const char *text, const char *undo)
{
	toast_wrap(h, &(UiToast){ .text = text, .undo = undo });
}

/* ---- forms and drawer: one face, two templates ---- */

void ui_form_open(Html *h, const UiForm *v)
{
	const char *class = v->class ? v->class : "fields";

	if (str_same(v->method, "get"))
		form_get(h, v, class);
	else
		form_post(h, v, class);
}

void ui_drawer_close(Html *h, bool foot)
{
	if (foot)
		drawer_close_foot(h);
	else
		drawer_close_body(h);
}

void ui_palette_hits(Html *h, const Hits *hits)
{
	palette_hits(h, hits);
}
