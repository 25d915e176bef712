/* demo_logins: who may sign in to the demonstration companies. `siso demo` makes these accounts,
 * `siso up` prints them, README.md and LEIA-ME.md list them: keep the four alike. */
#ifndef PROGRAM_DEMO_LOGINS_H
#define PROGRAM_DEMO_LOGINS_H

#include <string.h>

typedef struct DemoLogin {
	const char *host; /* of the company */
	const char *email;
	const char *name;
	const char *role; /* as in account.h: "owner" */
	const char *role_title;
} DemoLogin;

typedef struct DemoCompany {
	const char *host;
	const char *name;
} DemoCompany;

/* One for all: long enough for the rules, easy to type. */
#define DEMO_PASSWORD "sorriso-aberto-2026"

#define DEMO_IANARA "ianara.localhost"
#define DEMO_AURORA "aurora.localhost"

/* clang-format off */
static const DemoCompany demo_companies[] = {
	{ DEMO_IANARA, "Odontologia Ianara Pinho" },
	{ DEMO_AURORA, "Aurora Odonto" },
};

static const DemoLogin demo_logins[] = {
	{ DEMO_IANARA, "dona@ianara.test", "Ianara Pinho", "owner", "Direção" },
	{ DEMO_IANARA, "gerente@ianara.test", "Renata Sales", "manager", "Gerência" },
	{ DEMO_IANARA, "dentista@ianara.test", "Caio Freire", "dentist", "Dentista" },
	{ DEMO_IANARA, "recepcao@ianara.test", "Jéssica Lima", "reception", "Recepção" },
	{ DEMO_IANARA, "financeiro@ianara.test", "Paulo Brandão", "finance", "Financeiro" },
	{ DEMO_IANARA, "auxiliar@ianara.test", "Bruna Rocha", "assistant", "Auxiliar" },
	{ DEMO_AURORA, "dona@aurora.test", "Aurora Meireles", "owner", "Direção" },
	{ DEMO_AURORA, "recepcao@aurora.test", "Tiago Nunes", "reception", "Recepção" },
};
/* clang-format on */

static inline const char *demo_company_name(const char *host)
{
	return demo_companies[strcmp(host, demo_companies[0].host) != 0].name;
}

#endif
