/* The S3 driver against s3_server.mjs, which verifies every signature on its own. */
#include <curl/curl.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "store.h"
#include "test.h"
#include "test_db.h"

typedef struct Server {
	pid_t pid;
	int in; /* closed: it ends */
} Server;

static void stop_server(void *object)
{
	Server *server = object;

	close(server->in);
	waitpid(server->pid, NULL, 0);
}

/* Endpoint of a new server, or NULL when there is no node here (the test is skipped). */
static const char *start_server(Ctx *cx)
{
	const char *root = getenv("SISO_SOURCE");
	char *path = arena_printf(
		cx->mem, "%s/src/platform/storage/test/s3_server.mjs", root ? root : ".");
	Server *server = NEW(cx->mem, Server);
	posix_spawn_file_actions_t actions;
	int in[2], out[2];
	char port[16] = "";

	CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	if (posix_spawnp(&server->pid, "node", &actions, NULL, (char *[]){ "node", path, NULL },
		    environ)) {
		test_skip("no node");
		return NULL;
	}
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	server->in = in[1];
	arena_defer(cx->mem, stop_server, server);
	if (read(out[0], port, sizeof port - 1) <= 0)
		test_fail(__FILE__, __LINE__, "the server does not say its port");
	close(out[0]);
	return arena_printf(cx->mem, "http://127.0.0.1:%.*s", (int)strcspn(port, "\n"), port);
}

static size_t take(char *bytes, size_t size, size_t count, void *buf)
{
	buf_add(buf, bytes, size * count);
	return size * count;
}

/* GET as nginx would, without any key. */
static const char *get(Ctx *cx, const char *url, long *ret_status)
{
	CURL *curl = curl_easy_init();
	Buf buf;

	buf_init(&buf, cx->mem, 1 << 20);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &buf);
	CHECK(curl_easy_perform(curl) == CURLE_OK);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
	curl_easy_cleanup(curl);
	return buf_text(&buf);
}

TEST(a_bucket_keeps_files_like_a_folder)
{
	const char *endpoint = start_server(cx), *uri;
	StoredFile file, again;
	int64_t count;
	long status;
	int fd;

	if (!endpoint)
		return;
	store_open_s3(cx, endpoint, "clinic", "TESTSECRET");
	CHECK(storage_put_bytes(cx, store_png(cx, 1), STORAGE_IMAGE, &file) == OK);
	CHECK(storage_put_file(cx, store_upload(cx, store_png(cx, 1)), STORAGE_IMAGE, &again) ==
		OK);
	CHECK_TEXT(again.hash, file.hash);
	CHECK(storage_open(cx, file.hash, &fd) == OK);
	CHECK(str_is((Str){ store_read(cx, fd).ptr + 40, 8 }, "number 1"));

	uri = storage_uri(cx, file.hash);
	CHECK(str_starts(uri, "/s3/clinic/siso/1/"));
	CHECK(!memcmp(
		get(cx, arena_printf(cx->mem, "%s%s", endpoint, uri + 3), &status), "\x89PNG", 4));
	CHECK_INT(status, 200);
	get(cx,
		arena_printf(cx->mem, "%s%.*s%c", endpoint, (int)strlen(uri) - 4, uri + 3,
			str_ends(uri, "0") ? '1' : '0'),
		&status);
	CHECK_INT(status, 403);

	CHECK(storage_drop(cx, file.hash) == OK);
	CHECK(storage_drop(cx, file.hash) == OK);
	cx->now = time_now() + 2 * 86400;
	CHECK(storage_sweep(cx, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(storage_open(cx, file.hash, &fd) == ERR_NOT_FOUND);
}

TEST(a_great_file_goes_through_whole)
{
	const char *endpoint = start_server(cx);
	char *bytes = arena_alloc(cx->mem, 3 << 20);
	StoredFile file;
	Str back;
	int fd;

	if (!endpoint)
		return;
	memcpy(bytes, store_png(cx, 2).ptr, 64);
	for (size_t i = 64; i < 3 << 20; i++)
		bytes[i] = (char)(i * 7 + i / 1000);
	store_open_s3(cx, arena_printf(cx->mem, "%s/", endpoint), "clinic", "TESTSECRET");
	CHECK(storage_put_bytes(cx, (Str){ bytes, 3 << 20 }, STORAGE_IMAGE, &file) == OK);
	CHECK(storage_open(cx, file.hash, &fd) == OK);
	back = store_read(cx, fd);
	CHECK(back.len == 3 << 20 && !memcmp(back.ptr, bytes, back.len));
}

TEST(a_service_that_refuses_or_fails_is_an_error)
{
	const char *endpoint = start_server(cx);
	StoredFile file;
	int fd;

	if (!endpoint)
		return;
	store_open_s3(cx, endpoint, "clinic", "WRONGSECRET");
	CHECK(storage_put_bytes(cx, store_png(cx, 3), STORAGE_IMAGE, &file) == ERR_UNAVAILABLE);
	CHECK_TEXT(cx->err.log, "s3 HEAD: status 403");
	store_open_s3(cx, endpoint, "busy", "TESTSECRET");
	CHECK(storage_put_bytes(cx, store_png(cx, 3), STORAGE_IMAGE, &file) == ERR_UNAVAILABLE);
	store_open_s3(cx, endpoint, "cut", "TESTSECRET");
	CHECK(storage_put_bytes(cx, store_png(cx, 3), STORAGE_IMAGE, &file) == OK);
	CHECK(storage_open(cx, file.hash, &fd) == ERR_UNAVAILABLE);
	store_open_s3(cx, "http://127.0.0.1:1", "clinic", "TESTSECRET");
	CHECK(storage_put_bytes(cx, store_png(cx, 3), STORAGE_IMAGE, &file) == ERR_UNAVAILABLE);
}
