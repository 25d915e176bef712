#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "modules/treatment/catalogue.h"
#include "modules/treatment/quote.h"
#include "platform/auth/key.h"
#include "platform/storage/storage.h"
#include "test_db.h"

static const Allowance anything = { .percent = 100, .unlimited = true };

static void put(Ctx *cx, int64_t plan, const char *name, const char *where)
{
	Procedure *list;
	size_t count, n;

	CHECK(procedure_search(cx, name, 0, &list, &count) == OK && count > 0);
	CHECK(plan_add_lines(cx, plan, &(LineForm){ .procedure_id = list[0].id, .where = where },
		      &n) == OK);
}

/* Links begin with the clinic's host. */
static void give_host(Ctx *cx)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_owner"));

	PQclear(PQexec(conn, "insert into company.domain (company_id, host, main) values"
			     " (1, 'quotes.test', true) on conflict do nothing"));
	PQfinish(conn);
}

/* Sônia's plan: a filling, a crown and a cleaning, 300 off. */
static int64_t plan_of_somebody(Ctx *cx)
{
	PatientId patient = { 0 };
	int64_t plan = 0;

	CHECK(auth_set_secret("a secret of tests, long enough for it", NULL));
	give_host(cx);
	cx->user = (UserId){ 0 };
	cx->zone = "America/Sao_Paulo";
	cx->peer = "203.0.113.9";
	CHECK(patient_register(cx,
		      &(PatientForm){ .name = "Sônia Regina Barreto",
			      .cpf = "52998224725",
			      .birth = date_of(1968, 4, 9) },
		      NULL, 0, &patient) == OK);
	CHECK(catalogue_start_company(cx) == OK);
	CHECK(plan_create(cx, patient.v, &(PlanForm){ .name = "Plano" }, &plan) == OK);
	put(cx, plan, "resina 2 faces", "16 MO");
	put(cx, plan, "zircônia", "26");
	put(cx, plan, "profilaxia", NULL);
	CHECK(plan_set_discount(cx, plan, 30000, &anything) == OK);
	return plan;
}

static Quote presented(Ctx *cx, int64_t plan)
{
	Quote quote = { 0 };
	int64_t id = 0;

	CHECK(quote_present(cx, plan,
		      &(QuoteForm){ .days = 30, .payment = "Em até 10 vezes no cartão." },
		      &id) == OK);
	CHECK(quote_get(cx, id, &quote) == OK);
	return quote;
}

static const char *link_of(Ctx *cx, const Quote *quote)
{
	const char *url = "";

	CHECK(quote_send(cx, quote->id, NULL, &url) == OK);
	CHECK(strrchr(url, '/') != NULL);
	return strrchr(url, '/') + 1;
}

static Plan plan_now(Ctx *cx, int64_t id)
{
	Plan plan = { 0 };

	CHECK(plan_get(cx, id, &plan) == OK);
	return plan;
}

static Quote quote_now(Ctx *cx, int64_t id)
{
	Quote quote = { 0 };

	CHECK(quote_get(cx, id, &quote) == OK);
	return quote;
}

static const Acceptance yes = { .name = "Sônia Regina Barreto",
	.how = "birth",
	.user_agent = "Mozilla/5.0 (Android)",
	.agreed = true };

TEST(a_presented_quote_stays_as_it_was_whatever_happens_to_the_plan)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	QuoteDoc doc;

	CHECK_INT(quote.total_cents, 42000 + 240000 + 22000 - 30000);
	put(cx, plan, "panorâmica", NULL);
	CHECK(plan_cancel_line(cx, plan_now(cx, plan).line[0].id, "Paciente não quer") == OK);
	CHECK(quote_read(cx, quote_now(cx, quote.id).frozen, &doc) == OK);
	CHECK_INT(doc.line_count, 3);
	CHECK_TEXT(doc.line[0].name, "Restauração em resina");
	CHECK_TEXT(doc.line[0].place, "16 MO");
	CHECK_INT(doc.total, quote.total_cents);
	CHECK_TEXT(quote_now(cx, quote.id).hash, quote.hash);
}

