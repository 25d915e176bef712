/* Patients of the demonstration: invented, with numbers that are given to nobody. Families point at
 * one another by their place in the table. */
#include "core/clock.h"
#include "modules/patient/clinical.h"
#include "modules/patient/patient_rooms.h"

typedef struct DemoPatient {
	const char *name, *social_name;
	int year, month, day;
	const char *sex, *occupation, *insurer, *plan;
	const char *tags; /* "a|b" */
	const char *source, *channel, *notes;
	int days_old;    /* since the first visit */
	const char *kin; /* what the patient at kin_of is to this one; NULL: nothing told */
	size_t kin_of;
} DemoPatient;

/* clang-format off */
static const DemoPatient ianara[] = {
	{ .name = "Beatriz Almeida Prates", .year = 1991, .month = 3, .day = 14, .sex = "female",
		.occupation = "Arquiteta", .insurer = "Amil Dental", .plan = "Dental 205",
		.tags = "ortodontia", .source = "Instagram", .channel = "whatsapp", .days_old = 1460 },
	{ .name = "Lucas Ferraz", .year = 2009, .month = 7, .day = 2, .sex = "male",
		.insurer = "Bradesco Dental", .plan = "Ideal", .tags = "ortodontia|menor",
		.source = "Indicação", .channel = "whatsapp", .notes = "Vem com a mãe, Cristina.",
		.days_old = 900, .kin = "mother", .kin_of = 43 },
	{ .name = "Mariana Siqueira", .year = 1988, .month = 11, .day = 23, .sex = "female",
		.occupation = "Advogada", .tags = "clareamento", .source = "Google", .channel = "email",
		.days_old = 380 },
	{ .name = "Pedro Henrique Lima", .year = 1979, .month = 1, .day = 30, .sex = "male",
		.occupation = "Engenheiro civil", .insurer = "SulAmérica Odonto", .plan = "Clássico",
		.tags = "implante", .source = "Indicação", .channel = "whatsapp",
		.notes = "Prefere horários depois das 17h.", .days_old = 1210 },
	{ .name = "João Vitor Rocha", .year = 2001, .month = 9, .day = 9, .sex = "male",
		.occupation = "Estudante", .source = "Instagram", .channel = "whatsapp", .days_old = 210 },
	{ .name = "Sofia Martins de Souza", .year = 1996, .month = 5, .day = 17, .sex = "female",
		.occupation = "Enfermeira", .insurer = "Odontoprev", .plan = "Integral DOC",
		.tags = "prevenção", .source = "Convênio", .channel = "whatsapp", .days_old = 640 },
	{ .name = "Antônio Carlos Reis", .year = 1958, .month = 8, .day = 4, .sex = "male",
		.occupation = "Aposentado", .tags = "prótese|idoso", .source = "Indicação", .channel = "phone",
		.notes = "Usa anticoagulante. Escuta melhor pelo lado direito.", .days_old = 2900 },
	{ .name = "Fernanda Lopes", .year = 1985, .month = 12, .day = 12, .sex = "female",
		.occupation = "Professora", .insurer = "Amil Dental", .plan = "Dental 200",
		.source = "Passou na frente", .channel = "whatsapp", .days_old = 730 },
	{ .name = "Davi Monteiro", .year = 2018, .month = 2, .day = 28, .sex = "male",
		.tags = "menor|odontopediatria", .source = "Indicação", .channel = "whatsapp",
		.notes = "Tem medo do motorzinho; ajuda contar uma história.", .days_old = 300,
		.kin = "mother", .kin_of = 21 },
	{ .name = "Carla Moreira", .year = 1974, .month = 6, .day = 21, .sex = "female",
		.occupation = "Contadora", .insurer = "Bradesco Dental", .plan = "Prime",
		.source = "Google", .channel = "whatsapp", .days_old = 1500 },
	{ .name = "Alexandre Pires", .social_name = "Alexa Pires", .year = 1999, .month = 10, .day = 5,
		.sex = "other", .occupation = "Designer", .tags = "clareamento",
		.source = "Instagram", .channel = "whatsapp", .notes = "Chamar sempre de Alexa.",
		.days_old = 160 },
	{ .name = "Vera Lúcia Matos", .year = 1949, .month = 4, .day = 1, .sex = "female",
		.occupation = "Aposentada", .tags = "prótese|idoso", .source = "Indicação", .channel = "phone",
		.notes = "Vem de carro com o neto; marcar pela manhã.", .days_old = 3300 },
	{ .name = "Helena Prado", .year = 1982, .month = 7, .day = 8, .sex = "female",
		.occupation = "Empresária", .tags = "VIP", .source = "Indicação", .channel = "whatsapp",
		.days_old = 2100 },
	{ .name = "Sônia Regina Barreto", .year = 1968, .month = 5, .day = 3, .sex = "female",
		.occupation = "Costureira", .tags = "implante|prótese",
		.source = "Indicação", .channel = "whatsapp",
		.notes = "Hipertensa, usa losartana. Aferir a pressão antes da anestesia.", .days_old = 2500 },
	{ .name = "Renato Duarte", .year = 1971, .month = 9, .day = 27, .sex = "male",
		.occupation = "Comerciante", .insurer = "Odontoprev", .plan = "Bem-Estar",
		.source = "Passou na frente", .channel = "phone", .days_old = 820 },
	{ .name = "Juliana Castro", .year = 1993, .month = 2, .day = 19, .sex = "female",
		.occupation = "Fisioterapeuta", .insurer = "SulAmérica Odonto", .plan = "Essencial",
		.tags = "ortodontia", .source = "Instagram", .channel = "whatsapp", .days_old = 450 },
	{ .name = "Thiago Ramos", .year = 1987, .month = 10, .day = 11, .sex = "male",
		.occupation = "Motorista", .source = "WhatsApp", .channel = "whatsapp", .days_old = 95 },
	{ .name = "Ana Clara Duarte", .year = 2012, .month = 12, .day = 1, .sex = "female",
		.insurer = "Odontoprev", .plan = "Bem-Estar", .tags = "ortodontia|menor",
		.source = "Família", .channel = "whatsapp", .days_old = 420, .kin = "father", .kin_of = 14 },
	{ .name = "Miguel Duarte", .year = 2016, .month = 4, .day = 22, .sex = "male",
		.insurer = "Odontoprev", .plan = "Bem-Estar", .tags = "menor|odontopediatria",
		.source = "Família", .channel = "whatsapp", .days_old = 420, .kin = "father", .kin_of = 14 },
	{ .name = "Patrícia Nogueira Duarte", .year = 1975, .month = 3, .day = 30, .sex = "female",
		.occupation = "Nutricionista", .insurer = "Odontoprev", .plan = "Bem-Estar",
		.source = "Família", .channel = "whatsapp", .days_old = 800, .kin = "spouse", .kin_of = 14 },
	{ .name = "Rodrigo Antunes", .year = 1990, .month = 8, .day = 16, .sex = "male",
		.occupation = "Policial militar", .tags = "bruxismo",
		.source = "Google", .channel = "whatsapp", .days_old = 260 },
	{ .name = "Paula Monteiro", .year = 1989, .month = 1, .day = 7, .sex = "female",
		.occupation = "Veterinária", .source = "Indicação", .channel = "whatsapp", .days_old = 340 },
	{ .name = "Camila Teixeira Braga", .year = 1998, .month = 6, .day = 25, .sex = "female",
		.occupation = "Publicitária", .insurer = "Amil Dental", .plan = "Dental 205",
		.tags = "clareamento", .source = "Instagram", .channel = "whatsapp", .days_old = 70 },
	{ .name = "José Geraldo Pimentel", .year = 1953, .month = 11, .day = 2, .sex = "male",
		.occupation = "Aposentado", .tags = "prótese|idoso", .source = "Indicação", .channel = "phone",
		.notes = "Diabético. Trazer a última glicada.", .days_old = 1900 },
	{ .name = "Maria Aparecida Pimentel", .year = 1956, .month = 2, .day = 14, .sex = "female",
		.occupation = "Do lar", .tags = "prótese|idoso", .source = "Família", .channel = "phone",
		.days_old = 1900, .kin = "spouse", .kin_of = 23 },
	{ .name = "Gabriel Souza Freitas", .year = 2004, .month = 3, .day = 3, .sex = "male",
		.occupation = "Estudante", .tags = "siso", .source = "Google", .channel = "whatsapp",
		.days_old = 45 },
	{ .name = "Larissa Cardoso", .year = 1994, .month = 9, .day = 18, .sex = "female",
		.occupation = "Maquiadora", .tags = "faceta", .source = "Instagram", .channel = "whatsapp",
		.days_old = 130 },
	{ .name = "Eduardo Vilela", .year = 1965, .month = 12, .day = 29, .sex = "male",
		.occupation = "Médico", .tags = "implante|VIP", .source = "Indicação", .channel = "email",
		.days_old = 1750 },
	{ .name = "Valentina Vilela", .year = 2014, .month = 8, .day = 8, .sex = "female",
		.tags = "menor|ortodontia", .source = "Família", .channel = "whatsapp", .days_old = 365,
		.kin = "grandparent", .kin_of = 27 },
	{ .name = "Bruno César Machado", .year = 1983, .month = 5, .day = 5, .sex = "male",
		.occupation = "Programador", .insurer = "SulAmérica Odonto", .plan = "Clássico",
		.source = "Google", .channel = "email", .days_old = 610 },
	{ .name = "Tatiane Alves Ribeiro", .year = 1980, .month = 10, .day = 30, .sex = "female",
		.occupation = "Vendedora", .insurer = "Bradesco Dental", .plan = "Ideal",
		.source = "Convênio", .channel = "whatsapp", .days_old = 540 },
	{ .name = "Isabela Ribeiro", .year = 2010, .month = 1, .day = 26, .sex = "female",
		.insurer = "Bradesco Dental", .plan = "Ideal", .tags = "menor|ortodontia",
		.source = "Família", .channel = "whatsapp", .days_old = 540, .kin = "mother", .kin_of = 30 },
	{ .name = "Caio Ribeiro", .year = 2013, .month = 6, .day = 12, .sex = "male",
		.insurer = "Bradesco Dental", .plan = "Ideal", .tags = "menor",
		.source = "Família", .channel = "whatsapp", .days_old = 540, .kin = "mother", .kin_of = 30 },
	{ .name = "Nelson Watanabe", .year = 1961, .month = 4, .day = 9, .sex = "male",
		.occupation = "Feirante", .tags = "implante", .source = "Indicação", .channel = "phone",
		.days_old = 2700 },
	{ .name = "Kelly Cristina Barros", .year = 1992, .month = 12, .day = 20, .sex = "female",
		.occupation = "Cabeleireira", .source = "Passou na frente", .channel = "whatsapp",
		.days_old = 190 },
	{ .name = "Marcos Paulo Siqueira", .year = 1984, .month = 2, .day = 2, .sex = "male",
		.occupation = "Eletricista", .source = "Família", .channel = "whatsapp", .days_old = 370,
		.kin = "spouse", .kin_of = 2 },
	{ .name = "Olívia Siqueira", .year = 2020, .month = 9, .day = 15, .sex = "female",
		.tags = "menor|odontopediatria", .source = "Família", .channel = "whatsapp",
		.notes = "Primeira consulta aos 4 anos.", .days_old = 200, .kin = "mother", .kin_of = 2 },
	{ .name = "Sebastião Ferreira Lima", .year = 1945, .month = 1, .day = 20, .sex = "male",
		.occupation = "Aposentado", .tags = "prótese|idoso", .source = "Indicação", .channel = "phone",
		.notes = "Marca-passo: avisar antes do ultrassom.", .days_old = 3600,
		.kin = "child", .kin_of = 3 },
	{ .name = "Daniela Pacheco", .year = 1986, .month = 7, .day = 31, .sex = "female",
		.occupation = "Jornalista", .insurer = "Amil Dental", .plan = "Dental 205", .tags = "bruxismo",
		.source = "Instagram", .channel = "email", .days_old = 720 },
	{ .name = "Vinícius Toledo", .year = 1997, .month = 4, .day = 27, .sex = "male",
		.occupation = "Educador físico", .tags = "clareamento",
		.source = "Instagram", .channel = "whatsapp", .days_old = 60 },
	{ .name = "Emily Johnson", .year = 1990, .month = 10, .day = 14, .sex = "female",
		.occupation = "Professora de inglês", .tags = "estrangeira",
		.source = "Google", .channel = "email",
		.notes = "Prefere falar em inglês. Sem CPF, usa passaporte.", .days_old = 150 },
	{ .name = "Rosângela Dias", .year = 1970, .month = 8, .day = 23, .sex = "female",
		.occupation = "Cozinheira", .insurer = "Odontoprev", .plan = "Integral DOC",
		.source = "Convênio", .channel = "phone", .days_old = 980 },
	{ .name = "Felipe Augusto Dias", .year = 1999, .month = 3, .day = 12, .sex = "male",
		.occupation = "Entregador", .insurer = "Odontoprev", .plan = "Integral DOC", .tags = "siso",
		.source = "Família", .channel = "whatsapp", .days_old = 310 },
	{ .name = "Cristina Ferraz", .year = 1981, .month = 11, .day = 19, .sex = "female",
		.occupation = "Administradora", .insurer = "Bradesco Dental", .plan = "Ideal",
		.source = "Indicação", .channel = "whatsapp", .days_old = 900 },
	{ .name = "Luiz Otávio Sampaio", .year = 1977, .month = 6, .day = 6, .sex = "male",
		.occupation = "Corretor de imóveis", .tags = "faceta|VIP",
		.source = "Indicação", .channel = "whatsapp", .days_old = 1320 },
};

