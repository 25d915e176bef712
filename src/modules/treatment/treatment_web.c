/* The dentist's side as a module: what it declares to the program. */
#include "modules/treatment/catalogue.h"

static const Perm perms[] = {
	{"treatment.read",      "Ver odontograma, planos e exames",            "owner manager dentist assistant"},
	{ "treatment.write",    "Registrar no odontograma e atender",          "owner dentist"                  },
	{ "treatment.note",     "Ler e escrever a evolução clínica",        "owner dentist"                  },
	{ "treatment.plan",     "Montar, apresentar e enviar orçamentos",
         "owner manager dentist reception"								      },
	{ "treatment.discount", "Dar desconto acima do limite",                "owner manager"                  },
	{ "treatment.lab",      "Acompanhar trabalhos de laboratório",
         "owner manager dentist reception assistant"							    },
	{ "treatment.recall",   "Trabalhar as listas de retorno",              "owner manager dentist reception"},
	{ "treatment.admin",    "Configurar procedimentos, preços e modelos", "owner manager"                  },
};

const Module treatment_module = {
	.name = "treatment",
	.title = "Tratamentos",
	.perm = perms,
	.perm_count = COUNT(perms),
	.on_company = catalogue_start_company,
};
