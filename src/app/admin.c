/* `siso company create|hosts|plan`, `siso user add`, `siso cep`, `siso demo`: what the operator
 * does from a shell. */
#include "app/app.h"

#include <errno.h>
#include <unistd.h>

#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/company/company.h"
#include "modules/patient/patient.h"
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

static Err set_plan(Ctx *cx, void *name)
{
	return company_set_plan(cx, name);
}

/* `siso company plan HOST PLAN` */
static int change_plan(const AppConfig *config, const char *host, char *plan)
{
	Ctx *cx = app_open(config->app_url, "siso company");
	Site site;
	Err err = company_site_of_host(cx, host, &site);

	if (err == OK)
		err = app_in_company(cx, site.id.v, set_plan, plan);
	if (err != OK)
		return fail(cx, "change the plan", err);
	printf("company %" PRId64 " has the plan %s\n", cx->company.v, plan);
	app_close(cx);
	return 0;
}

static int create_company(const AppConfig *config, const char *host, const char *name)
{
	CompanyNew in = { .host = host,
		.name = name,
		.zone = "America/Sao_Paulo",
		.hue = 165,
		.chroma = 85,
		.lightness = 430 };
	Ctx *cx = app_open(config->app_url, "siso company");
	Err err = make_company(config, cx, &in);

	if (err != OK)
		return fail(cx, "create the company", err);
	printf("company %" PRId64 " answers at %s\n", cx->company.v, in.host);
	app_close(cx);
	return 0;
}

int app_company(int argc, char **argv)
{
	static AppConfig config;
	const char *what = argc > 1 ? argv[1] : "";
	bool hosts = argc == 2 && !strcmp(what, "hosts");
	bool plan = argc == 4 && !strcmp(what, "plan");

	if (!hosts && !plan && (argc != 4 || strcmp(what, "create") != 0)) {
		fprintf(stderr, "usage: siso company create HOST \"Name of the clinic\"\n"
				"       siso company plan HOST PLAN\n"
				"       siso company hosts\n");
		return 2;
	}
	if (!begin_admin(&config))
		return 1;
	return hosts  ? list_hosts(&config)
	       : plan ? change_plan(&config, argv[2], argv[3])
		      : create_company(&config, argv[2], argv[3]);
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

/* ---- addresses ---- */

static void say_lines(int64_t lines)
{
	if (isatty(STDOUT_FILENO)) {
		printf("\r%" PRId64 " lines", lines);
		fflush(stdout);
	}
}

static void say_refused(const CepLoad *load)
{
	for (int64_t i = 0; i < load->refused && i < CEP_PROBLEMS_SHOWN; i++)
		fprintf(stderr, "line %" PRId64 ": %s\n", load->problem[i].line,
			load->problem[i].why);
	if (load->refused > CEP_PROBLEMS_SHOWN)
		fprintf(stderr, "and %" PRId64 " more\n", load->refused - CEP_PROBLEMS_SHOWN);
}

typedef struct CepFile {
	const char *path;
	CepLoad load;
} CepFile;

static Err load_ceps(Ctx *cx, void *arg)
{
	CepFile *file = arg;

	return cep_load(cx, file->path, &file->load);
}

int app_cep(int argc, char **argv)
{
	static AppConfig config;
	CepFile file = { .load.progress = say_lines };
	Ctx *cx;
	Err err;

	if (argc != 2) {
		fprintf(stderr,
			"usage: siso cep FILE\n"
			"  Puts the CSV or XLSX in place of the table of CEPs of all clinics. Its "
			"first line names the\n"
			"  columns: CEP, cidade, UF, and logradouro (tipo) and bairro where there "
			"are any.\n");
		return 2;
	}
	file.path = argv[1];
	if (access(file.path, R_OK) != 0) {
		fprintf(stderr, "siso: %s: %s\n", file.path, strerror(errno));
		return 1;
	}
	if (!begin_admin(&config))
		return 1;
	cx = app_open(config.owner_url, "siso cep");
	err = app_in_company(cx, 0, load_ceps, &file);
	if (isatty(STDOUT_FILENO))
		printf("\r");
	say_refused(&file.load);
	if (err != OK)
		return fail(cx, "replace the table of CEPs", err);
	printf("%" PRId64 " CEPs; %" PRId64 " lines repeat one, %" PRId64 " were left out\n",
		file.load.added, file.load.repeated, file.load.refused);
	app_close(cx);
	return 0;
}
