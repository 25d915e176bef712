/* incident: the register of security incidents (Res. CD/ANPD 15/2024). What is written is never
 * changed nor deleted: each change is a new version, and all versions stay. */
#ifndef PRIVACY_INCIDENT_H
#define PRIVACY_INCIDENT_H

#include "modules/privacy/privacy.h"

enum {
	INCIDENT_DAYS = 3,             /* business days to tell ANPD and people (art. 6 and 9) */
	INCIDENT_SMALL_TIMES = 2,      /* for small agents (Res. CD/ANPD 2/2022, art. 14) */
	INCIDENT_COMPLEMENT_DAYS = 20, /* business days from the communication (art. 6, § 3) */
	INCIDENT_KEPT_YEARS = 5,       /* art. 10 */
	INCIDENT_CRITERIA = 6,
	INCIDENT_RISKS = 3
};

typedef struct Incident {
	int64_t id, happened_at, known_at, at; /* happened 0: not known; at: of this version */
	int64_t people;                        /* -1: not known yet */
	const char *title, *what, *data, *risk, *risk_why, *measures;
	const char *anpd_protocol, *people_how, *who;
	Strs criteria;
	/* DATE_NONE: not yet */
	int32_t anpd_on, complement_on, people_on, ended_on, due_on, complement_due_on;
	int version;
} Incident;

typedef struct IncidentForm {
	const char *title, *what, *data, *risk, *risk_why, *measures, *anpd_protocol, *people_how;
	const char *people; /* a number, or NULL: not known */
	int64_t happened_at, known_at, version;
	int32_t anpd_on, complement_on, people_on, ended_on;
	Strs criteria;
} IncidentForm;
enum { INCIDENT_FIELDS = 17, PRIVACY_PROFILE_FIELDS = 4 };
extern const Field incident_fields[INCIDENT_FIELDS];

/* What makes a risk a relevant one (art. 5). */
extern const UiOption incident_criteria[INCIDENT_CRITERIA];
extern const UiOption incident_risks[INCIDENT_RISKS];
const char *incident_criterion_title(const char *criterion);
const char *incident_risk_title(const char *risk);

/* What is still to be done of an incident, and until when. */
typedef struct IncidentDuty {
	const char *what;  /* "judge" "anpd" "people" "complement" */
	const char *title; /* "Comunicar à ANPD" */
	int32_t due_on;
} IncidentDuty;
enum { INCIDENT_DUTIES = 3 };
size_t incident_duties(const Incident *incident, IncidentDuty ret[INCIDENT_DUTIES]);

/* The n-th business day behind (n < 0: before) a date: no weekend, no national holiday. Optional
 * days (Carnival, Corpus Christi) count as business days: the earlier date is the safe one. */
int32_t business_day(int32_t date, int n);

/* ERR_INVALID: fields. */
MUST_CHECK Err incident_add(Ctx *cx, const IncidentForm *in, int64_t *ret_id);
/* A new version. ERR_STALE: somebody wrote one meanwhile. */
MUST_CHECK Err incident_save(Ctx *cx, int64_t id, const IncidentForm *in);
MUST_CHECK Err incident_get(Ctx *cx, int64_t id, Incident *ret);
/* As they stand, newest first, at most 500; all versions of one, newest first. */
MUST_CHECK Err incident_list(Ctx *cx, Incident **ret, size_t *ret_count);
MUST_CHECK Err incident_list_versions(Ctx *cx, int64_t id, Incident **ret, size_t *ret_count);
/* Titles of what differs between two versions, "Risco, Medidas tomadas". */
const char *incident_difference(Arena *mem, const Incident *before, const Incident *after);

typedef struct IncidentPatient {
	int64_t id;
	const char *name;
} IncidentPatient;
MUST_CHECK Err incident_list_patients(
	Ctx *cx, int64_t id, IncidentPatient **ret, size_t *ret_count);
/* ERR_NOT_FOUND: no such incident or patient. */
MUST_CHECK Err incident_link_patient(Ctx *cx, int64_t id, PatientId patient, bool affected);

/* Job: remind who keeps the register by notice and e-mail: a business day before, on the day, and
 * when it is late, once each. */
MUST_CHECK Err incident_warn(Ctx *cx, const char *data);

/* The register on paper, of one incident (id) or of all (0). */
MUST_CHECK Err incident_pdf(Ctx *cx, int64_t id, Str *ret);

/* ---- who answers for data protection ---- */

typedef struct PrivacyProfile {
	bool small_agent;
	const char *officer_name, *officer_email, *officer_phone; /* NULL: not said */
} PrivacyProfile;
extern const Field privacy_profile_fields[PRIVACY_PROFILE_FIELDS];
MUST_CHECK Err privacy_get_profile(Ctx *cx, PrivacyProfile *ret);
MUST_CHECK Err privacy_save_profile(Ctx *cx, const PrivacyProfile *in);

#endif
