/* Evolução: the tab of the patient's page, writing, signing, versions; the clinic's templates. */
#include "modules/treatment/note.sql.h"
#include "modules/treatment/visit_web.h"
#include "platform/db/db.h"

Err notes_templates(Ctx *cx, bool all, NotesView *ret)
{
	SqlNoteTemplates *row;
	NoteTemplate *list;
	bool active = true;

	TRY(sql_note_templates(cx, all ? NULL : &active, &row, &ret->template_count));
	list = NEW_ARRAY(cx->mem, NoteTemplate, ret->template_count + 1);
	for (size_t i = 0; i < ret->template_count; i++)
		list[i] = (NoteTemplate){ row[i].id, row[i].title, row[i].text, row[i].active };
	ret->template = list;
	return OK;
}

/* Notes of the patient, newest first, one more than a page to know whether there are more. */
static Err read_notes(Req *q, NotesView *view)
{
	Note *note;

	TRY(note_list_read(q->cx, &note, &view->note_count));
	view->note = note;
	if (view->note_count > NOTES_PAGE) {
		view->note_count = NOTES_PAGE;
		view->next = note[NOTES_PAGE - 1].id;
	}
	return OK;
}

static Err show_tab(Req *q, PatientId patient, NotesView *view, int status)
{
	int64_t before = req_query_int(q, "before", 0);
	PatientHead head;

	TRY(patient_head_ask(q->cx, patient));
	TRY(note_list_ask(q->cx, patient, 0, before, NOTES_PAGE + 1));
	TRY(patient_head_read(q->cx, &head));
	TRY(read_notes(q, view));
	if (head.id != patient.v)
		return redirect(q, "/patients/%" PRId64 "/notes", head.id);
	view->head = &head;
	if (before) {
		note_more(&q->html, view);
		return send_html(q, status);
	}
	TRY(notes_templates(q->cx, false, view));
	note_tab_page(&q->html, view);
	return send_html(q, status);
}

/* GET /patients/:id/notes?before=: the tab; with before only what is older, for htmx. */
static Err tab(Req *q)
{
	NotesView view = { .q = q };
	int64_t id;

	TRY(req_id(q, "id", &id));
	return show_tab(q, (PatientId){ id }, &view, 200);
}

static Err back(Req *q, int64_t patient, int64_t visit)
{
	return visit ? redirect(q, "/visits/%" PRId64, visit)
		     : redirect(q, "/patients/%" PRId64 "/notes", patient);
}

/* POST /patients/:id/notes. 303 to the tab or the visit; 422 with the form. sign=1 signs at once.
 */
static Err create(Req *q)
{
	NotesView view = { .q = q };
	NoteForm in = { 0 };
	PatientHead head;
	int64_t id, note;
	Err err = ERR_INVALID;

	TRY(req_id(q, "id", &id));
	TRY(treatment_writable_head(q->cx, id, &head));
	if (form_read(q, note_fields, note_field_count, &in))
		err = note_write(q->cx, (PatientId){ head.id }, &in, &note);
	if (err == ERR_INVALID) {
		view.visit_id = in.visit_id;
		return show_tab(q, (PatientId){ head.id }, &view, 422);
	}
	TRY(err);
	if (form_value(&q->form, "sign"))
		TRY(note_sign(q->cx, note, 1));
	answer_toast(
		q, form_value(&q->form, "sign") ? "Evolução assinada" : "Evolução salva", NULL);
	return back(q, head.id, in.visit_id);
}

static Err note_asked(Req *q, Note *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return note_get(q->cx, id, ret);
}

/* GET /notes/:id/edit */
static Err edit(Req *q)
{
	NotesView view = { .q = q };
	Note note;

	TRY(note_asked(q, &note));
	view.edit = &note;
	return show_tab(q, (PatientId){ note.patient_id }, &view, 200);
}

/* POST /notes/:id. 303 back; 422 with the form; 409 with what somebody else wrote meanwhile. */
static Err update(Req *q)
{
	NotesView view = { .q = q };
	NoteForm in;
	Note note;
	Err err = ERR_INVALID;

	TRY(note_asked(q, &note));
	if (form_read(q, note_fields, note_field_count, &in))
		err = note_save(q->cx, note.id, &in);
	if (err == ERR_INVALID || err == ERR_STALE) {
		view.edit = &note;
		view.newer = err == ERR_STALE ? &note : NULL;
		return show_tab(q, (PatientId){ note.patient_id }, &view, err_status(err));
	}
	TRY(err);
	answer_toast(q, "Evolução salva", NULL);
	return back(q, note.patient_id, note.visit_id);
}

typedef struct SignForm {
	int64_t no;
	bool day; /* asked from Meu dia */
} SignForm;

static const Field sign_fields[] = {
	FIELD(SignForm, no, FIELD_INT, "Versão", 1, 100000, true),
	FIELD(SignForm, day, FIELD_BOOL, "Do dia", 0, 0, false),
};

/* POST /notes/:id/sign: the version that was read. */
static Err sign(Req *q)
{
	SignForm in;
	Note note;

	TRY(note_asked(q, &note));
	if (!form_read(q, sign_fields, COUNT(sign_fields), &in))
		return ERR_INVALID;
	TRY(note_sign(q->cx, note.id, (int)in.no));
	answer_toast(q, "Evolução assinada", NULL);
	return in.day ? redirect(q, "/my-day") : back(q, note.patient_id, note.visit_id);
}

