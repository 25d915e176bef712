/* Teeth, faces, and what may be written on them. */
#include "modules/treatment/chart.h"

#include <string.h>

enum { FACES_CROWN = 31, FACES_ALL = 127, SUPERNUMERARY = 9 };

static int quadrant_of(int tooth)
{
	return tooth / 10;
}

static int place_of(int tooth)
{
	return tooth % 10;
}

bool tooth_is_valid(int tooth)
{
	int quadrant = quadrant_of(tooth), place = place_of(tooth);

	if (quadrant < 1 || quadrant > 8 || place < 1)
		return false;
	return place == SUPERNUMERARY || place <= (quadrant <= 4 ? 8 : 5);
}

bool tooth_is_deciduous(int tooth)
{
	return quadrant_of(tooth) >= 5;
}

bool tooth_is_upper(int tooth)
{
	int quadrant = quadrant_of(tooth);

	return quadrant == 1 || quadrant == 2 || quadrant == 5 || quadrant == 6;
}

bool tooth_is_right(int tooth)
{
	int quadrant = quadrant_of(tooth);

	return quadrant == 1 || quadrant == 4 || quadrant == 5 || quadrant == 8;
}

bool tooth_is_supernumerary(int tooth)
{
	return place_of(tooth) == SUPERNUMERARY;
}

bool tooth_has_centre_occlusal(int tooth)
{
	return place_of(tooth) >= 4 && !tooth_is_supernumerary(tooth);
}

int tooth_successor(int tooth)
{
	if (!tooth_is_deciduous(tooth) || tooth_is_supernumerary(tooth))
		return 0;
	return tooth - 40;
}

/* clang-format off */
static const char *const names[9][4] = {
	/* upper right, upper left, lower right, lower left */
	{ "Incisivo central superior direito", "Incisivo central superior esquerdo",
	  "Incisivo central inferior direito", "Incisivo central inferior esquerdo" },
	{ "Incisivo lateral superior direito", "Incisivo lateral superior esquerdo",
	  "Incisivo lateral inferior direito", "Incisivo lateral inferior esquerdo" },
	{ "Canino superior direito", "Canino superior esquerdo",
	  "Canino inferior direito", "Canino inferior esquerdo" },
	{ "Primeiro pré-molar superior direito", "Primeiro pré-molar superior esquerdo",
	  "Primeiro pré-molar inferior direito", "Primeiro pré-molar inferior esquerdo" },
	{ "Segundo pré-molar superior direito", "Segundo pré-molar superior esquerdo",
	  "Segundo pré-molar inferior direito", "Segundo pré-molar inferior esquerdo" },
	{ "Primeiro molar superior direito", "Primeiro molar superior esquerdo",
	  "Primeiro molar inferior direito", "Primeiro molar inferior esquerdo" },
	{ "Segundo molar superior direito", "Segundo molar superior esquerdo",
	  "Segundo molar inferior direito", "Segundo molar inferior esquerdo" },
	{ "Terceiro molar superior direito", "Terceiro molar superior esquerdo",
	  "Terceiro molar inferior direito", "Terceiro molar inferior esquerdo" },
	{ "Supranumerário superior direito", "Supranumerário superior esquerdo",
	  "Supranumerário inferior direito", "Supranumerário inferior esquerdo" },
};

static const char *const deciduous_names[6][4] = {
	{ "Incisivo central decíduo superior direito", "Incisivo central decíduo superior esquerdo",
	  "Incisivo central decíduo inferior direito", "Incisivo central decíduo inferior esquerdo" },
	{ "Incisivo lateral decíduo superior direito", "Incisivo lateral decíduo superior esquerdo",
	  "Incisivo lateral decíduo inferior direito", "Incisivo lateral decíduo inferior esquerdo" },
	{ "Canino decíduo superior direito", "Canino decíduo superior esquerdo",
	  "Canino decíduo inferior direito", "Canino decíduo inferior esquerdo" },
	{ "Primeiro molar decíduo superior direito", "Primeiro molar decíduo superior esquerdo",
	  "Primeiro molar decíduo inferior direito", "Primeiro molar decíduo inferior esquerdo" },
	{ "Segundo molar decíduo superior direito", "Segundo molar decíduo superior esquerdo",
	  "Segundo molar decíduo inferior direito", "Segundo molar decíduo inferior esquerdo" },
	{ "Supranumerário decíduo superior direito", "Supranumerário decíduo superior esquerdo",
	  "Supranumerário decíduo inferior direito", "Supranumerário decíduo inferior esquerdo" },
};
/* clang-format on */

const char *tooth_name(int tooth)
{
	int side = (tooth_is_upper(tooth) ? 0 : 2) + !tooth_is_right(tooth);

	if (!tooth_is_valid(tooth))
		return "";
	if (!tooth_is_deciduous(tooth))
		return names[place_of(tooth) - 1][side];
	return deciduous_names[tooth_is_supernumerary(tooth) ? 5 : place_of(tooth) - 1][side];
}

/* ---- faces ---- */

typedef struct FaceLetter {
	Face face;
	char letter;
} FaceLetter;

static const Face face_order[] = { FACE_MESIAL, FACE_CENTRE, FACE_DISTAL, FACE_VESTIBULAR,
	FACE_ORAL, FACE_CERVICAL, FACE_ROOT };

