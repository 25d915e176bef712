/* The words of the chart: drawings, conditions, regions (TISS dm_regiao, ANS) and the screen's
 * rows. */
#include <string.h>

#include "modules/treatment/chart.h"
#include "modules/treatment/chart_regions.h"

/* clang-format off */
const uint8_t chart_upper[17] = { 18, 17, 16, 15, 14, 13, 12, 11, 21, 22, 23, 24, 25, 26, 27, 28, 0 };
const uint8_t chart_lower[17] = { 48, 47, 46, 45, 44, 43, 42, 41, 31, 32, 33, 34, 35, 36, 37, 38, 0 };
const uint8_t chart_upper_deciduous[11] = { 55, 54, 53, 52, 51, 61, 62, 63, 64, 65, 0 };
const uint8_t chart_lower_deciduous[11] = { 85, 84, 83, 82, 81, 71, 72, 73, 74, 75, 0 };

const Paint chart_paints[] = {
	{ "filling", "Restauração", false },
	{ "sealant", "Selante", false },
	{ "veneer", "Faceta", true },
	{ "crown", "Coroa", true },
	{ "canal", "Canal", true },
	{ "post", "Pino ou núcleo", true },
	{ "implant", "Implante", true },
	{ "extraction", "Extração", true },
	{ "bridge", "Ponte", true },
	{ "denture", "Prótese removível", true },
	{ "ortho", "Aparelho", true },
	{ "scaling", "Raspagem", true },
	{ "caries", "Cárie", false },
	{ "redo", "Restauração insatisfatória", false },
	{ "fracture", "Fratura", true },
	{ "spot", "Mancha ou desgaste", false },
	{ "missing", "Ausente", true },
	{ "impacted", "Incluso", true },
	{ "root", "Raiz residual", true },
	{ "lesion", "Lesão apical", true },
	{ "gum", "Gengiva", true },
	{ "flag", "Observação", true },
	{ "healthy", "Hígido", true },
	{ "none", "Sem desenho", true },
};

const Condition chart_conditions[] = {
	/* name, title, paint, existing, bad, faces, TISS */
	{ "healthy", "Hígido", "healthy", false, false, 0, 0, 'H' },
	{ "caries", "Cárie", "caries", false, true, 1, 7, 'C' },
	{ "bad_filling", "Restauração insatisfatória", "redo", false, true, 1, 7, 'R' },
	{ "fracture", "Fratura", "fracture", false, true, 0, 7, 0 },
	{ "missing", "Ausente", "missing", false, false, 0, 0, 'A' },
	{ "extraction_needed", "Extração indicada", "extraction", false, true, 0, 0, 'E' },
	{ "residual_root", "Raiz residual", "root", false, true, 0, 0, 'E' },
	{ "impacted", "Incluso", "impacted", false, true, 0, 0, 0 },
	{ "half_impacted", "Semi-incluso", "impacted", false, true, 0, 0, 0 },
	{ "unerupted", "Não erupcionado", "impacted", false, false, 0, 0, 0 },
	{ "canal_needed", "Canal indicado", "canal", false, true, 0, 0, 0 },
	{ "apical_lesion", "Lesão apical", "lesion", false, true, 0, 0, 0 },
	{ "white_spot", "Mancha branca", "spot", false, true, 1, 7, 0 },
	{ "wear", "Desgaste (abrasão, erosão ou abfração)", "spot", false, true, 1, 7, 0 },
	{ "recession", "Recessão gengival", "gum", false, true, 0, 0, 0 },
	{ "pocket", "Bolsa periodontal", "gum", false, true, 0, 0, 0 },
	{ "calculus", "Cálculo", "gum", false, true, 0, 0, 0 },
	{ "mobility", "Mobilidade", "flag", false, true, 0, 0, 0 },
	{ "rotated", "Giroversão", "flag", false, false, 0, 0, 0 },
	{ "diastema", "Diastema", "flag", false, false, 0, 0, 0 },
	{ "retained", "Decíduo retido", "flag", false, false, 0, 0, 0 },
	{ "supernumerary", "Supranumerário", "flag", false, false, 0, 0, 0 },
	{ "restored", "Restauração em resina", "filling", true, false, 1, 7, 'R' },
	{ "amalgam", "Restauração em amálgama", "filling", true, false, 1, 7, 'R' },
	{ "ionomer", "Restauração em ionômero", "filling", true, false, 1, 7, 'R' },
	{ "temporary", "Restauração provisória", "filling", true, false, 1, 7, 'R' },
	{ "sealed", "Selante existente", "sealant", true, false, 0, 5, 0 },
	{ "veneered", "Faceta existente", "veneer", true, false, 0, 0, 'R' },
	{ "crowned", "Coroa existente", "crown", true, false, 0, 0, 'R' },
	{ "canal_treated", "Canal tratado", "canal", true, false, 0, 0, 0 },
	{ "posted", "Pino ou núcleo existente", "post", true, false, 0, 0, 0 },
	{ "implanted", "Implante existente", "implant", true, false, 0, 0, 0 },
	{ "bridged", "Ponte fixa existente", "bridge", true, false, 0, 0, 'R' },
	{ "denture", "Prótese removível existente", "denture", true, false, 0, 0, 0 },
	{ "braced", "Aparelho fixo existente", "ortho", true, false, 0, 0, 0 },
};

