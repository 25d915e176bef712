/* What the pages of audit show. */
#ifndef AUDIT_AUDIT_VIEW_H
#define AUDIT_AUDIT_VIEW_H

#include "modules/audit/audit.h"
#include "platform/ui/ui.h"

typedef struct AuditDiff {
	const char *field, *before, *after;
} AuditDiff;

typedef struct AuditRow {
	int64_t at;
	const char *who, *what, *subject, *reason, *peer;
	const AuditDiff *diff;
	size_t diff_count;
} AuditRow;

typedef struct AuditSeal {
	int64_t seq, at;
	const char *hash;
	int64_t broken; /* first broken seal; 0: the chain holds; -1: not checked */
} AuditSeal;

typedef struct AuditView {
	Req *q;
	bool reads; /* who opened charts, instead of what was changed */
	const AuditRow *row;
	size_t row_count;
	Url next;
	const UiOption *user, *action;
	size_t user_count, action_count;
	const char *user_on, *action_on, *since, *till; /* the filters in force */
	const AuditSeal *seal;                          /* NULL: nothing sealed yet */
} AuditView;
/* audit_diff.c: a stored difference as row->diff, in the words of the screen; people by the names
 * of view->user. */
void audit_diff_lines(
	Ctx *cx, const AuditView *view, const char *subject, const char *text, AuditRow *row);
void audit_page(Html *h, const AuditView *v);

#endif