TEST(the_lines_of_a_quote_sum_up_to_its_total)
{
	int64_t plan = plan_of_somebody(cx), total = 0;
	QuoteDoc doc;

	CHECK(plan_set_discount(cx, plan, 10001, &anything) == OK);
	CHECK(quote_read(cx, presented(cx, plan).frozen, &doc) == OK);
	for (size_t i = 0; i < doc.line_count; i++)
		total += doc.line[i].total_cents;
	CHECK_INT(total, doc.total);
	CHECK_INT(doc.subtotal - doc.discount, doc.total);
	CHECK_INT(doc.discount, 10001);
}

TEST(numbers_follow_one_another_and_a_new_quote_replaces_the_one_before)
{
	int64_t plan = plan_of_somebody(cx);
	Quote one = presented(cx, plan), two = presented(cx, plan);

	CHECK_INT(one.number, 1);
	CHECK_INT(two.number, 2);
	CHECK_TEXT(quote_now(cx, one.id).state, "replaced");
	CHECK_TEXT(two.state, "open");
	CHECK_TEXT(plan_now(cx, plan).state, "presented");
	CHECK_TEXT(plan_now(cx, plan).line[0].state, "presented");
}

TEST(a_plan_without_lines_is_not_presented)
{
	int64_t plan = plan_of_somebody(cx), id;
	Plan now = plan_now(cx, plan);

	for (size_t i = 0; i < now.line_count; i++)
		CHECK(plan_cancel_line(cx, now.line[i].id, "x") == OK);
	CHECK(quote_present(cx, plan, &(QuoteForm){ .days = 30 }, &id) == ERR_CONFLICT);
	CHECK(quote_present(cx, plan, &(QuoteForm){ .days = 0 }, &id) == ERR_INVALID);
}

TEST(accepting_twice_approves_once)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	const char *token = link_of(cx, &quote);
	json_t *evidence;
	Plan now;

	CHECK(quote_accept(cx, token, &yes) == OK);
	now = plan_now(cx, plan);
	CHECK_TEXT(now.state, "approved");
	CHECK_TEXT(now.approved_via, "link");
	CHECK_INT(now.total, quote.total_cents);
	CHECK_INT(now.approved_count, 3);
	cx->now += 60;
	CHECK(quote_accept(cx, token, &yes) == OK);
	quote = quote_now(cx, quote.id);
	CHECK_TEXT(quote.state, "accepted");
	CHECK_INT(quote.answered_at, cx->now - 60);
	CHECK_INT(plan_now(cx, plan).version, now.version);
	CHECK(json_parse(cx, str_of(quote.evidence), &evidence) == OK);
	CHECK_TEXT(json_string_value(json_object_get(evidence, "ip")), "203.0.113.9");
	CHECK_TEXT(json_string_value(json_object_get(evidence, "frozen_sha256")), quote.hash);
	CHECK_TEXT(json_string_value(json_object_get(evidence, "identity")), "birth");
	CHECK(strstr(json_string_value(json_object_get(evidence, "text")), "R$"));
}

TEST(an_acceptance_needs_a_name_and_the_tick)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	const char *token = link_of(cx, &quote);
	Acceptance no = yes;

	no.agreed = false;
	CHECK(quote_accept(cx, token, &no) == ERR_INVALID);
	no = yes;
	no.name = NULL;
	CHECK(quote_accept(cx, token, &no) == ERR_INVALID);
	CHECK_TEXT(plan_now(cx, plan).state, "presented");
	CHECK_TEXT(quote_now(cx, quote.id).state, "open");
}

