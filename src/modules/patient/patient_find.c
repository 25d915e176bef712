/* Finding a patient by what people say at the counter: part of a name, CPF, the end of a phone, the
 * day of birth; and meeting one who may be new. */
#include "core/br.h"
#include "core/clock.h"
#include "core/search.h"
#include "modules/patient/patient_find.sql.h"
#include "modules/patient/patient_rooms.h"

enum {
	DIGITS_LEAST = 3, /* fewer say nothing about a CPF or a phone */
	DIGITS_MOST = 15
};

/* The digits of a question that has nothing else but the signs of CPFs and phones; false: other. */
static bool digits_of(const char *question, char ret[DIGITS_MOST + 1])
{
	size_t n = 0;

	for (; *question; question++) {
		if (*question >= '0' && *question <= '9') {
			if (n == DIGITS_MOST)
				return false;
			ret[n++] = *question;
		} else if (!strchr(" ()-+./", *question)) {
			return false;
		}
	}
	ret[n] = '\0';
	return n >= DIGITS_LEAST;
}

/* What comes behind every text that begins so: the last digit, one higher (':' follows '9'). */
static const char *range_end(Arena *mem, const char *prefix)
{
	char *end = arena_dup(mem, prefix);

	end[strlen(end) - 1]++;
	return end;
}

static const char *reversed(Arena *mem, const char *digits)
{
	size_t n = strlen(digits);
	char *text = arena_alloc(mem, n + 1);

	for (size_t i = 0; i < n; i++)
		text[i] = digits[n - 1 - i];
	return text;
}

static Err find_by_digits(Ctx *cx, const char *digits, int n, SqlHitRow **ret, size_t *ret_count)
{
	const char *rev = reversed(cx->mem, digits), *key = NULL;
	char e164[17];

	if (phone_parse(digits, e164) != PHONE_INVALID || phone_suggest(digits, e164))
		key = phone_key(cx->mem, e164);
	return sql_patient_find_digits(cx, digits, range_end(cx->mem, digits), rev,
		range_end(cx->mem, rev), key, n, ret, ret_count);
}

/* 0: the name begins so; 1: a word of it does; 2: somewhere. */
static int rank_of(Arena *mem, const SqlHitRow *row, const char *asked)
{
	const char *legal = str_fold(mem, row->name), *called = str_fold(mem, row->called);
	const char *inside = arena_printf(mem, " %s", asked);

	if (str_starts(legal, asked) || str_starts(called, asked))
		return 0;
	return strstr(legal, inside) || strstr(called, inside) ? 1 : 2;
}

static PatientHit hit_of(const SqlHitRow *r)
{
	return (PatientHit){ r->id, r->called, r->phone, r->cpf, r->birth, r->alert };
}

static Err find_by_words(Ctx *cx, const char *question, int n, PatientHit *ret, size_t *ret_count)
{
	const char *word[SEARCH_WORDS], *asked = str_fold(cx->mem, question);
	SqlHitRow *row;
	size_t count;
	int *rank;

	search_patterns(cx->mem, question, word);
	if (!word[0])
		return OK;
	TRY(sql_patient_find_words(cx, word[0], word[1], word[2], &row, &count));
	rank = NEW_ARRAY(cx->mem, int, count + 1);
	for (size_t i = 0; i < count; i++)
		rank[i] = rank_of(cx->mem, &row[i], asked);
	for (int want = 0; want <= 2; want++)
		for (size_t i = 0; i < count && *ret_count < (size_t)n; i++)
			if (rank[i] == want)
				ret[(*ret_count)++] = hit_of(&row[i]);
	return OK;
}

Err patient_search(Ctx *cx, const char *question, int n, PatientHit **ret, size_t *ret_count)
{
	char digits[DIGITS_MOST + 1];
	SqlHitRow *row = NULL;
	size_t count = 0;
	int32_t birth;

	*ret_count = 0;
	*ret = NULL;
	if (str_is_empty(question) || n < 1)
		return OK;
	n = n > 20 ? 20 : n;
	*ret = NEW_ARRAY(cx->mem, PatientHit, (size_t)n);
	if (date_parse(question, &birth))
		TRY(sql_patient_find_birth(cx, birth, n, &row, &count));
	if (!count && digits_of(question, digits))
		TRY(find_by_digits(cx, digits, n, &row, &count));
	for (size_t i = 0; i < count; i++)
		(*ret)[(*ret_count)++] = hit_of(&row[i]);
	return count ? OK : find_by_words(cx, question, n, *ret, ret_count);
}

/* ---- meeting somebody ---- */

static bool is_called(Arena *mem, const SqlPatientFindKnown *known, const char *folded)
{
	return str_same(str_fold(mem, known->name), folded) ||
	       (known->social_name && str_same(str_fold(mem, known->social_name), folded));
}

Err patient_meet(Ctx *cx, const char *name, const char *phone, const char *email,
	const char *source, PatientId *ret)
{
	PatientForm in = { .name = name, .email = email, .birth = DATE_NONE };
	SqlPatientFindKnown *known;
	const char *folded;
	char e164[17];
	size_t count;

	if (str_is_empty(name) || str_utf8_length(str_of(name)) > PATIENT_NAME_MAX)
		return err_field(cx, "name", "Informe o nome, com até 120 letras.");
	if (str_is_empty(phone) || phone_parse(phone, e164) == PHONE_INVALID)
		return err_field(cx, "phone", "Informe o telefone com DDD.");
	in.phone = arena_dup(cx->mem, e164);
	TRY(sql_patient_find_known(cx, phone_key(cx->mem, in.phone), &known, &count));
	folded = str_fold(cx->mem, name);
	for (size_t i = 0; i < count; i++)
		if (is_called(cx->mem, &known[i], folded)) {
			*ret = (PatientId){ known[i].id };
			return OK;
		}
	return patient_register(cx, &in, source, /* lead_id= */ 0, ret);
}
