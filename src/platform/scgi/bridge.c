/* What one process publishes reaches the listeners of all: each has a thread that passes it on by
 * PostgreSQL's notifications, outside of every request. A line is "BOOT COMPANY USER NAME DATA";
 * BOOT tells our own lines from others'. Who was cut off for a while ends its streams: browsers
 * come back and read the page again, so nobody misses anything. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/random.h"
#include "core/str.h"
#include "platform/db/notify.h"
#include "platform/scgi/server.h"
#include "platform/web/events.h"

enum { ROOM = 1024, PATIENCE_MS = 1000, AGAIN_MS = 1000 };

/* One a process, as the listeners are. */
static pthread_t thread;
static bool joined;
static _Atomic bool leaving;
static int waker;
static char boot[12];
static Notify *notify;

/* Lines that wait to be sent; under the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *line[ROOM];
static size_t line_count;

void bridge_pass_on(CompanyId company, UserId user, const char *name, const char *data)
{
	char *text;

	if (!joined)
		return;
	if (asprintf(&text, "%s %" PRId64 " %" PRId64 " %s %s", boot, company.v, user.v, name,
		    data) < 0)
		abort();
	pthread_mutex_lock(&lock);
	if (line_count < ROOM) {
		line[line_count++] = text;
		text = NULL;
	}
	pthread_mutex_unlock(&lock);
	free(text); /* the others have been away for a thousand events: they will read the page */
	if (write(waker, &(uint64_t){ 1 }, sizeof(uint64_t)) < 0)
		return; /* it is being woken already */
}

/* A line that somebody sent. */
static void hear(const char *text)
{
	Str rest = str_of(text), word[4];
	int64_t company, user;
	char name[72];

	for (size_t i = 0; i < COUNT(word); i++)
		if (!str_cut(&rest, ' ', &word[i]))
			return;
	if (str_is(word[0], boot) || !str_int64(word[1], &company) || !str_int64(word[2], &user) ||
		word[3].len >= sizeof name || !rest.ptr)
		return;
	memcpy(name, word[3].ptr, word[3].len);
	name[word[3].len] = '\0';
	events_hear((CompanyId){ company }, (UserId){ user }, name, rest.ptr);
}

static char *next_line(void)
{
	char *text = NULL;

	pthread_mutex_lock(&lock);
	if (line_count) {
		text = line[0];
		memmove(line, line + 1, --line_count * sizeof line[0]);
	}
	pthread_mutex_unlock(&lock);
	return text;
}

static bool send_all(void)
{
	uint64_t times;
	char *text;

	if (read(waker, &times, sizeof times) < 0)
		return true; /* woken by what somebody else sent */
	while ((text = next_line())) {
		bool sent = notify_send(notify, text);

		free(text);
		if (!sent)
			return false;
	}
	return true;
}

static void *run(void *arg)
{
	bool again = false, is_new;

	(void)arg;
	while (!atomic_load(&leaving)) {
		if (!notify_ready(notify, &is_new)) {
			usleep(AGAIN_MS * 1000);
			continue;
		}
		if (is_new && again)
			events_break();
		again = true;
		if (notify_wait(notify, waker, PATIENCE_MS, hear))
			(void)send_all();
	}
	return NULL;
}

void events_join(const char *conninfo)
{
	sigset_t all, before;
	uint32_t number;

	assert(!joined);
	crypto_random(&number, sizeof number);
	snprintf(boot, sizeof boot, "%08" PRIx32, number);
	waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	notify = notify_open(conninfo, "siso_events");
	atomic_store(&leaving, false);
	joined = true;
	/* signals are the main thread's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (waker < 0 || pthread_create(&thread, NULL, run, NULL))
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void events_leave(void)
{
	char *text;

	if (!joined)
		return;
	atomic_store(&leaving, true);
	if (write(waker, &(uint64_t){ 1 }, sizeof(uint64_t)) < 0)
		perror("events: wake");
	pthread_join(thread, NULL);
	joined = false;
	while ((text = next_line()))
		free(text);
	notify_close(notify);
	close(waker);
}
