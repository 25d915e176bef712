/* Alerts on the patient's page: written by hand, confirmed, ended. */
#include "modules/patient/anamnesis_web.h"
#include "modules/patient/image.h"

typedef struct AlertForm {
	const char *kind, *text;
	bool severe;
} AlertForm;

static const Field alert_fields[] = {
	CHOICE_FIELD(AlertForm, kind, "Tipo",
		"allergy disease medication anticoagulant pregnancy other", true),
	FIELD(AlertForm, text, FIELD_TEXT, "Alerta", 1, 200, true),
	FIELD(AlertForm, severe, FIELD_BOOL, "Grave", 0, 0, false),
};

static Err back(Req *q, PatientId patient, const char *toast)
{
	answer_toast(q, toast, NULL);
	return redirect(q, "/patients/%" PRId64 "/anamnesis", patient.v);
}

/* POST /patients/:id/alerts. 303; 422 with the dialog open. */
static Err create(Req *q)
{
	PatientHead head;
	AlertForm in;
	bool added;

	TRY(clinical_head(q, &head));
	if (!form_read(q, alert_fields, COUNT(alert_fields), &in))
		return anamnesis_show_tab(q, &head, 422, /* add_alert= */ true, /* end_alert= */ 0);
	TRY(alert_add(q->cx, (PatientId){ head.id },
		&(AlertNew){ .kind = in.kind, .text = in.text, .severe = in.severe }, &added));
	return back(q, (PatientId){ head.id },
		added ? "Alerta anotado" : "Este alerta já estava anotado");
}

/* The alert of the path, which must be this patient's. */
static Err alert_asked(Req *q, const PatientHead *head, SqlAlertRow *ret)
{
	int64_t id;

	TRY(req_id(q, "alert", &id));
	TRY(sql_alert_by_id(q->cx, id, ret));
	if (ret->patient_id != head->id)
		return err_set(q->cx, ERR_NOT_FOUND, "alert %" PRId64 " is another patient's", id);
	return OK;
}

/* POST /patients/:id/alerts/:alert/confirm. 409: confirmed or ended meanwhile. */
static Err confirm(Req *q)
{
	SqlAlertRow alert;
	PatientHead head;

	TRY(clinical_head(q, &head));
	TRY(alert_asked(q, &head, &alert));
	TRY(alert_confirm(q->cx, alert.id));
	return back(q, (PatientId){ head.id }, "Alerta confirmado");
}

typedef struct EndForm {
	const char *reason;
} EndForm;

static const Field end_fields[] = {
	FIELD(EndForm, reason, FIELD_TEXT, "Motivo", 1, 200, true),
};

/* POST /patients/:id/alerts/:alert/end. 422: without a reason; 409: ended meanwhile. */
static Err end(Req *q)
{
	SqlAlertRow alert;
	PatientHead head;
	EndForm in;

	TRY(clinical_head(q, &head));
	TRY(alert_asked(q, &head, &alert));
	if (!form_read(q, end_fields, COUNT(end_fields), &in))
		return anamnesis_show_tab(q, &head, 422, /* add_alert= */ false, alert.id);
	TRY(alert_end(q->cx, alert.id, in.reason));
	return back(q, (PatientId){ head.id }, "Alerta encerrado");
}

/* clang-format off */
static const Route routes[] = {
	{ POST, "/patients/:id/alerts", create, "patient.clinical" },
	{ POST, "/patients/:id/alerts/:alert/confirm", confirm, "patient.alert" },
	{ POST, "/patients/:id/alerts/:alert/end", end, "patient.alert" },
};
/* clang-format on */

const RouteList alert_routes = { routes, COUNT(routes), &image_routes };
