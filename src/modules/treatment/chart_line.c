/* Reading a typed line of the chart: places first, then what. */
#include "modules/treatment/chart_line.h"

#include <string.h>

#include "core/str.h"

typedef struct Word {
	const char *word, *means;
} Word;

/* clang-format off */
static const Word region_words[] = {
	{ "sup", "AS" }, { "superior", "AS" }, { "superiores", "AS" }, { "as", "AS" },
	{ "inf", "AI" }, { "inferior", "AI" }, { "inferiores", "AI" }, { "ai", "AI" },
	{ "ambas", "ASAI" }, { "asai", "ASAI" }, { "arcadas", "ASAI" },
	{ "hasd", "HASD" }, { "hase", "HASE" }, { "haid", "HAID" }, { "haie", "HAIE" },
	{ "q1", "HASD" }, { "q2", "HASE" }, { "q3", "HAIE" }, { "q4", "HAID" },
	{ "s1", "S1" }, { "s2", "S2" }, { "s3", "S3" }, { "s4", "S4" }, { "s5", "S5" }, { "s6", "S6" },
};
static const Word side_words[] = {
	{ "dir", "D" }, { "direito", "D" }, { "direita", "D" },
	{ "esq", "E" }, { "esquerdo", "E" }, { "esquerda", "E" },
};
static const Word kind_words[] = {
	{ "feito", "done" }, { "feita", "done" }, { "realizado", "done" }, { "realizada", "done" }, { "pronto", "done" },
	{ "pronta", "done" }, { "planejar", "planned" }, { "planejado", "planned" }, { "planejada", "planned" },
	{ "fazer", "planned" }, { "indicado", "planned" }, { "existente", "existing" }, { "tem", "existing" },
	{ "achado", "finding" }, { "encaminhar", "referred" }, { "encaminhado", "referred" },
};
/* Words that mean nothing between places. */
static const char *const fillers[] = { "e", "dente", "dentes", "arcada", "no", "na", "face", "faces", "quadrante",
	"sextante", "hemiarcada", "entre" };

/* A word of the line begins with one of these; longer ones first where they overlap. */
static const Word condition_words[] = {
	{ "higid", "healthy" }, { "sadio", "healthy" }, { "saudave", "healthy" },
	{ "mancha", "white_spot" }, { "carie", "caries" }, { "cariad", "caries" },
	{ "insatisfat", "bad_filling" }, { "infiltra", "bad_filling" },
	{ "fratur", "fracture" }, { "quebra", "fracture" }, { "trinca", "fracture" },
	{ "ausen", "missing" }, { "perdid", "missing" }, { "extraid", "missing" },
	{ "residual", "residual_root" }, { "semi-inclus", "half_impacted" }, { "semiinclus", "half_impacted" },
	{ "inclus", "impacted" }, { "impactad", "impacted" },
	{ "erupcion", "unerupted" }, { "lesao", "apical_lesion" },
	{ "desgast", "wear" }, { "abfra", "wear" }, { "abras", "wear" }, { "eros", "wear" },
	{ "recess", "recession" }, { "retrac", "recession" }, { "bolsa", "pocket" }, { "calcul", "calculus" },
	{ "tartar", "calculus" }, { "mobil", "mobility" }, { "girover", "rotated" }, { "girad", "rotated" },
	{ "diastem", "diastema" }, { "retid", "retained" }, { "supranum", "supernumerary" },
	{ "amalgama", "amalgam" }, { "ionomer", "ionomer" }, { "provisori", "temporary" },
	{ "resina", "restored" }, { "restaura", "restored" }, { "selante", "sealed" }, { "faceta", "veneered" },
	{ "coroa", "crowned" }, { "canal", "canal_treated" }, { "endo", "canal_treated" }, { "pino", "posted" },
	{ "nucleo", "posted" }, { "implante", "implanted" }, { "ponte", "bridged" }, { "dentadura", "denture" },
	{ "protese", "denture" }, { "ppr", "denture" }, { "braquete", "braced" }, { "aparelho", "braced" },
};
/* clang-format on */

static const char *meaning(const Word *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i].word, word))
			return words[i].means;
	return NULL;
}
#define MEANING(words, word) meaning((words), COUNT(words), (word))

