/* Quotes: shown, printed and sent by the clinic; and the page behind the secret link, where the
 * patient shows who they are, reads and answers. That page sets no cookie: what was proven goes
 * along as a field. It says that something was accepted only when it was. */
#include "modules/treatment/plan_web.h"
#include "platform/storage/storage.h"

static Err quote_asked(Req *q, Quote *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return quote_get(q->cx, id, ret);
}

/* GET /quotes/:id: as it was presented. */
static Err show(Req *q)
{
	Quote quote;
	QuoteDoc doc;

	TRY(quote_asked(q, &quote));
	TRY(quote_read(q->cx, quote.frozen, &doc));
	quote_show_page(&q->html, &(QuoteView){ .q = q, .quote = &quote, .doc = &doc });
	return send_html(q, 200);
}

static Err send_pdf(Req *q, const Quote *quote)
{
	if (!quote->pdf_hash)
		return err_tell(q->cx, ERR_CONFLICT, "O PDF ainda está sendo preparado.",
			"quote %" PRId64 " has no PDF yet", quote->id);
	return send_file(q, storage_uri(q->cx, quote->pdf_hash), "application/pdf",
		arena_printf(q->cx->mem, "orcamento-%d.pdf", quote->number),
		/* inline_view= */ true);
}

/* GET /quotes/:id/pdf. 409 while it is being made. */
static Err pdf(Req *q)
{
	Quote quote;

	TRY(quote_asked(q, &quote));
	return send_pdf(q, &quote);
}

/* GET /quotes/:id/pdf-state: the button, or that it is being made. */
static Err pdf_state(Req *q)
{
	Quote quote;

	TRY(quote_asked(q, &quote));
	quote_pdf_button(&q->html, &quote);
	return send_html(q, 200);
}

/* ---- by link ---- */

static Err send_view(Req *q, const Quote *quote, PlanFormKind kind, const char *url,
	const char *email, int status)
{
	PlanFormView view = { .kind = kind, .quote = quote, .url = url, .email = email };
	Patient patient;
	Plan plan;

	TRY(plan_get(q->cx, quote->plan_id, &plan));
	TRY(patient_get(q->cx, (PatientId){ quote->patient_id }, &patient));
	view.plan = &plan;
	view.sub = arena_printf(q->cx->mem, "Orçamento nº %d", quote->number);
	if (kind == PLAN_FORM_SEND)
		view.email = patient.email;
	if (patient.phone && patient.phone[0] == '+')
		view.phone = patient.phone + 1;
	return plan_send_form(q, &view, status);
}

/* GET /quotes/:id/send */
static Err ask_send(Req *q)
{
	Quote quote;

	TRY(quote_asked(q, &quote));
	return send_view(q, &quote, PLAN_FORM_SEND, NULL, NULL, 200);
}

typedef struct SendForm {
	const char *email;
} SendForm;

static const Field send_fields[] = {
	FIELD(SendForm, email, FIELD_EMAIL, "E-mail", 0, 254, false),
};

/* POST /quotes/:id/send: the link, shown this once. */
static Err send(Req *q)
{
	Err err = ERR_INVALID;
	const char *url;
	SendForm in;
	Quote quote;

	TRY(quote_asked(q, &quote));
	if (form_read(q, send_fields, COUNT(send_fields), &in))
		err = quote_send(q->cx, quote.id, in.email, &url);
	if (err == ERR_INVALID)
		return send_view(q, &quote, PLAN_FORM_SEND, NULL, NULL, 422);
	TRY(err);
	return send_view(q, &quote, PLAN_FORM_SENT, url, in.email, 200);
}

/* ---- the patient's page ---- */

static Err send_ended(Req *q, const char *heading, const char *text, int status)
{
	answer_header(q, "Cache-Control", "no-store");
	answer_header(q, "Referrer-Policy", "no-referrer");
	quote_ended_page(&q->html, &(QuoteView){ .q = q, .heading = heading, .text = text });
	return send_html(q, status);
}

static Err send_gone(Req *q, const Quote *quote)
{
	const char *state = quote->state;

	if (!strcmp(state, "accepted"))
		return send_ended(q, "Este orçamento já foi aceito",
			"A clínica já recebeu sua resposta. Para ver os valores, peça o PDF a ela.",
			410);
	if (!strcmp(state, "refused"))
		return send_ended(q, "Este orçamento foi recusado",
			"Se mudou de ideia, fale com a clínica: ela faz um novo para você.", 410);
	if (!strcmp(state, "replaced"))
		return send_ended(q, "Há uma versão mais nova",
			"A clínica mudou este orçamento depois de enviar. Peça o link novo.", 410);
	return send_ended(q, "Este orçamento venceu",
		"O prazo para responder passou. Peça à clínica um orçamento atualizado.", 410);
}

