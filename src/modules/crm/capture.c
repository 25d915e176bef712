/* Leads that come by the public form. Nobody is signed in here: what is typed is never trusted to
 * change what the clinic wrote, only to add to it, and the answer never says whether the person was
 * known. */
#include "modules/crm/capture.h"

#include "core/br.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/search.h"
#include "modules/account/account.h"
#include "modules/audit/audit.h"
#include "modules/crm/crm_rooms.h"
#include "platform/auth/key.h"
#include "platform/web/rate.h"

/* ---- people and robots ---- */

static const char *signature(Ctx *cx, const char *token, int64_t at)
{
	return auth_mac(cx->mem, "capture",
		arena_printf(cx->mem, "%" PRId64 " %s %" PRId64, cx->company.v, token, at));
}

const char *capture_stamp(Ctx *cx, const char *token, int64_t at)
{
	return arena_printf(cx->mem, "%" PRId64 ".%s", at, signature(cx, token, at));
}

StampVerdict capture_check_stamp(Ctx *cx, const char *token, const char *stamp)
{
	Str rest = str_of(stamp), at_text;
	const char *want;
	int64_t at;

	if (!str_cut(&rest, '.', &at_text) || !str_int64(at_text, &at))
		return STAMP_BAD;
	want = signature(cx, token, at);
	if (rest.len != strlen(want) || !crypto_equal(rest.ptr, want, rest.len))
		return STAMP_BAD;
	if (cx->now - at > CAPTURE_LIFE_S)
		return STAMP_BAD;
	return cx->now - at < CAPTURE_FILL_S ? STAMP_QUICK : STAMP_GOOD;
}

/* Limits that the router's table cannot say: the form is shown again with all that was typed.
 * Routes have numbers from 0. */
bool capture_may_take(const Ctx *cx)
{
	enum { OF_PEER = -1, OF_COMPANY = -2 };
	int64_t now_us = time_now_us();
	Rate rate;

	return rate_take(rate_key(cx->company.v, cx->peer ? cx->peer : "", OF_PEER),
		       CAPTURE_PEER_PER_MINUTE, now_us, &rate) &&
	       rate_take(
		       rate_key(cx->company.v, "", OF_COMPANY), CAPTURE_PER_MINUTE, now_us, &rate);
}

/* ---- saving ---- */

static void line(Buf *buf, const char *title, const char *text)
{
	if (!str_is_empty(text))
		buf_printf(buf, "%s%s: %s", buf->len ? "\n" : "", title, text);
}

/* All that was typed, for the timeline: what a known lead does not take over is not lost. */
static const char *story(Ctx *cx, const Captured *in)
{
	Buf buf;

	buf_init(&buf, cx->mem, 1900);
	line(&buf, "Nome", in->name);
	line(&buf, "Telefone", in->phone ? phone_text(cx->mem, in->phone) : NULL);
	line(&buf, "E-mail", in->email);
	line(&buf, "Interesse", in->interest);
	line(&buf, "Campanha", in->utm_campaign);
	line(&buf, "Veio de", in->utm_source);
	if (in->consent)
		line(&buf, "Novidades", "aceitou receber");
	return buf_text(&buf);
}

/* The form's stage as long as new leads may enter it; 0: the first of the first funnel. */
static Err stage_of(Ctx *cx, const SqlFormRow *form, int64_t *ret)
{
	SqlCrmStage stage;
	Err err;

	*ret = 0;
	if (!form->stage_id)
		return OK;
	err = sql_crm_stage(cx, form->stage_id, &stage);
	if (err == ERR_NOT_FOUND) {
		cx->err.log = NULL;
		return OK;
	}
	TRY(err);
	if (!strcmp(stage.kind, "open"))
		*ret = form->stage_id;
	return OK;
}

static Err owner_of(Ctx *cx, const SqlFormRow *form, int64_t *ret)
{
	Member *member;
	size_t count;

	*ret = 0;
	if (!form->owner_id)
		return OK;
	TRY(account_list_members(cx, NULL, &member, &count));
	for (size_t i = 0; i < count; i++)
		if (member[i].user == form->owner_id)
			*ret = form->owner_id;
	return OK;
}

static Err add_new(Ctx *cx, const SqlFormRow *form, const Captured *in, LeadId *ret)
{
	int64_t stage, owner, rows;

	TRY(stage_of(cx, form, &stage));
	TRY(owner_of(cx, form, &owner));
	TRY(crm_add_lead(cx,
		&(LeadForm){ .name = in->name,
			.phone = in->phone,
			.email = in->email,
			.interest = in->interest,
			.stage_id = stage,
			.source_id = form->source_id,
			.source = form->source_id ? NULL : "Site",
			.utm_source = in->utm_source,
			.utm_medium = in->utm_medium,
			.utm_campaign = in->utm_campaign,
			.utm_term = in->utm_term,
			.utm_content = in->utm_content,
			.owner_id = owner,
			.expected_on = DATE_NONE,
			.consent = in->consent },
		LEAD_BY_FORM, ret));
	TRY(sql_capture_mark(cx, ret->v, form->id, &rows));
	return lead_tell_team(cx, *ret, arena_printf(cx->mem, "Novo lead pelo site: %s", in->name),
		in->interest, "user-plus");
}

static Err note_return(Ctx *cx, LeadId id, const Captured *in, bool reopened)
{
	const char *more[] = { in->email, in->phone };
	int64_t rows;
	Lead lead;

	TRY(sql_capture_fill(cx,
		&(SqlCaptureFillIn){ .id = id.v,
			.phone = in->phone,
			.phone_key = in->phone ? phone_key(cx->mem, in->phone) : NULL,
			.email = in->email,
			.interest = in->interest,
			.consent = in->consent,
			.search = search_text(cx->mem, in->name, more, COUNT(more)) },
		&rows));
	TRY(lead_event(cx, id, "lead.form", "Voltou pelo formulário", story(cx, in)));
	TRY(audit_add_change(
		cx, &(Change){ .action = "lead.update", .subject = "lead", .subject_id = id.v }));
	TRY(crm_get_lead(cx, id, &lead));
	return lead_tell_team(cx, id, arena_printf(cx->mem, "%s voltou pelo formulário", lead.name),
		reopened ? "Estava perdido e foi reaberto." : in->interest, "rotate-ccw");
}

Err capture_save(
	Ctx *cx, const SqlFormRow *form, const Captured *in, CaptureOutcome *ret_what, LeadId *ret)
{
	const char *key = in->phone ? phone_key(cx->mem, in->phone) : NULL;
	SqlCaptureLock lock;
	SqlCaptureKnown known;
	bool found, lost;

	if (!in->phone && !in->email)
		return err_field(cx, "phone",
			form->ask_email ? "Informe um telefone ou um e-mail."
					: "Informe um telefone.");
	cx->user = (UserId){ 0 };
	TRY(sql_capture_lock(cx, &lock));
	TRY(sql_capture_known(
		cx, key, in->email, cx->now - CAPTURE_LOST_DAYS * (int64_t)86400, &known, &found));
	if (!found) {
		TRY(add_new(cx, form, in, ret));
		*ret_what = CAPTURE_NEW;
		return OK;
	}
	*ret = (LeadId){ known.id };
	*ret_what = CAPTURE_AGAIN;
	if (cx->now - known.created_at < CAPTURE_TWICE_S)
		return OK;
	lost = !strcmp(known.status, "lost");
	if (lost)
		TRY(crm_reopen_lead(cx, *ret));
	TRY(note_return(cx, *ret, in, lost));
	if (lost)
		*ret_what = CAPTURE_REOPENED;
	return OK;
}
