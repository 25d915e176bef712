/* Sign-in by a provider: the whole way, against the npm package oidc-provider on the loopback.
 * Without node or the package (script/bootstrap) these tests are skipped. */
#include "browser.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/random.h"
#include "platform/http/http_client.h"
#include "test.h"

typedef struct Provider {
	pid_t pid;
	int input; /* closing it ends the provider */
	FILE *output;
	const char *issuer;
} Provider;

static void stop(void *arg)
{
	Provider *p = arg;

	close(p->input);
	fclose(p->output);
	waitpid(p->pid, NULL, 0);
}

static bool start(Ctx *cx, const char *mode, Provider *ret)
{
	extern char **environ;
	const char *root = getenv("SISO_SOURCE") ? getenv("SISO_SOURCE") : ".";
	char *folder = arena_printf(cx->mem, "%s/src/modules/account/test/oidc", root);
	char *script = arena_printf(cx->mem, "%s/provider.mjs", folder);
	char *const args[] = { (char[]){ "node" }, script, arena_dup(cx->mem, mode), NULL };
	posix_spawn_file_actions_t actions;
	char line[200] = "";
	int in[2], out[2];
	Provider *p = NEW(cx->mem, Provider);
	FILE *read_end;
	bool started;

	if (access(arena_printf(cx->mem, "%s/node_modules/oidc-provider", folder), R_OK)) {
		test_skip("npm package oidc-provider is not installed");
		return false;
	}
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	started = posix_spawnp(&p->pid, "node", &actions, NULL, args, environ) == 0;
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	read_end = fdopen(out[0], "r");
	if (!started || !fgets(line, sizeof line, read_end) || !str_starts(line, "READY ")) {
		test_skip("node does not start the provider");
		fclose(read_end);
		close(in[1]);
		return false;
	}
	line[strcspn(line, "\n")] = '\0';
	p->input = in[1];
	p->output = read_end; /* stays open: it warns there, too */
	p->issuer = arena_printf(cx->mem, "http://127.0.0.1:%s", line + 6);
	arena_defer(cx->mem, stop, p);
	*ret = *p;
	return true;
}

/* ---- the browser at the provider ---- */

static const char *visit(Ctx *cx, const char *url, Buf *cookies)
{
	HttpHeader header = { "Cookie", buf_text(cookies) };
	HttpAnswer answer;
	const char *location;

	if (http_send(cx, &(HttpRequest){ .url = url, .header = &header, .header_count = 1 },
		    &answer)) {
		test_fail(__FILE__, __LINE__, "%s: %s", url, cx->err.log);
		return NULL;
	}
	for (size_t i = 0; i < answer.header_count; i++)
		if (strcmp(answer.header[i].name, "set-cookie") == 0)
			buf_printf(cookies, "%s%.*s", cookies->len ? "; " : "",
				(int)strcspn(answer.header[i].value, ";"), answer.header[i].value);
	location = http_header(&answer, "location");
	if (!location && answer.status != 200)
		test_fail(__FILE__, __LINE__, "%s: %d %s", url, answer.status, answer.body.ptr);
	return location;
}

/* Follow the provider's redirects until it sends us back; our own path with code and state. */
static const char *through_provider(Ctx *cx, const char *url, const char *issuer)
{
	Buf cookies;

	buf_init(&cookies, cx->mem, 64 << 10);
	for (int hop = 0; url && hop < 10; hop++) {
		if (str_starts(url, "https://a.test/"))
			return url + strlen("https://a.test");
		if (url[0] == '/')
			url = arena_printf(cx->mem, "%s%s", issuer, url);
		url = visit(cx, url, &cookies);
	}
	test_fail(__FILE__, __LINE__, "the provider did not send us back");
	return "/";
}

