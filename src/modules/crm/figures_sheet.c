/* GET /reports/crm/:table: a table of the figures as a spreadsheet (CSV as Excel opens it here). */
#include "modules/crm/figures_view.h"
#include "platform/sheet/sheet_answer.h"

enum { COLUMNS_MAX = 9, ROWS_MAX = 1000 };

typedef struct Table {
	const char *name; /* in the address */
	const SheetColumn *column;
	size_t column_count;
	/* Fill the cells of row i; false: there are no more. */
	bool (*row)(Arena *mem, const Figures *f, size_t i, SheetCell *cell);
} Table;

static SheetCell text(const char *value)
{
	return (SheetCell){ .text = value ? value : "" };
}

static SheetCell number(int64_t value)
{
	return (SheetCell){ .number = value };
}

static SheetCell percent(Arena *mem, int64_t part, int64_t whole)
{
	if (!whole)
		return (SheetCell){ .empty = true };
	return text(number_text_tenths(mem, (part * 2000 + whole) / (2 * whole)));
}

/* ---- the tables ---- */

static const SheetColumn stage_columns[] = {
	{ "Etapa", SHEET_TEXT, 24 },
	{ "Chegaram", SHEET_NUMBER, 0 },
	{ "Seguiram", SHEET_NUMBER, 0 },
	{ "Seguiram (%)", SHEET_TEXT, 0 },
	{ "Perdidos na etapa", SHEET_NUMBER, 0 },
	{ "Saíram", SHEET_NUMBER, 0 },
	{ "Tempo mediano (horas)", SHEET_TEXT, 0 },
	{ "90% saem em até (horas)", SHEET_TEXT, 0 },
};

static SheetCell hours(Arena *mem, const FigureStage *s, int64_t seconds)
{
	if (!s->left)
		return (SheetCell){ .empty = true };
	return text(number_text_tenths(mem, (seconds + 180) / 360));
}

static bool stage_row(Arena *mem, const Figures *f, size_t i, SheetCell *cell)
{
	const FigureStage *s = &f->stage[i];

	if (i >= f->stage_count)
		return false;
	cell[0] = text(s->stage->name);
	cell[1] = number(s->reached);
	cell[2] = number(s->further);
	cell[3] = percent(mem, s->further, s->reached);
	cell[4] = number(s->lost);
	cell[5] = number(s->left);
	cell[6] = hours(mem, s, s->median_s);
	cell[7] = hours(mem, s, s->p90_s);
	return true;
}

static const SheetColumn group_columns[] = {
	{ "Nome", SHEET_TEXT, 30 },
	{ "Leads", SHEET_NUMBER, 0 },
	{ "Leads no período anterior", SHEET_NUMBER, 0 },
	{ "Ganhos", SHEET_NUMBER, 0 },
	{ "Ganhos (%)", SHEET_TEXT, 0 },
	{ "Valor ganho", SHEET_MONEY, 0 },
	{ "Perdidos", SHEET_NUMBER, 0 },
	{ "Viraram pacientes", SHEET_NUMBER, 0 },
};

static bool group_row(
	Arena *mem, const FigureGroups *groups, size_t i, const char *none, SheetCell *cell)
{
	const FigureGroup *g = &groups->row[i];

	if (i >= groups->count)
		return false;
	cell[0] = text(g->name ? g->name : none);
	cell[1] = number(g->leads);
	cell[2] = number(g->leads_before);
	cell[3] = number(g->won);
	cell[4] = percent(mem, g->won, g->leads);
	cell[5] = number(g->won_cents);
	cell[6] = number(g->lost);
	cell[7] = number(g->patients);
	return true;
}

static bool source_row(Arena *mem, const Figures *f, size_t i, SheetCell *cell)
{
	return group_row(mem, &f->source, i, "Sem origem", cell);
}

static bool campaign_row(Arena *mem, const Figures *f, size_t i, SheetCell *cell)
{
	return group_row(mem, &f->campaign, i, "Sem campanha", cell);
}

static bool owner_row(Arena *mem, const Figures *f, size_t i, SheetCell *cell)
{
	return group_row(mem, &f->owner, i, "Sem responsável", cell);
}

