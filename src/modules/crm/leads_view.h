/* What the list of leads and the import show. */
#ifndef CRM_LEADS_VIEW_H
#define CRM_LEADS_VIEW_H

#include "modules/crm/crm_view.h"
#include "modules/crm/leads_rooms.h"
#include "platform/import/import_view.h"

/* ---- the list ---- */

/* A column that can be chosen. */
typedef struct LeadColumn {
	const char *key, *title;
	const char *sort; /* word of LeadFilter.sort; NULL: cannot be sorted by */
	bool number;      /* to the right */
	bool usual;       /* shown when nobody chose */
	bool phone;       /* also on phones */
	bool custom;      /* key is that of the company's field */
	bool shown;
} LeadColumn;

/* All columns there are: ours and the company's fields; `shown` by cols ("phone,stage"; NULL: the
 * usual ones). */
LeadColumn *lead_columns(
	Arena *mem, const char *cols, const LeadChoices *choice, size_t *ret_count);
/* "phone,stage" of the shown ones, or NULL when they are the usual ones. */
const char *lead_columns_text(Arena *mem, const LeadColumn *column, size_t count);

typedef struct LeadChip {
	const char *label;
	Url url; /* the list without it */
} LeadChip;

typedef struct LeadsView {
	Req *q;
	LeadFilter filter;
	bool odd;          /* a filter was not understood */
	const char *cols;  /* NULL: the usual ones */
	const char *query; /* filter and columns: what a view keeps */
	const char *trail; /* cursors of the pages before: "941.891." */
	const LeadColumn *column;
	size_t column_count;
	const SqlCrmViews *view;
	size_t view_count;
	const SqlCrmViews *current; /* NULL: none chosen */
	bool changed;               /* differs from the current view, or from the plain list */
	const Lead *lead;
	size_t lead_count;
	json_t **custom; /* of each lead; NULL: no such column is shown */
	int64_t total, value_cents;
	int64_t next; /* cursor */
	LeadChoices choice;
	LeadChip chip[LEADS_CHIPS_MAX];
	size_t chip_count;
} LeadsView;

void crm_leads_page(Html *h, const LeadsView *v);
/* What a search swaps. */
void crm_leads_part(Html *h, const LeadsView *v);

/* The list under another filter, with the same columns and view. */
Url leads_url(const LeadsView *v, const LeadFilter *filter);
Url leads_sort_url(const LeadsView *v, const LeadColumn *column);
bool leads_sorted_by(const LeadsView *v, const LeadColumn *column, bool *ret_down);
Url leads_page_url(const LeadsView *v, bool forward);
/* The filter's fields but `q` as hidden inputs of the search, and the columns. */
typedef struct LeadsHidden {
	const char *name, *value;
} LeadsHidden;
const LeadsHidden *leads_hidden(const LeadsView *v, const char *without, size_t *ret_count);
/* Text of a company's field for a lead, or NULL. */
const char *leads_custom(Arena *mem, const LeadsView *v, size_t row, const char *key);

/* What is asked of an import, beside its columns; v->choices are LeadChoices. */
void crm_import_options(Html *h, const ImportMapView *v);

#endif
