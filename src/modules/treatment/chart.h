/* chart: the mouth. FDI numbers (ISO 3950), faces as bits, and the words in which findings and work
 * are written and drawn. Facts: shared domain notes, "Odontogram"; the TISS domain dm_dente and
 * dm_face (ANS, TISS 3.05). No database here. */
#ifndef TREATMENT_CHART_H
#define TREATMENT_CHART_H

#include "core/arena.h"

/* Faces of a tooth. Centre is occlusal (premolars, molars) or incisal; oral is palatal above and
 * lingual below. Shown by position: O or I, P or L. */
typedef enum Face {
	FACE_MESIAL = 1,
	FACE_DISTAL = 2,
	FACE_VESTIBULAR = 4,
	FACE_ORAL = 8,
	FACE_CENTRE = 16,
	FACE_CERVICAL = 32,
	FACE_ROOT = 64
} Face;

bool tooth_is_valid(int tooth); /* 11–18 … 41–48, 51–55 … 81–85, supernumerary x9 */
bool tooth_is_deciduous(int tooth);
bool tooth_is_upper(int tooth);
bool tooth_is_right(int tooth);            /* of the patient: on the left of the screen */
bool tooth_is_supernumerary(int tooth);    /* 19, 29 … 89 */
bool tooth_has_centre_occlusal(int tooth); /* false: incisal edge */
int tooth_successor(int tooth);            /* 54 → 14; 0: is permanent */
const char *tooth_name(int tooth);         /* "Primeiro molar superior direito" */
/* May this mask stand on this tooth? At least one bit of the seven, no unknown ones. */
bool faces_fit(int tooth, unsigned faces);
/* "MOD", in the order M O/I D V P/L C R; "" for none. */
const char *faces_text(Arena *mem, int tooth, unsigned faces);
/* The other way, any case and order: "mo", "MOD", "V". False: a letter that this tooth has not. */
bool faces_read(int tooth, const char *text, unsigned *ret);
int faces_count(unsigned faces);
char face_letter(int tooth, Face face);      /* 'M' */
const char *face_name(int tooth, Face face); /* "palatina" */

/* A region that is no tooth, of TISS dm_regiao: sextants S1–S6, arches AS AI ASAI, hemiarches HASD
 * HASE HAID HAIE, and the soft tissues. The list is in chart_regions.h. */
bool region_is_valid(const char *region);
const char *region_name(const char *region); /* "Arcada superior" */

/* The rows of the screen, the patient's right on the left; 0 ends a row. */
typedef enum Dentition { DENTITION_PERMANENT, DENTITION_DECIDUOUS, DENTITION_MIXED } Dentition;
extern const uint8_t chart_upper[17], chart_lower[17], chart_upper_deciduous[11],
	chart_lower_deciduous[11];

/* How something is drawn. What is stored in act.paint and procedure.paint is `name`. */
typedef struct Paint {
	const char *name; /* "filling" "crown" "canal" "post" "implant" "extraction" "bridge"
			     "veneer" "sealant" "denture" "ortho" "scaling" "none" … */
	const char *title;
	bool whole_tooth; /* else faces */
} Paint;
extern const Paint chart_paints[];
extern const size_t chart_paint_count;
const Paint *chart_paint(const char *name); /* NULL: unknown */

/* What can be found or be there already. */
typedef struct Condition {
	const char *name;  /* "healthy" "caries" "fracture" "missing" "impacted" "residual_root"
			      "restored" "crowned" … */
	const char *title; /* "Cárie" */
	const char *paint; /* drawing */
	bool existing;     /* is work that exists (kind existing), not a finding */
	bool bad;          /* needs something done: red */
	uint8_t faces_min, faces_max; /* 0, 0: the whole tooth */
	char tiss;                    /* dm_condicaoClinica A E H C R; 0: none */
} Condition;
extern const Condition chart_conditions[];
extern const size_t chart_condition_count;
const Condition *chart_condition(const char *name);

/* What may be written on a tooth by what a procedure asks for: area, faces, dentition. NULL: it
 * fits; else why not, in Portuguese ("Resina de 2 faces pede exatamente 2 faces"). */
typedef struct AreaRule {
	const char *area; /* "mouth" "arch" "region" "tooth" "range" "surface" */
	int faces_min, faces_max;
	const char *dentition; /* "any" "permanent" "deciduous" */
} AreaRule;
const char *chart_refuses(Arena *mem, const AreaRule *rule, int tooth, unsigned faces,
	const char *region, size_t teeth);

#endif
