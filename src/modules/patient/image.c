/* Images: taken, described, voided; and the job that makes what is shown. */
#include "modules/patient/image.h"

#include "core/clock.h"
#include "core/input.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "modules/patient/patient_view.h"
#include "platform/image/image.h"
#include "platform/storage/storage.h"

const UiOption image_categories[IMAGE_CATEGORIES] = {
	{ .value = "intraoral", .label = "Foto intraoral" },
	{ .value = "extraoral", .label = "Foto extraoral" },
	{ .value = "periapical", .label = "Periapical" },
	{ .value = "bitewing", .label = "Bite-wing" },
	{ .value = "panoramic", .label = "Panorâmica" },
	{ .value = "cephalometric", .label = "Telerradiografia" },
	{ .value = "tomography", .label = "Tomografia" },
	{ .value = "document", .label = "Documento" },
};

const char *image_category_title(const char *category)
{
	return patient_label(image_categories, IMAGE_CATEGORIES, category);
}

static Err note_change(Ctx *cx, int64_t patient, int64_t id, const char *action, const char *title,
	const char *reason)
{
	TRY(audit_add_change(cx, &(Change){ .action = action,
					 .subject = "image",
					 .subject_id = id,
					 .reason = reason }));
	return audit_add_event(cx, &(Event){ .subject = "patient",
					   .subject_id = patient,
					   .kind = "image",
					   .title = title,
					   .body = reason });
}

static Err count_again(Ctx *cx, int64_t patient)
{
	SqlImageCount row;

	TRY(sql_image_count(cx, patient, &row));
	return patient_tell_images(cx, (PatientId){ patient }, row.count);
}

/* ---- taking ---- */

/* Before a byte is stored: does it fit the plan, and may it ever be decoded? */
static Err check_upload(Ctx *cx, const char *path)
{
	ImageSize size;
	Input upload;

	TRY(input_open(cx, path, &upload));
	TRY(company_spend(cx, LIMIT_STORAGE, upload.size));
	if (!upload.size)
		return err_tell(cx, ERR_INVALID, "O arquivo está vazio.", "upload is empty");
	return image_check(cx, upload.fd, &size);
}

/* An older visit than those that are offered is not offered again, but may stay. */
static Err check_visit(Ctx *cx, PatientId patient, int64_t visit, int64_t before)
{
	PastVisit *list;
	size_t count;

	if (!visit || visit == before)
		return OK;
	TRY(module_visits_ask(cx, patient.v));
	TRY(module_visits_read(cx, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].id == visit)
			return OK;
	return err_field(cx, "visit_id", "Escolha um atendimento deste paciente.");
}

Err patient_image_add(
	Ctx *cx, PatientId patient, const char *path, const ImageNew *in, int64_t *ret)
{
	int32_t taken_on = in->taken_on == DATE_NONE ? date_today(cx->now, cx->zone) : in->taken_on;
	SqlImageInsert made;
	StoredFile file;
	bool picture;

	TRY(check_upload(cx, path));
	TRY(patient_lock(cx, patient));
	TRY(check_visit(cx, patient, in->visit, 0));
	TRY(storage_put_file(cx, path, STORAGE_IMAGE | STORAGE_SCAN, &file));
	picture = strcmp(file.type, "application/dicom") != 0;
	TRY(sql_image_insert(cx,
		&(SqlImageInsertIn){ .patient_id = patient.v,
			.visit_id = in->visit ? &in->visit : NULL,
			.category = in->category,
			.taken_on = taken_on,
			.file = file.hash,
			.type = file.type,
			.size_bytes = file.size_bytes,
			.state = picture ? "waiting" : "file",
			.user_id = db_id_or_null(&cx->user.v) },
		&made));
	if (picture)
		TRY(job_add(cx, "patient.image",
			arena_printf(cx->mem, "{\"id\":%" PRId64 "}", made.id), NULL));
	TRY(count_again(cx, patient.v));
	*ret = made.id;
	return note_change(cx, patient.v, made.id, "image.add",
		arena_printf(cx->mem, "Imagem: %s", image_category_title(in->category)),
		/* reason= */ NULL);
}

/* ---- the job ---- */

static Err keep_versions(Ctx *cx, const SqlImageRow *row, const ImageMade *made)
{
	StoredFile view, thumb;
	int64_t rows;

	TRY(storage_put_bytes(cx, made->view, STORAGE_IMAGE, &view));
	TRY(storage_put_bytes(cx, made->thumb, STORAGE_IMAGE, &thumb));
	return sql_image_ready(cx,
		&(SqlImageReadyIn){ .id = row->id,
			.view = view.hash,
			.thumb = thumb.hash,
			.width = made->width,
			.height = made->height,
			.full_width = made->full_width,
			.full_height = made->full_height },
		&rows);
}

Err image_run(Ctx *cx, const char *data)
{
	int64_t id, rows;
	SqlImageRow row;
	ImageMade made;
	Err err;
	int fd;

	TRY(job_id(cx, data, "id", &id));
	TRY(sql_image_by_id(cx, id, &row));
	if (strcmp(row.state, "waiting") != 0)
		return OK;
	TRY(storage_open(cx, row.file, &fd));
	TRY(job_step(cx)); /* decoding takes seconds; no transaction waits for it */
	err = image_make(cx, fd, &made);
	if (err == ERR_INVALID || err == ERR_TOO_LARGE || (err != OK && job_is_last_try(cx)))
		return sql_image_failed(
			cx, id, cx->err.sentence ? cx->err.sentence : err_sentence(err), &rows);
	TRY(err);
	return keep_versions(cx, &row, &made);
}

