/* Images on the patient's page: the gallery, uploads, the viewer, and the files themselves. */
#include "core/money.h"
#include "modules/patient/anamnesis_web.h"
#include "modules/patient/clinical.h"
#include "modules/patient/image_view.h"
#include "modules/patient/image_web.h"
#include "platform/db/db.h"
#include "platform/storage/storage.h"

enum { UPLOAD_MAX = 64 << 20, IMAGES_OTHER = 60 };

/* ---- gallery ---- */

const Field image_filter_fields[IMAGE_FILTER_FIELDS] = {
	CHOICE_FIELD(ImageFilter, category, "Tipo", IMAGE_KINDS, false),
	FIELD(ImageFilter, tooth, FIELD_INT, "Dente (FDI)", 0, 99, false),
	FIELD(ImageFilter, visit, FIELD_ID, "Atendimento", 0, 0, false),
	FIELD(ImageFilter, voided, FIELD_BOOL, "As anuladas, em vez das que valem", 0, 0, false),
};

/* The answer of module_visits_ask as options. */
static Err read_visits(Req *q, const UiOption **ret, size_t *ret_count)
{
	UiOption *option;
	PastVisit *visit;

	TRY(module_visits_read(q->cx, &visit, ret_count));
	option = NEW_ARRAY(q->cx->mem, UiOption, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		option[i] = ui_option(q->cx->mem, visit[i].id,
			arena_printf(q->cx->mem, "%s%s%s",
				date_text(q->cx->mem, date_today(visit[i].started_at, q->cx->zone)),
				visit[i].dentist ? ", " : "",
				visit[i].dentist ? visit[i].dentist : ""));
	*ret = option;
	return OK;
}

static Err read_gallery(
	Req *q, const PatientHead *head, const ImageFilter *filter, GalleryView *ret)
{
	SqlImageVoidedCount voided;
	SqlImageCounts *count;
	SqlMountList *mount;
	SqlImageRow *image;

	TRY(sql_image_list_send(q->cx, head->id, filter->category,
		filter->tooth ? &filter->tooth : NULL, filter->visit ? &filter->visit : NULL,
		filter->voided, IMAGES_SHOWN));
	TRY(sql_image_counts_send(q->cx, head->id));
	TRY(sql_image_voided_count_send(q->cx, head->id));
	TRY(sql_mount_list_send(q->cx, head->id));
	TRY(module_visits_ask(q->cx, head->id));
	TRY(sql_image_list_read(q->cx, &image, &ret->image_count));
	TRY(sql_image_counts_read(q->cx, &count, &ret->count_count));
	TRY(sql_image_voided_count_read(q->cx, &voided));
	TRY(sql_mount_list_read(q->cx, &mount, &ret->mount_count));
	TRY(read_visits(q, &ret->visits, &ret->visits_count));
	ret->image = image;
	ret->count = count;
	ret->mount = mount;
	ret->voided_count = voided.count;
	for (size_t i = 0; i < ret->count_count; i++) {
		ret->total += count[i].count;
		ret->waiting += count[i].waiting;
	}
	return OK;
}

/* GET /patients/:id/images?category=&tooth=&visit=&voided=: the page; for htmx the images alone, as
 * long as some are being made. */
static Err gallery(Req *q)
{
	GalleryView view = { .q = q };
	ImageFilter filter = { 0 };
	PatientHead head;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(clinical_head_read(q, &head));
	if (head.id != id)
		return redirect(q, "/patients/%" PRId64 "/images", head.id);
	if (!query_read(q, image_filter_fields, IMAGE_FILTER_FIELDS, &filter))
		filter = (ImageFilter){ 0 };
	TRY(read_gallery(q, &head, &filter, &view));
	view.head = &head;
	view.category = filter.category;
	view.tooth = filter.tooth;
	view.visit = filter.visit;
	view.voided = filter.voided;
	view.writes = req_may(q, "patient.image") && !head.restricted;
	if (q->htmx)
		image_gallery(&q->html, &view);
	else
		image_gallery_page(&q->html, &view);
	return send_html(q, 200);
}

/* ---- uploads ---- */

const Field image_new_fields[IMAGE_NEW_FIELDS] = {
	CHOICE_FIELD(ImageNew, category, "Tipo", IMAGE_KINDS, true),
	{ .name = "date",
		.title = "Data em que foi feita; sem isto, hoje",
		.type = FIELD_DATE,
		.offset = offsetof(ImageNew, taken_on) },
	FIELD(ImageNew, visit, FIELD_ID, "Atendimento", 0, 0, false),
};

/* PUT /patients/:id/images?category=&date=&visit=: one file. 204; 402 no room in the plan; 413 too
 * large; 422 no image. */
static Err upload(Req *q)
{
	PatientHead head;
	ImageNew in;
	int64_t id;

	TRY(clinical_head(q, &head));
	if (!query_read(q, image_new_fields, IMAGE_NEW_FIELDS, &in))
		return err_tell(q->cx, ERR_INVALID, "Escolha o tipo da imagem antes de enviar.",
			"upload without a category");
	TRY(patient_image_add(q->cx, (PatientId){ head.id }, q->body_file, &in, &id));
	return send_nothing(q);
}

/* ---- one image ---- */

Err image_asked(Req *q, const PatientHead *head, SqlImageRow *ret)
{
	int64_t id;

	TRY(req_id(q, "image", &id));
	TRY(sql_image_by_id(q->cx, id, ret));
	if (ret->patient_id != head->id)
		return err_set(q->cx, ERR_NOT_FOUND, "image %" PRId64 " is another patient's", id);
	return OK;
}

static void put_pane(Json *json, const SqlImageRow *row)
{
	const char *title = image_category_title(row->category);

	json_put_object(json, NULL);
	json_put_int(json, "id", row->id);
	json_put_text(json, "url",
		arena_printf(json->buf.mem, "/patients/%" PRId64 "/images/%" PRId64 "/view?v=%.8s",
			row->patient_id, row->id, row->view));
	json_put_text(json, "title",
		arena_printf(
			json->buf.mem, "%s, %s", title, date_text(json->buf.mem, row->taken_on)));
	json_put_int(json, "width", row->width);
	json_put_int(json, "height", row->height);
	/* JSON has no place for a double here: nanometres are whole numbers */
	json_put_int(json, "nm", row->mm_per_px_null ? 0 : (int64_t)(row->mm_per_px * 1e6));
	json_close(json);
}

static JsonText panes_of(Req *q, const ViewerView *view)
{
	Json json;

	json_init(&json, q->cx->mem);
	json_put_array(&json, NULL);
	put_pane(&json, view->image);
	if (view->with)
		put_pane(&json, view->with);
	return json_for_html(&json);
}

/* Those that can be shown, but not the one that is; *with is found among them. */
static Err read_others(Req *q, ViewerView *view)
{
	int64_t with = req_query_int(q, "with", 0);
	SqlImageRow *row;
	size_t count;

	TRY(sql_image_list(q->cx, view->head->id, NULL, NULL, NULL, /* voided= */ false,
		IMAGES_OTHER, &row, &count));
	view->other = row;
	for (size_t i = 0; i < count; i++) {
		if (row[i].id == view->image->id || strcmp(row[i].state, "ready") != 0)
			continue;
		row[view->other_count] = row[i];
		if (row[i].id == with)
			view->with = &row[view->other_count];
		view->other_count++;
	}
	return OK;
}

static Err show_image(
	Req *q, const PatientHead *head, const SqlImageRow *row, int status, bool voiding)
{
	ViewerView view = { .q = q,
		.head = head,
		.image = row,
		.voiding = voiding,
		.writes = req_may(q, "patient.image") && !head->restricted && row->voided_at_null };

	TRY(read_others(q, &view));
	TRY(module_visits_ask(q->cx, head->id));
	TRY(read_visits(q, &view.visits, &view.visits_count));
	if (row->view)
		view.panes = panes_of(q, &view);
	image_viewer_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /patients/:id/images/:image?with= */
static Err show(Req *q)
{
	SqlImageRow row;
	PatientHead head;

	TRY(clinical_head_read(q, &head));
	TRY(image_asked(q, &head, &row));
	return show_image(q, &head, &row, 200, /* voiding= */ false);
}

const Field image_fields[] = {
	CHOICE_FIELD(ImageForm, category, "Tipo", IMAGE_KINDS, true),
	FIELD(ImageForm, taken_on, FIELD_DATE, "Data", 0, 0, true),
	FIELD(ImageForm, teeth, FIELD_TEXTS, "Dentes", 0, IMAGE_TEETH_MAX, false),
	FIELD(ImageForm, visit_id, FIELD_ID, "Atendimento", 0, 0, false),
	FIELD(ImageForm, note, FIELD_LONG, "Observação", 0, 500, false),
	FIELD(ImageForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

/* POST /patients/:id/images/:image. 303; 422 with the form; 409: saved by somebody else. */
static Err update(Req *q)
{
	Err err = ERR_INVALID;
	SqlImageRow row;
	PatientHead head;
	ImageForm in;

	TRY(clinical_head(q, &head));
	TRY(image_asked(q, &head, &row));
	if (form_read(q, image_fields, COUNT(image_fields), &in))
		err = patient_image_save(q->cx, row.id, &in);
	if (err == ERR_INVALID)
		return show_image(q, &head, &row, 422, /* voiding= */ false);
	TRY(err);
	answer_toast(q, "Imagem salva", NULL);
	return redirect(q, "/patients/%" PRId64 "/images/%" PRId64, head.id, row.id);
}

typedef struct VoidForm {
	const char *reason;
} VoidForm;

static const Field void_fields[] = {
	FIELD(VoidForm, reason, FIELD_TEXT, "Motivo", 1, 200, true),
};

/* POST /patients/:id/images/:image/void. 303; 422 without a reason; 409: voided already. */
static Err void_image(Req *q)
{
	SqlImageRow row;
	PatientHead head;
	VoidForm in;

	TRY(clinical_head(q, &head));
	TRY(image_asked(q, &head, &row));
	if (!form_read(q, void_fields, COUNT(void_fields), &in))
		return show_image(q, &head, &row, 422, /* voiding= */ true);
	TRY(patient_image_void(q->cx, row.id, in.reason));
	answer_toast(q, "Imagem anulada", NULL);
	return redirect(q, "/patients/%" PRId64 "/images", head.id);
}

typedef struct CalibrateForm {
	int64_t nm;
} CalibrateForm;

static const Field calibrate_fields[] = {
	FIELD(CalibrateForm, nm, FIELD_INT, "Calibração", 100, 100000000, true),
};

/* POST /patients/:id/images/:image/calibrate: nanometres a pixel of the view. 204; 422. */
static Err calibrate(Req *q)
{
	SqlImageRow row;
	PatientHead head;
	CalibrateForm in;

	TRY(clinical_head(q, &head));
	TRY(image_asked(q, &head, &row));
	if (!form_read(q, calibrate_fields, COUNT(calibrate_fields), &in))
		return ERR_INVALID;
	TRY(patient_image_calibrate(q->cx, row.id, (double)in.nm / 1e6));
	answer_toast(q, "Calibração salva", NULL);
	return send_nothing(q);
}

/* ---- the files ---- */

static Err send_version(Req *q, bool thumb)
{
	SqlImageRow row;
	PatientHead head;
	const char *hash;

	TRY(clinical_head_read(q, &head));
	TRY(image_asked(q, &head, &row));
	hash = thumb ? row.thumb : row.view;
	if (!hash)
		return err_set(q->cx, ERR_NOT_FOUND, "image %" PRId64 " has no view", row.id);
	answer_header(q, "Cache-Control", "private, max-age=604800, immutable");
	return send_file(q, storage_uri(q->cx, hash), "image/jpeg", /* name= */ NULL,
		/* inline_view= */ true);
}

/* GET /patients/:id/images/:image/view */
static Err send_view(Req *q)
{
	return send_version(q, /* thumb= */ false);
}

/* GET /patients/:id/images/:image/thumb */
static Err send_thumb(Req *q)
{
	return send_version(q, /* thumb= */ true);
}

static const char *ending_of(const char *type)
{
	static const struct {
		const char *type, *ending;
	} endings[] = {
		{ "image/jpeg", "jpg" },
		{ "image/png", "png" },
		{ "image/webp", "webp" },
		{ "image/gif", "gif" },
		{ "image/tiff", "tif" },
		{ "image/heic", "heic" },
		{ "image/heif", "heif" },
		{ "application/dicom", "dcm" },
	};

	for (size_t i = 0; i < COUNT(endings); i++)
		if (!strcmp(endings[i].type, type))
			return endings[i].ending;
	return "bin";
}

/* GET /patients/:id/images/:image/original: the bytes as they were sent, for the clinic itself. */
static Err send_original(Req *q)
{
	SqlImageRow row;
	PatientHead head;

	TRY(clinical_head_read(q, &head));
	TRY(image_asked(q, &head, &row));
	return send_file(q, storage_uri(q->cx, row.file), row.type,
		arena_printf(q->cx->mem, "%s-%s-%" PRId64 ".%s", row.category,
			date_text_iso(q->cx->mem, row.taken_on), row.id, ending_of(row.type)),
		/* inline_view= */ false);
}

/* GET /patients/:id/images/:image/download: what is shown, to be sent on; without EXIF. */
static Err send_clean(Req *q)
{
	SqlImageRow row;
	PatientHead head;

	TRY(clinical_head_read(q, &head));
	TRY(image_asked(q, &head, &row));
	if (!row.view)
		return err_set(q->cx, ERR_NOT_FOUND, "image %" PRId64 " has no view", row.id);
	return send_file(q, storage_uri(q->cx, row.view), "image/jpeg",
		arena_printf(q->cx->mem, "%s-%s-%" PRId64 ".jpg", row.category,
			date_text_iso(q->cx->mem, row.taken_on), row.id),
		/* inline_view= */ false);
}

/* ---- words ---- */

Url image_gallery_url(Arena *mem, const GalleryView *v)
{
	return url_printf(mem,
		"/patients/%" PRId64 "/images?category=%s&tooth=%" PRId64 "&visit=%s&voided=%s",
		v->head->id, v->category, v->tooth, v->visit ? db_text_int64(mem, v->visit) : "",
		v->voided ? "1" : "");
}

const char *image_visit_text(Arena *mem, int64_t visit)
{
	return visit ? db_text_int64(mem, visit) : NULL;
}

const char *image_visit_label(const GalleryView *v)
{
	const char *asked = image_visit_text(v->q->cx->mem, v->visit);

	for (size_t i = 0; i < v->visits_count; i++)
		if (!strcmp(v->visits[i].value, asked))
			return v->visits[i].label;
	return "Atendimento";
}

const char *image_teeth_text(Arena *mem, Int64s teeth)
{
	Buf buf;

	buf_init(&buf, mem, 200);
	for (size_t i = 0; i < teeth.count; i++)
		buf_printf(&buf, "%s%" PRId64, i ? ", " : "", teeth.v[i]);
	return buf_text(&buf);
}

const char *image_bytes_text(Arena *mem, int64_t bytes)
{
	if (bytes < 1000000)
		return arena_printf(mem, "%" PRId64 " KB", bytes / 1000 + 1);
	return arena_printf(mem, "%s MB", number_text_tenths(mem, bytes / 100000));
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/patients/:id/images", gallery, "patient.clinical", ROUTE_READS_CHART },
	{ PUT, "/patients/:id/images", upload, "patient.image", .body = BODY_FILE, .body_max = UPLOAD_MAX, .lane = LANE_HEAVY },
	{ GET, "/patients/:id/images/:image", show, "patient.clinical", ROUTE_READS_CHART },
	{ POST, "/patients/:id/images/:image", update, "patient.image" },
	{ POST, "/patients/:id/images/:image/void", void_image, "patient.image" },
	{ POST, "/patients/:id/images/:image/calibrate", calibrate, "patient.image" },
	{ GET, "/patients/:id/images/:image/view", send_view, "patient.clinical" },
	{ GET, "/patients/:id/images/:image/thumb", send_thumb, "patient.clinical" },
	{ GET, "/patients/:id/images/:image/download", send_clean, "patient.clinical", ROUTE_READS_CHART },
	{ GET, "/patients/:id/images/:image/original", send_original, "patient.image", ROUTE_READS_CHART },
};
/* clang-format on */

const RouteList image_routes = { routes, COUNT(routes), &mount_routes };

const Job clinical_jobs[CLINICAL_JOBS] = {
	{ "patient.image", image_run, 4, 180 },
};
