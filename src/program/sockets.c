/* sockets: the port nginx will take, and the SCGI sockets that outlive every web program. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/str.h"
#include "program/services.h"

enum { BACKLOG = 1024, PROBE_S = 2 };

/* 0, or why it cannot be had. */
static int try_bind(const struct addrinfo *where)
{
	int on = 1, why = 0;
	int fd = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno == EAFNOSUPPORT ? 0 : errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (where->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, where->ai_addr, where->ai_addrlen) != 0 || listen(fd, 1) != 0)
		why = errno;
	close(fd);
	return why;
}

static void say_taken(const Home *home, int why)
{
	if (why == EACCES)
		say_problem("a porta %d é reservada a programas do root.\n"
			    "  Use outra: PORT=8080 script/server\n"
			    "  Para atender em 80 e 443, veja deploy/README.md.",
			home->port);
	else if (why == EADDRINUSE)
		say_problem("a porta %d já está em uso por outro programa.\n"
			    "  Use outra: PORT=%d script/server\n"
			    "  Ou veja quem a usa: ss -ltnp 'sport = :%d'",
			home->port, home->port < 65535 ? home->port + 1 : 8081, home->port);
	else
		say_problem("não é possível atender em %s, porta %d: %s\n"
			    "  SISO_BIND aceita 127.0.0.1, * ou um IP desta máquina.",
			home->bind, home->port, strerror(why));
}

bool port_is_free(const Home *home)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *list;
	char port[8];
	int why = 0;

	snprintf(port, sizeof(port), "%d", home->port);
	if (getaddrinfo(str_same(home->bind, "*") ? NULL : home->bind, port, &hints, &list) != 0) {
		say_taken(home, EADDRNOTAVAIL);
		return false;
	}
	for (struct addrinfo *where = list; where && !why; where = where->ai_next)
		why = try_bind(where);
	freeaddrinfo(list);
	if (why)
		say_taken(home, why);
	return !why;
}

static int listen_at(const Home *home, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", home->run, name);
	unlink(address.sun_path);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		chmod(address.sun_path, 0660) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	say_problem("não foi possível abrir o soquete %s: %s\n"
		    "  Confira as permissões da pasta e o limite de arquivos abertos (ulimit -n).",
		address.sun_path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

bool sockets_open(Up *up)
{
	up->pages = listen_at(&up->home, "app.sock");
	if (up->pages >= 0)
		up->events = listen_at(&up->home, "events.sock");
	return up->pages >= 0 && up->events >= 0;
}

int nginx_probe(const Home *home)
{
	static const char request[] = "GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)home->port) };
	struct timeval patience = { PROBE_S, 0 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), status = 0;
	char answer[32] = "";

	if (inet_pton(AF_INET, home->bind, &address.sin_addr) != 1)
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		write(fd, request, sizeof(request) - 1) == (ssize_t)sizeof(request) - 1 &&
		read(fd, answer, sizeof(answer) - 1) > 0 &&
		sscanf(answer, "HTTP/1.%*c %d", &status) != 1)
		status = 0;
	close(fd);
	return status;
}