static const DemoPatient aurora[] = {
	{ .name = "Amanda Rezende", .year = 1990, .month = 4, .day = 18, .sex = "female",
		.occupation = "Psicóloga", .tags = "clareamento", .source = "Instagram", .channel = "whatsapp",
		.days_old = 420 },
	{ .name = "Otávio Brandt", .year = 1972, .month = 9, .day = 2, .sex = "male",
		.occupation = "Empresário", .insurer = "Odontoprev", .plan = "Integral DOC",
		.tags = "implante", .source = "Indicação", .channel = "email", .days_old = 1300 },
	{ .name = "Lívia Brandt", .year = 2011, .month = 7, .day = 21, .sex = "female",
		.insurer = "Odontoprev", .plan = "Integral DOC", .tags = "menor|ortodontia",
		.source = "Família", .channel = "whatsapp", .days_old = 600, .kin = "father", .kin_of = 1 },
	{ .name = "Henrique Cavalcanti", .year = 1985, .month = 1, .day = 11, .sex = "male",
		.occupation = "Piloto", .source = "Google", .channel = "whatsapp", .days_old = 240 },
	{ .name = "Yara Nascimento", .year = 1995, .month = 12, .day = 3, .sex = "female",
		.occupation = "Bióloga", .insurer = "Amil Dental", .plan = "Dental 205", .tags = "ortodontia",
		.source = "Instagram", .channel = "whatsapp", .days_old = 310 },
	{ .name = "Geraldo Meira", .year = 1950, .month = 6, .day = 29, .sex = "male",
		.occupation = "Aposentado", .tags = "prótese|idoso", .source = "Indicação", .channel = "phone",
		.notes = "Alérgico a dipirona.", .days_old = 2400 },
	{ .name = "Priscila Andrade", .year = 1988, .month = 3, .day = 8, .sex = "female",
		.occupation = "Dentista", .tags = "VIP", .source = "Indicação", .channel = "whatsapp",
		.days_old = 880 },
	{ .name = "Samuel Andrade", .year = 2017, .month = 10, .day = 10, .sex = "male",
		.tags = "menor|odontopediatria", .source = "Família", .channel = "whatsapp", .days_old = 500,
		.kin = "mother", .kin_of = 6 },
	{ .name = "Ester Figueira", .year = 1963, .month = 2, .day = 24, .sex = "female",
		.occupation = "Tradutora", .insurer = "SulAmérica Odonto", .plan = "Clássico",
		.source = "Convênio", .channel = "email", .days_old = 760 },
	{ .name = "Ícaro Mendonça", .year = 2002, .month = 5, .day = 30, .sex = "male",
		.occupation = "Estudante", .tags = "siso", .source = "Google", .channel = "whatsapp",
		.days_old = 90 },
	{ .name = "Cecília Barcelos", .year = 1979, .month = 8, .day = 14, .sex = "female",
		.occupation = "Fotógrafa", .tags = "faceta", .source = "Instagram", .channel = "whatsapp",
		.days_old = 350 },
	{ .name = "Wagner Prestes", .year = 1968, .month = 11, .day = 7, .sex = "male",
		.occupation = "Metalúrgico", .insurer = "Bradesco Dental", .plan = "Ideal",
		.source = "Convênio", .channel = "phone", .days_old = 1100 },
	{ .name = "Noemi Tavares", .year = 1947, .month = 1, .day = 15, .sex = "female",
		.occupation = "Aposentada", .tags = "prótese|idoso", .source = "Indicação", .channel = "phone",
		.days_old = 2000 },
	{ .name = "Rafaela Quintão", .year = 1999, .month = 9, .day = 9, .sex = "female",
		.occupation = "Atriz", .tags = "clareamento", .source = "Instagram", .channel = "whatsapp",
		.days_old = 120 },
	{ .name = "Dom Pedro Azulay", .year = 1992, .month = 7, .day = 7, .sex = "male",
		.occupation = "Chef de cozinha", .source = "Passou na frente", .channel = "whatsapp",
		.days_old = 55 },
};
/* clang-format on */

