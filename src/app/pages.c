/* What the shell needs of the modules: navigation, counters, search; and the hooks of the router.
 */
#include "app/app.h"

#include "app/chrome.sql.h"
#include "app/pages.h"
#include "modules/account/account.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/auth/key.h"
#include "platform/db/db.h"
#include "platform/ui/ui.h"
#include "platform/web/router.h"

enum { NAVS_MAX = 100 };

static UiNav navs[NAVS_MAX];
static unsigned char flash_key[AUTH_KEY_BYTES];

/* Asked along with whatever the page asks first, so it costs no round trip. */
static Err page_begins(Req *q)
{
	db_note_along(q->cx);
	return sql_chrome_send(q->cx, q->cx->user.v, q->cx->now);
}

static Err chrome(Req *q, UiChrome *ret)
{
	SqlChrome row;

	if (db_has_along(q->cx, "chrome"))
		TRY(sql_chrome_read(q->cx, &row));
	else
		TRY(sql_chrome(q->cx, q->cx->user.v, q->cx->now, &row));
	*ret = (UiChrome){ .unit = row.unit, .unread = row.unread };
	ret->count[ret->count_count].path = "/funnel";
	ret->count[ret->count_count++].count = row.open_leads;
	ret->count[ret->count_count].path = "/tasks";
	ret->count[ret->count_count++].count = row.late;
	return OK;
}

static bool holds(const Ctx *cx, const char *perm)
{
	int bit = perm ? perm_bit(perm) : -1;

	return bit >= 0 && cx->perms && (cx->perms[bit / 64] >> (bit % 64) & 1);
}

/* The last module first: who types a name at the desk means a patient more often than a lead. */
static Err find(Ctx *cx, const char *question, Hits *ret)
{
	for (size_t i = module_count; i-- > 0;)
		if (modules[i]->find && holds(cx, modules[i]->find_perm))
			TRY(modules[i]->find(cx, question, ret));
	return OK;
}

static int by_order(const void *a, const void *b)
{
	return ((const UiNav *)a)->nav->order - ((const UiNav *)b)->nav->order;
}

/* GET /: the first page of the sidebar that the user may see. */
static Err home(Req *q)
{
	for (size_t i = 0; i < NAVS_MAX && navs[i].nav; i++)
		if (req_may(q, navs[i].nav->perm) &&
			(!navs[i].feature || req_feature(q, navs[i].feature)) &&
			strcmp(navs[i].nav->group, "Criar") != 0)
			return redirect_path(q, navs[i].nav->path);
	return redirect(q, "/settings/account");
}

const Route page_routes[] = { { GET, "/", home, PERM_SIGNED_IN } };
const size_t page_route_count = COUNT(page_routes);

void pages_init(void)
{
	size_t count = 0;

	for (size_t i = 0; i < module_count; i++)
		for (size_t j = 0; j < modules[i]->nav_count; j++) {
			assert(count < NAVS_MAX);
			navs[count++] = (UiNav){ &modules[i]->nav[j],
				modules[i]->always ? NULL : modules[i]->name };
		}
	qsort(navs, count, sizeof navs[0], by_order);
	ui_setup(&(UiSetup){ .nav = navs,
		.nav_count = count,
		.chrome = chrome,
		.find = find,
		.profile_path = "/settings/account",
		.sign_out_path = "/logout",
		.notifications_path = "/notices",
		.switcher_path = "/switch",
		.logo_path = "/logo",
		.favicon_path = "/favicon",
		.manifest_path = "/manifest.webmanifest",
		.theme_path = "/theme.css",
		.error_path = "/browser-error" });
}

static void chart_read(Req *q)
{
	int64_t id;

	if (req_id(q, "id", &id) == OK)
		audit_note_read(q->cx, "patient", id);
}

/* Requests a minute of one address to one route of the API, for machines that are trusted with
 * more. */
static int api_per_minute(void)
{
	const char *text = getenv("SISO_API_PER_MINUTE");
	int64_t n = 0;

	return text && str_int64(str_of(text), &n) && n > 0 && n <= 10000000 ? (int)n : 0;
}

bool pages_hooks(const AppConfig *config, WebHooks *ret)
{
	if (!auth_key("flash", /* previous= */ false, flash_key))
		return false;
	*ret = (WebHooks){ .site_of_host = company_site_of_host,
		.who_asks = account_who_asks,
		.csrf_token = account_csrf_token,
		.error_page = ui_error_page,
		.chart_read = chart_read,
		.page_begins = page_begins,
		.toast = ui_toast_hook,
		.sign_in_path = "/login",
		.secret = flash_key,
		.metrics_token = getenv("SISO_METRICS_TOKEN"),
		.api_per_minute = api_per_minute(),
		.development = config->development };
	return true;
}
