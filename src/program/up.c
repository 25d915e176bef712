/* up: the order in which everything starts, the long wait, and the restart without loss. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/str.h"
#include "program/demo_logins.h"
#include "program/program.h"
#include "program/services.h"

enum {
	MIGRATE_S = 6 * 3600,
	DEMO_S = 900,
	READY_S = 60,
	READY_SILENT_US = 2 * 1000000, /* a web program that says nothing and lives is ready */
	WEB_STOP_S = 20,
	WORK_STOP_S = 30,
	IDLE_MS = 1000,
	BUSY_MS = 50,
	LOG_TURN_US = 600 * 1000000,
	LOG_MAX_BYTES = 64 << 20,
};

/* ---- the program's own children ---- */

static void add_env(Child *child, const char *name, const char *value)
{
	child_env(child, arena_printf(child->mem, "%s=%s", name, value ? value : ""));
}

/* `siso command`, with the environment that program.h promises. */
static Child own_program(const Up *up, const char *title, const char *command)
{
	const Home *home = &up->home;
	const char *kind = env_given("SISO_ENV");
	Arena *mem = arena_new(ARENA_LIMIT);
	Child child = { .name = title, .mem = mem, .stop_signal = SIGTERM, .stop_s = WEB_STOP_S };

	child.log = arena_printf(mem, "%s/%s.log", home->log, command);
	child_args(&child, home->exe, command);
	add_env(&child, "SISO_DATA", home->data);
	add_env(&child, "SISO_ENV", kind ? kind : "development");
	add_env(&child, "SISO_STATIC", home->static_dir);
	add_env(&child, "SISO_SECRET_FILE", home->secret);
	add_env(&child, "PORT", arena_printf(mem, "%d", home->port));
	if (home->port != 80 && home->port != 443)
		add_env(&child, "SISO_PUBLIC_PORT", arena_printf(mem, "%d", home->port));
	add_env(&child, "DATABASE_URL", up->database_url);
	add_env(&child, "DATABASE_QUEUE_URL", up->queue_url);
	add_env(&child, "REDIS_URL", up->redis_url);
	return child;
}

static bool run_own(Up *up, const char *title, const char *command, int seconds)
{
	Child *tool = &up->child[CHILD_TOOL];
	Waited waited;
	Step step;

	child_clear(tool);
	*tool = own_program(up, title, command);
	add_env(tool, "DATABASE_OWNER_URL", up->owner_url);
	add_env(tool, "DATABASE_ADMIN_URL", up->admin_url);
	step_begin(&step, title);
	waited = supervise_run(up, seconds, &step);
	if (waited == WAIT_DONE) {
		step_end(&step);
		return true;
	}
	step_fail(&step);
	if (waited == WAIT_STOPPED)
		return false;
	say_tail(tool->log, 12);
	say_problem("\"siso %s\" não terminou bem. O registro completo está em %s\n"
		    "  O que já estava gravado continua como estava.",
		command, tool->log);
	return false;
}

static const char *demo_mark(const Up *up)
{
	return arena_printf(up->home.mem, "%s/demo.done", up->home.data);
}

/* Once a folder: the mark says that it is there. */
static bool fill_demo(Up *up)
{
	const char *mark = demo_mark(up);

	if (str_same(env_given("SISO_DEMO"), "no") || access(mark, F_OK) == 0)
		return true;
	return run_own(up, "Criando as clínicas de demonstração", "demo", DEMO_S) &&
	       file_write(mark, "", 0600);
}

static Child web_program(const Up *up, int ready)
{
	Child child = own_program(up, "web", "serve");

	add_env(&child, "SISO_LISTEN_FD", arena_printf(child.mem, "%d", up->pages));
	add_env(&child, "SISO_EVENTS_FD", arena_printf(child.mem, "%d", up->events));
	child_fd(&child, up->pages);
	child_fd(&child, up->events);
	if (ready >= 0) {
		add_env(&child, "SISO_READY_FD", arena_printf(child.mem, "%d", ready));
		child_fd(&child, ready);
	}
	return child;
}

static bool readyz_answers(Up *up)
{
	return nginx_probe(&up->home) == 200;
}

static bool start_programs(Up *up)
{
	Child *web = &up->child[CHILD_WEB], *work = &up->child[CHILD_WORK];
	Waited waited = WAIT_DIED;
	Step step;

	*web = web_program(up, -1);
	*work = own_program(up, "worker", "work");
	work->stop_s = WORK_STOP_S;
	work->wanted = true;
	step_begin(&step, "Siso");
	if (child_start(web) && child_start(work))
		waited = supervise_wait(up, CHILD_WEB, readyz_answers, READY_S, &step);
	if (waited == WAIT_DONE) {
		web->wanted = true;
		step_end(&step);
		return true;
	}
	step_fail(&step);
	if (waited == WAIT_STOPPED)
		return false;
	say_tail(web->log, 12);
	say_problem("o programa não começou a atender. Registros: %s e %s", web->log, work->log);
	return false;
}

/* ---- restart without loss ---- */

static bool next_is_ready(Up *up)
{
	char byte;

	return read(up->ready, &byte, 1) == 1 ||
	       time_now_us() - up->child[CHILD_WEB_NEXT].since_us > READY_SILENT_US;
}

