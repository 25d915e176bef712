/* What the files about many leads share: the list's address, bulk changes, spreadsheets out and in.
 */
#ifndef CRM_LEADS_ROOMS_H
#define CRM_LEADS_ROOMS_H

#include "modules/account/account.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/leads.sql.h"
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

enum { IMPORT_COLUMNS_MAX = 100, IMPORT_BAD_MAX = 8, IMPORT_PREVIEW = 10, IMPORT_BATCH = 200 };

typedef struct ImportOptions {
	const char *twins; /* "skip", "update" (fill what is empty), "create" */
	int64_t stage_id, source_id, owner_id;
	Strs tags;
	bool headings; /* the first row has titles */
	bool rules;    /* run the automations of the stage, tell other systems */
} ImportOptions;
extern const Field import_option_fields[];
extern const size_t import_option_count;

/* Where a column of the sheet can go: the fields of a lead, and what is told by name. */
typedef struct ImportTarget {
	const char *name;  /* "phone", "stage", "custom.cidade" */
	const char *title; /* "Telefone" */
	const char *group; /* "Campos da clínica", or NULL */
} ImportTarget;

/* Everything that turns a row of cells into a lead; read once for all rows. */
typedef struct ImportPlan {
	int64_t id;
	const char *const *target; /* of each column; NULL: left out */
	size_t column_count;
	ImportOptions option;
	const SqlCrmFields *field;
	size_t field_count;
	const Member *member;
	size_t member_count;
	const Pipeline *pipeline;
	size_t pipeline_count;
	SqlCrmSources *source;
	size_t source_count;
	int64_t stage, pipeline_id; /* where a row without a stage goes */
} ImportPlan;

/* One row, parsed: a lead, or what is wrong with it. */
typedef struct ImportRow {
	int64_t line; /* as the spreadsheet counts */
	LeadForm form;
	LeadDerived more;
	int64_t stage, pipeline;
	BadField bad[IMPORT_BAD_MAX]; /* field: a target's name */
	size_t bad_count;
} ImportRow;

ImportTarget *import_targets(
	Ctx *cx, const SqlCrmFields *field, size_t field_count, size_t *ret_count);
/* The target that a heading means, not yet taken; NULL: none. */
const char *import_guess(Ctx *cx, const char *heading, const ImportTarget *target, size_t count,
	const char *const *taken, size_t taken_count);
/* mapping: JSON array of target names and nulls. options: JSON object. */
MUST_CHECK Err import_plan(
	Ctx *cx, int64_t id, const char *mapping, const char *options, ImportPlan *ret);
const char *import_mapping_json(Ctx *cx, const char *const *target, size_t count);
const char *import_options_json(Ctx *cx, const ImportOptions *option);
/* Strings of *ret live in cx->mem. Errors of the row are in it; any other error ends the work. */
MUST_CHECK Err import_parse(Ctx *cx, const ImportPlan *plan, Strs cell, ImportRow *ret);
/* Parse and store a batch of rows, in the running transaction. */
typedef struct ImportCounts {
	int added, merged, bad;
} ImportCounts;
MUST_CHECK Err import_batch(
	Ctx *cx, const ImportPlan *plan, const SheetRow *row, size_t count, ImportCounts *ret);
/* A path under which a stored file can be read. */
MUST_CHECK Err import_path(Ctx *cx, const char *hash, const char **ret);

#endif
