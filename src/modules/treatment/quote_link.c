/* The secret link of a quote: sent, opened by who knows the patient's birth date or CPF, accepted
 * or refused. What proves an acceptance is kept with it: when, from where, with what, on which
 * words, and how the person showed who they are. */
#include "modules/treatment/quote.h"
#include "modules/treatment/quote.sql.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/money.h"
#include "core/random.h"
#include "modules/company/company.h"
#include "modules/treatment/plan.sql.h"
#include "platform/auth/key.h"
#include "platform/mail/mail.h"

static Err not_open(Ctx *cx, const char *state)
{
	const char *sentence = "Este orçamento não está mais aberto.";

	if (!strcmp(state, "expired"))
		sentence = "Este orçamento venceu. Peça à clínica uma versão nova.";
	else if (!strcmp(state, "replaced"))
		sentence = "A clínica fez uma versão nova deste orçamento. Peça o link novo.";
	else if (!strcmp(state, "refused"))
		sentence = "Este orçamento foi recusado. Fale com a clínica se mudou de ideia.";
	return err_tell(cx, ERR_CONFLICT, sentence, "the quote is %s", state);
}

/* ---- sent ---- */

static Err write_letter(Ctx *cx, const Quote *quote, const char *to, const char *url)
{
	Company company;
	QuoteDoc doc;

	TRY(quote_read(cx, quote->frozen, &doc));
	TRY(company_get(cx, &company));
	return mail_send(cx,
		&(Letter){ .to = to,
			.to_name = doc.patient,
			.from_name = company.name,
			.reply_to = company.email,
			.subject = arena_printf(cx->mem, "Seu orçamento nº %d", quote->number),
			.text = arena_printf(cx->mem,
				"Olá, %s.\n\nSeu orçamento nº %d, de %s, está pronto. Para ver e "
				"responder, abra o endereço abaixo e confirme quem é "
				"você:\n\n%s\n\n"
				"Vale até %s. O endereço é só seu: não o encaminhe.\n\n%s\n",
				doc.patient, quote->number, money_text(cx->mem, quote->total_cents),
				url, doc.valid_until, company.name) },
		NULL);
}

Err quote_asks(Ctx *cx, const Quote *quote, QuoteAsk *ret)
{
	Patient patient;

	TRY(patient_get(cx, (PatientId){ quote->patient_id }, &patient));
	*ret = (QuoteAsk){ .birth = patient.birth != DATE_NONE, .cpf = patient.cpf != NULL };
	return OK;
}

Err quote_send(Ctx *cx, int64_t id, const char *to, const char **ret_url)
{
	const char *token = crypto_token(cx->mem, 32), *base;
	QuoteAsk ask;
	Quote quote;
	int64_t rows;

	TRY(quote_get(cx, id, &quote));
	if (strcmp(quote.state, "open") != 0)
		return not_open(cx, quote.state);
	TRY(quote_asks(cx, &quote, &ask));
	if (!ask.birth && !ask.cpf)
		return err_field(cx, "identity",
			"Cadastre a data de nascimento ou o CPF do paciente: é com eles que ele "
			"mostra "
			"quem é ao abrir o link.");
	TRY(sql_quote_set_link(
		cx, id, crypto_sha256_hex(cx->mem, token, strlen(token)), to, cx->now, &rows));
	TRY(company_base_url(cx, &base));
	*ret_url = arena_printf(cx->mem, "%s/quote/%s", base, token);
	if (to)
		TRY(write_letter(cx, &quote, to, *ret_url));
	return plan_note(cx, quote.plan_id, quote.patient_id, "quote.sent",
		arena_printf(cx->mem, "Orçamento nº %d enviado por link", quote.number), NULL);
}

/* ---- who is it? ---- */

/* "<how>.<until>.<mac>": the page carries it along instead of a cookie. */
static const char *proof_of(Ctx *cx, const Quote *quote, const char *how, int64_t until)
{
	const char *mac = auth_mac(cx->mem, "quote-proof",
		arena_printf(cx->mem, "%" PRId64 ".%" PRId64 ".%s.%s.%" PRId64, cx->company.v,
			quote->id, quote->hash, how, until));

	return arena_printf(cx->mem, "%s.%" PRId64 ".%s", how, until, mac);
}

