/* The frame of every page about a patient: head, tabs, summary with the cards of all modules. */
#include "core/br.h"
#include "modules/patient/patient_rooms.h"
#include "modules/patient/patient_view.h"
#include "modules/patient/patient_web.h"

enum { EVENTS_FIRST = 12 /* beside the cards; the rest when asked for */ };

const char *patient_cpf_masked(Arena *mem, const char *cpf)
{
	return arena_printf(mem, "•••.%.3s.%.3s-••", cpf + 3, cpf + 6);
}

const char *patient_visit_text(Arena *mem, const Ctx *cx, int64_t at)
{
	Clock clock = time_clock(at, cx->zone), today = time_clock(cx->now, cx->zone);
	const char *year = clock.year == today.year ? "" : arena_printf(mem, "/%d", clock.year);

	return arena_printf(mem, "%02d/%02d%s, %02d:%02d", clock.day, clock.month, year, clock.hour,
		clock.minute);
}

static const Module *module_named(const char *name)
{
	for (size_t i = 0; i < module_count; i++)
		if (str_same(modules[i]->name, name))
			return modules[i];
	return NULL;
}

/* Only when the agenda has its page: modules may be left out of a program. */
bool patient_may_book(const Req *q, const PatientHead *head)
{
	const Module *agenda = module_named("agenda");

	if (head->restricted || !agenda || !req_feature(q, "agenda") || !req_may(q, "agenda.write"))
		return false;
	for (size_t i = 0; i < agenda->nav_count; i++)
		if (str_same(agenda->nav[i].path, "/agenda"))
			return true;
	return false;
}

/* ---- tabs ---- */

static bool is_on(const Req *q, const Module *module)
{
	return module->always || req_feature(q, module->name);
}

static int by_order(const void *a, const void *b)
{
	return (*(const Tab *const *)a)->order - (*(const Tab *const *)b)->order;
}

size_t patient_tabs(const PatientPage *v, UiTab ret[PATIENT_TABS_MAX])
{
	static const Tab summary = { 0, "Resumo", "", "patient.read" };
	const Tab *tab[PATIENT_TABS_MAX] = { &summary };
	Arena *mem = v->q->cx->mem;
	size_t count = 1;

	for (size_t i = 0; i < module_count; i++)
		for (size_t j = 0; j < modules[i]->tab_count && count < PATIENT_TABS_MAX; j++)
			if (is_on(v->q, modules[i]) && req_may(v->q, modules[i]->tab[j].perm))
				tab[count++] = &modules[i]->tab[j];
	qsort(tab, count, sizeof tab[0], by_order);
	for (size_t i = 0; i < count; i++) {
		const char *slash = *tab[i]->path ? "/" : "";

		ret[i] = (UiTab){ .label = tab[i]->title,
			.on = str_same(tab[i]->path, v->tab),
			.url = { arena_printf(mem, "/patients/%" PRId64 "%s%s", v->head->id, slash,
				tab[i]->path) },
			.count = str_same(tab[i]->path, "images") ? v->head->image_count : 0 };
	}
	return count;
}

/* ---- summary ---- */

size_t patient_cards(const Req *q, const Card *ret[PATIENT_CARDS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < module_count; i++)
		for (size_t j = 0; j < modules[i]->card_count && count < PATIENT_CARDS_MAX; j++)
			if (is_on(q, modules[i]) && req_may(q, modules[i]->card[j].perm))
				ret[count++] = &modules[i]->card[j];
	for (size_t i = 1; i < count; i++) /* few: sorting by hand keeps equals in order */
		for (size_t j = i; j && ret[j - 1]->order > ret[j]->order; j--) {
			const Card *card = ret[j];

			ret[j] = ret[j - 1];
			ret[j - 1] = card;
		}
	return count;
}

/* The cards are written before the page around them, because the page asks a question of its own
 * and answers come in the order of asking. */
static Err show_cards(Req *q, int64_t patient, const Card *const *card, size_t count, Safe *ret)
{
	Html page = q->html;
	Err err = OK;

	html_init(&q->html, q->cx, page.csrf);
	q->html.next_id = page.next_id;
	for (size_t i = 0; i < count && err == OK; i++)
		err = card[i]->show(q, patient);
	ret->html = html_text_of(&q->html);
	page.next_id = q->html.next_id;
	q->html = page;
	return err;
}