/* GET /notes/:id: every version, and whether the chain is whole. */
static Err history(Req *q)
{
	NoteHistoryView view = { .q = q };
	NoteVersion *version;
	PatientHead head;
	Note note;

	TRY(note_asked(q, &note));
	TRY(treatment_head(q->cx, note.patient_id, &head));
	TRY(note_list_versions(q->cx, note.id, &version, &view.version_count));
	TRY(note_verify(q->cx, note.id, &view.whole));
	view.head = &head;
	view.note = &note;
	view.version = version;
	note_history_page(&q->html, &view);
	return send_html(q, 200);
}

/* GET /patients/:id/notes/text?template=&text=&teeth=: the text field with the template behind what
 * was typed; without one as it was. */
static Err fill(Req *q)
{
	const char *typed = req_query(q, "text"), *filled;
	SqlNoteTemplateById template;
	PatientHead head;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(patient_head_ask(q->cx, (PatientId){ id }));
	if (str_is_empty(req_query(q, "template"))) {
		TRY(patient_head_read(q->cx, &head));
		note_text_field(&q->html, typed);
		return send_html(q, 200);
	}
	TRY(sql_note_template_by_id_send(q->cx, req_query_int(q, "template", 0)));
	TRY(patient_head_read(q->cx, &head));
	TRY(sql_note_template_by_id_read(q->cx, &template));
	filled = note_fill(q->cx, template.text, &head, q->who->name, req_query(q, "teeth"),
		req_query(q, "done"));
	note_text_field(&q->html,
		str_is_empty(typed) ? filled : arena_printf(q->cx->mem, "%s\n\n%s", typed, filled));
	return send_html(q, 200);
}

/* ---- templates ---- */

typedef struct TemplateForm {
	const char *title, *text;
	bool active;
} TemplateForm;

static const Field template_fields[] = {
	FIELD(TemplateForm, title, FIELD_TEXT, "Título", 1, 80, true),
	FIELD(TemplateForm, text, FIELD_LONG, "Texto", 1, 8000, true),
	FIELD(TemplateForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
};

static Err page_templates(Req *q, int64_t open, int status)
{
	NotesView all = { .q = q };

	TRY(notes_templates(q->cx, true, &all));
	note_templates_page(&q->html, &(NoteTemplatesView){ .q = q,
					      .template = all.template,
					      .template_count = all.template_count,
					      .open = open });
	return send_html(q, status);
}

/* GET /settings/note-templates?open= */
static Err list_templates(Req *q)
{
	return page_templates(q, req_query_int(q, "open", -1), 200);
}

static Err saved(Req *q, int64_t id, const char *action)
{
	TRY(audit_add_change(q->cx,
		&(Change){ .action = action, .subject = "note_template", .subject_id = id }));
	answer_toast(q, "Modelo salvo", NULL);
	return redirect(q, "/settings/note-templates");
}

/* POST /settings/note-templates. 303; 422 with what is wrong. */
static Err create_template(Req *q)
{
	SqlNoteTemplateInsert row;
	TemplateForm in;
	bool added = false;

	if (form_read(q, template_fields, COUNT(template_fields), &in)) {
		TRY(sql_note_template_insert(q->cx, in.title, in.text, &row, &added));
		if (!added)
			(void)err_field(q->cx, "title", "Já existe um modelo com este título.");
	}
	return added ? saved(q, row.id, "note_template.create") : page_templates(q, 0, 422);
}

/* POST /settings/note-templates/:id. 303; 422 with what is wrong. */
static Err update_template(Req *q)
{
	TemplateForm in;
	int64_t id, rows;
	Err err;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, template_fields, COUNT(template_fields), &in))
		return page_templates(q, id, 422);
	TRY(db_savepoint(q->cx));
	err = db_settle_unique(q->cx,
		sql_note_template_update(q->cx, id, in.title, in.text, in.active, &rows), "title",
		"Já existe um modelo com este título.");
	if (err == ERR_INVALID)
		return page_templates(q, id, 422);
	TRY(err);
	if (!rows)
		return err_set(q->cx, ERR_NOT_FOUND, "no template %" PRId64, id);
	return saved(q, id, "note_template.update");
}

static const Route routes[] = {
	{ GET, "/patients/:id/notes", tab, "treatment.note", .flags = ROUTE_READS_CHART },
	{ GET, "/patients/:id/notes/text", fill, "treatment.note" },
	{ POST, "/patients/:id/notes", create, "treatment.note", .body_max = 128 << 10 },
	{ GET, "/notes/:id", history, "treatment.note" },
	{ GET, "/notes/:id/edit", edit, "treatment.note" },
	{ POST, "/notes/:id", update, "treatment.note", .body_max = 128 << 10 },
	{ POST, "/notes/:id/sign", sign, "treatment.note" },
	{ GET, "/settings/note-templates", list_templates, "treatment.admin" },
	{ POST, "/settings/note-templates", create_template, "treatment.admin" },
	{ POST, "/settings/note-templates/:id", update_template, "treatment.admin" },
};

const RouteList note_routes = { routes, COUNT(routes), &paper_routes };
