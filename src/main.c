/* siso: one program, many commands. */
#include "app/app.h"
#include "program/program.h"

typedef struct Command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} Command;

static const Command commands[] = {
	{ "up", program_up, "everything in one folder: database, queue, front, web, worker" },
	{ "serve", app_serve, "[--only=api|web] [--modules=NAME,NAME]: the web program alone" },
	{ "work", app_work, "the worker alone" },
	{ "migrate", program_migrate, "bring the database's schema to this version" },
	{ "demo", app_demo, "make the two demonstration clinics" },
	{ "company", app_company,
		"create HOST NAME: a new clinic; plan HOST PLAN: its limits and modules; hosts: "
		"all names" },
	{ "user", app_user, "add HOST EMAIL NAME ROLE: a person of a clinic" },
	{ "cep", app_cep, "FILE: a table of addresses by CEP for all clinics, from a CSV or XLSX" },
	{ "routes", app_print_routes, "every route with its permission, plan feature and module" },
	{ "queries", app_print_queries, "[PART]: every SQL statement with its types" },
	{ "backup", program_backup, "FOLDER: a copy of database and files, while it runs" },
	{ "check", program_check, "tell what is misconfigured" },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < COUNT(commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "usage: siso COMMAND\n");
	for (size_t i = 0; i < COUNT(commands); i++)
		fprintf(stderr, "  %-8s %s\n", commands[i].name, commands[i].help);
	return 2;
}
