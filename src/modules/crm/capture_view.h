/* What the capture form and its settings show. */
#ifndef CRM_CAPTURE_VIEW_H
#define CRM_CAPTURE_VIEW_H

#include "modules/crm/capture.h"
#include "modules/crm/crm_view.h"

enum { UTM_COUNT = 5, UTM_MAX = 120 };

/* A mark of the campaign, carried from the page's address to the lead. */
typedef struct Utm {
	const char *name, *value;
} Utm;

typedef struct CaptureView {
	Req *q;
	const SqlFormRow *form;
	bool embed;
	Utm utm[UTM_COUNT];
	const char *stamp;
	const char *notice; /* why the form is shown again; NULL: the fields say it, or it is new */
} CaptureView;
void crm_capture_page(Html *h, const CaptureView *v);
void crm_thanks_page(Html *h, const CaptureView *v);

/* ---- Configurações ---- */

typedef struct FormsView {
	Req *q;
	const SqlFormList *form;
	size_t form_count;
	const char *base; /* "https://clinica.com.br" */
} FormsView;
void crm_forms_page(Html *h, const FormsView *v);

typedef struct FormView {
	Req *q;
	const SqlFormRow *form; /* NULL: a new one */
	const char *base;
	LeadChoices choice;
} FormView;
void crm_form_page(Html *h, const FormView *v);

#endif
