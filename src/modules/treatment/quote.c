/* Quotes: frozen, numbered, listed. */
#include "modules/treatment/quote.h"
#include "modules/treatment/quote.sql.h"

#include "core/br.h"
#include "core/clock.h"
#include "core/money.h"
#include "core/random.h"
#include "modules/company/company.h"
#include "modules/treatment/plan.sql.h"
#include "platform/storage/storage.h"

static Quote quote_of(Ctx *cx, const SqlQuoteRow *r)
{
	bool over = !strcmp(r->state, "open") && r->expires_at && cx->now >= r->expires_at;

	return (Quote){ .id = r->id,
		.plan_id = r->plan_id,
		.patient_id = r->patient_id,
		.number = r->number,
		.frozen = r->frozen,
		.hash = r->frozen_hash,
		.total_cents = r->total_cents,
		.valid_until = r->valid_until,
		.linked = r->linked,
		.state = over ? "expired" : r->state,
		.presented_at = r->presented_at,
		.presented_by = r->presented_by,
		.opened_at = r->opened_at,
		.answered_at = r->answered_at,
		.expires_at = r->expires_at,
		.tries = r->tries,
		.sent_to = r->sent_to,
		.sent_at = r->sent_at,
		.refusal = r->refusal,
		.refusal_note = r->refusal_note,
		.pdf_hash = r->pdf_hash,
		.evidence = r->evidence };
}

Err quote_get(Ctx *cx, int64_t id, Quote *ret)
{
	SqlQuoteRow row;

	TRY(sql_quote_by_id(cx, id, &row));
	*ret = quote_of(cx, &row);
	return OK;
}

Err quote_of_token(Ctx *cx, const char *token, Quote *ret)
{
	const char *hash = crypto_sha256_hex(cx->mem, token, strlen(token));
	SqlQuoteRow row;
	bool found;

	TRY(sql_quote_by_token(cx, hash, &row, &found));
	if (!found)
		return err_set(cx, ERR_NOT_FOUND, "no quote has this token");
	*ret = quote_of(cx, &row);
	return OK;
}

