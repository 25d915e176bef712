/* Once, before any request or job. */
#include "app/app.h"

#include "app/outside.h"
#include "app/pages.h"
#include "modules/account/account.h"
#include "platform/auth/key.h"
#include "platform/db/queries.h"

bool app_init(const AppConfig *config)
{
	size_t route_count, perm_total;
	const RouteRow *route = app_routes(&route_count);
	const Perm *perm = app_perms(&perm_total);
	WebHooks hooks;

	if (!auth_set_secret(config->secret, getenv("SISO_SECRET_PREVIOUS"))) {
		fprintf(stderr,
			"siso: the secret in SISO_SECRET_FILE is shorter than %d characters\n",
			AUTH_SECRET_MIN);
		return false;
	}
	account_set_perms(perm, perm_total);
	pages_init();
	return outside_init(config) && pages_hooks(config, &hooks) &&
	       router_init(route, route_count, perm, perm_total, &hooks);
}

static const char *const method_names[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

int app_print_routes(int argc, char **argv)
{
	size_t count;
	const RouteRow *row;

	if (!app_read_options(argc, argv))
		return 2;
	row = app_routes(&count);
	for (size_t i = 0; i < count; i++)
		printf("%-6s %-40s %-20s %-10s %s\n", method_names[row[i].route->method],
			row[i].route->path, row[i].route->perm,
			row[i].feature ? row[i].feature : "-", row[i].module);
	return 0;
}

/* One line a statement: name, file and line, parameter types, text. */
int app_print_queries(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < sql_query_count; i++) {
		const SqlQuery *query = &sql_queries[i];

		if (!strstr(query->name, only))
			continue;
		printf("%s\t%s:%d\t", query->name, query->file, query->line);
		for (int j = 0; j < query->param_count; j++)
			printf("%s%s %s", j ? ", " : "", query->param[j].name,
				query->param[j].type);
		putchar('\t');
		for (const char *c = query->text; *c; c++)
			putchar(*c == '\n' ? ' ' : *c);
		putchar('\n');
	}
	return 0;
}
