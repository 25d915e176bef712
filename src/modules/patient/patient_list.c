/* The list: filters, pages in both directions, and the people a question of digits finds. */
#include "core/clock.h"
#include "core/search.h"
#include "modules/patient/patient_list.sql.h"
#include "modules/patient/patient_view.h"

enum { SEARCH_HITS = 20, MONTH_S = 2629746 /* a twelfth of a mean year */ };

const Field patient_filter_fields[] = {
	FIELD(PatientFilter, q, FIELD_TEXT, "Nome, CPF, telefone ou nascimento", 0, 120, false),
	FIELD(PatientFilter, tag, FIELD_TEXT, "Etiqueta", 0, PATIENT_TAG_MAX, false),
	FIELD(PatientFilter, insurer, FIELD_TEXT, "Convênio", 0, 80, false),
	FIELD(PatientFilter, birth_month, FIELD_INT, "Mês de aniversário", 1, 12, false),
	FIELD(PatientFilter, away, FIELD_INT, "Sem visita há quantos meses", 1, 120, false),
	CHOICE_FIELD(PatientFilter, sort, "Ordem", "name newest", false),
	FIELD(PatientFilter, after, FIELD_ID, "Cursor: o next da página anterior", 0, 0, false),
	FIELD(PatientFilter, before, FIELD_ID, "Cursor para trás", 0, 0, false),
	FIELD(PatientFilter, limit, FIELD_INT, "Quantos", 1, 200, false),
};
const size_t patient_filter_field_count = COUNT(patient_filter_fields);

static PatientLine line_of(const SqlBriefRow *r)
{
	return (PatientLine){ .id = r->id,
		.name = r->name,
		.called = r->called,
		.social_name = r->social_name,
		.birth = r->birth,
		.cpf = r->cpf,
		.phone = r->phone,
		.email = r->email,
		.insurance = r->insurance,
		.photo = r->photo,
		.tags = r->tags,
		.alert = r->alert,
		.alert_text = r->alert_text,
		.lead_id = r->lead_id,
		.last_visit = r->last_visit_at,
		.next_visit = r->next_visit_at,
		.created_at = r->created_at,
		.version = r->version };
}

/* Digits and a day of birth go to their own indexes, in patient_search. */
static bool is_number(const char *question)
{
	int32_t day;

	if (str_is_empty(question))
		return false;
	return date_parse(question, &day) || !question[strspn(question, "0123456789 ()-+./")];
}

static Err list_hits(Ctx *cx, const char *question, SqlBriefRow **ret, size_t *ret_count)
{
	PatientHit *hit;
	int64_t *id;
	size_t count;

	TRY(patient_search(cx, question, SEARCH_HITS, &hit, &count));
	id = NEW_ARRAY(cx->mem, int64_t, count + 1);
	for (size_t i = 0; i < count; i++)
		id[i] = hit[i].id;
	return sql_list_these(cx, (Int64s){ id, count }, ret, ret_count);
}

/* The generated rows of one id each, as a list of ids. */
#define IDS_OF(row, count, ret)                                                                    \
	do {                                                                                       \
		int64_t *ids = NEW_ARRAY(cx->mem, int64_t, (count) + 1);                           \
		for (size_t i = 0; i < (count); i++)                                               \
			ids[i] = (row)[i].id;                                                      \
		*(ret) = (Int64s){ ids, (count) };                                                 \
	} while (0)

static Err word_ids(Ctx *cx, const PatientFilter *f, const char *const word[SEARCH_WORDS],
	int32_t n, Int64s *ret)
{
	const int64_t *after = f->after ? &f->after : NULL;
	SqlWordsBackward *back;
	SqlWordsForward *on;
	SqlWordsNewest *newest;
	size_t count;

	if (f->before) {
		TRY(sql_words_backward(cx, word[0], word[1], word[2], f->before, n, &back, &count));
		IDS_OF(back, count, ret);
	} else if (str_same(f->sort, "newest")) {
		TRY(sql_words_newest(cx, word[0], word[1], word[2], after, n, &newest, &count));
		IDS_OF(newest, count, ret);
	} else {
		TRY(sql_words_forward(cx, word[0], word[1], word[2], after, n, &on, &count));
		IDS_OF(on, count, ret);
	}
	return OK;
}

