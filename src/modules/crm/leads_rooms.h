/* What the files about many leads share: the list's address, bulk changes, spreadsheets out and in.
 */
#ifndef CRM_LEADS_ROOMS_H
#define CRM_LEADS_ROOMS_H

#include "modules/account/account.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/leads.sql.h"
#include "platform/import/import.h"
#include "platform/sheet/sheet.h"
#include "platform/web/web.h"

/* ---- the list's address: filter and columns as one query string ---- */

enum { LEADS_PAGE = 50, LEADS_QUERY_MAX = 2000, LEADS_COLUMNS_MAX = 40, LEADS_CHIPS_MAX = 20 };

/* Nothing asked. */
LeadFilter lead_filter_none(void);
/* What the filter asks as "name=value&…", in the order of its fields, without its page. */
const char *lead_filter_query(Arena *mem, const LeadFilter *filter);
/* The filter of such a text; what is wrong in it is left out and *ret_odd set. ERR_BAD_REQUEST: it
 * is no query string. */
MUST_CHECK Err lead_filter_parse(Ctx *cx, const char *query, LeadFilter *ret, bool *ret_odd);

/* ---- many at once (bulk.c) ---- */

enum { BULK_NOW_MAX = 500, EXPORT_NOW_MAX = 2000, BATCH_LEADS = 200 };

typedef enum BulkKind { BULK_OWNER, BULK_STAGE, BULK_LOSE, BULK_TAG } BulkKind;

/* What is to happen to each lead: "owner 5" (0: nobody), "stage 3", "lose 2", "tag Verão". */
typedef struct BulkAction {
	BulkKind kind;
	int64_t id;
	const char *tag;
} BulkAction;

/* ERR_INVALID: no such action, or its stage, owner or reason is not the company's. */
MUST_CHECK Err bulk_parse(Ctx *cx, const char *text, BulkAction *ret);
/* Do it to a lead that needs it; *ret_changed says whether it did. Leads that are gone or united
 * with another are left alone. */
MUST_CHECK Err bulk_change(Ctx *cx, const BulkAction *action, int64_t lead, bool *ret_changed);

/* ---- spreadsheets out (export.c) ---- */

/* Which leads: ids when there are some, else those of the filter. */
typedef struct ExportAsk {
	LeadFilter filter;
	Int64s ids;
	SheetFormat format;
} ExportAsk;

/* Write the spreadsheet into a new file of the system's temporary folder, deleted with cx->mem. At
 * most `limit` leads. */
MUST_CHECK Err export_write(
	Ctx *cx, const ExportAsk *ask, int64_t limit, const char **ret_path, int64_t *ret_count);
/* "leads-2026-11-22" */
const char *export_name(Ctx *cx, int64_t at);

/* ---- spreadsheets in (import_plan.c, import.c) ---- */

typedef struct LeadImportOptions {
	const char *twins; /* "skip", "update" (fill what is empty), "create" */
	int64_t stage_id, source_id, owner_id;
	Strs tags;
	bool rules; /* run the automations of the stage, tell other systems */
} LeadImportOptions;

/* What all rows of an import need: ImportMap.plan. */
typedef struct LeadImport {
	const LeadImportOptions *option;
	const SqlCrmFields *field;
	size_t field_count;
	const Member *member;
	size_t member_count;
	const Pipeline *pipeline;
	size_t pipeline_count;
	SqlCrmSources *source;
	size_t source_count;
	int64_t stage, pipeline_id; /* where a row without a stage goes */
} LeadImport;

/* A row that was read. */
typedef struct LeadRow {
	LeadForm form;
	LeadDerived more;
	int64_t stage, pipeline;
} LeadRow;

/* import_plan.c: what is imported, and what all rows need of it. */
extern const ImportKind lead_import;
/* import.c: what ImportKind asks for rows. */
MUST_CHECK Err lead_import_parse(Ctx *cx, const ImportMap *map, ImportPairs *pairs, ImportRow *row);
MUST_CHECK Err lead_import_store(
	Ctx *cx, const ImportMap *map, ImportRow *row, size_t count, ImportCounts *counts);

#endif