static const SheetColumn ended_columns[] = {
	{ "De", SHEET_DATE, 0 },
	{ "Até", SHEET_DATE, 0 },
	{ "Ganhos", SHEET_NUMBER, 0 },
	{ "Valor ganho", SHEET_MONEY, 0 },
	{ "Perdidos", SHEET_NUMBER, 0 },
	{ "Valor perdido", SHEET_MONEY, 0 },
};

static bool ended_row(Arena *mem, const Figures *f, size_t i, SheetCell *cell)
{
	const FigureSlice *s = &f->slice[i];

	(void)mem;
	if (i >= f->slice_count)
		return false;
	cell[0] = number(s->from);
	cell[1] = number(s->to);
	cell[2] = number(s->won);
	cell[3] = number(s->won_cents);
	cell[4] = number(s->lost);
	cell[5] = number(s->lost_cents);
	return true;
}

static const SheetColumn reason_columns[] = {
	{ "Motivo", SHEET_TEXT, 30 },
	{ "Perdidos", SHEET_NUMBER, 0 },
	{ "No período anterior", SHEET_NUMBER, 0 },
	{ "Valor perdido", SHEET_MONEY, 0 },
};

static bool reason_row(Arena *mem, const Figures *f, size_t i, SheetCell *cell)
{
	(void)mem;
	if (i >= f->reason_count)
		return false;
	cell[0] = text(f->reason[i].name);
	cell[1] = number(f->reason[i].n);
	cell[2] = number(f->reason[i].n_before);
	cell[3] = number(f->reason[i].cents);
	return true;
}

static const SheetColumn month_columns[] = {
	{ "Mês", SHEET_TEXT, 0 },
	{ "Leads abertos", SHEET_NUMBER, 0 },
	{ "Valor", SHEET_MONEY, 0 },
	{ "Valor pela chance da etapa", SHEET_MONEY, 0 },
};

static bool month_row(Arena *mem, const Figures *f, size_t i, SheetCell *cell)
{
	const FigureMonth *m = &f->month[i];

	(void)mem;
	if (i >= f->month_count)
		return false;
	cell[0] = text(m->expected && *m->expected == '2' ? m->expected : m->label);
	cell[1] = number(m->count);
	cell[2] = number(m->cents);
	cell[3] = number(m->weighted_cents);
	return true;
}

static const Table tables[] = {
	{ "etapas", stage_columns, COUNT(stage_columns), stage_row },
	{ "origens", group_columns, COUNT(group_columns), source_row },
	{ "campanhas", group_columns, COUNT(group_columns), campaign_row },
	{ "responsaveis", group_columns, COUNT(group_columns), owner_row },
	{ "encerrados", ended_columns, COUNT(ended_columns), ended_row },
	{ "motivos", reason_columns, COUNT(reason_columns), reason_row },
	{ "previsao", month_columns, COUNT(month_columns), month_row },
};

static Err write_table(Ctx *cx, const Table *table, const Figures *f, const char *path)
{
	SheetCell cell[COLUMNS_MAX];
	SheetWriter *writer;

	TRY(sheet_open(
		cx, path, SHEET_CSV, table->name, table->column, table->column_count, &writer));
	for (size_t i = 0; i < ROWS_MAX && table->row(cx->mem, f, i, cell); i++)
		TRY(sheet_row(writer, cell));
	return sheet_close(writer);
}

/* 404: no such table; 422: the dates say no period. */
Err crm_figures_sheet(Req *q)
{
	const char *name = req_segment(q, "table"), *path;
	const Table *table = NULL;
	const Pipeline *pipeline;
	Figures figures;
	size_t count;
	bool wrong;

	for (size_t i = 0; i < COUNT(tables); i++)
		if (!strcmp(tables[i].name, name))
			table = &tables[i];
	if (!table)
		return err_set(q->cx, ERR_NOT_FOUND, "no such table of figures");
	TRY(figures_asked(q, &figures, &pipeline, &count, &wrong));
	if (wrong)
		return ERR_INVALID;
	TRY(crm_figures(q->cx, figures.pipeline, &figures.period, &figures));
	TRY(sheet_new_path(q->cx, SHEET_CSV, &path));
	TRY(write_table(q->cx, table, &figures, path));
	return send_sheet(q, path, SHEET_CSV,
		arena_printf(q->cx->mem, "funil-%s-%s-a-%s", table->name,
			date_text_iso(q->cx->mem, figures.period.from),
			date_text_iso(q->cx->mem, figures.period.to)));
}
