/* What /design prints: one of everything, with invented people. */
#ifndef UI_DESIGN_VIEW_H
#define UI_DESIGN_VIEW_H

#include "platform/ui/ui_view.h"

typedef struct DesignCard { /* a lead on the sample board */
	int id;
	const char *name, *wish, *source, *source_icon, *owner, *due, *due_tone;
	int64_t value;
	bool hot, stalled;
} DesignCard;

typedef struct DesignColumn {
	int id;
	const char *name, *tone;
	DesignCard card[4];
	size_t card_count;
} DesignColumn;

extern const DesignColumn design_column[];
extern const size_t design_column_count;
extern const UiOption design_sources[];
extern const size_t design_source_count;
extern const UiOption design_plans[];
extern const size_t design_plan_count;

Handler ui_design_show;
int64_t design_sum(const DesignColumn *column);

void design_page(Html *h, const UiPage *page);
void design_draft_page(Html *h, const UiPage *page);
void design_board_page(Html *h, const UiPage *page);
void design_empty_page(Html *h, const UiPage *page);
void design_sign_in(Html *h, const UiPublic *page);
void design_capture(Html *h, const UiCapture *page);
void design_drawer(Html *h);
void design_switcher(Html *h);

#endif