static const struct {
	const char *cep, *street, *district;
} places[] = {
	{ "01310100", "Avenida Paulista", "Bela Vista" },
	{ "01414001", "Rua Haddock Lobo", "Cerqueira César" },
	{ "05422001", "Rua Mourato Coelho", "Pinheiros" },
	{ "04538133", "Avenida Brigadeiro Faria Lima", "Itaim Bibi" },
	{ "04101000", "Rua Vergueiro", "Vila Mariana" },
	{ "05435000", "Rua Harmonia", "Vila Madalena" },
	{ "04004030", "Rua Tutóia", "Paraíso" },
};

enum { DAY_S = 86400, CHILD_YEARS = 12 };

/* Two digits that make nine a CPF. Those beginning with
 * 0000 are nobody's. */
static const char *demo_cpf(Arena *mem, size_t i)
{
	char digits[12];
	int sum;

	snprintf(digits, sizeof digits, "0000%05u00", (unsigned)(10000 + i * 1733) % 100000);
	for (int n = 9; n <= 10; n++) {
		sum = 0;
		for (int j = 0; j < n; j++)
			sum += (digits[j] - '0') * (n + 1 - j);
		sum = sum * 10 % 11 % 10;
		digits[n] = (char)('0' + sum);
	}
	return arena_dup(mem, digits);
}