bool quote_is_proven(Ctx *cx, const Quote *quote, const char *proof, const char **ret_how)
{
	static const char *const ways[] = { "birth", "cpf" };
	const char *dot = proof ? strchr(proof, '.') : NULL, *made;
	int64_t until;

	if (!dot)
		return false;
	until = strtoll(dot + 1, NULL, 10);
	if (until < cx->now || until > cx->now + QUOTE_PROOF_S)
		return false;
	for (size_t i = 0; i < COUNT(ways); i++) {
		made = proof_of(cx, quote, ways[i], until);
		if (strlen(made) == strlen(proof) && crypto_equal(made, proof, strlen(made))) {
			*ret_how = ways[i];
			return true;
		}
	}
	return false;
}

static const char *way_shown(const Patient *patient, int32_t birth, const char *cpf4)
{
	if (birth != DATE_NONE && patient->birth != DATE_NONE && birth == patient->birth)
		return "birth";
	if (cpf4 && patient->cpf && strlen(cpf4) == 4 && strlen(patient->cpf) == 11 &&
		crypto_equal(patient->cpf + 7, cpf4, 4))
		return "cpf";
	return NULL;
}

Err quote_prove(
	Ctx *cx, const Quote *quote, int32_t birth, const char *cpf4, const char **ret_proof)
{
	SqlQuoteLock lock;
	Patient patient;
	const char *how;
	int64_t rows;

	*ret_proof = NULL;
	TRY(patient_get(cx, (PatientId){ quote->patient_id }, &patient));
	TRY(sql_quote_lock(cx, quote->id, &lock));
	if (lock.tries >= QUOTE_TRIES_MAX)
		return err_tell(cx, ERR_TOO_MANY,
			"Foram tentativas demais. Por segurança este link foi fechado: peça outro "
			"à "
			"clínica.",
			"quote %" PRId64 " is closed after wrong answers", quote->id);
	how = way_shown(&patient, birth, cpf4);
	if (!how)
		return sql_quote_count_try(cx, quote->id, &rows);
	TRY(sql_quote_set_opened(cx, quote->id, cx->now, &rows));
	if (!quote->opened_at)
		TRY(plan_note(cx, quote->plan_id, quote->patient_id, "quote.opened",
			arena_printf(cx->mem, "Paciente abriu o orçamento nº %d", quote->number),
			NULL));
	*ret_proof = proof_of(cx, quote, how, cx->now + QUOTE_PROOF_S);
	return OK;
}

/* ---- yes or no ---- */

static const char *evidence_of(
	Ctx *cx, const Quote *quote, const char *text, const Acceptance *in, const char *answer)
{
	Json j;

	json_init(&j, cx->mem);
	json_put_object(&j, NULL);
	json_put_text(&j, "answer", answer);
	json_put_text(&j, "via", in->how ? "link" : "clinic");
	json_put_time(&j, "at", cx->now);
	json_put_text(&j, "zone", cx->zone);
	json_put_text(&j, "ip", cx->peer);
	json_put_text(
		&j, "user_agent", in->user_agent ? str_head(cx->mem, in->user_agent, 300) : NULL);
	json_put_text(&j, "frozen_sha256", quote->hash);
	json_put_text(&j, "text", text);
	json_put_text(&j, "name", in->name);
	json_put_text(&j, "identity", in->how);
	json_put_int(&j, "user_id", cx->user.v);
	json_close(&j);
	return json_done(&j);
}

/* The quote behind the token, it and its plan locked. */
static Err hold(Ctx *cx, const char *token, Quote *ret)
{
	SqlPlanLock plan;
	SqlQuoteLock lock;

	TRY(quote_of_token(cx, token, ret));
	TRY(plan_hold(cx, ret->plan_id, &plan));
	TRY(sql_quote_lock(cx, ret->id, &lock));
	/* As it is now that nobody else changes it. */
	return quote_of_token(cx, token, ret);
}

static Err check(Ctx *cx, const Acceptance *in)
{
	if (str_is_empty(in->name) || str_utf8_length(str_of(in->name)) < 3)
		(void)err_field(cx, "name", "Escreva seu nome completo.");
	if (!in->agreed)
		(void)err_field(cx, "agree", "Marque que leu e aceita o orçamento.");
	return cx->bad_count ? ERR_INVALID : OK;
}