char face_letter(int tooth, Face face)
{
	switch (face) {
	case FACE_MESIAL:
		return 'M';
	case FACE_DISTAL:
		return 'D';
	case FACE_VESTIBULAR:
		return 'V';
	case FACE_ORAL:
		return tooth_is_upper(tooth) ? 'P' : 'L';
	case FACE_CENTRE:
		return tooth_has_centre_occlusal(tooth) ? 'O' : 'I';
	case FACE_CERVICAL:
		return 'C';
	case FACE_ROOT:
		return 'R';
	}
	return 0;
}

const char *face_name(int tooth, Face face)
{
	switch (face) {
	case FACE_MESIAL:
		return "mesial";
	case FACE_DISTAL:
		return "distal";
	case FACE_VESTIBULAR:
		return "vestibular";
	case FACE_ORAL:
		return tooth_is_upper(tooth) ? "palatina" : "lingual";
	case FACE_CENTRE:
		return tooth_has_centre_occlusal(tooth) ? "oclusal" : "incisal";
	case FACE_CERVICAL:
		return "cervical";
	case FACE_ROOT:
		return "raiz";
	}
	return "";
}

bool faces_fit(int tooth, unsigned faces)
{
	return tooth_is_valid(tooth) && faces && !(faces & ~(unsigned)FACES_ALL);
}

const char *faces_text(Arena *mem, int tooth, unsigned faces)
{
	char text[COUNT(face_order) + 1];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(face_order); i++)
		if (faces & face_order[i])
			text[n++] = face_letter(tooth, face_order[i]);
	text[n] = 0;
	return arena_dup(mem, text);
}

static char upper_letter(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

bool faces_read(int tooth, const char *text, unsigned *ret)
{
	unsigned faces = 0;

	for (; text && *text; text++) {
		char c = upper_letter(*text);
		size_t i = 0;

		if (c == 'B') /* "bucal" */
			c = 'V';
		while (i < COUNT(face_order) && face_letter(tooth, face_order[i]) != c)
			i++;
		if (i == COUNT(face_order) || faces & face_order[i])
			return false;
		faces |= face_order[i];
	}
	if (!faces_fit(tooth, faces))
		return false;
	*ret = faces;
	return true;
}

int faces_count(unsigned faces)
{
	return __builtin_popcount(faces);
}

/* ---- what a procedure asks for ---- */

static const char *refuse_dentition(const AreaRule *rule, int tooth)
{
	if (!rule->dentition || !tooth)
		return NULL;
	if (!strcmp(rule->dentition, "permanent") && tooth_is_deciduous(tooth))
		return "Este procedimento é só para dentes permanentes.";
	if (!strcmp(rule->dentition, "deciduous") && !tooth_is_deciduous(tooth))
		return "Este procedimento é só para dentes decíduos.";
	return NULL;
}

static const char *refuse_faces(Arena *mem, const AreaRule *rule, unsigned faces)
{
	int count = faces_count(faces), min = rule->faces_min ? rule->faces_min : 1;
	int max = rule->faces_max ? rule->faces_max : 7;

	if (count >= min && count <= max)
		return NULL;
	if (min == max)
		return min == 1 ? "Marque exatamente 1 face."
				: arena_printf(mem, "Marque exatamente %d faces.", min);
	if (count < min)
		return min == 1 ? "Marque ao menos 1 face."
				: arena_printf(mem, "Marque ao menos %d faces.", min);
	return arena_printf(mem, "Marque no máximo %d %s.", max, max == 1 ? "face" : "faces");
}

static bool region_is_arch(const char *region)
{
	return !strcmp(region, "AS") || !strcmp(region, "AI") || !strcmp(region, "ASAI");
}

const char *chart_refuses(Arena *mem, const AreaRule *rule, int tooth, unsigned faces,
	const char *region, size_t teeth)
{
	bool surface = !strcmp(rule->area, "surface");

	if (tooth && !tooth_is_valid(tooth))
		return arena_printf(mem, "O dente %d não existe.", tooth);
	if (region && !region_is_valid(region))
		return "Esta região não existe.";
	if (faces && (!surface || !faces_fit(tooth, faces)))
		return surface ? "Estas faces não existem neste dente."
			       : "Aqui não se marcam faces.";
	if (!strcmp(rule->area, "mouth"))
		return tooth || region || teeth
			       ? "Vale para a boca toda: não marque dente nem região."
			       : NULL;
	if (!strcmp(rule->area, "arch"))
		return region && region_is_arch(region) && !tooth && !teeth
			       ? NULL
			       : "Escolha a arcada: superior, inferior ou as duas.";
	if (!strcmp(rule->area, "region"))
		return region && !tooth && !teeth ? NULL : "Escolha a região ou o sextante.";
	if (!strcmp(rule->area, "range"))
		return teeth >= 2 && !tooth && !region ? NULL : "Marque dois dentes ou mais.";
	if (!tooth || region || teeth)
		return "Marque um dente.";
	if (refuse_dentition(rule, tooth))
		return refuse_dentition(rule, tooth);
	return surface ? refuse_faces(mem, rule, faces) : NULL;
}