static Strs demo_tags(Arena *mem, const char *text)
{
	const char **tag = NEW_ARRAY(mem, const char *, 4);
	Str rest = str_of(text), word;
	size_t n = 0;

	while (n < 4 && str_cut(&rest, '|', &word))
		if (word.len)
			tag[n++] = arena_copy(mem, word.ptr, word.len);
	return (Strs){ tag, n };
}

/* Grown-ups have a CPF, a phone and an address of their
 * own; a child has those of the family. */
static PatientForm demo_form(Ctx *cx, const DemoPatient *demo, size_t i, int year)
{
	static const char *const news[] = { "whatsapp", "email" };
	static const char *const evenings[] = { "evening" };
	const bool child = year - demo->year < CHILD_YEARS;
	const size_t place = i % COUNT(places), home = demo->kin ? demo->kin_of : i;
	PatientForm in = { .name = demo->name,
		.social_name = demo->social_name,
		.birth = date_of(demo->year, demo->month, demo->day),
		.sex = demo->sex,
		.occupation = demo->occupation,
		.phone = arena_printf(cx->mem, "+55119%04zu00%02zu", 4000 + home * 41, home),
		.source = demo->source,
		.channel = demo->channel,
		.notes = demo->notes,
		.tags = demo_tags(cx->mem, demo->tags),
		.consents = { news, i % 2 ? 0 : 1 + i % 4 / 2 },
		.times = { evenings, i % 5 == 3 },
		.insurer = demo->insurer,
		.plan = demo->plan,
		.card_number = demo->insurer ? arena_printf(cx->mem, "%06zu%04zu", 381904 + i * 97,
						       1000 + i * 13)
					     : NULL,
		.card_until = date_of(year + 1, 1 + (int)i % 12, 28) };

	in.consent = in.consents.count > 0;
	if (str_same(demo->tags, "estrangeira"))
		in.rg = "Passaporte 000000001";
	else if (!child)
		in.cpf = demo_cpf(cx->mem, i);
	if (!child)
		in.email = arena_printf(cx->mem, "paciente%zu@exemplo.com.br", i + 1);
	if (i % 4 != 3) {
		in.cep = places[place].cep;
		in.street = places[place].street;
		in.number = arena_printf(cx->mem, "%zu", 40 + home * 37);
		in.district = places[place].district;
		in.city = "São Paulo";
		in.uf = "SP";
	}
	return in;
}

