/* tooth_state: what all acts together say of one tooth, for drawing, reading aloud and counting. No
 * database. */
#ifndef TREATMENT_TOOTH_STATE_H
#define TREATMENT_TOOTH_STATE_H

#include "modules/treatment/treatment_rooms.h"

/* How something stands there. */
typedef enum Look {
	LOOK_NONE,
	LOOK_NOTE,  /* seen, and nothing to do */
	LOOK_BAD,   /* seen, and to be treated */
	LOOK_EXIST, /* work that was there already */
	LOOK_DONE,  /* done here */
	LOOK_PLAN,
	LOOK_REFER
} Look;
/* "o-plan": the class that colours and patterns it. */
const char *look_class(Look look);

enum { FACES = 7 };

typedef enum Part {
	PART_CROWN,
	PART_VENEER,
	PART_CANAL,
	PART_POST,
	PART_IMPLANT,
	PART_EXTRACTION,
	PART_IMPACTED,
	PART_ROOT,
	PART_FRACTURE,
	PART_LESION,
	PART_GUM,
	PART_SCALING,
	PART_BRACKET,
	PART_DENTURE,
	PART_PILLAR,
	PART_PONTIC,
	PART_SEALANT,
	PART_FLAG,
	PART_COUNT
} Part;

/* now: as it is; next: what is planned over it. */
typedef struct Stand {
	Look now, next;
} Stand;

typedef struct ToothState {
	int tooth;
	bool examined; /* somebody wrote something about this tooth */
	bool healthy;
	bool redo[FACES]; /* the restoration of the face is to be done again */
	Look absent;
	Stand face[FACES];
	const char *face_paint[FACES]; /* of what is now */
	Stand part[PART_COUNT];
	bool bar_left, bar_right; /* a bridge goes on that way on the screen */
} ToothState;

/* All acts of the mouth, oldest first; void ones are passed over. */
ToothState tooth_state(int tooth, const Act *act, size_t count);
/* Does the act speak of this tooth alone or among others (not: of its region)? */
bool act_on_tooth(const Act *act, int tooth);
bool region_has_tooth(const char *region, int tooth);
/* "Dente 16, Primeiro molar superior direito: cárie MO" */
const char *tooth_aloud(Arena *mem, int tooth, const Act *act, size_t count);

/* CPO-D of permanent teeth (28: wisdom teeth are not counted), ceo-d of deciduous ones (20). */
typedef struct ToothIndex {
	int decayed, lost, filled, sum; /* ceo-d: decayed, to be extracted, filled */
	int examined, teeth;
} ToothIndex;
ToothIndex tooth_index(bool deciduous, const Act *act, size_t count);

#endif