static Waited start_next(Up *up, Step *step)
{
	Child *next = &up->child[CHILD_WEB_NEXT];
	Waited waited = WAIT_DIED;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return WAIT_DIED;
	*next = web_program(up, ends[1]);
	up->ready = ends[0];
	if (child_start(next))
		waited = supervise_wait(up, CHILD_WEB_NEXT, next_is_ready, READY_S, step);
	close(ends[0]);
	close(ends[1]);
	return waited;
}

/* Start a second web program on the same sockets; when it takes requests, let the first one finish.
 */
static void hand_over(Up *up)
{
	Child *next = &up->child[CHILD_WEB_NEXT], *web = &up->child[CHILD_WEB];
	Step step;

	step_begin(&step, "Trocando o programa");
	if (start_next(up, &step) != WAIT_DONE) {
		step_fail(&step);
		supervise_stop(up, CHILD_WEB_NEXT);
		say_tail(next->log, 12);
		say("  O programa novo não começou; o anterior continua.");
		child_clear(next);
		return;
	}
	supervise_stop(up, CHILD_WEB);
	child_clear(web);
	*web = *next;
	*next = (Child){ 0 };
	web->wanted = true;
	if (!web->pid)
		web->due_us = time_now_us();
	step_end(&step);
}

static void reload(Up *up)
{
	const Child *nginx = &up->child[CHILD_NGINX];
	Child *work = &up->child[CHILD_WORK];
	bool changed = false;

	up->reload = false;
	say("Recarregando");
	if (nginx_configure(up, &changed) && changed && nginx->pid)
		kill(nginx->pid, SIGHUP);
	if (!run_own(up, "Atualizando o banco de dados", "migrate", MIGRATE_S))
		return;
	hand_over(up);
	work->told = work->pid > 0; /* comes back by itself, new */
	if (work->pid)
		kill(work->pid, SIGTERM);
}

/* ---- from beginning to end ---- */

static bool begin(Up *up)
{
	Home *home = &up->home;

	if (!home_configure(home, arena_new(ARENA_LIMIT)) || !home_take(home) || !home_lock(home) ||
		!port_is_free(home) || !servers_find(up) || !home_secret(home) ||
		!supervise_open(up) || !sockets_open(up))
		return false;
	if (home->fresh)
		say("Preparando o Siso em %s (só na primeira vez)", home->data);
	else
		say("Iniciando o Siso com os dados em %s", home->data);
	return (!up->own_postgres || postgres_start(up)) && (!up->own_redis || redis_start(up)) &&
	       nginx_start(up) &&
	       run_own(up, "Estrutura do banco de dados", "migrate", MIGRATE_S) && fill_demo(up) &&
	       start_programs(up);
}

static void say_addresses(const Up *up)
{
	const char *host = NULL;
	int port = up->home.port;

	say("\nO Siso está no ar.");
	if (access(demo_mark(up), F_OK) != 0) {
		say("  http://<endereço da clínica>:%d", port);
	} else {
		say("Demonstração; a senha de todos é %s", DEMO_PASSWORD);
		for (size_t i = 0; i < COUNT(demo_logins); i++) {
			const DemoLogin *login = &demo_logins[i];

			if (!str_same(host, login->host))
				say("\n  %s\n  http://%s:%d", demo_company_name(login->host),
					login->host, port);
			host = login->host;
			say("    %-24s %s (%s)", login->email, login->name, login->role_title);
		}
	}
	say("\nRegistros: %s\nCtrl-C para tudo, em ordem.", up->home.log);
}

/* Turn until somebody asks to stop. */
static void keep_running(Up *up)
{
	int64_t logs_due_us = 0;

	while (!up->stops) {
		bool waiting = false;

		for (size_t i = 0; i < CHILD_COUNT; i++)
			waiting = waiting || up->child[i].due_us;
		supervise_turn(up, waiting ? BUSY_MS : IDLE_MS);
		if (up->reload && !up->stops)
			reload(up);
		if (time_now_us() < logs_due_us)
			continue;
		logs_due_us = time_now_us() + LOG_TURN_US;
		for (size_t i = 0; i < CHILD_COUNT; i++) {
			if (up->child[i].log)
				log_cut(up->child[i].log, LOG_MAX_BYTES);
		}
	}
}

static void end(Up *up)
{
	Step step;

	step_begin(&step, "Parando");
	supervise_stop_all(up);
	step_end(&step);
	for (size_t i = 0; i < CHILD_COUNT; i++)
		child_clear(&up->child[i]);
	if (up->home.run) {
		unlink(arena_printf(up->home.mem, "%s/app.sock", up->home.run));
		unlink(arena_printf(up->home.mem, "%s/events.sock", up->home.run));
	}
}

int program_up(int argc, char **argv)
{
	Up up = { .pages = -1, .events = -1, .signals = -1 };
	int status = 1;

	if (argc > 1 || (argc == 1 && argv[0][0] == '-')) {
		say_problem("\"siso up\" não tem argumentos: tudo vem do ambiente.\n"
			    "  PORT=8081 SISO_DATA=outra-pasta siso up");
		return 2;
	}
	if (begin(&up)) {
		say_addresses(&up);
		keep_running(&up);
		status = 0;
	}
	if (up.stops) {
		say(" ");
		status = 0;
	}
	if (up.signals >= 0)
		end(&up);
	if (!status)
		say("Parado. Os dados ficam em %s", up.home.data);
	arena_free(up.home.mem);
	return status;
}