/* Said at the counter and noted by hand; those of anamneses come with them. */
static const struct {
	const char *name, *kind, *text;
	bool severe;
} warnings[] = {
	{ "Sônia Regina Barreto", "allergy", "penicilina", true },
	{ "Sônia Regina Barreto", "disease", "Hipertensa, usa losartana", false },
	{ "Sônia Regina Barreto", "medication", "AAS 100 mg", false },
	{ "José Geraldo Pimentel", "disease", "Diabetes tipo 2", false },
	{ "Sebastião Ferreira Lima", "disease", "Marca-passo", true },
	{ "Geraldo Meira", "allergy", "dipirona", true },
};

static Err demo_warnings(Ctx *cx, const char *name, int64_t id)
{
	int64_t rows = 0;

	for (size_t i = 0; i < COUNT(warnings); i++)
		if (str_same(warnings[i].name, name))
			TRY(sql_patient_demo_alert(cx, id, warnings[i].kind, warnings[i].text,
				str_fold(cx->mem, warnings[i].text), warnings[i].severe, &rows));
	return rows ? patient_brief_count(cx, (PatientId){ id }) : OK;
}

static Err demo_family(Ctx *cx, const DemoPatient *demo, const int64_t *id, size_t i)
{
	int64_t made;

	if (!demo->kin)
		return OK;
	return patient_add_kin(cx, (PatientId){ id[i] },
		&(Kin){ .kind = demo->kin,
			.other_id = id[demo->kin_of],
			.pays = strcmp(demo->kin, "spouse") != 0,
			.signs = strcmp(demo->kin, "spouse") && strcmp(demo->kin, "child") },
		&made);
}