const Region chart_regions[] = {
	{ "AS", "Arcada superior" },
	{ "AI", "Arcada inferior" },
	{ "ASAI", "Arcadas superior e inferior" },
	{ "HASD", "Hemiarcada superior direita" },
	{ "HASE", "Hemiarcada superior esquerda" },
	{ "HAID", "Hemiarcada inferior direita" },
	{ "HAIE", "Hemiarcada inferior esquerda" },
	{ "S1", "Sextante superior posterior direito" },
	{ "S2", "Sextante superior anterior" },
	{ "S3", "Sextante superior posterior esquerdo" },
	{ "S4", "Sextante inferior posterior esquerdo" },
	{ "S5", "Sextante inferior anterior" },
	{ "S6", "Sextante inferior posterior direito" },
	{ "LG", "Língua" },
	{ "CL", "Comissura labial" },
	{ "AB", "Assoalho de boca" },
	{ "PA", "Palato" },
	{ "MJ", "Mucosa jugal" },
	{ "PD", "Palato duro" },
	{ "PM", "Palato mole" },
	{ "RM", "Região retromolar" },
	{ "MA", "Mucosa alveolar" },
	{ "GI", "Gengiva inserida" },
	{ "PT", "Parótida" },
	{ "TP", "Tonsilas palatinas" },
	{ "RIS", "Incisivos centrais superiores" },
	{ "RCSD", "Canino e lateral superiores direitos" },
	{ "RPSD", "Pré-molares superiores direitos" },
	{ "RMSD", "Molares superiores direitos" },
	{ "RCSE", "Canino e lateral superiores esquerdos" },
	{ "RPSE", "Pré-molares superiores esquerdos" },
	{ "RMSE", "Molares superiores esquerdos" },
	{ "RII", "Incisivos inferiores" },
	{ "RCID", "Canino inferior direito" },
	{ "RPID", "Pré-molares inferiores direitos" },
	{ "RMID", "Molares inferiores direitos" },
	{ "RCIE", "Canino inferior esquerdo" },
	{ "RPIE", "Pré-molares inferiores esquerdos" },
	{ "RMIE", "Molares inferiores esquerdos" },
	{ "RMD", "Molares do lado direito" },
	{ "RME", "Molares do lado esquerdo" },
	{ "RPD", "Pré-molares do lado direito" },
	{ "RPE", "Pré-molares do lado esquerdo" },
	{ "RMPE", "Molares e pré-molares do lado esquerdo" },
	{ "RMPD", "Molares e pré-molares do lado direito" },
	{ "SM", "Assoalho do seio maxilar" },
	{ "TU", "Túber" },
	{ "SI", "Sínfise" },
	{ "FLI", "Freio lingual" },
	{ "FLA", "Freios labiais" },
	{ "UV", "Úvula" },
	{ "PP", "Pregas palatinas" },
	{ "PI", "Papila incisiva" },
	{ "LS", "Lábio superior" },
	{ "LI", "Lábio inferior" },
	{ "RL", "Região lingual" },
	{ "RP", "Região palatina" },
	{ "RV", "Região vestibular" },
	{ "RSMD", "Região submandibular direita" },
	{ "RSME", "Região submandibular esquerda" },
	{ "RSL", "Região sublingual" },
};
/* clang-format on */
const size_t chart_paint_count = COUNT(chart_paints);
const size_t chart_condition_count = COUNT(chart_conditions);
const size_t chart_region_count = COUNT(chart_regions);

const Paint *chart_paint(const char *name)
{
	for (size_t i = 0; name && i < COUNT(chart_paints); i++)
		if (!strcmp(chart_paints[i].name, name))
			return &chart_paints[i];
	return NULL;
}

const Condition *chart_condition(const char *name)
{
	for (size_t i = 0; name && i < COUNT(chart_conditions); i++)
		if (!strcmp(chart_conditions[i].name, name))
			return &chart_conditions[i];
	return NULL;
}

const char *region_name(const char *region)
{
	for (size_t i = 0; region && i < COUNT(chart_regions); i++)
		if (!strcmp(chart_regions[i].code, region))
			return chart_regions[i].name;
	return NULL;
}

bool region_is_valid(const char *region)
{
	return region_name(region) != NULL;
}