static Err events_of(Req *q, int64_t patient, int64_t before, PatientView *view)
{
	const int page = before ? EVENTS_PAGE : EVENTS_FIRST;
	Event *event;

	TRY(audit_list_events(
		q->cx, "patient", patient, 0, before, page + 1, &event, &view->event_count));
	view->event = event;
	view->patient_id = patient;
	if (view->event_count > (size_t)page) {
		view->event_count = (size_t)page;
		view->event_next = event[page - 1].id;
	}
	return OK;
}

bool patient_needs_guardian(const PatientView *v)
{
	enum { MONTHS_OF_AGE = 12 * 18 };
	int32_t today = date_today(v->q->cx->now, v->q->cx->zone);

	if (v->patient->birth == DATE_NONE ||
		date_add_months(v->patient->birth, MONTHS_OF_AGE) <= today)
		return false;
	for (size_t i = 0; i < v->family.kin_count; i++)
		if (v->family.kin[i].signs && !v->family.kin[i].theirs)
			return false;
	return true;
}

static Err ask_summary(Req *q, PatientId id, const Card *const *card, size_t count)
{
	TRY(patient_head_ask(q->cx, id));
	TRY(patient_whole_ask(q->cx, id));
	TRY(patient_cards_ask(q->cx, id));
	TRY(patient_kin_ask(q->cx, id));
	TRY(sql_patient_consents_send(q->cx, id.v));
	TRY(patient_merges_ask(q->cx, id));
	for (size_t i = 0; i < count; i++)
		TRY(card[i]->ask(q->cx, id.v));
	return OK;
}

static Err read_summary(Req *q, PatientView *view, PatientHead *head, Patient *patient)
{
	SqlPatientConsents *consent;
	InsuranceCard *card;
	PatientMerge *merge;
	Kin *kin;

	TRY(patient_head_read(q->cx, head));
	TRY(patient_whole_read(q->cx, patient));
	TRY(patient_cards_read(q->cx, &card, &view->family.card_count));
	TRY(patient_kin_read(q->cx, &kin, &view->family.kin_count));
	TRY(sql_patient_consents_read(q->cx, &consent, &view->consent_count));
	TRY(patient_merges_read(q->cx, &merge, &view->merge_count));
	view->family.card = card;
	view->family.kin = kin;
	view->consent = consent;
	view->merge = merge;
	view->head = head;
	view->patient = patient;
	return OK;
}

/* GET /patients/:id. 303 to the one that took a merged one over. Two round trips, and the shell's.
 */
Err patient_show(Req *q)
{
	PatientView view = { .q = q };
	const Card *card[PATIENT_CARDS_MAX];
	size_t count = patient_cards(q, card);
	PatientHead head;
	Patient patient;
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(events_of(q, id.v, 0, &view));
	TRY(ask_summary(q, id, card, count));
	TRY(read_summary(q, &view, &head, &patient));
	TRY(show_cards(q, id.v, card, count, &view.cards));
	if (head.id != id.v)
		return redirect(q, "/patients/%" PRId64, head.id);
	patient_page(&q->html, &view);
	return send_html(q, 200);
}

/* GET /patients/:id/events?before=: older entries of the timeline. */
Err patient_more_events(Req *q)
{
	PatientView view = { .q = q };
	PatientHead head;
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(patient_head_ask(q->cx, id));
	TRY(patient_head_read(q->cx, &head));
	TRY(events_of(q, id.v, req_query_int(q, "before", 0), &view));
	view.head = &head;
	patient_events(&q->html, &view);
	return send_html(q, 200);
}

/* ---- tabs that later modules fill ---- */

static Err to_come(Req *q, const char *tab, const UiEmpty *empty)
{
	PatientPage page = { .q = q, .tab = tab };
	PatientHead head;
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(patient_head_ask(q->cx, id));
	TRY(patient_head_read(q->cx, &head));
	if (head.id != id.v)
		return redirect(q, "/patients/%" PRId64, head.id);
	page.head = &head;
	patient_to_come_page(&q->html, &page, empty);
	return send_html(q, 200);
}

/* GET /patients/:id/documents */
Err patient_documents(Req *q)
{
	return to_come(q, "documents",
		&(UiEmpty){ .icon = "file-text",
			.title = "Nenhum documento",
			.text = "Contratos e termos deste paciente aparecem aqui. Atestados ficam "
				"em Receitas." });
}

/* GET /patients/:id/finance */
Err patient_finance(Req *q)
{
	return to_come(q, "finance",
		&(UiEmpty){ .icon = "wallet",
			.title = "Nenhum lançamento",
			.text = "Cobranças, parcelas e pagamentos deste paciente aparecem aqui." });
}