TEST(what_was_accepted_is_what_was_presented_even_when_a_price_changed_since)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	const char *token = link_of(cx, &quote);
	Plan now = plan_now(cx, plan);
	LineEdit dearer = { .price_cents = 999900, .sessions = 1, .version = now.line[0].version };

	CHECK(plan_save_line(cx, now.line[0].id, &dearer, &anything) == OK);
	CHECK(quote_accept(cx, token, &yes) == OK);
	CHECK_INT(plan_now(cx, plan).total, quote.total_cents);
}

TEST(a_line_that_left_the_plan_stops_the_acceptance_and_nothing_is_approved)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	const char *token = link_of(cx, &quote);

	CHECK(plan_cancel_line(cx, plan_now(cx, plan).line[1].id, "Outro plano") == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(quote_accept(cx, token, &yes) == ERR_CONFLICT);
	CHECK(db_undo(cx) == OK);
	CHECK_TEXT(quote_now(cx, quote.id).state, "open");
	CHECK_INT(plan_now(cx, plan).approved_count, 0);
}

TEST(a_link_that_expired_was_replaced_or_belongs_to_another_company_opens_nothing)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan), other;
	const char *token = link_of(cx, &quote);

	test_as_company(cx, 2);
	CHECK(quote_accept(cx, token, &yes) == ERR_NOT_FOUND);
	test_as_company(cx, 1);
	CHECK(quote_of_token(cx, "wrong", &other) == ERR_NOT_FOUND);
	cx->now = quote.expires_at - 1;
	CHECK(quote_of_token(cx, token, &other) == OK);
	CHECK_TEXT(other.state, "open");
	cx->now = quote.expires_at;
	CHECK(quote_of_token(cx, token, &other) == OK);
	CHECK_TEXT(other.state, "expired");
	CHECK(quote_accept(cx, token, &yes) == ERR_CONFLICT);
	cx->now = TEST_NOW;
	(void)presented(cx, plan);
	CHECK(quote_accept(cx, token, &yes) == ERR_CONFLICT);
}

TEST(a_new_link_ends_the_one_before)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan), found;
	const char *one = link_of(cx, &quote), *two = link_of(cx, &quote);

	CHECK(quote_of_token(cx, one, &found) == ERR_NOT_FOUND);
	CHECK(quote_of_token(cx, two, &found) == OK);
	CHECK_INT(found.id, quote.id);
}

TEST(the_link_asks_who_it_is_and_closes_after_five_wrong_answers)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	const char *proof, *how;

	(void)link_of(cx, &quote);
	CHECK(quote_prove(cx, &quote, date_of(1968, 4, 10), NULL, &proof) == OK);
	CHECK(proof == NULL);
	CHECK(quote_prove(cx, &quote, DATE_NONE, "4725", &proof) == OK);
	CHECK(quote_is_proven(cx, &quote, proof, &how));
	CHECK_TEXT(how, "cpf");
	CHECK_INT(quote_now(cx, quote.id).opened_at, cx->now);
	for (int i = 0; i < QUOTE_TRIES_MAX; i++)
		CHECK(quote_prove(cx, &quote, DATE_NONE, "0000", &proof) == OK && !proof);
	CHECK(quote_prove(cx, &quote, date_of(1968, 4, 9), NULL, &proof) == ERR_TOO_MANY);
}

TEST(a_proof_opens_its_own_quote_and_only_for_a_while)
{
	int64_t plan = plan_of_somebody(cx);
	Quote one = presented(cx, plan), two = presented(cx, plan);
	const char *proof, *how;

	CHECK(quote_prove(cx, &two, date_of(1968, 4, 9), NULL, &proof) == OK && proof);
	CHECK(quote_is_proven(cx, &two, proof, &how));
	CHECK(!quote_is_proven(cx, &one, proof, &how));
	CHECK(!quote_is_proven(cx, &two, "birth.99999999999.x", &how));
	CHECK(!quote_is_proven(cx, &two, NULL, &how));
	cx->now += QUOTE_PROOF_S + 1;
	CHECK(!quote_is_proven(cx, &two, proof, &how));
}

