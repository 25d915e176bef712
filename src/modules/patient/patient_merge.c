/* Making one patient of two, and two of one again within a day. */
#include "modules/patient/patient_merge.sql.h"
#include "modules/patient/patient_rooms.h"
#include "platform/storage/storage.h"

enum { UNDO_S = 24 * 3600 };

Err patient_merge_read(Ctx *cx, const char *json, MergeTold *ret)
{
	json_t *tree;

	TRY(json_parse(cx, str_of(json), &tree));
	*ret = (MergeTold){ json_integer_value(json_object_get(tree, "merge")),
		json_integer_value(json_object_get(tree, "from")),
		json_integer_value(json_object_get(tree, "into")) };
	return OK;
}

Err patient_merge_note(Ctx *cx, int64_t merge, const char *what, Int64s rows)
{
	int64_t added;

	return rows.count ? sql_merge_note(cx, merge, what, rows, &added) : OK;
}

Err patient_merge_noted(Ctx *cx, int64_t merge, const char *what, Int64s *ret)
{
	SqlMergeNoted *row;
	size_t count;
	int64_t *id;

	TRY(sql_merge_noted(cx, merge, what, &row, &count));
	id = NEW_ARRAY(cx->mem, int64_t, count + 1);
	for (size_t i = 0; i < count; i++)
		id[i] = row[i].id;
	*ret = (Int64s){ id, count };
	return OK;
}

/* ---- rows of this module that hang on a patient ---- */

/* One kind of them: carry answers the ids it moved, in rows of one column. */
typedef struct Hanging {
	const char *what;
	Err (*carry)(Ctx *cx, int64_t from, int64_t into, Int64s *ret);
	Err (*back)(Ctx *cx, Int64s rows, int64_t to, int64_t *ret_rows);
} Hanging;

/* The generated query as a function of the form above. */
#define CARRY(name, query, Row)                                                                    \
	static Err name(Ctx *cx, int64_t from, int64_t into, Int64s *ret)                          \
	{                                                                                          \
		Row *row;                                                                          \
		size_t count;                                                                      \
		int64_t *id;                                                                       \
                                                                                                   \
		TRY(query(cx, from, into, &row, &count));                                          \
		id = NEW_ARRAY(cx->mem, int64_t, count + 1);                                       \
		for (size_t i = 0; i < count; i++)                                                 \
			id[i] = row[i].id;                                                         \
		*ret = (Int64s){ id, count };                                                      \
		return OK;                                                                         \
	}

CARRY(carry_chain, sql_merge_carry_chain, SqlMergeCarryChain)
CARRY(carry_cards, sql_merge_carry_cards, SqlMergeCarryCards)
CARRY(carry_kin, sql_merge_carry_kin, SqlMergeCarryKin)
CARRY(carry_kin_of, sql_merge_carry_kin_of, SqlMergeCarryKinOf)
CARRY(carry_alerts, sql_merge_carry_alerts, SqlMergeCarryAlerts)
CARRY(carry_anamneses, sql_merge_carry_anamneses, SqlMergeCarryAnamneses)
CARRY(carry_images, sql_merge_carry_images, SqlMergeCarryImages)
CARRY(carry_mounts, sql_merge_carry_mounts, SqlMergeCarryMounts)

static const Hanging hanging[] = {
	{ "patient.patient", carry_chain, sql_merge_back_chain },
	{ "patient.insurance", carry_cards, sql_merge_back_cards },
	{ "patient.kin", carry_kin, sql_merge_back_kin },
	{ "patient.kin.other", carry_kin_of, sql_merge_back_kin_of },
	{ "patient.alert", carry_alerts, sql_merge_back_alerts },
	{ "patient.anamnesis", carry_anamneses, sql_merge_back_anamneses },
	{ "patient.image", carry_images, sql_merge_back_images },
	{ "patient.mount", carry_mounts, sql_merge_back_mounts },
};

static Err carry_all(Ctx *cx, int64_t merge, PatientId from, PatientId into)
{
	Int64s rows;

	for (size_t i = 0; i < COUNT(hanging); i++) {
		TRY(hanging[i].carry(cx, from.v, into.v, &rows));
		TRY(patient_merge_note(cx, merge, hanging[i].what, rows));
	}
	return OK;
}

static Err bring_back_all(Ctx *cx, int64_t merge, PatientId from)
{
	int64_t moved;
	Int64s rows;

	for (size_t i = 0; i < COUNT(hanging); i++) {
		TRY(patient_merge_noted(cx, merge, hanging[i].what, &rows));
		if (rows.count)
			TRY(hanging[i].back(cx, rows, from.v, &moved));
	}
	return OK;
}