/* ---- describing ---- */

/* FDI: quadrants 1 to 4 have eight teeth, 5 to 8 five. */
static bool is_tooth(int64_t tooth)
{
	int64_t quadrant = tooth / 10, place = tooth % 10;

	return quadrant >= 1 && quadrant <= 8 && place >= 1 && place <= (quadrant <= 4 ? 8 : 5);
}

static Err read_teeth(Ctx *cx, Strs typed, Int64s *ret)
{
	int64_t *list = NEW_ARRAY(cx->mem, int64_t, IMAGE_TEETH_MAX);
	size_t n = 0;

	for (size_t i = 0; i < typed.count; i++) {
		char *text = arena_dup(cx->mem, typed.v[i]);
		Str rest, piece;

		for (char *c = text; *c; c++)
			if (*c == ',' || *c == ';')
				*c = ' ';
		rest = str_of(text);
		while (rest.len && str_cut(&rest, ' ', &piece)) {
			int64_t tooth;
			bool known = false;

			if (!piece.len)
				continue;
			if (!str_int64(piece, &tooth) || !is_tooth(tooth) || n == IMAGE_TEETH_MAX)
				return err_field(cx, "teeth",
					"Escreva os dentes pelo número, como 16 21 36.");
			for (size_t j = 0; j < n; j++)
				known |= list[j] == tooth;
			if (!known)
				list[n++] = tooth;
		}
	}
	*ret = (Int64s){ list, n };
	return OK;
}

Err patient_image_save(Ctx *cx, int64_t id, const ImageForm *in)
{
	SqlImageRow old;
	Int64s teeth;
	int64_t rows;
	Diff diff;

	TRY(sql_image_by_id(cx, id, &old));
	TRY(read_teeth(cx, in->teeth, &teeth));
	TRY(check_visit(cx, (PatientId){ old.patient_id }, in->visit_id, old.visit_id));
	TRY(sql_image_update(cx,
		&(SqlImageUpdateIn){ .id = id,
			.version = (int32_t)in->version,
			.category = in->category,
			.taken_on = in->taken_on,
			.teeth = teeth,
			.note = in->note,
			.visit_id = in->visit_id ? &in->visit_id : NULL },
		&rows));
	if (!rows)
		return err_set(cx, ERR_CONFLICT, "image %" PRId64 " is not at version %" PRId64, id,
			in->version);
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "category", old.category, in->category);
	diff_int(&diff, "taken_on", old.taken_on, in->taken_on);
	diff_int(&diff, "visit_id", old.visit_id, in->visit_id);
	diff_text(&diff, "note", old.note, in->note);
	return audit_add_change(cx, &(Change){ .action = "image.update",
					    .subject = "image",
					    .subject_id = id,
					    .diff = diff_done(&diff) });
}

Err patient_image_void(Ctx *cx, int64_t id, const char *reason)
{
	SqlImageRow row;
	int64_t rows;

	if (str_is_empty(reason))
		return err_field(cx, "reason", "Informe o motivo.");
	TRY(sql_image_by_id(cx, id, &row));
	TRY(sql_image_void(cx, id, reason, db_id_or_null(&cx->user.v), &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Esta imagem já foi anulada.",
			"image %" PRId64 " is voided", id);
	TRY(sql_image_leave_mounts(cx, id, &rows));
	TRY(count_again(cx, row.patient_id));
	return note_change(cx, row.patient_id, id, "image.void",
		arena_printf(cx->mem, "Imagem anulada: %s", image_category_title(row.category)),
		reason);
}

Err patient_image_calibrate(Ctx *cx, int64_t id, double mm_per_px)
{
	int64_t rows;

	if (!(mm_per_px > 0.0001 && mm_per_px < 100))
		return err_tell(cx, ERR_INVALID,
			"Marque uma distância conhecida na imagem e informe quantos milímetros "
			"tem.",
			"calibration out of range");
	TRY(sql_image_calibrate(cx, id, mm_per_px, db_id_or_null(&cx->user.v), &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "no image %" PRId64 " to calibrate", id);
	return audit_add_change(
		cx, &(Change){ .action = "image.calibrate", .subject = "image", .subject_id = id });
}

/* ---- mounts ---- */

Err patient_mount_put(Ctx *cx, int64_t mount, int slot, int64_t image)
{
	SqlMountLock lock;
	SqlImageRow row;
	int64_t rows;

	if (slot < 1 || slot > MOUNT_SLOTS)
		return err_set(cx, ERR_INVALID, "no slot %d", slot);
	TRY(sql_mount_lock(cx, mount, &lock));
	if (image) {
		TRY(sql_image_by_id(cx, image, &row));
		if (row.patient_id != lock.patient_id || !row.voided_at_null)
			return err_set(cx, ERR_NOT_FOUND,
				"image %" PRId64 " is not for mount %" PRId64, image, mount);
	}
	TRY(sql_mount_clear(cx, mount, slot, image ? &image : NULL, &rows));
	return image ? sql_mount_put(cx, mount, slot, image, &rows) : OK;
}