Err quote_list(Ctx *cx, int64_t plan, Quote **ret, size_t *ret_count)
{
	SqlQuoteRow *row;

	TRY(sql_quote_of_plan(cx, plan, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Quote, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = quote_of(cx, &row[i]);
	return OK;
}

/* ---- frozen ---- */

/* What is frozen comes from here. */
typedef struct Source {
	const Plan *plan;
	Company company;
	Patient patient;
	const char *address, *phone;
	const QuoteForm *form;
	int number;
	int32_t today, valid_until;
	int64_t subtotal, discount, total;
	size_t count;
} Source;

static bool is_waiting(const PlanLine *line)
{
	return !strcmp(line->state, "planned") || !strcmp(line->state, "presented");
}

static void put_lines(Json *j, const Source *s)
{
	json_put_array(j, "lines");
	for (size_t i = 0; i < s->plan->line_count; i++) {
		const PlanLine *line = &s->plan->line[i];

		if (!is_waiting(line))
			continue;
		json_put_object(j, NULL);
		json_put_int(j, "id", line->id);
		json_put_text(j, "name", line->layman ? line->layman : line->name);
		json_put_text(j, "technical", line->name);
		json_put_text(j, "place", line->place);
		json_put_text(j, "dentist", line->dentist_name);
		json_put_int(j, "sessions", line->sessions);
		json_put_int(j, "price_cents", line->price_cents);
		json_put_int(j, "discount_cents", line->discount_cents + line->share_cents);
		json_put_int(j, "share_cents", line->share_cents);
		json_put_int(j, "total_cents", line->total_cents);
		json_close(j);
	}
	json_close(j);
}

static const char *accept_text(Ctx *cx, const Source *s)
{
	return arena_printf(cx->mem,
		"Li e aceito o orçamento nº %d de %s, com %zu %s, no valor total de %s.", s->number,
		s->company.name, s->count, s->count == 1 ? "procedimento" : "procedimentos",
		money_text(cx->mem, s->total));
}

static const char *freeze(Ctx *cx, const Source *s)
{
	const Company *c = &s->company;
	Json j;

	json_init(&j, cx->mem);
	json_put_object(&j, NULL);
	json_put_int(&j, "format", 1);
	json_put_int(&j, "number", s->number);
	json_put_text(&j, "presented_on", date_text(cx->mem, s->today));
	json_put_text(&j, "valid_until", date_text(cx->mem, s->valid_until));
	json_put_object(&j, "clinic");
	json_put_text(&j, "name", c->name);
	json_put_text(&j, "legal_name", c->legal_name);
	json_put_text(&j, "cnpj", c->cnpj);
	json_put_text(&j, "phone", s->phone);
	json_put_text(&j, "email", c->email);
	json_put_text(&j, "address", s->address);
	json_put_text(&j, "logo", c->logo);
	json_put_int(&j, "hue", c->hue);
	json_put_int(&j, "chroma", c->chroma);
	json_put_int(&j, "lightness", c->lightness);
	json_close(&j);
	json_put_int(&j, "patient_id", s->patient.id);
	json_put_text(
		&j, "patient", s->patient.social_name ? s->patient.social_name : s->patient.name);
	json_put_text(&j, "dentist", s->plan->dentist_name);
	json_put_text(&j, "title", s->plan->name);
	json_put_text(&j, "payment", s->form->payment);
	put_lines(&j, s);
	json_put_int(&j, "subtotal_cents", s->subtotal);
	json_put_int(&j, "discount_cents", s->discount);
	json_put_int(&j, "total_cents", s->total);
	json_put_text(&j, "accept_text", accept_text(cx, s));
	json_close(&j);
	return json_done(&j);
}

static const char *text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static int64_t int_of(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static void read_lines(Ctx *cx, const json_t *list, QuoteDoc *ret)
{
	size_t count = json_array_size(list);

	ret->line = NEW_ARRAY(cx->mem, QuoteLine, count + 1);
	ret->line_count = count;
	for (size_t i = 0; i < count; i++) {
		const json_t *o = json_array_get(list, i);

		ret->line[i] = (QuoteLine){ .id = int_of(o, "id"),
			.name = text_of(o, "name"),
			.technical = text_of(o, "technical"),
			.place = text_of(o, "place"),
			.dentist = text_of(o, "dentist"),
			.sessions = int_of(o, "sessions"),
			.price_cents = int_of(o, "price_cents"),
			.discount_cents = int_of(o, "discount_cents"),
			.share_cents = int_of(o, "share_cents"),
			.total_cents = int_of(o, "total_cents") };
	}
}

Err quote_read(Ctx *cx, const char *frozen, QuoteDoc *ret)
{
	const json_t *clinic;
	json_t *root;

	TRY(json_parse(cx, str_of(frozen), &root));
	clinic = json_object_get(root, "clinic");
	*ret = (QuoteDoc){ .number = int_of(root, "number"),
		.presented_on = text_of(root, "presented_on"),
		.valid_until = text_of(root, "valid_until"),
		.clinic = text_of(clinic, "name"),
		.legal_name = text_of(clinic, "legal_name"),
		.cnpj = text_of(clinic, "cnpj"),
		.phone = text_of(clinic, "phone"),
		.email = text_of(clinic, "email"),
		.address = text_of(clinic, "address"),
		.logo = text_of(clinic, "logo"),
		.hue = (int)int_of(clinic, "hue"),
		.chroma = (int)int_of(clinic, "chroma"),
		.lightness = (int)int_of(clinic, "lightness"),
		.patient = text_of(root, "patient"),
		.dentist = text_of(root, "dentist"),
		.title = text_of(root, "title"),
		.payment = text_of(root, "payment"),
		.accept_text = text_of(root, "accept_text"),
		.subtotal = int_of(root, "subtotal_cents"),
		.discount = int_of(root, "discount_cents"),
		.total = int_of(root, "total_cents") };
	read_lines(cx, json_object_get(root, "lines"), ret);
	return OK;
}

/* ---- presented ---- */

static const char *address_of(Ctx *cx, const Branch *b)
{
	Buf buf;

	if (str_is_empty(b->street))
		return b->city;
	buf_init(&buf, cx->mem, 400);
	buf_printf(&buf, "%s%s%s", b->street, b->number ? ", " : "", b->number ? b->number : "");
	if (b->complement)
		buf_printf(&buf, ", %s", b->complement);
	if (b->district)
		buf_printf(&buf, ", %s", b->district);
	if (b->city)
		buf_printf(&buf, ", %s%s%s", b->city, b->uf ? " " : "", b->uf ? b->uf : "");
	return buf_text(&buf);
}

static Err gather(Ctx *cx, Source *s)
{
	Branch *branch;
	size_t count;

	TRY(company_get(cx, &s->company));
	TRY(company_list_branches(cx, &branch, &count));
	TRY(patient_get(cx, (PatientId){ s->plan->patient_id }, &s->patient));
	s->phone = s->company.phone;
	if (count) {
		s->address = address_of(cx, &branch[0]);
		s->phone = branch[0].phone ? branch[0].phone : s->phone;
	}
	for (size_t i = 0; i < s->plan->line_count; i++) {
		const PlanLine *line = &s->plan->line[i];

		if (!is_waiting(line))
			continue;
		s->count++;
		s->subtotal += line->price_cents;
		s->discount += line->discount_cents + line->share_cents;
		s->total += line->total_cents;
	}
	s->today = date_today(cx->now, cx->zone);
	s->valid_until = s->today + (int32_t)s->form->days;
	return OK;
}

static int64_t end_of_day(Ctx *cx, int32_t day)
{
	Clock clock = { 0 };

	date_split(day + 1, &clock.year, &clock.month, &clock.day);
	return time_of_clock(&clock, cx->zone);
}

/* The number is taken last: who presents at the same time waits for no more than this. */
static Err insert(Ctx *cx, Source *s, int64_t *ret_id)
{
	SqlQuoteNextNumber next;
	const char *frozen;
	SqlQuoteInsert row;

	TRY(sql_quote_next_number(cx, &next));
	s->number = next.n;
	frozen = freeze(cx, s);
	TRY(sql_quote_insert(cx,
		&(SqlQuoteInsertIn){ .plan = s->plan->id,
			.number = next.n,
			.frozen = frozen,
			.hash = crypto_sha256_hex(cx->mem, frozen, strlen(frozen)),
			.total = s->total,
			.valid_until = s->valid_until,
			.expires_at = end_of_day(cx, s->valid_until),
			.at = cx->now,
			.user_id = cx->user.v ? &cx->user.v : NULL },
		&row));
	*ret_id = row.id;
	return OK;
}

Err quote_present(Ctx *cx, int64_t id, const QuoteForm *in, int64_t *ret_id)
{
	Source source = { .form = in };
	SqlPlanLock lock;
	int64_t rows;
	Plan plan;

	if (in->days < 1 || in->days > 365)
		return err_field(cx, "days", "A validade vai de 1 a 365 dias.");
	TRY(plan_hold(cx, id, &lock));
	TRY(plan_get(cx, id, &plan));
	source.plan = &plan;
	TRY(gather(cx, &source));
	if (!strcmp(lock.state, "cancelled") || !source.count)
		return err_tell(cx, ERR_CONFLICT, "Não há procedimento a apresentar neste plano.",
			"plan %" PRId64 " has nothing to present", id);
	TRY(sql_plan_present_lines(cx, id, &rows));
	TRY(sql_plan_set_presented(cx, id, cx->now, &rows));
	TRY(sql_quote_replace(cx, id, &rows));
	TRY(plan_note(cx, id, plan.patient_id, "plan.presented",
		arena_printf(
			cx->mem, "Orçamento apresentado: %s", money_text(cx->mem, source.total)),
		NULL));
	TRY(module_tell(cx, "plan.presented", id, plan_json(cx, &plan, (Int64s){ 0 })));
	TRY(insert(cx, &source, ret_id));
	return job_add(cx, "treatment.quote_pdf",
		arena_printf(cx->mem, "{\"quote\": %" PRId64 "}", *ret_id), NULL);
}

Err quote_forget(Ctx *cx, int64_t patient, const char *name)
{
	SqlQuoteForget *row;
	size_t count;

	TRY(sql_quote_forget(cx, patient, name, &row, &count));
	for (size_t i = 0; i < count; i++)
		if (row[i].pdf_hash)
			TRY(storage_drop(cx, row[i].pdf_hash));
	return OK;
}
