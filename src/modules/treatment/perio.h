/* perio: periodontal exams. A draft is written tooth by tooth; a closed one is never changed. */
#ifndef TREATMENT_PERIO_H
#define TREATMENT_PERIO_H

#include "modules/treatment/treatment_rooms.h"

enum { PERIO_SITES = 6, PERIO_TEETH = 32, PERIO_NONE = -99 };

/* Vestibular mesial, middle, distal; then the same of the palatal or lingual side. */
typedef struct PerioSite {
	int margin;  /* mm from the enamel; positive: recession. PERIO_NONE: not measured */
	int probing; /* mm; PERIO_NONE */
	bool bleeding, suppuration, plaque;
} PerioSite;

typedef struct PerioTooth {
	int tooth;
	bool missing, implant;
	int mobility, furcation; /* 0–3; PERIO_NONE */
	PerioSite site[PERIO_SITES];
	int version; /* 0: nothing written yet */
} PerioTooth;

typedef struct PerioExam {
	int64_t id, patient_id, begun_at, closed_at; /* closed_at 0: a draft */
	const char *begun_by, *note;
	PerioTooth tooth[PERIO_TEETH]; /* chart_upper, then chart_lower */
} PerioExam;

typedef struct PerioSums {
	int teeth, sites; /* present and examined */
	int bleeding, suppuration, plaque;
	int bleeding_tenths, plaque_tenths; /* of examined sites; -1: none */
	int pockets4, pockets6;             /* sites probed with at least that */
	int probing_tenths, nic_tenths;     /* means; -1: nothing measured */
} PerioSums;

/* Two exams on the sites that both have probed: a tooth that was lost does not better the mean. */
typedef struct PerioPairs {
	int sites;
	int before_tenths, after_tenths; /* mean probing; -1 */
	int bleeding_before, bleeding_after;
	int pockets_before, pockets_after; /* ≥ 4 mm */
	int better, worse;                 /* by 2 mm or more */
} PerioPairs;

/* Attachment level: probing + margin; PERIO_NONE when one of the two is missing. */
int perio_nic(const PerioSite *site);
/* part of whole in tenths of a percent, half up; -1: whole is 0. */
int perio_tenths_percent(int part, int whole);
/* sum / count in tenths, half away from zero; -1 when count is 0. */
int perio_mean_tenths(int sum, int count);
/* Furcations are where roots part: molars, and the upper first premolars. */
bool perio_has_furcation(int tooth);
PerioSums perio_sums(const PerioExam *exam);
PerioPairs perio_pairs(const PerioExam *before, const PerioExam *after);
int perio_index(int tooth); /* of PerioExam.tooth; -1: no such tooth here */

/* The patient's draft, begun now when there is none; missing teeth and implants as the chart knows.
 */
MUST_CHECK Err perio_begin(Ctx *cx, int64_t patient, int64_t *ret);
/* ERR_NOT_FOUND. */
MUST_CHECK Err perio_get(Ctx *cx, int64_t id, PerioExam *ret);
/* Without teeth, newest first. */
MUST_CHECK Err perio_list(Ctx *cx, int64_t patient, PerioExam **ret, size_t *ret_count);
/* ERR_INVALID: a figure that cannot be, field "margin", "probing" …. ERR_CONFLICT: the exam is
 * closed, or somebody wrote this tooth since in->version. */
MUST_CHECK Err perio_save_tooth(Ctx *cx, int64_t exam, const PerioTooth *in);
/* ERR_CONFLICT: closed already, or nothing was measured. */
MUST_CHECK Err perio_close(Ctx *cx, int64_t exam, int64_t at, const char *note);

/* Put a draft away: no list shows it any more, what was measured stays in the book. ERR_CONFLICT:
 * it is no draft. perio_restore brings it back, unless another draft was begun: ERR_CONFLICT. */
MUST_CHECK Err perio_discard(Ctx *cx, int64_t exam);
MUST_CHECK Err perio_restore(Ctx *cx, int64_t exam);

#endif
