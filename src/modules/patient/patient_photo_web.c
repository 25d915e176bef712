/* The patient's photo: a file of the clinic, shown in the avatar to those who may see patients. */
#include "core/input.h"
#include "modules/company/company.h"
#include "modules/patient/patient_view.h"
#include "modules/patient/patient_web.h"
#include "platform/image/image.h"
#include "platform/storage/storage.h"

/* GET /patients/:id/photo?v=: the address changes with the photo, so browsers may keep it. */
Err patient_photo(Req *q)
{
	StoredFile file;
	Patient patient;
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(patient_get(q->cx, id, &patient));
	if (!patient.photo)
		return err_set(q->cx, ERR_NOT_FOUND, "patient %" PRId64 " has no photo", id.v);
	TRY(storage_get(q->cx, patient.photo, &file));
	answer_header(q, "Cache-Control", "private, max-age=86400");
	return send_file(q, storage_uri(q->cx, patient.photo), file.type, /* name= */ NULL,
		/* inline_view= */ true);
}

static Err set_photo(Req *q, PatientId id, const char *hash)
{
	Patient patient;
	int64_t rows;

	TRY(patient_lock(q->cx, id));
	TRY(patient_get(q->cx, id, &patient));
	TRY(sql_patient_set_photo(q->cx, id.v, hash, &rows));
	if (patient.photo)
		TRY(storage_drop(q->cx, patient.photo));
	TRY(audit_add_change(q->cx,
		&(Change){ .action = "patient.photo", .subject = "patient", .subject_id = id.v }));
	TRY(patient_event(
		q->cx, id, "patient.photo", hash ? "Foto trocada" : "Foto retirada", NULL));
	answer_toast(q, hash ? "Foto salva" : "Foto retirada", NULL);
	return redirect(q, "/patients/%" PRId64 "/edit", id.v);
}

/* The upload's bytes as they may be shown: the page's script draws the photo anew before it sends
 * it, but a program may send what a phone wrote, with the place where the person lives. */
static Err clean_upload(Req *q, Str *ret)
{
	ImageSize size;
	Input upload;
	Str bytes;

	TRY(input_open(q->cx, q->body_file, &upload));
	TRY(image_check(q->cx, upload.fd, &size));
	TRY(input_read(q->cx, &upload, &bytes));
	return image_clean(q->cx, bytes, ret);
}

/* PUT /patients/:id/photo: the file. 402 no room, 413 too large, 422 no picture. */
Err patient_put_photo(Req *q)
{
	StoredFile file;
	PatientId id;
	Str bytes;

	TRY(req_id(q, "id", &id.v));
	TRY(patient_lock(q->cx, id));
	TRY(clean_upload(q, &bytes));
	TRY(company_spend(q->cx, LIMIT_STORAGE, (int64_t)bytes.len));
	TRY(storage_put_bytes(q->cx, bytes, STORAGE_IMAGE, &file));
	return set_photo(q, id, file.hash);
}

/* POST /patients/:id/photo/remove */
Err patient_remove_photo(Req *q)
{
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	return set_photo(q, id, NULL);
}