Err patient_brief_count(Ctx *cx, PatientId id)
{
	int64_t rows;

	TRY(sql_merge_brief(cx, id.v, &rows));
	return patient_brief_insurance(cx, id);
}

/* ---- merging ---- */

/* What the one that stays will be: what was chosen, else its own, else the other's. */
static PatientForm joined(
	Arena *mem, const Patient *into, const Patient *from, const PatientForm *in)
{
	PatientForm form = patient_form_of(into), other = patient_form_of(from);

	for (size_t i = 0; i < patient_part_count; i++) {
		const PatientPart *part = &patient_parts[i];

		if (patient_part_text(mem, part, in, part->of_form))
			patient_part_copy(part, &form, in);
		else if (!patient_part_text(mem, part, &form, part->of_form))
			patient_part_copy(part, &form, &other);
	}
	form.consents = into->consents; /* carried with the day of each: carry_consents */
	form.consent = into->consent;
	return form;
}

/* In id order: two people merging the same pair the other way round must not deadlock. */
static Err lock_both(Ctx *cx, PatientId a, PatientId b)
{
	TRY(patient_lock(cx, a.v < b.v ? a : b));
	return patient_lock(cx, a.v < b.v ? b : a);
}

static Err tell_merge(Ctx *cx, const char *event, int64_t merge, PatientId from, PatientId into)
{
	return module_tell(cx, event, into.v,
		arena_printf(cx->mem,
			"{\"merge\":%" PRId64 ",\"from\":%" PRId64 ",\"into\":%" PRId64 "}", merge,
			from.v, into.v));
}

static Err write_books(Ctx *cx, PatientId from, PatientId into, bool undone)
{
	const char *action = undone ? "patient.undo" : "patient.merge";
	const char *kind = undone ? "patient.unmerged" : "patient.merged";

	TRY(audit_add_change(cx,
		&(Change){ .action = action,
			.subject = "patient",
			.subject_id = into.v,
			.diff = arena_printf(cx->mem, "{\"from\":[%" PRId64 ",%s]}", from.v,
				undone ? "null" : arena_printf(cx->mem, "%" PRId64, into.v)) }));
	TRY(audit_add_change(
		cx, &(Change){ .action = action, .subject = "patient", .subject_id = from.v }));
	return patient_event(cx, into, kind,
		undone ? "União de cadastros desfeita" : "Unido a outro cadastro da mesma pessoa",
		NULL);
}

static Err merge_rows(Ctx *cx, PatientId from, PatientId into, int64_t *ret)
{
	SqlMergeRowJson before;
	SqlMergeInsert row;
	int64_t rows;

	TRY(sql_merge_row_json(cx, into.v, &before));
	TRY(sql_merge_insert(cx, from.v, into.v, db_id_or_null(&cx->user.v), before.json, &row));
	/* first, so that the CPF of the one that goes is free */
	TRY(sql_merge_mark(cx, from.v, &into.v, &rows));
	*ret = row.id;
	return OK;
}

static Err carry_consents(Ctx *cx, PatientId from, PatientId into)
{
	int64_t rows;

	TRY(sql_merge_carry_consents(cx, from.v, into.v, &rows));
	return sql_merge_settle_consent(cx, into.v, &rows);
}

/* Who has no photo gets the other's: from now on both records hold the file. */
static Err carry_photo(Ctx *cx, const Patient *from, const Patient *into)
{
	int64_t rows;

	if (into->photo || !from->photo)
		return OK;
	TRY(sql_patient_set_photo(cx, into->id, from->photo, &rows));
	return storage_keep(cx, from->photo);
}

