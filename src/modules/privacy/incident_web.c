/* The register of incidents: the list, one with its versions, the paper. */
#include "modules/privacy/incident_view.h"

/* GET /incidents */
static Err list(Req *q)
{
	IncidentsView view = { .q = q };
	Incident *item;

	TRY(incident_list(q->cx, &item, &view.item_count));
	view.item = item;
	incidents_page(&q->html, &view);
	return send_html(q, 200);
}

/* id 0: a new one. */
static Err page(Req *q, int64_t id, int status)
{
	IncidentView view = {
		.q = q, .question = req_query(q, "q"), .newer = status == err_status(ERR_STALE)
	};
	IncidentPatient *patient;
	Incident *version;
	PatientHit *hit;

	TRY(privacy_get_profile(q->cx, &view.profile));
	if (id) {
		TRY(incident_list_versions(q->cx, id, &version, &view.version_count));
		if (!view.version_count)
			return err_set(q->cx, ERR_NOT_FOUND, "no incident %" PRId64, id);
		TRY(incident_list_patients(q->cx, id, &patient, &view.patient_count));
		view.item = view.version = version;
		view.patient = patient;
	}
	if (id && !str_is_empty(view.question)) {
		TRY(patient_search(q->cx, view.question, 8, &hit, &view.hit_count));
		view.hit = hit;
	}
	incident_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /incidents/new */
static Err blank(Req *q)
{
	return page(q, 0, 200);
}

/* GET /incidents/:id?q= */
static Err show(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return page(q, id, 200);
}

/* POST /incidents. 303 to it; 422 with the form. */
static Err create(Req *q)
{
	IncidentForm in;
	int64_t id;
	Err err = ERR_INVALID;

	if (form_read(q, incident_fields, INCIDENT_FIELDS, &in))
		err = incident_add(q->cx, &in, &id);
	if (err == ERR_INVALID)
		return page(q, 0, 422);
	TRY(err);
	answer_toast(q, "Incidente registrado", NULL);
	return redirect(q, "/incidents/%" PRId64, id);
}

/* POST /incidents/:id: a new version. 303 to it; 422 with the form; 412 with it when somebody wrote
 * one meanwhile: what was typed stays. */
static Err update(Req *q)
{
	Err err = ERR_INVALID;
	IncidentForm in;
	Incident now;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(incident_get(q->cx, id, &now));
	if (form_read(q, incident_fields, INCIDENT_FIELDS, &in))
		err = incident_save(q->cx, id, &in);
	if (err == ERR_INVALID || err == ERR_STALE)
		return page(q, id, err_status(err));
	TRY(err);
	answer_toast(q, "Versão nova no registro", NULL);
	return redirect(q, "/incidents/%" PRId64, id);
}

typedef struct LinkForm {
	int64_t patient_id;
	bool affected;
} LinkForm;

static const Field link_fields[] = {
	FIELD(LinkForm, patient_id, FIELD_ID, "Paciente", 0, 0, true),
	FIELD(LinkForm, affected, FIELD_BOOL, "Afetado", 0, 0, false),
};

/* POST /incidents/:id/patients {patient_id, affected} */
static Err link_patient(Req *q)
{
	Incident incident;
	LinkForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(incident_get(q->cx, id, &incident));
	if (!form_read(q, link_fields, COUNT(link_fields), &in))
		return ERR_INVALID;
	TRY(incident_link_patient(q->cx, id, (PatientId){ in.patient_id }, in.affected));
	answer_toast(q, in.affected ? "Paciente ligado ao incidente" : "Paciente retirado", NULL);
	return redirect(q, "/incidents/%" PRId64, id);
}

static Err send_paper(Req *q, int64_t id)
{
	Str bytes;

	TRY(incident_pdf(q->cx, id, &bytes));
	answer_header(q, "Content-Disposition",
		id ? "attachment; filename=\"incidente.pdf\""
		   : "attachment; filename=\"registro-de-incidentes.pdf\"");
	return send_bytes(q, 200, "application/pdf", bytes.ptr, bytes.len);
}

/* GET /incidents/pdf */
static Err paper_of_all(Req *q)
{
	return send_paper(q, 0);
}

/* GET /incidents/:id/pdf */
static Err paper_of_one(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return send_paper(q, id);
}

static const Route routes[] = {
	{ GET, "/incidents", list, "privacy.incident" },
	{ POST, "/incidents", create, "privacy.incident" },
	{ GET, "/incidents/new", blank, "privacy.incident" },
	{ GET, "/incidents/pdf", paper_of_all, "privacy.incident" },
	{ GET, "/incidents/:id", show, "privacy.incident" },
	{ POST, "/incidents/:id", update, "privacy.incident" },
	{ POST, "/incidents/:id/patients", link_patient, "privacy.incident" },
	{ GET, "/incidents/:id/pdf", paper_of_one, "privacy.incident" },
};

const RouteList incident_routes = { routes, COUNT(routes), NULL };
