/* ui: the shell around every page and the components that pages are made of. Each component is a
 * template with a small view struct; fields that are not set mean "no". All are shown, in all
 * states, on /design in development. Rules of looks and words: README.md.
 *
 *	%template crm_leads(const LeadsView *v)
 *	%call ui_page_open(v->page)
 *	  <div class="bar-top">…{% call ui_button(&(UiButton){ .label = "Novo lead", .icon = "plus"
 *}) %}</div> %call ui_page_close(v->page) %end
 *
 * Tones are "slate blue amber violet green red teal pink orange"; icons are names of web/icons.txt.
 */
#ifndef UI_UI_H
#define UI_UI_H

#include "platform/ui/asset.h"
#include "platform/web/web.h"

/* ---- what the program tells once at start ---- */

/* A sidebar entry and the plan feature it needs (NULL: none). Two groups are special:
 * "Configurações" (one link at the foot of the sidebar; its entries become the side menu of the
 * settings pages) and "Criar" (actions: the phone's plus button and the palette; path is the page
 * of the new thing). */
typedef struct UiNav {
	const Nav *nav;
	const char *feature;
} UiNav;

/* What the shell shows that must be asked for: one query at most. */
typedef struct UiChrome {
	const char *unit; /* name of the branch in use; NULL: none shown */
	int64_t unread;   /* notifications */
	struct {
		const char *path; /* of a Nav */
		int64_t count;
	} count[12];
	size_t count_count;
} UiChrome;

typedef Err UiChromeHook(Req *q, UiChrome *ret);
typedef Err UiFindHook(Ctx *cx, const char *question, Hits *ret);

typedef struct UiSetup {
	const UiNav *nav; /* by Nav.order; lives as long as the program */
	size_t nav_count;
	UiChromeHook *chrome; /* NULL: nothing to show */
	UiFindHook *find;     /* palette; question is folded. NULL: pages and actions only */
	/* Paths of pages that modules own; NULL: the shell shows no way there. */
	const char *profile_path;       /* "/account" */
	const char *sign_out_path;      /* POST */
	const char *notifications_path; /* fragment for the drawer, and a page */
	const char *switcher_path;      /* fragment: ui_menu_link for each branch and company */
	const char *logo_path;          /* image of Site.logo */
	const char *favicon_path;
	const char *manifest_path;
	const char *theme_path;   /* "/theme.css" */
	const char *privacy_path; /* public page */
	const char *error_path;   /* POST, JSON of a script error; NULL: not reported */
} UiSetup;

/* Once, before the first request; the struct is copied, what it points to is not. */
void ui_setup(const UiSetup *setup);

/* GET /palette and, in development, GET /design. */
extern const Route ui_routes[];
extern const size_t ui_route_count;

/* ---- pages ---- */

typedef struct UiCrumb {
	const char *title;
	Url url;
} UiCrumb;

typedef struct UiPage {
	Req *q;
	const char *title;    /* of the window and, without crumbs, of the top bar */
	const char *nav;      /* Nav.path of the entry to mark */
	const UiCrumb *crumb; /* the way here; the title is the last step and not repeated */
	size_t crumb_count;
	const char *script; /* page module: "funnel.js" */
	bool fit;           /* fills the window and scrolls inside (board, agenda) */
	bool wide;          /* no maximal width */
	bool plain;         /* no settings menu beside, even in the settings group */
	bool tools;         /* ui_page_open stops in the top bar, see ui_page_body */
} UiPage;

/* Shell of a signed-in page. Between the two stands what goes into <main>: of a page that does not
 * `fit`, cards and rows under one another with the usual distances. */
void ui_page_open(Html *h, const UiPage *page);
void ui_page_close(Html *h, const UiPage *page);
/* With page.tools: what is written after ui_page_open stands beside the title (under it on phones)
 * until this is called. */
void ui_page_body(Html *h, const UiPage *page);