TEST(a_patient_who_cannot_be_asked_gets_no_link)
{
	PatientId patient = { 0 };
	const char *url;
	int64_t plan = 0;

	(void)plan_of_somebody(cx);
	CHECK(patient_register(cx, &(PatientForm){ .name = "Sem Data", .birth = DATE_NONE }, NULL,
		      0, &patient) == OK);
	CHECK(plan_create(cx, patient.v, &(PlanForm){ .name = "Plano" }, &plan) == OK);
	put(cx, plan, "profilaxia", NULL);
	CHECK(quote_send(cx, presented(cx, plan).id, NULL, &url) == ERR_INVALID);
	CHECK(bad_find(cx, "identity") != NULL);
}

TEST(a_refusal_keeps_its_reason_in_quote_and_plan)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	const char *token = link_of(cx, &quote);

	CHECK(quote_refuse(cx, token, "price", "Vou pensar") == OK);
	CHECK(quote_refuse(cx, token, "price", NULL) == OK);
	CHECK_TEXT(quote_now(cx, quote.id).state, "refused");
	CHECK_TEXT(plan_now(cx, plan).refusal, "price");
	CHECK(quote_accept(cx, token, &yes) == ERR_CONFLICT);
}

TEST(at_the_clinic_a_part_may_be_approved_and_the_quote_says_so)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	Plan now = plan_now(cx, plan);
	size_t count;

	CHECK(quote_approve_here(cx, plan, (Int64s){ &now.line[0].id, 1 }, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(quote_now(cx, quote.id).state, "accepted");
	CHECK_TEXT(plan_now(cx, plan).line[1].state, "presented");
	CHECK_INT(plan_now(cx, plan).total, now.total);
}

TEST(an_approval_at_the_clinic_is_taken_back_with_its_quote_and_one_by_link_stays)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	size_t count;

	CHECK(quote_approve_here(cx, plan, (Int64s){ 0 }, &count) == OK);
	CHECK_INT(count, 3);
	CHECK(plan_unapprove(cx, plan) == OK);
	CHECK_TEXT(quote_now(cx, quote.id).state, "open");
	CHECK_INT(plan_now(cx, plan).approved_count, 0);
	CHECK_INT(plan_now(cx, plan).total, quote.total_cents);
	CHECK(quote_accept(cx, link_of(cx, &quote), &yes) == OK);
	CHECK(plan_unapprove(cx, plan) == ERR_CONFLICT);
}

/* ---- on paper ---- */