Err patient_merge(
	Ctx *cx, PatientId from, PatientId into, const PatientForm *in, int64_t *ret_merge)
{
	static const PatientForm nothing = { .birth = DATE_NONE, .card_until = DATE_NONE };
	Patient gone, kept;
	PatientForm form;
	SqlMergeRowJson after;
	int64_t rows, merge;

	if (from.v == into.v)
		return err_field(cx, "from", "Escolha outro paciente: este é o mesmo.");
	TRY(lock_both(cx, from, into));
	TRY(patient_get(cx, from, &gone));
	TRY(patient_get(cx, into, &kept));
	form = joined(cx->mem, &kept, &gone, in ? in : &nothing);
	TRY(merge_rows(cx, from, into, &merge));
	if (gone.lead_id)
		TRY(sql_merge_set_lead(cx, into.v, gone.lead_id, &rows));
	TRY(patient_save(cx, into, &form));
	TRY(carry_consents(cx, from, into));
	TRY(carry_photo(cx, &gone, &kept));
	TRY(carry_all(cx, merge, from, into));
	TRY(patient_brief_count(cx, into));
	TRY(audit_join_events(cx, "patient", from.v, "patient", into.v));
	TRY(sql_merge_row_json(cx, into.v, &after));
	TRY(sql_merge_after(cx, merge, after.json, &rows));
	TRY(write_books(cx, from, into, /* undone= */ false));
	*ret_merge = merge;
	return tell_merge(cx, "patient.merged", merge, from, into);
}

/* ---- and back ---- */

/* Search text and brief follow what was restored. */
static Err refresh(Ctx *cx, PatientId id)
{
	Patient patient;
	PatientForm form;
	int64_t rows;

	TRY(patient_get(cx, id, &patient));
	form = patient_form_of(&patient);
	TRY(sql_merge_set_search(cx, id.v, patient_search_text(cx, &form), &rows));
	TRY(patient_brief_ask(cx, id, &form));
	TRY(patient_brief_read(cx));
	return patient_brief_count(cx, id);
}

/* Fields, answers by channel and photo, each where nobody changed it since. */
static Err restore(Ctx *cx, int64_t merge, PatientId into)
{
	Patient before, after;
	int64_t rows;

	TRY(patient_get(cx, into, &before));
	TRY(sql_merge_restore(cx, merge, &rows));
	TRY(sql_merge_drop_consents(cx, merge, &rows));
	TRY(sql_merge_bring_consents(cx, merge, &rows));
	TRY(sql_merge_settle_consent(cx, into.v, &rows));
	TRY(patient_get(cx, into, &after));
	return before.photo && !str_same(before.photo, after.photo) ? storage_drop(cx, before.photo)
								    : OK;
}

static Err may_undo(Ctx *cx, const SqlMergeById *merge)
{
	SqlMergeLater later;

	if (merge->undone)
		return err_tell(cx, ERR_CONFLICT, "Esta união já foi desfeita.",
			"merge %" PRId64 " is undone", merge->id);
	if (cx->now - merge->at > UNDO_S)
		return err_tell(cx, ERR_CONFLICT,
			"Passaram mais de 24 horas: a união não se desfaz mais.",
			"merge %" PRId64 " is too old", merge->id);
	TRY(sql_merge_later(cx, merge->id, merge->into_id, &later));
	if (later.n)
		return err_tell(cx, ERR_CONFLICT,
			"Desfaça antes a união mais recente deste paciente.",
			"merge %" PRId64 " has later ones", merge->id);
	return OK;
}

Err patient_unmerge(Ctx *cx, int64_t id, PatientId *ret_into)
{
	PatientId from, into;
	SqlMergeById merge;
	int64_t rows;

	TRY(sql_merge_by_id(cx, id, &merge));
	TRY(may_undo(cx, &merge));
	from = (PatientId){ merge.from_id };
	into = (PatientId){ merge.into_id };
	TRY(patient_lock(cx, into));
	TRY(restore(cx, id, into)); /* first: the CPF goes back with it */
	TRY(sql_merge_mark(cx, from.v, NULL, &rows));
	TRY(bring_back_all(cx, id, from));
	TRY(refresh(cx, into));
	TRY(refresh(cx, from));
	TRY(audit_part_events(cx, "patient", from.v, "patient", into.v));
	TRY(sql_merge_undone(cx, id, db_id_or_null(&cx->user.v), &rows));
	TRY(write_books(cx, from, into, /* undone= */ true));
	TRY(tell_merge(cx, "patient.unmerged", id, from, into));
	TRY(patient_tell(cx, from, "patient.updated"));
	*ret_into = into;
	return patient_tell(cx, into, "patient.updated");
}

Err patient_merges_ask(Ctx *cx, PatientId into)
{
	return sql_merge_recent_send(cx, into.v, cx->now - UNDO_S);
}

Err patient_merges_read(Ctx *cx, PatientMerge **ret, size_t *ret_count)
{
	SqlMergeRecent *row;

	TRY(sql_merge_recent_read(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, PatientMerge, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (PatientMerge){ row[i].id, row[i].name, row[i].at, row[i].user_name };
	return OK;
}