/* Some came by the funnel and are here already: they get the rest of their identity. */
static Err demo_known(Ctx *cx, const PatientForm *in, const PatientLines *known, PatientId *ret)
{
	PatientForm form = *in;
	Patient patient;

	*ret = (PatientId){ 0 };
	for (size_t i = 0; i < known->count; i++)
		if (str_same(known->line[i].name, in->name))
			ret->v = known->line[i].id;
	if (!ret->v)
		return OK;
	TRY(patient_get(cx, *ret, &patient));
	form.phone = patient.phone;
	form.source = patient.source;
	form.version = patient.version;
	TRY(patient_save(cx, *ret, &form));
	TRY(patient_register_family(cx, &(PatientNew){ .form = form, .id = *ret }, 1));
	return patient_brief_insurance(cx, *ret);
}

/* The clock is set back while they are registered, so that
 * their history reads true. */
static Err demo_people(Ctx *cx, const DemoPatient *demo, size_t count)
{
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, count);
	const int64_t now = cx->now;
	PatientLines known;
	PatientForm in;
	PatientId made;
	int year, month, day;
	int64_t rows;

	date_split(date_today(now, cx->zone), &year, &month, &day);
	TRY(patient_list_lines(cx, &(PatientFilter){ .sort = "newest" }, 100, &known));
	for (size_t i = 0; i < count; i++) {
		in = demo_form(cx, &demo[i], i, year);
		cx->now = now - demo[i].days_old * (int64_t)DAY_S;
		TRY(demo_known(cx, &in, &known, &made));
		if (!made.v) {
			TRY(patient_register(cx, &in, NULL, 0, &made));
			TRY(sql_patient_demo_since(cx, made.v, cx->now, &rows));
		}
		id[i] = made.v;
		TRY(demo_warnings(cx, demo[i].name, made.v));
	}
	for (size_t i = 0; i < count; i++) {
		cx->now = now - demo[i].days_old * (int64_t)DAY_S + 600;
		TRY(demo_family(cx, &demo[i], id, i));
	}
	cx->now = now;
	return anamnesis_demo(cx);
}

Err patient_demo(Ctx *cx)
{
	if (cx->company.v > 1)
		return demo_people(cx, aurora, COUNT(aurora));
	return demo_people(cx, ianara, COUNT(ianara));
}
