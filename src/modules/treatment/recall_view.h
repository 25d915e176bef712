/* What the pages of recalls show. */
#ifndef TREATMENT_RECALL_VIEW_H
#define TREATMENT_RECALL_VIEW_H

#include "core/clock.h"
#include "modules/treatment/recall.h"
#include "platform/ui/ui.h"

typedef struct RecallsView {
	Req *q;
	const char *list; /* "due" "scheduled" "declined" "lost" */
	const Recall *recall;
	size_t recall_count;
	const LostPatient *lost;
	size_t lost_count;
	const RecallRule *rule;
	size_t rule_count;
	int64_t rule_id; /* only this one; 0: all */
	int months;      /* of list lost */
	int32_t today;
	RecallCounts counts;
} RecallsView;
void recall_page(Html *h, const RecallsView *v);

typedef struct RecallView {
	Req *q;
	const Recall *recall;
	const RecallAttempt *attempt;
	size_t attempt_count;
} RecallView;
/* The drawer for htmx, else a page. */
void recall_one(Html *h, const RecallView *v);

typedef struct RecallRulesView {
	Req *q;
	const RecallRule *rule;
	size_t rule_count;
	int64_t open; /* shown for editing; 0: the new one; -1: none */
} RecallRulesView;
void recall_rules_page(Html *h, const RecallRulesView *v);

#endif