/* Public page with the themed panel (sign-in, forgotten password, invitation). */
typedef struct UiPublic {
	Req *q;
	const char *title;   /* of the window */
	const char *heading; /* "Bom dia" */
	const char *text;    /* under it */
	const char *slogan;  /* on the panel; NULL: the default */
	bool bare;           /* no panel: a centred card */
} UiPublic;
void ui_public_open(Html *h, const UiPublic *page);
void ui_public_close(Html *h, const UiPublic *page);

/* The capture form: clinic's head, one card, may stand in an iframe (embed). */
typedef struct UiCapture {
	Req *q;
	const char *title, *heading, *text;
	bool embed;
} UiCapture;
void ui_capture_open(Html *h, const UiCapture *page);
void ui_capture_close(Html *h, const UiCapture *page);

/* WebHooks.error_page: a page, or for htmx a toast that says what happened. */
void ui_error_page(Req *q, Err err);
/* WebHooks.toast. */
void ui_toast_hook(Html *h, const char *text, const char *undo);

/* The drawer's inside, answered to htmx (links with data-drawer). */
typedef struct UiDrawer {
	const char *title, *sub;
	const char *avatar; /* a person's name */
	const char *badge, *badge_tone;
	Url full; /* the same as a page; no text: none */
} UiDrawer;
void ui_drawer_open(Html *h, const UiDrawer *v);
void ui_drawer_foot(Html *h); /* ends the body, begins the footer with buttons */
/* foot: ui_drawer_foot was called. */
void ui_drawer_close(Html *h, bool foot);

/* Answers of GET /palette. */
void ui_palette_hits(Html *h, const Hits *hits);

/* ---- small things ---- */

void ui_icon(Html *h, const char *name); /* 16 px, decorative */
void ui_icon_as(
	Html *h, const char *name, const char *class); /* "i-sm", "i-lg", "i-xl", "text-primary" */
void ui_badge(Html *h, const char *tone, const char *icon, const char *text); /* icon NULL: none */
void ui_dot(Html *h, const char *tone);
void ui_avatar(
	Html *h, const char *name, const char *size); /* NULL, "sm", "lg"; hue from the name */
void ui_kbd(Html *h, const char *keys);               /* "Ctrl K": one box a key */
void ui_logo(
	Html *h, const Site *site, const char *class); /* image or initials in the brand's colour */
void ui_bar(Html *h, int percent, const char *tone);   /* thin, decorative; tone NULL: brand */
void ui_progress(Html *h, int percent, const char *label); /* with role and label */
void ui_spinner(Html *h, const char *label);
/* Hue name of a person, a tag, a source: the same for the same text. */
const char *ui_tone_of(const char *text);
/* What the form sent under name, else otherwise: for showing typed text again. */
const char *ui_typed(const Form *form, const char *name, const char *otherwise);
/* " is-on" style helper: yes ? text : "" */
const char *ui_if(bool yes, const char *text);

/* ---- buttons and menus ---- */

typedef struct UiButton {
	const char *label;
	const char *icon;
	const char *variant; /* NULL primary; "outline" "secondary" "ghost" "destructive" "link" */
	const char *size;    /* NULL; "sm" "lg" */
	bool icon_only;      /* label is read aloud and shown as a hint */
	Url href;            /* makes it a link */
	const char *type;    /* "submit"; NULL: "button" */
	const char *name, *value, *form;
	const char *opens; /* id of a dialog or menu */
	bool drawer;       /* href opens in the drawer */
	bool disabled, busy;
	const char *confirm, *confirm_text, *confirm_verb; /* ask first; verb is the red button */
	const char *class;
} UiButton;
void ui_button(Html *h, const UiButton *v);

/* A button with a list under it. label NULL: an icon ("ellipsis"), title is read aloud. */
typedef struct UiMenu {
	const char *id; /* unique in the page */
	const char *label, *title, *icon, *variant, *size;
} UiMenu;
void ui_menu_open(Html *h, const UiMenu *v);
void ui_menu_link(Html *h, const char *icon, const char *label, Url url, bool current);
/* POSTs to url; confirm NULL: at once. tone "red" for what destroys. */
typedef struct UiMenuPost {
	const char *icon, *label, *tone, *confirm, *confirm_text, *confirm_verb;
	Url url;
	const char *name, *value; /* one value sent along */
} UiMenuPost;
void ui_menu_post(Html *h, const UiMenuPost *v);
void ui_menu_group(Html *h, const char *title); /* NULL: a line */
void ui_menu_close(Html *h);

