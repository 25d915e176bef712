/* What the pages of the register of incidents show. */
#ifndef PRIVACY_INCIDENT_VIEW_H
#define PRIVACY_INCIDENT_VIEW_H

#include "core/clock.h"
#include "modules/privacy/incident.h"
#include "platform/ui/ui.h"

extern const RouteList incident_routes;

typedef struct IncidentsView {
	Req *q;
	const Incident *item;
	size_t item_count;
} IncidentsView;
void incidents_page(Html *h, const IncidentsView *v);

typedef struct IncidentView {
	Req *q;
	const Incident *item, *version; /* item NULL: a new one */
	bool newer;                     /* somebody wrote a version meanwhile */
	size_t version_count;
	const IncidentPatient *patient;
	size_t patient_count;
	PrivacyProfile profile;
	const char *question; /* who is looked for; NULL: nobody */
	const PatientHit *hit;
	size_t hit_count;
} IncidentView;
void incident_page(Html *h, const IncidentView *v);

#endif
