/* The funnel as a board. */
#include "core/search.h"
#include "modules/crm/crm_view.h"

enum { BOARD_CARDS = 15, COLUMN_CARDS = 40, WON_CARDS = 15 };

static int64_t month_began(const Ctx *cx)
{
	Clock clock = time_clock(cx->now, cx->zone);

	clock = (Clock){ .year = clock.year, .month = clock.month, .day = 1 };
	return time_of_clock(&clock, cx->zone);
}

static const char *first_pattern(Req *q)
{
	const char *word[SEARCH_WORDS];

	search_patterns(q->cx->mem, req_query(q, "q"), word);
	return word[0];
}

/* Cards go to their columns: they come ordered by column. */
static void deal(BoardView *view, const SqlCardRow *card, size_t count, bool won)
{
	for (size_t i = 0; i < view->column_count; i++) {
		BoardColumn *col = &view->column[i];

		if (!strcmp(col->stage->kind, "won") != won)
			continue;
		for (size_t j = 0; j < count; j++) {
			if (card[j].stage_id != col->stage->id)
				continue;
			if (!col->card)
				col->card = &card[j];
			col->card_count++;
		}
	}
}

static Err count_filtered(Req *q, BoardView *view, const char *word)
{
	SqlCrmFilteredTotals *row;
	size_t count;

	for (size_t i = 0; i < view->column_count; i++)
		view->column[i].total = view->column[i].value_cents = 0;
	TRY(sql_crm_filtered_totals(
		q->cx, view->shown->id, db_id_or_null(&view->owner), word, &row, &count));
	for (size_t i = 0; i < view->column_count; i++)
		for (size_t j = 0; j < count; j++)
			if (row[j].stage_id == view->column[i].stage->id) {
				view->column[i].total = row[j].lead_count;
				view->column[i].value_cents = row[j].value_cents;
			}
	return OK;
}

/* The won column shows the month; sums and bars follow from the columns. */
static void sum_up(BoardView *view, const SqlCrmBoardFigures *figures)
{
	int64_t most = 1, ended = figures->won_count + figures->lost_count;

	for (size_t i = 0; i < view->column_count; i++) {
		BoardColumn *col = &view->column[i];

		if (!strcmp(col->stage->kind, "won")) {
			col->total = view->filtered ? (int64_t)col->card_count : figures->won_count;
			if (!view->filtered)
				col->value_cents = figures->won_cents;
		} else {
			view->open_cents += col->value_cents;
			view->weighted_cents += col->value_cents * col->stage->probability / 100;
		}
		if (col->value_cents > most)
			most = col->value_cents;
	}
	for (size_t i = 0; i < view->column_count; i++)
		view->column[i].percent = (int)(view->column[i].value_cents * 100 / most);
	view->won_cents = figures->won_cents;
	view->conversion_tenths = ended ? figures->won_count * 1000 / ended : -1;
	view->days_tenths = (int64_t)(figures->days * 10);
	view->late = figures->late;
}

static Err show_pipeline(Req *q, BoardView *view)
{
	const char *word = first_pattern(q);
	SqlCrmBoardFigures figures;
	SqlCardRow *open, *won;
	size_t open_count, won_count;
	int64_t since = month_began(q->cx);
	Member *member;

	TRY(sql_crm_board_send(
		q->cx, view->shown->id, BOARD_CARDS, db_id_or_null(&view->owner), word));
	TRY(sql_crm_board_won_send(
		q->cx, view->shown->id, since, WON_CARDS, db_id_or_null(&view->owner), word));
	TRY(sql_crm_board_figures_send(q->cx, view->shown->id, since, q->cx->now));
	TRY(sql_crm_board_read(q->cx, &open, &open_count));
	TRY(sql_crm_board_won_read(q->cx, &won, &won_count));
	TRY(sql_crm_board_figures_read(q->cx, &figures));
	TRY(account_list_members(q->cx, NULL, &member, &view->member_count));
	view->member = member;
	if (view->filtered)
		TRY(count_filtered(q, view, word));
	deal(view, open, open_count, /* won= */ false);
	deal(view, won, won_count, /* won= */ true);
	sum_up(view, &figures);
	return OK;
}