/* ---- forms ---- */

typedef enum UiInput {
	UI_TEXT,
	UI_EMAIL,
	UI_PASSWORD,
	UI_NEW_PASSWORD,
	UI_PHONE,
	UI_MONEY,
	UI_CPF,
	UI_CNPJ,
	UI_CEP,
	UI_NUMBER,
	UI_DATE,
	UI_MOMENT,
	UI_TIME,
	UI_COLOR,
	UI_URL,
	UI_SEARCH,
	UI_CODE,
	UI_TEXTAREA,
	UI_SELECT,
	UI_RADIO,
	UI_CHECKBOX,
	UI_SWITCH,
	UI_TAGS,
	UI_FILE
} UiInput;

typedef struct UiOption {
	const char *value, *label;
	const char *hint;  /* radio cards */
	const char *group; /* select: consecutive options of one group */
} UiOption;
/* The label of a value; the value itself when no option has it. */
const char *ui_option_label(const UiOption *option, size_t count, const char *value);
/* One whose value is an id. */
UiOption ui_option(Arena *mem, int64_t id, const char *label);

/* Label above, error under it (from cx->bad by name) with icon, aria-invalid and aria-describedby.
 */
typedef struct UiField {
	const char *name, *label;
	UiInput input;
	const char
		*value; /* UI_DATE "2026-11-22"; UI_PHONE E.164 or as typed; UI_MONEY "1.240,00" */
	bool checked;   /* UI_CHECKBOX, UI_SWITCH; their value is "1" unless set */
	const UiOption *option;
	size_t option_count;
	const char *empty; /* select: text of the option without value */
	Strs values;       /* UI_TAGS */
	const char *hint, *placeholder, *prefix, *suffix;
	const char *autocomplete;
	const char *id;         /* default "f-" name; needed when a page has two of one name */
	const char *link_label; /* beside the label: "Esqueci a senha" */
	Url link;
	int64_t max;                    /* characters; 0: no limit */
	int64_t number_min, number_max; /* UI_NUMBER; both 0: none */
	int rows;
	bool required, optional; /* optional: says "(opcional)" */
	bool disabled, readonly, autofocus;
	bool wide;          /* both columns of .fields */
	bool large;         /* 44 px also on desktop: public pages */
	bool hide_label;    /* read aloud only */
	const char *accept; /* UI_FILE */
	const char *class;
} UiField;
void ui_field(Html *h, const UiField *v);
/* A hidden field; none when there is no value. */
void ui_hidden(Html *h, const char *name, const char *value);
void ui_version(Html *h, const Form *form, int64_t version);

/* <form method="post"> with the CSRF token. Inside .fields two columns on wide screens. */
typedef struct UiForm {
	Url action;
	const char *id;
	const char *class;  /* default "fields" */
	const char *method; /* "get": filters */
	const char *target; /* htmx: CSS selector to swap; NULL: a whole page */
	const char *draft;  /* key: typed text is kept in the tab until it is saved */
	const char *confirm, *confirm_text, *confirm_verb;
	bool validate; /* also the browser's own checks; the server's always count */
} UiForm;
void ui_form_open(Html *h, const UiForm *v);
void ui_form_close(Html *h);
/* Above the fields: how many are wrong (from cx->bad), with links to them; nothing when none. */
void ui_form_errors(Html *h);
/* Save and cancel at the foot; stays in sight on phones. */
void ui_form_foot(Html *h, const char *save, Url cancel);

/* One file as a raw PUT with a progress bar; then the browser goes to or swaps the answer. */
typedef struct UiUpload {
	Url url;
	const char *id, *label, *hint, *accept;
	const char *target; /* CSS selector that receives the answer; NULL: reload */
	int64_t max_bytes;
	bool many;
} UiUpload;
void ui_upload(Html *h, const UiUpload *v);

