/* What the pages of plans, quotes and the catalogue show. */
#ifndef TREATMENT_PLAN_VIEW_H
#define TREATMENT_PLAN_VIEW_H

#include "core/br.h"
#include "core/clock.h"
#include "core/money.h"
#include "modules/treatment/catalogue.h"
#include "modules/treatment/chart_regions.h"
#include "modules/treatment/quote.h"
#include "platform/ui/ui.h"

/* ---- the tab of the patient's page ---- */

typedef struct PlanRow {
	const PlanLine *line;
	const char *group; /* heading above it; NULL: none new */
} PlanRow;

typedef struct PlanPageView {
	Req *q;
	const PatientHead *head;
	const Plan *plan; /* all of the patient */
	size_t plan_count;
	const Plan *now; /* the one shown; NULL: there is none */
	const PlanRow *row;
	size_t row_count;
	const char *group;  /* "" "tooth" "specialty" */
	const Quote *quote; /* of the one shown, newest first */
	size_t quote_count;
	bool may_plan, may_work; /* treatment.plan, treatment.write; never when it is restricted */
	bool may_book;
} PlanPageView;
void plan_tab_page(Html *h, const PlanPageView *v);
void plan_card_part(Html *h, const Plan *plan);

/* ---- forms: in the drawer, or a page of their own ---- */

typedef enum PlanFormKind {
	PLAN_FORM_NEW,
	PLAN_FORM_EDIT,
	PLAN_FORM_DISCOUNT,
	PLAN_FORM_PRESENT,
	PLAN_FORM_APPROVE,
	PLAN_FORM_REFUSE,
	PLAN_FORM_CANCEL,
	PLAN_FORM_FOLLOW,
	PLAN_FORM_ADD,
	PLAN_FORM_LINE,
	PLAN_FORM_LINE_CANCEL,
	PLAN_FORM_LINE_REDO,
	PLAN_FORM_LINE_BOOK,
	PLAN_FORM_SEND,
	PLAN_FORM_SENT
} PlanFormKind;

typedef struct PlanFormView {
	Req *q;
	PlanFormKind kind;
	const char *title, *sub;
	int64_t patient;
	const Plan *plan;
	const PlanLine *line;
	const Procedure *procedure;
	const Quote *quote;
	const UiOption *dentist, *table, *region, *copy;
	size_t dentist_count, table_count, region_count, copy_count;
	const Appointment *visit; /* of the patient, to come */
	size_t visit_count;
	Allowance allowed;
	const char *url, *email, *phone; /* of the link that was made; of the patient */
} PlanFormView;
void plan_form_page(Html *h, const PlanFormView *v);

typedef struct PickView {
	int64_t plan;
	const Procedure *procedure;
	size_t count;
	const char *question;
} PickView;
void plan_pick_part(Html *h, const PickView *v);

/* ---- quotes ---- */

void quote_pdf_button(Html *h, const Quote *quote);

typedef struct QuoteView {
	Req *q;
	const Quote *quote;
	const QuoteDoc *doc;
	const char *token, *proof;
	QuoteAsk ask;
	const char *heading, *text; /* of the page that says it is over */
} QuoteView;
void quote_show_page(Html *h, const QuoteView *v);  /* at the clinic */
void quote_ask_page(Html *h, const QuoteView *v);   /* who is it? */
void quote_read_page(Html *h, const QuoteView *v);  /* the patient reads and answers */
void quote_ended_page(Html *h, const QuoteView *v); /* accepted, refused, gone */

/* ---- Tratamentos ---- */

typedef struct WorkLine { /* approved, not booked */
	int64_t line, patient, plan;
	const char *name, *patient_name, *phone, *place, *dentist;
	int64_t total_cents, approved_at;
	int sessions, sessions_done;
} WorkLine;
typedef struct WorkPlan { /* presented or refused */
	int64_t plan, patient, total_cents, presented_at, opened_at, sent_at, followed_at,
		refused_at;
	const char *name, *patient_name, *phone, *follow_note, *refusal, *refusal_note, *dentist;
	int number;
} WorkPlan;
typedef struct WorkFigures {
	int64_t to_book, to_book_cents, open, open_cents, approved, approved_cents, refused,
		refused_cents; /* the last two of 90 days */
	int64_t by_reason[5];  /* in the order of plan_refusals */
} WorkFigures;
typedef struct WorkView {
	Req *q;
	const char *list; /* "book" "open" "refused" */
	WorkFigures figures;
	const WorkLine *line;
	const WorkPlan *plan;
	size_t line_count, plan_count;
	bool may_plan, may_book;
} WorkView;
void plan_work_page(Html *h, const WorkView *v);

/* ---- catalogue ---- */

typedef struct CatalogueView {
	Req *q;
	CatalogueQuery query;
	const Procedure *procedure;
	size_t count;
	const UiOption *specialty;
	size_t specialty_count;
	int64_t tuss; /* rows of the TUSS table */
} CatalogueView;
void catalogue_list_page(Html *h, const CatalogueView *v);

typedef struct KitRow {
	const char *name, *quantity;
} KitRow;
extern const UiOption procedure_areas[6], procedure_dentitions[3];

typedef struct ProcedureView {
	Req *q;
	const Procedure *procedure; /* NULL: a new one */
	KitRow kit[KIT_MAX];
	size_t kit_count;
	const UiOption *specialty;
	size_t specialty_count;
	int64_t tuss; /* codes that were imported */
} ProcedureView;
void catalogue_form_page(Html *h, const ProcedureView *v);

/* Rows of the TUSS table for the form: those of a question, or the one that was taken. */
typedef struct TussPick {
	const char *question;
	const TussRow *row;
	size_t count;
	bool names; /* the procedure has no name yet: it gets the row's */
} TussPick;
void catalogue_tuss_list(Html *h, const TussPick *v);
void catalogue_tuss_taken(Html *h, const TussPick *v);

typedef struct PricesView {
	Req *q;
	const PriceTable *table;
	size_t table_count;
	const Procedure *procedure; /* private prices */
	size_t count;
	const int64_t *cents; /* table_count a procedure */
	struct {
		const char *role, *title;
		int percent;
	} limit[40];
	size_t limit_count;
} PricesView;
void catalogue_prices_page(Html *h, const PricesView *v);
typedef struct PriceCell {
	int64_t procedure, table, cents;
	const char *name, *table_name;
	const char *typed, *bad; /* what was refused, and why */
	bool saved;
} PriceCell;
void catalogue_price_cell(Html *h, const PriceCell *v);

typedef struct PriceTableView {
	Req *q;
	const PriceTable *table; /* NULL: a new one */
	const UiOption *source;
	size_t source_count;
} PriceTableView;
void catalogue_table_page(Html *h, const PriceTableView *v);

typedef struct PriceChangeView {
	Req *q;
	const UiOption *source;
	size_t source_count;
	int64_t table;
	PriceChange change;
	const Procedure *procedure;
	size_t count, changed;
	bool shown; /* there is something to look at */
} PriceChangeView;
void catalogue_change_page(Html *h, const PriceChangeView *v);

typedef struct TussView {
	Req *q;
	int64_t import; /* 0: nothing uploaded yet */
	TussSheet sheet;
	int64_t total;
} TussView;
void catalogue_tuss_page(Html *h, const TussView *v);

#endif
