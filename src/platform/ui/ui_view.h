/* What the templates of this folder print. Nobody else includes it. */
#ifndef UI_UI_VIEW_H
#define UI_UI_VIEW_H

#include "core/clock.h"
#include "platform/ui/ui.h"

enum { NAV_GROUPS = 10, NAV_ITEMS = 40 };

typedef struct NavItem {
	const Nav *nav;
	Url url;
	int64_t count;
	bool on;
} NavItem;

typedef struct NavGroup {
	const char *title;
	NavItem item[NAV_ITEMS];
	size_t item_count;
} NavGroup;

/* The shell of one page: what the user may see of the navigation, and the chrome around it. */
typedef struct Shell {
	const UiPage *page;
	Req *q;
	const Site *site;
	const Who *who;
	const UiSetup *setup;
	UiChrome chrome;
	NavGroup group[NAV_GROUPS]; /* of the sidebar */
	size_t group_count;
	NavGroup settings, create;
	NavItem phone[3];
	size_t phone_count;
	const NavItem
		*settings_at; /* the page belongs to Configurações and shows its menu; NULL: no */
	UiToast flash;
	Url profile, sign_out, notifications, switcher;
} Shell;

/* The title as it fits under an icon of the phone's bar: "Funil de vendas" is "Funil". */
const char *phone_title(Html *h, const char *title);
/* The part of the settings' menu that an entry stands in; "" for the first ones. */
const char *settings_part(const NavItem *item);
/* A path that the program was set up with, as a Url without text when there is none. */
Url url_of_path(const char *path);

typedef struct HeadView {
	const char *title, *site;
	Url theme, icon, manifest;
	const char *errors; /* path for script errors, or NULL */
	bool dark;
	const char *body; /* class */
} HeadView;

void shell_head(Html *h, const HeadView *v);
void shell_open(Html *h, const Shell *v);
void shell_main(Html *h, const Shell *v, const char *page_class);
void shell_close(Html *h, const Shell *v);
void shell_scripts(Html *h, const char *script);

typedef struct DoorView {
	const UiPublic *page;
	const Site *site;
	const char *name, *slogan;
} DoorView;
void door_open(Html *h, const DoorView *v);
void door_close(Html *h, const UiToast *flash, Url privacy);
void capture_open(Html *h, const UiCapture *v, const Site *site);
void capture_close(Html *h, const UiCapture *v, const Site *site);

typedef struct ErrorView {
	int status;
	const char *title, *text, *request_id;
	bool again, home; /* offers: try again, go to the start */
	bool alone;       /* without the shell: its title is the page's first heading */
	const char *host; /* whose host this is, nobody knows; NULL: a clinic's */
	Url here;
} ErrorView;
void error_body(Html *h, const ErrorView *v);
void error_alone(Html *h, const ErrorView *v);

/* One input with everything that follows from its kind. */
typedef struct FieldView {
	const UiField *f;
	const char *id, *bad, *describedby;
	const char *type, *inputmode, *autocomplete, *mask, *value;
	bool boxed; /* prefix, suffix or a button stand in the input's box */
} FieldView;
void field_text(Html *h, const FieldView *v);
void field_area(Html *h, const FieldView *v);
void field_select(Html *h, const FieldView *v);
void field_radio(Html *h, const FieldView *v);
void field_tick(Html *h, const FieldView *v);
void field_tags(Html *h, const FieldView *v);

typedef struct BarView {
	int percent;
	const char *tone;
} BarView;
void bar_svg(Html *h, const BarView *v);
void keys_open(Html *h);
void key_box(Html *h, const char *key);
void keys_close(Html *h);
void columns_open(Html *h, const char *label);
void columns_close(Html *h);
void column_item(Html *h, const UiColumn *v, int percent);
void logo_image(Html *h, Url url, const char *class);
void logo_initials(Html *h, const char *initials, const char *class);
void alert_box(Html *h, const UiAlert *v, const char *icon);
void toast_box(Html *h, const UiToast *v, const char *icon, Url undo);
void toast_wrap(Html *h, const UiToast *v);
void form_get(Html *h, const UiForm *v, const char *class);
void form_post(Html *h, const UiForm *v, const char *class);
void drawer_close_body(Html *h);
void drawer_close_foot(Html *h);
/* Where the options of the group that begins at `from` end. */
size_t field_group_end(const UiField *f, size_t from);
void palette_hits(Html *h, const Hits *hits);

#endif