/* What was hashed when it was presented must be what is accepted now. */
static Err is_intact(Ctx *cx, const Quote *quote)
{
	const char *hash = crypto_sha256_hex(cx->mem, quote->frozen, strlen(quote->frozen));

	return !strcmp(hash, quote->hash)
		       ? OK
		       : err_set(cx, ERR_BUG, "quote %" PRId64 " is not what was hashed",
				 quote->id);
}

static Agreed *agreed_of(Ctx *cx, const QuoteDoc *doc)
{
	Agreed *agreed = NEW_ARRAY(cx->mem, Agreed, doc->line_count + 1);

	for (size_t i = 0; i < doc->line_count; i++)
		agreed[i] = (Agreed){ doc->line[i].id, doc->line[i].price_cents,
			doc->line[i].discount_cents, doc->line[i].share_cents };
	return agreed;
}

Err quote_accept(Ctx *cx, const char *token, const Acceptance *in)
{
	Quote quote;
	QuoteDoc doc;
	int64_t rows;

	TRY(hold(cx, token, &quote));
	if (!strcmp(quote.state, "accepted"))
		return OK;
	if (strcmp(quote.state, "open") != 0)
		return not_open(cx, quote.state);
	TRY(check(cx, in));
	TRY(is_intact(cx, &quote));
	TRY(quote_read(cx, quote.frozen, &doc));
	TRY(plan_agree(cx, quote.plan_id, "link", agreed_of(cx, &doc), doc.line_count));
	TRY(sql_quote_set_accepted(cx, quote.id, cx->now,
		evidence_of(cx, &quote, doc.accept_text, in, "accepted"), &rows));
	return plan_note(cx, quote.plan_id, quote.patient_id, "quote.accepted",
		arena_printf(cx->mem, "Orçamento nº %d aceito pelo paciente", quote.number), NULL);
}

Err quote_refuse(Ctx *cx, const char *token, const char *refusal, const char *text)
{
	Acceptance by = { .how = "link" };
	Quote quote;
	int64_t rows;

	TRY(hold(cx, token, &quote));
	if (!strcmp(quote.state, "refused"))
		return OK;
	if (strcmp(quote.state, "open") != 0)
		return not_open(cx, quote.state);
	TRY(plan_refuse(cx, quote.plan_id, refusal, text));
	return sql_quote_set_refused(cx, quote.id, cx->now, refusal, text,
		evidence_of(cx, &quote, NULL, &by, "refused"), &rows);
}

/* ---- at the clinic ---- */

/* Does the quote say of these lines what the plan says? */
static bool says_the_same(const QuoteDoc *doc, const Plan *plan, Int64s asked)
{
	for (size_t i = 0; i < plan->line_count; i++) {
		const PlanLine *line = &plan->line[i];
		bool same = false, wanted = !asked.count;

		for (size_t j = 0; j < asked.count; j++)
			wanted |= asked.v[j] == line->id;
		if (!wanted || (strcmp(line->state, "planned") != 0 &&
				       strcmp(line->state, "presented") != 0))
			continue;
		for (size_t j = 0; j < doc->line_count; j++)
			same |= doc->line[j].id == line->id &&
				doc->line[j].total_cents == line->total_cents;
		if (!same)
			return false;
	}
	return true;
}

Err quote_approve_here(Ctx *cx, int64_t id, Int64s line, size_t *ret_count)
{
	SqlQuoteOpenOfPlan open;
	Acceptance here = { 0 };
	SqlPlanLock lock;
	QuoteDoc doc;
	Quote quote;
	int64_t rows;
	bool found;
	Plan plan;

	TRY(plan_hold(cx, id, &lock));
	TRY(plan_get(cx, id, &plan));
	TRY(plan_approve(cx, id, "clinic", line, ret_count));
	TRY(sql_quote_open_of_plan(cx, id, &open, &found));
	if (!found || !*ret_count)
		return OK;
	TRY(quote_get(cx, open.id, &quote));
	TRY(quote_read(cx, quote.frozen, &doc));
	here.name = doc.patient;
	if (!says_the_same(&doc, &plan, line))
		return sql_quote_replace(cx, id, &rows);
	return sql_quote_set_accepted(cx, quote.id, cx->now,
		evidence_of(cx, &quote, doc.accept_text, &here, "accepted"), &rows);
}
