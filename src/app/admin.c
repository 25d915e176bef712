/* `siso company create|hosts`, `siso user add`, `siso demo`: what the operator does from a shell.
 */
#include "app/app.h"

#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/company/company.h"
#include "platform/db/db.h"
#include "program/demo_logins.h"

static int fail(const Ctx *cx, const char *what, Err err)
{
	fprintf(stderr, "siso: could not %s: %s\n  (%s)\n", what,
		cx->err.sentence ? cx->err.sentence : err_sentence(err),
		cx->err.log ? cx->err.log : err_type(err));
	return 1;
}

static bool begin_admin(AppConfig *config)
{
	if (!app_config(config) || !app_init(config))
		return false;
	if (config->owner_url)
		return true;
	fprintf(stderr, "siso: DATABASE_OWNER_URL (role siso_owner) is not set\n");
	return false;
}

static Err create(Ctx *cx, void *in)
{
	CompanyId id;

	return company_create(cx, in, &id);
}

static Err start_company(Ctx *cx, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < module_count; i++)
		if (modules[i]->on_company)
			TRY(modules[i]->on_company(cx));
	return OK;
}

/* Make a company as the owner, then what every module starts one with, as the program. */
static Err make_company(const AppConfig *config, Ctx *app, CompanyNew *in)
{
	Ctx *owner = app_open(config->owner_url, "siso admin");
	Err err = app_in_company(owner, 0, create, in);
	int64_t id = owner->company.v;

	if (err != OK) {
		app->err.log = arena_dup(app->mem, owner->err.log);
		app->err.sentence = arena_dup(app->mem, owner->err.sentence);
	}
	app_close(owner);
	TRY(err);
	return app_in_company(app, id, start_company, NULL);
}

/* ---- demo ---- */

/* The members, and then what each module shows. */
static Err fill(Ctx *cx, void *arg)
{
	const char *host = arg;
	UserId user;

	for (size_t i = 0; i < COUNT(demo_logins); i++)
		if (!strcmp(demo_logins[i].host, host))
			TRY(account_add_member(cx,
				&(MemberNew){ .name = demo_logins[i].name,
					.email = demo_logins[i].email,
					.password = DEMO_PASSWORD,
					.role = demo_logins[i].role },
				&user));
	for (size_t i = 0; i < module_count; i++)
		if (modules[i]->demo)
			TRY(modules[i]->demo(cx));
	return OK;
}

static Err make_demo(const AppConfig *config, Ctx *cx, CompanyNew *in)
{
	Site site;
	Err err;

	cx->company = (CompanyId){ 0 };
	err = company_site_of_host(cx, in->host, &site);
	if (err != ERR_NOT_FOUND)
		return err;
	TRY(make_company(config, cx, in));
	return app_in_company(cx, cx->company.v, fill, (void *)(uintptr_t)in->host);
}

int app_demo(int argc, char **argv)
{
	static AppConfig config;
	CompanyNew company[] = {
		{ "Odontologia Ianara Pinho", "Ianara Pinho", DEMO_IANARA, "America/Sao_Paulo", 165,
			85, 430 },
		{ "Aurora Odonto", "Aurora", DEMO_AURORA, "America/Sao_Paulo", 292, 160, 470 },
	};
	Ctx *cx;

	(void)argc;
	(void)argv;
	if (!begin_admin(&config))
		return 1;
	cx = app_open(config.app_url, "siso demo");
	for (size_t i = 0; i < COUNT(company); i++) {
		Err err = make_demo(&config, cx, &company[i]);

		if (err != OK)
			return fail(cx, "make the demonstration clinics", err);
	}
	app_close(cx);
	return 0;
}

/* ---- company and user ---- */

static Err print_hosts(Ctx *cx, void *arg)
{
	const char **host;
	size_t count;

	(void)arg;
	TRY(company_list_hosts(cx, &host, &count));
	for (size_t i = 0; i < count; i++)
		puts(host[i]);
	return OK;
}

/* `siso company hosts`: one a line, for deploy/certificates. */
static int list_hosts(const AppConfig *config)
{
	Ctx *cx = app_open(config->owner_url, "siso company");
	Err err = app_in_company(cx, 0, print_hosts, NULL);

	if (err != OK)
		return fail(cx, "list the hosts", err);
	app_close(cx);
	return 0;
}

int app_company(int argc, char **argv)
{
	static AppConfig config;
	bool hosts = argc == 2 && !strcmp(argv[1], "hosts");
	CompanyNew in = { .zone = "America/Sao_Paulo", .hue = 165, .chroma = 85, .lightness = 430 };
	Ctx *cx;
	Err err;

	if (!hosts && (argc != 4 || strcmp(argv[1], "create") != 0)) {
		fprintf(stderr, "usage: siso company create HOST \"Name of the clinic\"\n"
				"       siso company hosts\n");
		return 2;
	}
	if (!begin_admin(&config))
		return 1;
	if (hosts)
		return list_hosts(&config);
	in.host = argv[2];
	in.name = argv[3];
	cx = app_open(config.app_url, "siso company");
	err = make_company(&config, cx, &in);
	if (err != OK)
		return fail(cx, "create the company", err);
	printf("company %" PRId64 " answers at %s\n", cx->company.v, in.host);
	app_close(cx);
	return 0;
}

static Err add_user(Ctx *cx, void *in)
{
	UserId user;

	return account_add_member(cx, in, &user);
}

int app_user(int argc, char **argv)
{
	static AppConfig config;
	const char *password = getenv("SISO_PASSWORD");
	Site site;
	Ctx *cx;
	Err err;

	if (argc != 6 || strcmp(argv[1], "add") != 0 || !password) {
		fprintf(stderr, "usage: SISO_PASSWORD=… siso user add HOST EMAIL \"Name\" ROLE\n");
		return 2;
	}
	if (!begin_admin(&config))
		return 1;
	cx = app_open(config.app_url, "siso user");
	err = company_site_of_host(cx, argv[2], &site);
	if (err == OK)
		err = app_in_company(cx, site.id.v, add_user,
			&(MemberNew){ .email = argv[3],
				.name = argv[4],
				.role = argv[5],
				.password = password });
	if (err != OK)
		return fail(cx, "add the user", err);
	app_close(cx);
	return 0;
}