static Err board_begin(Req *q, BoardView *view, int64_t wanted)
{
	*view = (BoardView){
		.q = q, .question = req_query(q, "q"), .owner = req_query_int(q, "owner_id", 0)
	};
	view->filtered = view->owner || !str_is_empty(view->question);
	TRY(pipelines_shown(q->cx, wanted, &view->pipeline, &view->pipeline_count, &view->shown));
	view->column_count = view->shown->stage_count;
	view->column = NEW_ARRAY(q->cx->mem, BoardColumn, view->column_count + 1);
	for (size_t i = 0; i < view->column_count; i++) {
		const Stage *stage = &view->shown->stage[i];

		view->column[i] = (BoardColumn){ .stage = stage,
			.total = stage->lead_count,
			.value_cents = stage->value_cents };
	}
	return OK;
}

/* GET /funnel?pipeline=&owner_id=&q= */
Err crm_board(Req *q)
{
	BoardView view;

	TRY(account_note_members(q->cx));
	TRY(board_begin(q, &view, req_query_int(q, "pipeline", 0)));
	TRY(show_pipeline(q, &view));
	crm_board_page(&q->html, &view);
	return send_html(q, 200);
}

/* GET /funnel/column?stage=&rank=&id=: the cards below one, for the end of a column. */
Err crm_board_more(Req *q)
{
	int64_t stage = req_query_int(q, "stage", 0), owner = req_query_int(q, "owner_id", 0);
	SqlCrmStage known;
	SqlCardRow *card;
	BoardView view;
	BoardColumn *col = NULL;

	TRY(sql_crm_stage(q->cx, stage, &known));
	TRY(board_begin(q, &view, known.pipeline_id));
	for (size_t i = 0; i < view.column_count; i++)
		if (view.column[i].stage->id == stage)
			col = &view.column[i];
	if (!col)
		return err_set(q->cx, ERR_NOT_FOUND, "stage %" PRId64 " is not shown", stage);
	TRY(sql_crm_board_column(q->cx, stage, req_query_int(q, "rank", 0),
		req_query_int(q, "id", 0), COLUMN_CARDS, db_id_or_null(&owner), first_pattern(q),
		&card, &col->card_count));
	col->card = card;
	/* there is more when the page is full; the exact total is the whole column's */
	col->total = col->card_count == COLUMN_CARDS ? INT64_MAX : 0;
	crm_board_cards(&q->html, col, &view);
	return send_html(q, 200);
}

typedef struct MoveForm {
	int64_t stage, before, version;
} MoveForm;

static const Field move_fields[] = {
	FIELD(MoveForm, stage, FIELD_ID, "Etapa", 0, 0, true),
	FIELD(MoveForm, before, FIELD_ID, "Antes de", 0, 0, false),
	FIELD(MoveForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

/* PATCH /leads/:id/stage: dropped before a card or at the end. Answers the card anew. 404: the lead
 * or the stage is gone. */
Err crm_drop(Req *q)
{
	BoardView view;
	SqlCardRow *card;
	size_t count;
	MoveForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, move_fields, COUNT(move_fields), &in))
		return ERR_INVALID;
	TRY(crm_move_lead(q->cx, (LeadId){ id }, in.stage, in.before));
	TRY(sql_crm_one_card(q->cx, id, &card, &count));
	TRY(board_begin(q, &view, req_query_int(q, "pipeline", 0)));
	if (count)
		crm_card(&q->html, &card[0], &view);
	return send_html(q, 200);
}

/* POST /leads/:id/move: the same from the lead's menu; back to where it was pressed. */
Err crm_move(Req *q)
{
	MoveForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, move_fields, COUNT(move_fields), &in))
		return ERR_INVALID;
	TRY(crm_move_lead(q->cx, (LeadId){ id }, in.stage, /* before= */ -1));
	answer_toast(q, "Etapa mudada", NULL);
	return redirect(q, "/leads/%" PRId64, id);
}
