/* chart_write: from what is chosen on the screen, or typed in a line, to acts. */
#ifndef TREATMENT_CHART_WRITE_H
#define TREATMENT_CHART_WRITE_H

#include "modules/treatment/chart_line.h"
#include "modules/treatment/treatment_rooms.h"

/* Teeth, or a region, or (neither) the mouth. */
typedef struct Selection {
	int64_t patient;
	int tooth[LINE_TEETH_MAX];
	size_t count;
	unsigned faces;
	const char *region; /* "" or NULL: none */
	const char *kind;   /* of Act */
	const char *note;
	int64_t done_at;
} Selection;

/* What is to be written there: one of the two. */
typedef struct What {
	const Condition *condition;
	int64_t procedure_id;
	Procedure procedure; /* filled when procedure_id is */
} What;

/* "p:12", "c:caries", with ":17" behind it for faces of its own (*ret_faces, else as given). False:
 * it is none of them. */
bool what_read(const char *text, What *ret, unsigned *ret_faces);
/* NULL: it may be written there; else why not. */
const char *chart_write_refuses(Arena *mem, const Selection *at, const What *what);
/* One act a tooth, or one for a stretch, a region, the mouth; planned ones go to the active plan.
 * now: all acts of the patient; teeth that are gone carry a bridge's pontics. */
MUST_CHECK Err chart_write(Ctx *cx, const Selection *at, const What *what, const Act *now,
	size_t now_count, Int64s *ret_acts);
/* What a typed line means, with kind as the screen's mode. ERR_INVALID: field "line" says why. */
MUST_CHECK Err chart_understand(Ctx *cx, int64_t patient, const char *text, const char *kind,
	Selection *ret, What *ret_what);
/* Is it done to teeth, and not to the mouth or a region? */
bool chart_is_on_teeth(const Procedure *p);
/* Does the number of canals in its name fit the tooth? True of all that name none. */
bool chart_suits(const Procedure *p, const Selection *at);
/* "16, 17", "13–15", "Arcada superior", "Boca" with the faces behind it. */
const char *selection_text(Arena *mem, const Selection *at);

#endif
