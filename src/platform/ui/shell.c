/* The shell of a page: which navigation this user may see, and what stands around the content. */
#include "platform/ui/setup.h"

static UiSetup setup; /* written once by ui_setup, before any request */

void ui_setup(const UiSetup *given)
{
	setup = *given;
}

const UiSetup *ui_setup_get(void)
{
	return &setup;
}

Url url_of_path(const char *path)
{
	return (Url){ path };
}

const char *phone_title(Html *h, const char *title)
{
	enum { FITS = 12 };
	Str rest = str_of(title), word;

	if (str_utf8_length(rest) <= FITS || !str_cut(&rest, ' ', &word))
		return title;
	return arena_copy(h->mem, word.ptr, word.len);
}

static bool may_see(const Req *q, const UiNav *entry)
{
	if (entry->nav->perm && !req_may(q, entry->nav->perm))
		return false;
	return !entry->feature || req_feature(q, entry->feature);
}

#define SETTINGS "Configurações"

const char *settings_part(const NavItem *item)
{
	const char *part = item->nav->group + sizeof SETTINGS - 1;

	return *part == '/' ? part + 1 : part;
}

static NavGroup *group_of(Shell *shell, const char *title)
{
	NavGroup *group;

	if (!strncmp(title, SETTINGS, sizeof SETTINGS - 1))
		return &shell->settings;
	if (!strcmp(title, "Criar"))
		return &shell->create;
	for (size_t i = 0; i < shell->group_count; i++)
		if (!strcmp(shell->group[i].title, title))
			return &shell->group[i];
	if (shell->group_count == NAV_GROUPS)
		return NULL;
	group = &shell->group[shell->group_count++];
	group->title = title;
	return group;
}

static int64_t count_of(const UiChrome *chrome, const char *path)
{
	for (size_t i = 0; i < chrome->count_count; i++)
		if (!strcmp(chrome->count[i].path, path))
			return chrome->count[i].count;
	return 0;
}

static void add_entry(Shell *shell, const UiNav *entry)
{
	const Nav *nav = entry->nav;
	NavGroup *group = group_of(shell, nav->group);
	NavItem item = {
		.nav = nav,
		.url = { nav->path },
		.count = count_of(&shell->chrome, nav->path),
		.on = str_same(nav->path, shell->page->nav),
	};

	if (!group || group->item_count == NAV_ITEMS)
		return;
	group->item[group->item_count++] = item;
	if (group == &shell->settings && item.on && !shell->page->plain)
		shell->settings_at = &group->item[group->item_count - 1];
	if (nav->phone && shell->phone_count < COUNT(shell->phone))
		shell->phone[shell->phone_count++] = item;
}

/* What must be asked for. A shell without its counts is better than no page, so an error here is
 * forgotten, and with it what it wrote over the page's own. */
static void fill_chrome(Shell *shell)
{
	Ctx *cx = shell->q->cx;
	const char *log = cx->err.log, *sentence = cx->err.sentence;

	if (setup.chrome && setup.chrome(shell->q, &shell->chrome) != OK)
		shell->chrome = (UiChrome){ 0 };
	cx->err.log = log;
	cx->err.sentence = sentence;
}

static const Site no_site = { .name = "Siso", .short_name = "Siso" };

/* Made anew for each of the three calls of a page: cheaper than a place to keep it. Only the first
 * shows what the chrome asks for. */
static Shell *shell_of(const UiPage *page, bool with_chrome)
{
	Req *q = page->q;
	Shell *shell = NEW(q->cx->mem, Shell);

	*shell = (Shell){
		.page = page,
		.q = q,
		.site = q->site ? q->site : &no_site,
		.who = q->who,
		.setup = &setup,
		.profile = { setup.profile_path },
		.sign_out = { setup.sign_out_path },
		.notifications = { setup.notifications_path },
		.switcher = { setup.switcher_path },
	};
	if (!q->who)
		return shell;
	if (with_chrome)
		fill_chrome(shell);
	for (size_t i = 0; i < setup.nav_count; i++)
		if (may_see(q, &setup.nav[i]))
			add_entry(shell, &setup.nav[i]);
	return shell;
}

static Url versioned(Arena *mem, const char *path, const Site *site)
{
	if (!path || !site)
		return (Url){ NULL };
	return (Url){ arena_printf(mem, "%s?v=%" PRId64, path, site->version) };
}

void ui_head(Html *h, Req *q, const char *title, const char *body_class)
{
	shell_head(h, &(HeadView){
			      .title = title,
			      .site = q->site ? q->site->name : NULL,
			      .theme = versioned(h->mem, setup.theme_path, q->site),
			      .icon = q->site && q->site->favicon
					      ? versioned(h->mem, setup.favicon_path, q->site)
					      : (Url){ NULL },
			      .manifest = versioned(h->mem, setup.manifest_path, q->site),
			      .errors = setup.error_path,
			      .dark = q->dark,
			      .body = body_class,
		      });
}

static const char *page_class(const UiPage *page)
{
	if (page->fit)
		return "contents";
	return page->wide ? "page page-wide" : "page";
}

void ui_page_open(Html *h, const UiPage *page)
{
	Shell *shell = shell_of(page, true);

	ui_head(h, page->q, page->title, page->fit ? "fit" : "");
	shell_open(h, shell);
	if (!page->tools)
		shell_main(h, shell, page_class(page));
}

void ui_page_body(Html *h, const UiPage *page)
{
	shell_main(h, shell_of(page, false), page_class(page));
}

void ui_page_close(Html *h, const UiPage *page)
{
	Shell *shell = shell_of(page, false);

	shell->flash.text = req_flash(page->q, &shell->flash.undo);
	shell_close(h, shell);
	shell_scripts(h, page->script);
}

void ui_logo(Html *h, const Site *site, const char *class)
{
	Url image = versioned(h->mem, site->logo ? setup.logo_path : NULL, site);
	const char *name = site->short_name ? site->short_name : site->name;

	if (image.text)
		logo_image(h, image, class);
	else
		logo_initials(h, fmt_initials(h, name), class);
}
