/* The patient's own way to the questions: by the link on the phone, or on the clinic's tablet.
 * There is no session. A cookie that is good for this link alone shows that the birth date was
 * known. */
#include "modules/patient/anamnesis_web.h"

enum { GONE = 410, PER_MINUTE = 60, TRIES_PER_MINUTE = 20, SAVES_PER_MINUTE = 600 };

static Err say_end(Req *q, int status, const LinkEnd *end)
{
	LinkEnd view = *end;

	view.q = q;
	anamnesis_end_page(&q->html, &view);
	return send_html(q, status);
}

static Err say_state(Req *q, LinkState state)
{
	static const LinkEnd expired = { .icon = "clock",
		.title = "Este link venceu",
		.text = "Peça à clínica um link novo. O que você já respondeu está guardado." };
	static const LinkEnd used = { .icon = "circle-check",
		.title = "Suas respostas já foram enviadas",
		.text = "Não é preciso fazer mais nada. Se algo mudou na sua saúde, avise a "
			"clínica." };
	static const LinkEnd revoked = { .icon = "ban",
		.title = "Este link não vale mais",
		.text = "A clínica enviou outro, ou a data de nascimento foi errada muitas vezes. "
			"Peça um "
			"link novo." };
	static const LinkEnd unknown = { .icon = "circle-help",
		.title = "Não conhecemos este link",
		.text = "Confira se ele foi copiado inteiro, ou peça outro à clínica." };

	switch (state) {
	case LINK_EXPIRED:
		return say_end(q, GONE, &expired);
	case LINK_USED:
		return say_end(q, GONE, &used);
	case LINK_REVOKED:
		return say_end(q, GONE, &revoked);
	default:
		return say_end(q, 404, &unknown);
	}
}

/* Whoever is signed in on this machine, here the patient acts. */
static Err link_asked(Req *q, LinkState *ret_state, Link *ret)
{
	q->cx->user = (UserId){ 0 };
	answer_header(q, "Referrer-Policy", "no-referrer");
	return link_find(q->cx, req_segment(q, "token"), ret_state, ret);
}

/* One cookie for each link: two patients of a family may share a phone. */
static const char *cookie_name(Req *q, const Link *link)
{
	return arena_printf(q->cx->mem, "anamnesis%" PRId64, link->id);
}

static bool may_answer(Req *q, const Link *link)
{
	return !link->asks_birth ||
	       link_pass_is_good(q->cx, link, req_cookie(q, cookie_name(q, link)));
}

static Err show_questions(Req *q, const Link *link, const Filling *filling, int status)
{
	const char *token = req_segment(q, "token");

	anamnesis_public_page(
		&q->html, &(FillView){ .q = q,
				  .filling = filling,
				  .save = url_printf(q->cx->mem, "/anamnesis/%s/save", token),
				  .send = url_printf(q->cx->mem, "/anamnesis/%s", token),
				  .tablet = !link->asks_birth });
	return send_html(q, status);
}

static Err show_door(Req *q, const char *wrong, int status)
{
	anamnesis_door_page(
		&q->html, &(LinkDoor){ .q = q, .token = req_segment(q, "token"), .wrong = wrong });
	return send_html(q, status);
}

/* GET /anamnesis/:token. The birth date is asked, or the questions; 404, 410 as a page that says
 * why. */
static Err show(Req *q)
{
	LinkState state;
	Filling filling;
	Link link;

	TRY(link_asked(q, &state, &link));
	if (state != LINK_GOOD)
		return say_state(q, state);
	if (!may_answer(q, &link))
		return show_door(q, /* wrong= */ NULL, 200);
	TRY(anamnesis_get(q->cx, link.anamnesis, &filling));
	return show_questions(q, &link, &filling, 200);
}

typedef struct BirthForm {
	int32_t birth;
} BirthForm;

static const Field birth_fields[] = {
	FIELD(BirthForm, birth, FIELD_DATE, "Data de nascimento", 0, 0, true),
};