static const char *ask(Ctx *cx, Str bytes, const char *program, const char *last)
{
	char *path = test_scratch(cx->mem, "siso-quote-XXXXXX"),
	     *out = arena_alloc(cx->mem, 1 << 20);
	int file = mkstemp(path), pipes[2], status;
	ssize_t n, len = 0;
	pid_t child;

	CHECK(file >= 0 && write(file, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	close(file);
	CHECK(pipe(pipes) == 0);
	child = fork();
	if (child == 0) {
		dup2(pipes[1], 1);
		close(pipes[0]);
		execlp(program, program, path, last, (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	while ((n = read(pipes[0], out + len, (size_t)((1 << 20) - 1 - len))) > 0)
		len += n;
	close(pipes[0]);
	CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 0);
	unlink(path);
	return out;
}

TEST(the_pdf_says_what_was_presented_with_fonts_inside_and_the_same_bytes_each_time)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	const char *text;
	Str one, other;

	CHECK(quote_pdf(cx, &quote, &one) == OK);
	CHECK(quote_pdf(cx, &quote, &other) == OK);
	CHECK(one.len == other.len && !memcmp(one.ptr, other.ptr, one.len));
	text = ask(cx, one, "pdftotext", "-");
	CHECK(strstr(text, "Orçamento nº 1"));
	CHECK(strstr(text, "Sônia Regina Barreto"));
	CHECK(strstr(text, "Restauração em resina"));
	CHECK(strstr(text, "16 MO"));
	CHECK(strstr(text, "2.740,00"));
	CHECK(strstr(text, "Em até 10 vezes no cartão."));
	CHECK(strstr(text, quote.hash));
	CHECK(strstr(text, "Página 1 de 1"));
	text = ask(cx, one, "pdffonts", NULL);
	CHECK(strstr(text, " yes yes yes "));
	CHECK(!strstr(text, " no  no "));
}

TEST(a_plan_of_five_hundred_lines_fits_on_numbered_pages)
{
	int64_t plan = plan_of_somebody(cx);
	const char *text;
	Quote quote;
	Buf frozen;
	Str bytes;

	quote = presented(cx, plan);
	buf_init(&frozen, cx->mem, 1 << 20);
	buf_puts(&frozen, "{\"number\": 1, \"clinic\": {\"name\": \"Clínica\"}, \"lines\": [");
	for (int i = 0; i < PLAN_LINES_MAX; i++)
		buf_printf(&frozen,
			"%s{\"id\": %d, \"name\": \"Restauração em resina de nome bem comprido "
			"para "
			"quebrar a linha\", \"place\": \"16 MO\", \"total_cents\": 100}",
			i ? "," : "", i + 1);
	buf_puts(&frozen, "]}");
	quote.frozen = buf_text(&frozen);
	CHECK(quote_pdf(cx, &quote, &bytes) == OK);
	text = ask(cx, bytes, "pdftotext", "-");
	CHECK(strstr(text, "Página 1 de 2") != NULL);
	CHECK(strstr(text, "Página 20 de 2") != NULL);
	CHECK(bytes.len < 600000);
}

/* A WebP of 2 × 2 points. */
static const unsigned char small_webp[] = { 0x52, 0x49, 0x46, 0x46, 0x1e, 0x00, 0x00, 0x00, 0x57,
	0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x4c, 0x11, 0x00, 0x00, 0x00, 0x2f, 0x01, 0x40, 0x00,
	0x00, 0x07, 0x50, 0xbc, 0x52, 0x54, 0xab, 0xff, 0x81, 0x88, 0xe8, 0x7f, 0x00, 0x00 };

TEST(a_logo_that_is_no_png_stands_on_the_paper_too)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	char *root = test_scratch(cx->mem, "siso-logos-XXXXXX");
	Str bytes, logo = { (const char *)small_webp, sizeof small_webp };
	StoredFile file;

	CHECK(mkdtemp(root) != NULL);
	storage_init(&(StorageConfig){ .root = arena_dup(cx->mem, root) });
	CHECK(quote_pdf(cx, &quote, &bytes) == OK);
	CHECK(!memmem(bytes.ptr, bytes.len, "/Subtype /Image", 15));
	CHECK(storage_put_bytes(cx, logo, STORAGE_IMAGE, &file) == OK);
	quote.frozen = arena_printf(cx->mem,
		"{\"number\": 1, \"clinic\": {\"name\": \"Clínica\", \"logo\": \"%s\"}, \"lines\": "
		"[]}",
		file.hash);
	CHECK(quote_pdf(cx, &quote, &bytes) == OK);
	CHECK(memmem(bytes.ptr, bytes.len, "/Subtype /Image", 15));
}

TEST(the_worker_keeps_the_pdf_once)
{
	int64_t plan = plan_of_somebody(cx);
	Quote quote = presented(cx, plan);
	char *root = test_scratch(cx->mem, "siso-quotes-XXXXXX");
	const char *data = arena_printf(cx->mem, "{\"quote\": %" PRId64 "}", quote.id), *hash;

	CHECK(mkdtemp(root) != NULL);
	storage_init(&(StorageConfig){ .root = arena_dup(cx->mem, root) });
	CHECK(quote_pdf_job(cx, data) == OK);
	hash = quote_now(cx, quote.id).pdf_hash;
	CHECK(hash != NULL);
	CHECK(quote_pdf_job(cx, data) == OK);
	CHECK_TEXT(quote_now(cx, quote.id).pdf_hash, hash);
}