/* The open quote behind the link; false: the answer is written. */
static Err find_open(Req *q, Quote *ret, bool *ret_open)
{
	Err err = quote_of_token(q->cx, req_segment(q, "token"), ret);

	*ret_open = false;
	if (err == ERR_NOT_FOUND)
		return send_ended(q, "Este link não abre nada",
			"Ele pode ter sido trocado por um mais novo, ou o endereço veio cortado. "
			"Peça o "
			"link de novo à clínica.",
			404);
	TRY(err);
	if (strcmp(ret->state, "open") != 0)
		return send_gone(q, ret);
	if (ret->tries >= QUOTE_TRIES_MAX)
		return send_ended(q, "Link fechado por segurança",
			"Foram respostas erradas demais. Peça outro link à clínica.", 410);
	*ret_open = true;
	return OK;
}

static Err send_page(Req *q, const Quote *quote, const char *proof, int status)
{
	QuoteView view = {
		.q = q, .quote = quote, .token = req_segment(q, "token"), .proof = proof
	};
	QuoteDoc doc;

	answer_header(q, "Cache-Control", "no-store");
	answer_header(q, "Referrer-Policy", "no-referrer");
	TRY(quote_read(q->cx, quote->frozen, &doc));
	TRY(quote_asks(q->cx, quote, &view.ask));
	view.doc = &doc;
	if (proof)
		quote_read_page(&q->html, &view);
	else
		quote_ask_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /quote/:token: who is it? 404 nobody's, 410 when it is over. */
static Err door(Req *q)
{
	Quote quote;
	bool open;

	TRY(find_open(q, &quote, &open));
	return open ? send_page(q, &quote, NULL, 200) : OK;
}

typedef struct WhoForm {
	int32_t birth;
	const char *cpf;
} WhoForm;

static const Field who_fields[] = {
	FIELD(WhoForm, birth, FIELD_DATE, "Data de nascimento", 0, 0, false),
	FIELD(WhoForm, cpf, FIELD_TEXT, "CPF", 0, 4, false),
};

/* POST /quote/:token: birth date or the end of the CPF. 422 wrong, and counted. */
static Err enter(Req *q)
{
	const char *proof = NULL;
	WhoForm in;
	Quote quote;
	bool open;

	TRY(find_open(q, &quote, &open));
	if (!open)
		return OK;
	if (!form_read(q, who_fields, COUNT(who_fields), &in))
		return send_page(q, &quote, NULL, 422);
	if (in.birth == DATE_NONE && !in.cpf) {
		(void)err_field(q->cx, "birth", "Responda para continuar.");
		return send_page(q, &quote, NULL, 422);
	}
	TRY(quote_prove(q->cx, &quote, in.birth, in.cpf, &proof));
	if (proof)
		return send_page(q, &quote, proof, 200);
	answer_keep(q); /* the wrong answer counts */
	if (quote.tries + 1 >= QUOTE_TRIES_MAX)
		return send_ended(q, "Link fechado por segurança",
			"Foram respostas erradas demais. Peça outro link à clínica.", 410);
	(void)err_field(q->cx, in.cpf ? "cpf" : "birth", "Não confere com o cadastro da clínica.");
	return send_page(q, &quote, NULL, 422);
}

/* As find_open, and the reader has shown who they are; *ret_how NULL: asked again. */
static Err find_proven(Req *q, Quote *ret, const char **ret_proof, const char **ret_how)
{
	const char *proof = form_value(&q->form, "proof");
	bool open;

	*ret_how = NULL;
	TRY(find_open(q, ret, &open));
	if (!open)
		return OK;
	if (!quote_is_proven(q->cx, ret, proof, ret_how)) {
		*ret_how = NULL;
		(void)err_field(
			q->cx, "birth", "Passou muito tempo: confirme de novo quem é você.");
		return send_page(q, ret, NULL, 422);
	}
	*ret_proof = proof;
	return OK;
}

static Err thank(Req *q, const Quote *quote)
{
	return send_ended(q, "Orçamento aceito",
		arena_printf(q->cx->mem,
			"Recebemos seu aceite do orçamento nº %d, de %s. A clínica vai combinar as "
			"datas com você.",
			quote->number, money_text(q->cx->mem, quote->total_cents)),
		200);
}

typedef struct AcceptForm {
	const char *name, *proof;
	bool agree;
} AcceptForm;

static const Field accept_fields[] = {
	FIELD(AcceptForm, proof, FIELD_TEXT, "Confirmação", 0, 200, false),
	FIELD(AcceptForm, name, FIELD_TEXT, "Nome", 0, 120, false),
	FIELD(AcceptForm, agree, FIELD_BOOL, "Aceite", 0, 0, false),
};

/* POST /quote/:token/accept. 200 only when it is accepted, also the second time; 422 with the page;
 * 409 when the plan is not any more what was presented. */
static Err accept(Req *q)
{
	const char *token = req_segment(q, "token"), *how, *proof;
	bool read = false;
	AcceptForm in;
	Quote quote;
	Err err;

	read = form_read(q, accept_fields, COUNT(accept_fields), &in);
	/* The same person pressed twice, or in two tabs. */
	if (read && quote_of_token(q->cx, token, &quote) == OK &&
		!strcmp(quote.state, "accepted") && quote_is_proven(q->cx, &quote, in.proof, &how))
		return thank(q, &quote);
	TRY(find_proven(q, &quote, &proof, &how));
	if (!how)
		return OK;
	err = read ? quote_accept(q->cx, token,
			     &(Acceptance){ .name = in.name,
				     .how = how,
				     .user_agent = q->user_agent,
				     .agreed = in.agree })
		   : ERR_INVALID;
	if (err == ERR_INVALID)
		return send_page(q, &quote, proof, 422);
	if (err == ERR_CONFLICT)
		return send_ended(q, "Não foi possível aceitar", q->cx->err.sentence, 409);
	TRY(err);
	return thank(q, &quote);
}

typedef struct RefuseForm {
	const char *refusal, *note, *proof;
} RefuseForm;

static const Field refuse_fields[] = {
	FIELD(RefuseForm, proof, FIELD_TEXT, "Confirmação", 0, 200, false),
	CHOICE_FIELD(RefuseForm, refusal, "Motivo", "price time fear second_opinion other", true),
	FIELD(RefuseForm, note, FIELD_LONG, "Comentário", 0, 300, false),
};

/* POST /quote/:token/refuse */
static Err refuse(Req *q)
{
	const char *how, *proof;
	RefuseForm in;
	bool read = form_read(q, refuse_fields, COUNT(refuse_fields), &in);
	Quote quote;
	Err err;

	TRY(find_proven(q, &quote, &proof, &how));
	if (!how)
		return OK;
	err = read ? quote_refuse(q->cx, req_segment(q, "token"), in.refusal, in.note)
		   : ERR_INVALID;
	if (err == ERR_INVALID)
		return send_page(q, &quote, proof, 422);
	if (err == ERR_CONFLICT)
		return send_ended(q, "Não foi possível recusar", q->cx->err.sentence, 409);
	TRY(err);
	return send_ended(q, "Obrigado por avisar",
		"A clínica recebeu sua resposta e pode procurar você com outra proposta.", 200);
}

/* POST /quote/:token/pdf: the paper, for who has shown who they are. */
static Err paper(Req *q)
{
	const char *how, *proof;
	AcceptForm in;
	Quote quote;

	(void)form_read(q, accept_fields, COUNT(accept_fields), &in);
	TRY(find_proven(q, &quote, &proof, &how));
	return how ? send_pdf(q, &quote) : OK;
}

static const Route routes[] = {
	{ GET, "/quotes/:id", show, "treatment.quote" },
	{ GET, "/quotes/:id/pdf", pdf, "treatment.quote" },
	{ GET, "/quotes/:id/pdf-state", pdf_state, "treatment.quote" },
	{ GET, "/quotes/:id/send", ask_send, "treatment.plan" },
	{ POST, "/quotes/:id/send", send, "treatment.plan" },
	{ GET, "/quote/:token", door, PERM_ANYONE, ROUTE_PUBLIC_FORM, .rate_per_minute = 60 },
	{ POST, "/quote/:token", enter, PERM_ANYONE, ROUTE_PUBLIC_FORM, .body_max = 4096,
		.rate_per_minute = 20 },
	{ POST, "/quote/:token/accept", accept, PERM_ANYONE, ROUTE_PUBLIC_FORM, .body_max = 8192,
		.rate_per_minute = 20 },
	{ POST, "/quote/:token/refuse", refuse, PERM_ANYONE, ROUTE_PUBLIC_FORM, .body_max = 8192,
		.rate_per_minute = 20 },
	{ POST, "/quote/:token/pdf", paper, PERM_ANYONE, ROUTE_PUBLIC_FORM, .body_max = 4096,
		.rate_per_minute = 20 },
};

const RouteList quote_routes = { routes, COUNT(routes), &catalogue_routes };