/* Words alone: ids first, from the index, then their rows. */
static Err list_words(Ctx *cx, const PatientFilter *f, const char *const word[SEARCH_WORDS],
	int32_t n, SqlBriefRow **ret, size_t *ret_count)
{
	Int64s ids;

	TRY(word_ids(cx, f, word, n, &ids));
	return sql_list_these(cx, ids, ret, ret_count);
}

/* One row more than asked says that the list goes on. */
static Err list_rows(
	Ctx *cx, const PatientFilter *f, int32_t n, SqlBriefRow **ret, size_t *ret_count)
{
	const bool newest = str_same(f->sort, "newest"), back = f->before != 0;
	const int64_t away = cx->now - f->away * MONTH_S;
	const int32_t month = (int32_t)f->birth_month;
	const char *word[SEARCH_WORDS];

	search_patterns(cx->mem, f->q, word);
	if (word[0] && !f->tag && !f->insurer && !month && !f->away && !(back && newest))
		return list_words(cx, f, word, n, ret, ret_count);
#define ASKED                                                                                      \
	.word1 = word[0], .word2 = word[1], .word3 = word[2], .tag = f->tag,                       \
	.insurer = f->insurer, .month = month ? &month : NULL, .away = f->away ? &away : NULL,     \
	.n = n
	if (back && newest)
		return sql_list_newer(
			cx, &(SqlListNewerIn){ ASKED, .before = f->before }, ret, ret_count);
	if (back)
		return sql_list_backward(
			cx, &(SqlListBackwardIn){ ASKED, .before = f->before }, ret, ret_count);
	if (newest)
		return sql_list_newest(cx,
			&(SqlListNewestIn){ ASKED, .after = f->after ? &f->after : NULL }, ret,
			ret_count);
	return sql_list_forward(cx,
		&(SqlListForwardIn){ ASKED, .after = f->after ? &f->after : NULL }, ret, ret_count);
#undef ASKED
}

Err patient_list_lines(Ctx *cx, const PatientFilter *f, int32_t limit, PatientLines *ret)
{
	PatientLine *line;
	SqlBriefRow *row;
	size_t count;
	bool more;

	*ret = (PatientLines){ 0 };
	if (is_number(f->q))
		TRY(list_hits(cx, f->q, &row, &count));
	else
		TRY(list_rows(cx, f, limit + 1, &row, &count));
	more = count > (size_t)limit;
	count = more ? (size_t)limit : count;
	line = NEW_ARRAY(cx->mem, PatientLine, count + 1);
	for (size_t i = 0; i < count; i++) /* a page read backwards is shown forwards */
		line[f->before ? count - 1 - i : i] = line_of(&row[i]);
	ret->line = line;
	ret->count = count;
	if (count && (f->before ? true : more))
		ret->next = line[count - 1].id;
	if (count && (f->before ? more : f->after != 0))
		ret->prev = line[0].id;
	return OK;
}

bool patient_is_filtered(const PatientFilter *f)
{
	return !str_is_empty(f->q) || f->tag || f->insurer || f->birth_month || f->away;
}

/* ---- words: tags and convênios in use ---- */

Err patient_words_ask(Ctx *cx)
{
	return sql_list_words_send(cx);
}

Err patient_words_read(Ctx *cx, PatientWords *ret)
{
	SqlListWords *row;
	size_t count;

	TRY(sql_list_words_read(cx, &row, &count));
	*ret = (PatientWords){ .tag = NEW_ARRAY(cx->mem, UiOption, count + 1),
		.insurer = NEW_ARRAY(cx->mem, UiOption, count + 1) };
	for (size_t i = 0; i < count; i++) {
		UiOption option = { .value = row[i].text, .label = row[i].text };

		if (str_same(row[i].kind, "tag"))
			ret->tag[ret->tag_count++] = option;
		else
			ret->insurer[ret->insurer_count++] = option;
	}
	return OK;
}

Err patient_learn(Ctx *cx, const char *kind, Strs words)
{
	int64_t rows;

	return words.count ? sql_list_learn(cx, kind, words, &rows) : OK;
}

Err patient_forget_tags(Ctx *cx, Strs before, Strs after)
{
	int64_t rows;

	for (size_t i = 0; i < before.count; i++) {
		bool stays = false;

		for (size_t j = 0; j < after.count; j++)
			stays |= str_same(before.v[i], after.v[j]);
		if (!stays)
			TRY(sql_list_forget_tag(cx, before.v[i], &rows));
	}
	return OK;
}
