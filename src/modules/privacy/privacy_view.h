/* What the pages of privacy show. */
#ifndef PRIVACY_PRIVACY_VIEW_H
#define PRIVACY_PRIVACY_VIEW_H

#include "core/clock.h"
#include "modules/privacy/incident.h"
#include "platform/ui/ui.h"

typedef struct PrivacyPatientView {
	Req *q;
	const PatientHead *head;
	const ConsentText *text;
	size_t text_count;
	const Consent *consent, *log;
	size_t consent_count, log_count;
	const PrivacyRequest *request;
	size_t request_count;
	const ChartRead *read;
	size_t read_count;
	Retention retention;
	Closing closing;
	const PrivacyExport *copy; /* NULL: none asked for */
} PrivacyPatientView;
void privacy_patient_page(Html *h, const PrivacyPatientView *v);
/* The state of a copy, which asks for itself again while it is being made. */
void privacy_copy(Html *h, const PrivacyExport *copy, const char *from);

typedef struct PrivacySettingsView {
	Req *q;
	const ConsentText *text;
	size_t text_count;
	const PrivacyRequest *request;
	size_t request_count;
	const PrivacyExport *copy;
	PrivacyProfile profile;
	const char *open; /* purpose whose text is being written; NULL: none */
} PrivacySettingsView;
void privacy_settings_page(Html *h, const PrivacySettingsView *v);

#endif
