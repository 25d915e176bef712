/* stub: stands in for the program, so that the supervisor is tested alone. `stub up` is the
 * supervisor itself; serve answers SCGI with its pid; work waits; migrate and demo leave a line in
 * their log. Paths: /slow takes a second, /crash kills the process, /pid answers, /echo… sends the
 * head back, /file is a download by X-Accel-Redirect, /who-listens is for the event stream. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/str.h"
#include "program/program.h"

static volatile sig_atomic_t stop;
static atomic_int open_requests;

static void on_term(int signal)
{
	(void)signal;
	stop = 1;
}

static const char *value_of(const char *head, size_t size, const char *name)
{
	for (const char *p = head; p < head + size;) {
		const char *value = p + strlen(p) + 1;

		if (strcmp(p, name) == 0)
			return value;
		p = value + strlen(value) + 1;
	}
	return "";
}

static void echo(FILE *out, const char *head, size_t size)
{
	for (const char *p = head; p < head + size;) {
		const char *value = p + strlen(p) + 1;

		fprintf(out, "%s=%s\n", p, value);
		p = value + strlen(value) + 1;
	}
}

static void answer(FILE *out, const char *head, size_t size, const char *body)
{
	const char *path = value_of(head, size, "PATH");

	if (str_same(path, "/crash"))
		abort();
	if (str_same(path, "/slow"))
		sleep(1);
	if (str_same(path, "/file")) {
		fprintf(out, "X-Accel-Redirect: /files/ab/abcd\r\n\r\n");
		return;
	}
	fprintf(out, "Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n");
	if (str_starts(path, "/echo")) {
		echo(out, head, size);
		fprintf(out, "BODY=%s\n", body);
	} else {
		fprintf(out, "%d", (int)getpid());
	}
}

static bool read_all(FILE *in, char *bytes, size_t size)
{
	return fread(bytes, 1, size, in) == size;
}

static void *serve_one(void *arg)
{
	int fd = (int)(intptr_t)arg;
	FILE *in = fdopen(fd, "r+");
	size_t size = 0, body_size = 0;
	char *head = NULL, *body = NULL;

	if (in && fscanf(in, "%zu:", &size) == 1 && size < (1 << 20)) {
		head = calloc(1, size + 2);
		if (read_all(in, head, size) && fgetc(in) == ',') {
			if (str_is_empty(value_of(head, size, "BODY_FILE")))
				body_size =
					strtoul(value_of(head, size, "CONTENT_LENGTH"), NULL, 10);
			body = calloc(1, body_size + 1);
			if (read_all(in, body, body_size)) {
				fseek(in, 0, SEEK_CUR);
				answer(in, head, size, body);
			}
		}
	}
	if (in)
		fclose(in);
	free(head);
	free(body);
	open_requests--;
	return NULL;
}

static int serve(void)
{
	const char *ready = getenv("SISO_READY_FD");
	int fd = (int)strtol(getenv("SISO_LISTEN_FD"), NULL, 10);

	if (ready && write((int)strtol(ready, NULL, 10), "1", 1) != 1)
		return 1;
	while (!stop) {
		int client = accept(fd, NULL, NULL);
		pthread_t thread;

		if (client < 0) {
			usleep(2000);
			continue;
		}
		open_requests++;
		if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)client) != 0)
			return 1;
		pthread_detach(thread);
	}
	while (open_requests > 0)
		usleep(2000);
	return 0;
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";
	struct sigaction action = { .sa_handler = on_term };

	if (str_same(command, "up"))
		return program_up(argc - 1, argv + 1);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	printf("%s %d\n", command, (int)getpid());
	fflush(stdout);
	if (str_same(command, getenv("STUB_FAILS")))
		return 3;
	if (str_same(command, "serve"))
		return serve();
	while (str_same(command, "work") && !stop)
		pause();
	return 0;
}
