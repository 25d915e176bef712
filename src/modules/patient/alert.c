/* Alerts: noted, confirmed, ended. The brief is written from what stands, in the same transaction,
 * so heads and lists never show another state than the chart. */
#include "modules/patient/alert.h"

#include "modules/audit/audit.h"
#include "modules/patient/patient_view.h"

const UiOption alert_kinds[ALERT_KINDS] = {
	{ .value = "allergy", .label = "Alergia" },
	{ .value = "disease", .label = "Doença" },
	{ .value = "medication", .label = "Medicamento em uso" },
	{ .value = "anticoagulant", .label = "Anticoagulante" },
	{ .value = "pregnancy", .label = "Gestação" },
	{ .value = "other", .label = "Outro" },
};

const char *alert_kind_title(const char *kind)
{
	return patient_label(alert_kinds, COUNT(alert_kinds), kind);
}

/* How the head shows a kind. A disease, a medicine and "other" say themselves what they are. */
typedef struct Look {
	const char *kind, *icon, *word;
} Look;

static const Look *look_of(const char *kind)
{
	static const Look looks[] = {
		{ "allergy", "triangle-alert", "Alergia: " },
		{ "disease", "heart-pulse", "" },
		{ "medication", "pill", "" },
		{ "pregnancy", "baby", "Gestante: " },
		{ "anticoagulant", "droplet", "Anticoagulante: " },
	};
	static const Look other = { "other", "circle-alert", "" };

	for (size_t i = 0; i < COUNT(looks); i++)
		if (str_same(looks[i].kind, kind))
			return &looks[i];
	return &other;
}

const char *alert_kind_icon(const char *kind)
{
	return look_of(kind)->icon;
}

const char *alert_kind_word(const char *kind)
{
	return look_of(kind)->word;
}

/* The brief, the books, and the other modules. */
static Err changed(Ctx *cx, int64_t patient, int64_t id, const char *action, const char *title,
	const char *text, const char *reason)
{
	int64_t rows;

	TRY(sql_alert_brief(cx, patient, &rows));
	TRY(audit_add_change(cx, &(Change){ .action = action,
					 .subject = "alert",
					 .subject_id = id,
					 .reason = reason }));
	TRY(audit_add_event(
		cx, &(Event){ .subject = "patient",
			    .subject_id = patient,
			    .kind = action,
			    .title = title,
			    .body = reason ? arena_printf(cx->mem, "%s. Motivo: %s", text, reason)
					   : text }));
	return patient_tell(cx, (PatientId){ patient }, "patient.updated");
}

Err alert_add(Ctx *cx, PatientId patient, const AlertNew *in, bool *ret_added)
{
	SqlAlertInsert row;
	bool added;

	TRY(sql_alert_insert(cx,
		&(SqlAlertInsertIn){ .patient_id = patient.v,
			.kind = in->kind,
			.text = in->text,
			.text_key = str_fold(cx->mem, in->text),
			.severe = in->severe,
			.source = in->anamnesis ? "anamnesis" : "hand",
			.anamnesis_id = in->anamnesis ? &in->anamnesis : NULL,
			.question_key = in->question_key,
			.noted_by = db_id_or_null(&cx->user.v),
			.confirmed = !in->anamnesis },
		&row, &added));
	if (added)
		TRY(changed(cx, patient.v, row.id, "alert.note",
			arena_printf(cx->mem, "Alerta: %s", alert_kind_title(in->kind)), in->text,
			/* reason= */ NULL));
	*ret_added = added;
	return OK;
}

Err alert_confirm(Ctx *cx, int64_t id)
{
	SqlAlertRow alert;
	int64_t rows;

	TRY(sql_alert_by_id(cx, id, &alert));
	TRY(sql_alert_confirm(cx, id, db_id_or_null(&cx->user.v), &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Este alerta já foi confirmado ou encerrado.",
			"alert %" PRId64 " is not waiting", id);
	return changed(cx, alert.patient_id, id, "alert.confirm", "Alerta confirmado", alert.text,
		/* reason= */ NULL);
}

Err alert_end(Ctx *cx, int64_t id, const char *reason)
{
	SqlAlertRow alert;
	int64_t rows;

	if (str_is_empty(reason))
		return err_field(cx, "reason", "Informe o motivo.");
	TRY(sql_alert_by_id(cx, id, &alert));
	TRY(sql_alert_end(cx, id, db_id_or_null(&cx->user.v), reason, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Este alerta já foi encerrado.",
			"alert %" PRId64 " has ended", id);
	return changed(
		cx, alert.patient_id, id, "alert.end", "Alerta encerrado", alert.text, reason);
}