/* POST /anamnesis/:token/birth. 303 to the questions; 422: another date. */
static Err check_birth(Req *q)
{
	LinkState state;
	BirthForm in;
	bool right;
	Link link;
	int left;

	TRY(link_asked(q, &state, &link));
	if (state != LINK_GOOD)
		return say_state(q, state);
	if (!form_read(q, birth_fields, COUNT(birth_fields), &in))
		return show_door(q, /* wrong= */ NULL, 422);
	TRY(link_try_birth(q->cx, &link, in.birth, &right));
	if (right) {
		answer_cookie(q, cookie_name(q, &link), link_pass(q->cx, &link), LINK_PASS_S);
		return redirect(q, "/anamnesis/%s", req_segment(q, "token"));
	}
	answer_keep(q);
	left = LINK_TRIES - link.attempts - 1;
	if (left <= 0)
		return say_state(q, LINK_REVOKED);
	return show_door(q,
		arena_printf(q->cx->mem,
			left == 1 ? "Não confere com o cadastro. Resta %d tentativa."
				  : "Não confere com o cadastro. Restam %d tentativas.",
			left),
		422);
}

/* POST /anamnesis/:token/save: each answer as it is given. 410: the link ended meanwhile. */
static Err save(Req *q)
{
	LinkState state;
	Link link;

	TRY(link_asked(q, &state, &link));
	if (state != LINK_GOOD)
		return say_state(q, state);
	if (!may_answer(q, &link))
		return err_set(q->cx, ERR_FORBIDDEN, "link %" PRId64 " without its pass", link.id);
	TRY(anamnesis_save(q->cx, link.anamnesis, &q->form));
	return send_nothing(q);
}

/* POST /anamnesis/:token: signed. 303 to the thanks; 422 with the questions; 410: it has ended. */
static Err sign(Req *q)
{
	LinkState state;
	Filling filling;
	Link link;
	Err err;

	TRY(link_asked(q, &state, &link));
	if (state != LINK_GOOD)
		return say_state(q, state);
	if (!may_answer(q, &link))
		return show_door(q, /* wrong= */ NULL, 422);
	err = anamnesis_send(q->cx, link.anamnesis, &q->form,
		&(Signature){ .name = form_value(&q->form, "signer"),
			.guardian = form_value(&q->form, "guardian") != NULL,
			.points = form_value(&q->form, "signature"),
			.ip = q->cx->peer,
			.agent = q->user_agent });
	if (err == ERR_INVALID) {
		TRY(anamnesis_get(q->cx, link.anamnesis, &filling));
		TRY(answers_read(q->cx, &q->form, /* strict= */ false, &filling));
		return show_questions(q, &link, &filling, 422);
	}
	TRY(err);
	return redirect(q, "/anamnesis/%s/thanks", req_segment(q, "token"));
}

/* GET /anamnesis/:token/thanks. 404 as a page when nothing was sent. */
static Err thank(Req *q)
{
	LinkState state;
	Link link;

	TRY(link_asked(q, &state, &link));
	if (state != LINK_USED)
		return say_state(q, LINK_UNKNOWN);
	return say_end(q, 200,
		&(LinkEnd){ .icon = "circle-check",
			.title = "Respostas enviadas",
			.text = link.asks_birth ? "Obrigado. A clínica já recebeu; se algo mudar "
						  "na sua saúde, avise."
						: "Obrigado. Devolva o tablet à recepção.",
			.leave = !link.asks_birth });
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/anamnesis/:token", show, PERM_ANYONE, ROUTE_PUBLIC_FORM, .rate_per_minute = PER_MINUTE },
	{ POST, "/anamnesis/:token", sign, PERM_ANYONE, ROUTE_PUBLIC_FORM,
		.rate_per_minute = TRIES_PER_MINUTE },
	{ POST, "/anamnesis/:token/birth", check_birth, PERM_ANYONE, ROUTE_PUBLIC_FORM,
		.rate_per_minute = TRIES_PER_MINUTE },
	{ POST, "/anamnesis/:token/save", save, PERM_ANYONE, ROUTE_PUBLIC_FORM,
		.rate_per_minute = SAVES_PER_MINUTE },
	{ GET, "/anamnesis/:token/thanks", thank, PERM_ANYONE, ROUTE_PUBLIC_FORM, .rate_per_minute = PER_MINUTE },
};
/* clang-format on */

const RouteList anamnesis_public_routes = { routes, COUNT(routes), &questionnaire_routes };