static void be(Ctx *cx, const Provider *p, const char *sub, const char *email, bool verified)
{
	Buf cookies;

	buf_init(&cookies, cx->mem, 100);
	visit(cx,
		arena_printf(cx->mem, "%s/as?sub=%s&email=%s&verified=%d", p->issuer, sub, email,
			verified),
		&cookies);
}

static void configure(Ctx *cx, const Provider *p, const char *client, const char *secret)
{
	int64_t owner;
	Browser boss = signed_in(cx, "owner", &owner);
	Page page;

	oidc_forget();
	get(&boss, "/settings/oidc");
	page = post_form(&boss, "/settings/oidc",
		"title=Provedor&issuer=%s&client_id=%s&client_secret=%s&active=1", p->issuer,
		client, secret);
	CHECK_INT(page.status, 303);
	page = get(&boss, "/settings/oidc");
	CHECK(!*secret || !strstr(page.body, secret));
}

static Page sign_in_there(Ctx *cx, Browser *b, const Provider *p)
{
	Page page = get(b, "/login/oidc/start?next=/settings/account");

	CHECK_INT(page.status, 303);
	if (!page.location || !str_starts(page.location, p->issuer)) {
		test_fail(__FILE__, __LINE__, "sent to %s", page.location);
		return page;
	}
	return get(b, through_provider(cx, page.location, p->issuer));
}

static const char *sub(Ctx *cx)
{
	return arena_copy(cx->mem, crypto_sha256_hex(cx->mem, crypto_token(cx->mem, 9), 12), 12);
}

static void signs_in(Ctx *cx, const char *mode, const char *client, const char *secret)
{
	Browser b = browser_open(cx, "a.test");
	const char *email, *who;
	int64_t user;
	Provider p;
	Page page;

	if (!start(cx, mode, &p))
		return;
	configure(cx, &p, client, secret);
	CHECK(strstr(get(&b, "/login").body, "Entrar com Provedor") != NULL);
	email = new_person(cx, 1, "reception", &user);
	who = sub(cx);
	be(cx, &p, who, email, true);
	page = sign_in_there(cx, &b, &p);
	CHECK_INT(page.status, 303);
	CHECK_TEXT(page.location, "/settings/account");
	CHECK(page.set_access && page.set_refresh);
	CHECK(strstr(get(&b, "/api/v1/me").body, email) != NULL);

	/* from now on the subject counts, not the e-mail */
	b = browser_open(cx, "a.test");
	be(cx, &p, who, "changed@x.test", true);
	CHECK_TEXT(sign_in_there(cx, &b, &p).location, "/settings/account");
	CHECK(strstr(get(&b, "/api/v1/me").body, email) != NULL);
}

TEST(a_member_signs_in_by_a_provider_with_rsa_keys_and_userinfo)
{
	signs_in(cx, "userinfo", "siso-rs", "segredo/%2B%25%26:");
}

TEST(a_member_signs_in_by_a_provider_with_elliptic_keys_and_claims_in_the_token)
{
	signs_in(cx, "claims-in-token", "siso-es", "segredo");
}

TEST(a_member_signs_in_by_a_provider_without_a_client_secret)
{
	signs_in(cx, "userinfo", "siso-public", "");
}

TEST(strangers_and_unverified_addresses_stay_outside)
{
	Browser b = browser_open(cx, "a.test");
	const char *email;
	int64_t user;
	Provider p;

	if (!start(cx, "userinfo", &p))
		return;
	configure(cx, &p, "siso-es", "segredo");
	be(cx, &p, sub(cx), "stranger@x.test", true);
	CHECK_TEXT(sign_in_there(cx, &b, &p).location, "/login?why=oidc-unknown");
	email = new_person(cx, 1, "reception", &user);
	be(cx, &p, sub(cx), email, false);
	CHECK_TEXT(sign_in_there(cx, &b, &p).location, "/login?why=oidc-unknown");
	/* a member of another clinic only */
	be(cx, &p, sub(cx), new_person(cx, 2, "owner", &user), true);
	CHECK_TEXT(sign_in_there(cx, &b, &p).location, "/login?why=oidc-unknown");
	CHECK_INT(get(&b, "/settings/account").status, 303);
}

