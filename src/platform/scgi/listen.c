/* Listening sockets: handed over by the parent, so that a restart loses nobody, or made here. */
#include "platform/scgi/scgi.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_INHERITED = 3, BACKLOG = 4096 };

/* True when the parent's list is meant for this process and not for one of its parents. */
static bool is_for_us(void)
{
	const char *pid = getenv("LISTEN_PID");
	int64_t number;

	return !pid || (str_int64(str_of(pid), &number) && number == getpid());
}

int scgi_inherited(const char *name)
{
	const char *count_text = getenv("LISTEN_FDS");
	Str names = str_of(getenv("LISTEN_FDNAMES")), one;
	int64_t count;

	if (!count_text || !str_int64(str_of(count_text), &count) || !is_for_us())
		return -1;
	for (int i = 0; i < count && str_cut(&names, ':', &one); i++)
		if (str_is(one, name)) {
			fcntl(FIRST_INHERITED + i, F_SETFD, FD_CLOEXEC);
			return FIRST_INHERITED + i;
		}
	return -1;
}

static int listen_here(int family, const struct sockaddr *address, socklen_t size)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	if (!bind(fd, address, size) && !listen(fd, BACKLOG))
		return fd;
	close(fd);
	return -1;
}

static int listen_unix(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t before;
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	unlink(path);
	before = umask(0117);
	fd = listen_here(AF_UNIX, (const struct sockaddr *)&address, sizeof(address));
	umask(before);
	return fd;
}

static int listen_tcp(const char *address, const char *colon)
{
	struct sockaddr_in where = { .sin_family = AF_INET };
	char host[INET_ADDRSTRLEN];
	int64_t port;

	if ((size_t)(colon - address) >= sizeof(host) || !str_int64(str_of(colon + 1), &port) ||
		port < 0 || port > 65535) {
		errno = EINVAL;
		return -1;
	}
	memcpy(host, address, (size_t)(colon - address));
	host[colon - address] = '\0';
	where.sin_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, host, &where.sin_addr) != 1) {
		errno = EINVAL;
		return -1;
	}
	return listen_here(AF_INET, (const struct sockaddr *)&where, sizeof(where));
}

int scgi_listen(const char *address)
{
	const char *colon = strchr(address, ':');

	if (colon && !strchr(address, '/'))
		return listen_tcp(address, colon);
	return listen_unix(address);
}