static bool is_filler(const char *word)
{
	for (size_t i = 0; i < COUNT(fillers); i++)
		if (!strcmp(fillers[i], word))
			return true;
	return false;
}

const Condition *chart_line_condition(const char *words, int existing)
{
	for (size_t i = 0; i < COUNT(condition_words); i++) {
		const char *at = strstr(words, condition_words[i].word);
		const Condition *c = chart_condition(condition_words[i].means);

		if (!at || (at != words && at[-1] != ' '))
			continue;
		if (existing && c->existing != (existing > 0))
			continue;
		return c;
	}
	return NULL;
}

size_t chart_teeth_between(int from, int to, int *ret, size_t max)
{
	const uint8_t *rows[] = { chart_upper, chart_lower, chart_upper_deciduous,
		chart_lower_deciduous };

	for (size_t r = 0; r < COUNT(rows); r++) {
		int first = -1, last = -1;

		for (int i = 0; rows[r][i]; i++) {
			if (rows[r][i] == from)
				first = i;
			if (rows[r][i] == to)
				last = i;
		}
		if (first < 0 || last < 0)
			continue;
		if (first > last) {
			int swap = first;

			first = last;
			last = swap;
		}
		if ((size_t)(last - first) >= max)
			return 0;
		for (int i = first; i <= last; i++)
			ret[i - first] = rows[r][i];
		return (size_t)(last - first + 1);
	}
	return 0;
}

/* ---- one word after the other ---- */

typedef struct Reader {
	Arena *mem;
	ChartLine *line;
	const char *token[LINE_BYTES_MAX];
	size_t count, at;
	Buf words;
} Reader;

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool add_tooth(Reader *r, int tooth)
{
	ChartLine *line = r->line;

	if (!tooth_is_valid(tooth)) {
		line->bad = arena_printf(r->mem, "O dente %d não existe.", tooth);
		return false;
	}
	for (size_t i = 0; i < line->count; i++)
		if (line->tooth[i] == tooth)
			return true;
	if (line->count == LINE_TEETH_MAX) {
		line->bad = "São dentes demais em uma linha.";
		return false;
	}
	line->tooth[line->count++] = tooth;
	return true;
}