/* ---- lists and surfaces ---- */

typedef struct UiCard {
	const char *title, *sub, *icon, *id;
	const UiButton *action;
	bool flush; /* no padding: a table or list follows */
	const char *class;
} UiCard;
void ui_card_open(Html *h, const UiCard *v);
void ui_card_close(Html *h);

typedef struct UiTh {
	const char *label;
	bool number; /* right-aligned */
	bool sortable, sorted, down;
	Url url;           /* sorts by this column, or the other way round */
	const char *class; /* "max-md:hidden" */
} UiTh;
void ui_th(Html *h, const UiTh *v);

typedef struct UiPager {
	int64_t first, last, total; /* rows shown, of how many; total < 0: not counted */
	Url prev, next;             /* no text: at the end */
	const char *one, *many;     /* "lead", "leads" */
} UiPager;
void ui_pager(Html *h, const UiPager *v);

typedef struct UiTab {
	const char *label, *icon;
	Url url;
	int64_t count; /* shown when > 0 */
	bool on;
} UiTab;
void ui_tabs(Html *h, const UiTab *tab, size_t count, const char *label);
/* A choice of two to five views in one control. */
void ui_segments(Html *h, const UiTab *tab, size_t count, const char *label);

typedef struct UiChip {
	const char *label, *tone, *icon, *avatar;
	int64_t count; /* shown when counted */
	bool counted, on, removable;
	Url url;
} UiChip;
void ui_chip(Html *h, const UiChip *v);

typedef struct UiStep {
	const char *label;
	bool done, current;
	Url url; /* no text: no link */
} UiStep;
void ui_steps(Html *h, const UiStep *step, size_t count, const char *label);

typedef struct UiEvent { /* an entry of a timeline, inside <ol class="timeline"> */
	const char *icon, *tone, *title, *text, *who;
	int64_t at;
	Url url;
} UiEvent;
void ui_event(Html *h, const UiEvent *v);
void ui_event_open(Html *h, const UiEvent *v); /* with more inside the entry */
void ui_event_close(Html *h);

typedef struct UiStat {
	const char *label, *value, *icon, *hint;
	const char *delta, *delta_tone; /* "+12%" against the period before */
	bool delta_up;
	const char *tone;
	Url url;
} UiStat;
void ui_stat(Html *h, const UiStat *v);      /* a card */
void ui_stat_line(Html *h, const UiStat *v); /* value over label, inside <dl class="stats"> */

/* Instead of a list: what it would show, why there is nothing, and the one button. */
typedef struct UiEmpty {
	const char *icon, *title, *text;
	const UiButton *action;
	bool small;
} UiEmpty;
void ui_empty(Html *h, const UiEmpty *v);
void ui_skeleton(Html *h, int rows); /* while the list comes for the first time */

typedef struct UiAlert {
	const char *tone; /* red, amber, green, blue */
	const char *icon; /* NULL: the tone's own */
	const char *title, *text;
	const UiButton *action;
	bool closable;
} UiAlert;
void ui_alert(Html *h, const UiAlert *v);

typedef struct UiToast {
	const char *text, *detail, *tone, *icon;
	const char *undo; /* POST path */
} UiToast;
void ui_toast(Html *h, const UiToast *v);
/* The same wrapped so that htmx appends it to the page's toasts, whatever is swapped. */
void ui_toast_oob(Html *h, const UiToast *v);

/* A dialog of the page itself, opened by .opens = id. */
typedef struct UiDialog {
	const char *id, *title, *text;
	bool large;
	bool open; /* shown at once (a form answered with errors) */
} UiDialog;
void ui_dialog_open(Html *h, const UiDialog *v);
void ui_dialog_close(Html *h);

/* Series of a chart as server-drawn SVG: bars over labels, values written out for everyone. */
typedef struct UiColumn {
	const char *label, *text;
	int64_t value;
	const char *tone;
} UiColumn;
void ui_columns(Html *h, const UiColumn *column, size_t count, const char *label);

#endif
