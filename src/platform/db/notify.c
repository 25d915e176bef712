/* See notify.h. */
#include "platform/db/notify.h"

#include <libpq-fe.h>
#include <poll.h>

struct Notify {
	char *conninfo;
	const char *channel;
	PGconn *conn;
};

Notify *notify_open(const char *conninfo, const char *channel)
{
	Notify *notify = calloc(1, sizeof *notify);

	if (!notify || !(notify->conninfo = strdup(conninfo)))
		abort();
	notify->channel = channel;
	return notify;
}

static void disconnect(Notify *notify)
{
	PQfinish(notify->conn);
	notify->conn = NULL;
}

void notify_close(Notify *notify)
{
	if (!notify)
		return;
	disconnect(notify);
	free(notify->conninfo);
	free(notify);
}

/* True: it was done. */
static bool run(Notify *notify, const char *text, const char *const *param, int param_count)
{
	PGresult *r = PQexecParams(notify->conn, text, param_count, NULL, param, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(r);

	PQclear(r);
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return true;
	disconnect(notify);
	return false;
}

static void ignore_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

bool notify_ready(Notify *notify, bool *ret_new)
{
	const char *word[] = { "dbname", "application_name", "connect_timeout", NULL };
	const char *value[] = { notify->conninfo, "siso events", "5", NULL };
	char listen[80];

	*ret_new = false;
	if (notify->conn)
		return true;
	notify->conn = PQconnectdbParams(word, value, /* expand_dbname= */ 1);
	if (PQstatus(notify->conn) != CONNECTION_OK) {
		disconnect(notify);
		return false;
	}
	PQsetNoticeProcessor(notify->conn, ignore_notice, NULL);
	*ret_new = true;
	snprintf(listen, sizeof listen, "listen %s", notify->channel);
	return run(notify, listen, NULL, 0);
}

bool notify_wait(Notify *notify, int wake_fd, int timeout_ms, void (*hear)(const char *text))
{
	struct pollfd fd[] = { { .fd = PQsocket(notify->conn), .events = POLLIN },
		{ .fd = wake_fd, .events = POLLIN } };
	PGnotify *heard;

	if (poll(fd, 2, timeout_ms) > 0 && fd[0].revents && !PQconsumeInput(notify->conn)) {
		disconnect(notify);
		return false;
	}
	while ((heard = PQnotifies(notify->conn))) {
		hear(heard->extra);
		PQfreemem(heard);
	}
	return true;
}

bool notify_send(Notify *notify, const char *text)
{
	const char *param[] = { notify->channel, text };

	return strlen(text) <= NOTIFY_MAX && run(notify, "select pg_notify($1, $2)", param, 2);
}