static bool add_range(Reader *r, int from, int to)
{
	int tooth[LINE_TEETH_MAX];
	size_t count;

	if (!tooth_is_valid(from) || !tooth_is_valid(to))
		return add_tooth(r, tooth_is_valid(from) ? to : from);
	count = chart_teeth_between(from, to, tooth, COUNT(tooth));
	if (!count) {
		r->line->bad = arena_printf(
			r->mem, "De %d a %d não é um trecho da mesma arcada.", from, to);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (!add_tooth(r, tooth[i]))
			return false;
	r->line->range = r->line->range || count > 1;
	return true;
}

/* Two digits at the start: a tooth. Three: none. */
static bool tooth_of(const char *word, int *ret, const char **ret_rest)
{
	if (!is_digit(word[0]) || !is_digit(word[1]) || is_digit(word[2]))
		return false;
	*ret = (word[0] - '0') * 10 + word[1] - '0';
	*ret_rest = word + 2;
	return true;
}

static bool take_faces(Reader *r, const char *word)
{
	unsigned faces = 0;

	if (r->line->faces || !r->line->count || !*word)
		return false;
	for (size_t i = 0; i < r->line->count; i++)
		if (!faces_read(r->line->tooth[i], word, &faces))
			return false;
	r->line->faces = faces;
	return true;
}

/* "16", "16mo", "13-15", "13" "a" "15". False: it is no number, or line->bad says what is wrong. */
static bool take_number(Reader *r, const char *word)
{
	const char *rest, *after;
	int from, to;

	if (!tooth_of(word, &from, &rest)) {
		if (is_digit(word[0]))
			r->line->bad = arena_printf(r->mem, "\"%s\" não é um dente.", word);
		return false;
	}
	if (rest[0] == '-' && tooth_of(rest + 1, &to, &after) && !*after)
		return add_range(r, from, to);
	if (!*rest && r->at + 1 < r->count &&
		(!strcmp(r->token[r->at], "a") || !strcmp(r->token[r->at], "ate") ||
			!strcmp(r->token[r->at], "-")) &&
		tooth_of(r->token[r->at + 1], &to, &after) && !*after) {
		r->at += 2;
		return add_range(r, from, to);
	}
	if (!add_tooth(r, from))
		return false;
	if (*rest && !take_faces(r, rest)) {
		r->line->bad = arena_printf(r->mem, "O dente %d não tem estas faces.", from);
		return false;
	}
	return true;
}

/* "sup", and "dir" behind it: a quarter of the mouth. */
static bool take_region(Reader *r, const char *word)
{
	const char *region = MEANING(region_words, word), *side = NULL;

	if (!region || r->line->count)
		return false;
	if (r->line->region && strcmp(r->line->region, region) != 0)
		region = "ASAI";
	if (r->at < r->count)
		side = MEANING(side_words, r->token[r->at]);
	if (side && (!strcmp(region, "AS") || !strcmp(region, "AI"))) {
		r->at++;
		region = !strcmp(region, "AS") ? (*side == 'D' ? "HASD" : "HASE")
					       : (*side == 'D' ? "HAID" : "HAIE");
	}
	r->line->region = region;
	return true;
}

static bool take_place(Reader *r, const char *word)
{
	if (take_number(r, word) || r->line->bad)
		return true;
	if (take_faces(r, word) || take_region(r, word))
		return true;
	if (!r->line->count && (!strcmp(word, "boca") || !strcmp(word, "geral"))) {
		r->line->mouth = true;
		return true;
	}
	return is_filler(word) && r->at < r->count;
}

static void take_word(Reader *r, const char *word)
{
	const char *kind = MEANING(kind_words, word);

	if (kind && !r->line->kind) {
		r->line->kind = kind;
		return;
	}
	if (r->words.len)
		buf_putc(&r->words, ' ');
	buf_puts(&r->words, word);
}

static void split(Reader *r, char *text)
{
	for (char *c = text; *c; c++)
		if (*c == ',' || *c == ';' || *c == '+' || *c == '/' || *c == '(' || *c == ')')
			*c = ' ';
	for (char *c = text; *c && r->count < COUNT(r->token);) {
		while (*c == ' ')
			c++;
		if (!*c)
			break;
		r->token[r->count++] = c;
		while (*c && *c != ' ')
			c++;
		if (*c)
			*c++ = 0;
	}
}

/* A dash is a dash, however long the keyboard makes it. */
static const char *plain_dashes(Arena *mem, const char *text)
{
	Buf buf;

	buf_init(&buf, mem, LINE_BYTES_MAX);
	for (const char *c = text; *c; c++)
		if (!strncmp(c, "\xe2\x80\x93", 3) || !strncmp(c, "\xe2\x80\x94", 3)) {
			buf_putc(&buf, '-');
			c += 2;
		} else {
			buf_putc(&buf, *c);
		}
	return buf_text(&buf);
}

void chart_line_read(Arena *mem, const char *text, ChartLine *ret)
{
	Reader r = { .mem = mem, .line = ret };
	bool places = true;

	*ret = (ChartLine){ .words = "" };
	if (str_is_empty(text) || strlen(text) > LINE_BYTES_MAX ||
		!str_is_clean_utf8(str_of(text))) {
		ret->bad = str_is_empty(text) ? "Escreva onde e o quê: 16 MO resina."
					      : "Esta linha não pode ser lida.";
		return;
	}
	buf_init(&r.words, mem, 2 * LINE_BYTES_MAX);
	split(&r, str_fold(mem, plain_dashes(mem, text)));
	while (r.at < r.count && !ret->bad) {
		const char *word = r.token[r.at++];

		if (places && !ret->kind && !ret->count && MEANING(kind_words, word)) {
			ret->kind = MEANING(kind_words, word);
			continue;
		}
		if (places && take_place(&r, word))
			continue;
		places = false;
		take_word(&r, word);
	}
	ret->words = arena_dup(mem, buf_text(&r.words));
	if (!ret->bad && !*ret->words)
		ret->bad = "Diga também o quê: 16 MO resina, 46 ausente.";
}