TEST(an_answer_that_this_browser_did_not_ask_for_is_refused)
{
	Browser b = browser_open(cx, "a.test"), other = browser_open(cx, "a.test");
	const char *back;
	int64_t user;
	Provider p;
	Page page;

	if (!start(cx, "userinfo", &p))
		return;
	configure(cx, &p, "siso-es", "segredo");
	be(cx, &p, sub(cx), new_person(cx, 1, "reception", &user), true);
	page = get(&b, "/login/oidc/start");
	back = through_provider(cx, page.location, p.issuer);
	CHECK_TEXT(get(&other, back).location, "/login?why=oidc");
	get(&other, "/login/oidc/start"); /* has asked, but for another state */
	CHECK_TEXT(get(&other, back).location, "/login?why=oidc");
	CHECK_TEXT(get(&b, back).location, "/");
	CHECK_TEXT(get(&b, back).location, "/login?why=oidc"); /* a code works once */
	CHECK_TEXT(get(&b, "/login/oidc/callback?error=access_denied").location, "/login?why=oidc");
}

TEST(a_provider_s_session_changes_no_identity_and_enters_no_other_clinic)
{
	Browser b = browser_open(cx, "a.test");
	const char *email;
	int64_t user;
	Provider p;

	if (!start(cx, "userinfo", &p))
		return;
	configure(cx, &p, "siso-es", "segredo");
	email = new_person(cx, 1, "reception", &user);
	sql_as(cx, "siso_app", 2,
		arena_printf(cx->mem,
			"insert into account.member (company_id, user_id, name, email, role)"
			" select 2, id, name, email, 'owner' from account.identity_by_id(%" PRId64
			")",
			user));
	be(cx, &p, sub(cx), email, true);
	sign_in_there(cx, &b, &p);
	CHECK_INT(get(&b, "/settings/account").status, 200);
	CHECK_INT(post(&b, "/settings/account/name", "name=Outro").status, 403);
	CHECK_INT(post_form(&b, "/settings/account/password",
			  "current=%s&password=outras palavras longas", TEST_PASSWORD)
			  .status,
		403);
	CHECK_INT(get(&b, "/settings/account/totp").status, 403);
	CHECK_INT(get(&b, "/switch/2").status, 404);
	CHECK(!strstr(get(&b, "/switch").body, "b.test"));
}

TEST(a_provider_that_is_away_or_none_is_told_in_words)
{
	int64_t owner;
	Browser boss = signed_in(cx, "owner", &owner), b = browser_open(cx, "a.test");
	Provider p;

	get(&boss, "/settings/oidc");
	CHECK_INT(post(&boss, "/settings/oidc",
			  "title=X&issuer=http://127.0.0.1:9&client_id=x&active=1")
			  .status,
		422);
	CHECK_INT(post(&boss, "/settings/oidc",
			  "title=X&issuer=http://id.example&client_id=x&active=1")
			  .status,
		422);
	CHECK_INT(post(&boss, "/settings/oidc", "title=X&issuer=nonsense&client_id=x&active=1")
			  .status,
		422);
	if (!start(cx, "userinfo", &p))
		return;
	configure(cx, &p, "siso-es", "segredo");
	kill(p.pid, SIGKILL);
	oidc_forget();
	CHECK_TEXT(get(&b, "/login/oidc/start").location, "/login?why=oidc");
	CHECK(strstr(get(&b, "/login?why=oidc").body, "Não foi possível entrar pelo serviço") !=
		NULL);
}

TEST(without_a_provider_there_is_no_such_door)
{
	Browser b = browser_open(cx, "b.test");

	CHECK_INT(get(&b, "/login/oidc/start").status, 404);
	CHECK(!strstr(get(&b, "/login").body, "Entrar com "));
}
