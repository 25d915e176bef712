/* What the pages of laboratory cases show. */
#ifndef TREATMENT_LAB_VIEW_H
#define TREATMENT_LAB_VIEW_H

#include "core/clock.h"
#include "modules/treatment/lab.h"
#include "modules/treatment/teeth.h"
#include "platform/ui/ui.h"

typedef struct LabView {
	Req *q;
	bool over;
	const LabCase *item;
	size_t item_count;
	int64_t patient; /* of the card */
} LabView;
void lab_card(Html *h, const LabView *v);
void lab_page(Html *h, const LabView *v);

typedef struct LabCaseView {
	Req *q;
	const PatientHead *head; /* of a new case; NULL: item says whose */
	const LabCase *item;     /* NULL: a new one */
	const UiOption *laboratory;
	size_t laboratory_count;
	const UiOption *dentist;
	size_t dentist_count;
	int64_t plan_line_id;
} LabCaseView;
void lab_case_page(Html *h, const LabCaseView *v);

typedef struct LaboratoriesView {
	Req *q;
	const Laboratory *laboratory;
	size_t laboratory_count;
	int64_t open; /* shown for editing; 0: the new one; -1: none */
} LaboratoriesView;
void laboratories_page(Html *h, const LaboratoriesView *v);

#endif
