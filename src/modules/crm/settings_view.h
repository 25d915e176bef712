/* What the pages of Configurações show of the CRM. */
#ifndef CRM_SETTINGS_VIEW_H
#define CRM_SETTINGS_VIEW_H

#include "modules/crm/crm_view.h"

extern const UiOption stage_colors[];
extern const size_t stage_color_count;

typedef struct FunnelsView {
	Req *q;
	const Pipeline *pipeline;
	size_t pipeline_count;
} FunnelsView;
void crm_funnels_page(Html *h, const FunnelsView *v);

/* Sources, reasons and the company's own fields. */
typedef struct ListsView {
	Req *q;
	const SqlCrmSources *source;
	size_t source_count;
	const SqlCrmLossReasons *reason;
	size_t reason_count;
	const SqlCrmFields *field;
	size_t field_count;
} ListsView;
void crm_lists_page(Html *h, const ListsView *v);

#endif
