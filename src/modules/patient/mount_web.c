/* Full mouth series: 18 slots that X-rays are put into. */
#include "modules/patient/anamnesis_web.h"
#include "modules/patient/image_view.h"
#include "modules/patient/image_web.h"
#include "modules/patient/patient_rooms.h"

/* Seven columns: periapicals above and below, bite-wings at the sides of the middle row. */
static const char *const slots[MOUNT_SLOTS] = {
	"Molares superiores direitos",
	"Pré-molares superiores direitos",
	"Canino superior direito",
	"Incisivos superiores",
	"Canino superior esquerdo",
	"Pré-molares superiores esquerdos",
	"Molares superiores esquerdos",
	"Bite-wing de molares direito",
	"Bite-wing de pré-molares direito",
	"Bite-wing de pré-molares esquerdo",
	"Bite-wing de molares esquerdo",
	"Molares inferiores direitos",
	"Pré-molares inferiores direitos",
	"Canino inferior direito",
	"Incisivos inferiores",
	"Canino inferior esquerdo",
	"Pré-molares inferiores esquerdos",
	"Molares inferiores esquerdos",
};

const char *mount_slot_title(int slot)
{
	return slots[slot - 1];
}

typedef struct NewMount {
	int32_t date;
} NewMount;

static const Field new_fields[] = {
	FIELD(NewMount, date, FIELD_DATE, "Data", 0, 0, false),
};

/* POST /patients/:id/mounts. 303 to it. */
static Err create(Req *q)
{
	int32_t today = date_today(q->cx->now, q->cx->zone);
	SqlMountInsert made;
	PatientHead head;
	NewMount in;

	TRY(clinical_head(q, &head));
	if (!form_read(q, new_fields, COUNT(new_fields), &in))
		return ERR_INVALID;
	TRY(sql_mount_insert(q->cx, head.id, in.date == DATE_NONE ? today : in.date,
		db_id_or_null(&q->cx->user.v), &made));
	return redirect(q, "/patients/%" PRId64 "/mounts/%" PRId64, head.id, made.id);
}

static Err mount_asked(Req *q, const PatientHead *head, SqlMountById *ret)
{
	int64_t id;

	TRY(req_id(q, "mount", &id));
	TRY(sql_mount_by_id(q->cx, id, ret));
	if (ret->patient_id != head->id)
		return err_set(q->cx, ERR_NOT_FOUND, "mount %" PRId64 " is another patient's", id);
	return OK;
}

static bool is_mounted(const MountView *view, int64_t image)
{
	for (int i = 1; i <= MOUNT_SLOTS; i++)
		if (view->slot[i] && view->slot[i]->image_id == image)
			return true;
	return false;
}

/* X-rays that can be shown and are in no slot. */
static Err read_loose(Req *q, MountView *view)
{
	SqlImageRow *row;
	size_t count;

	TRY(sql_image_list(q->cx, view->head->id, NULL, NULL, NULL, /* voided= */ false,
		IMAGES_SHOWN, &row, &count));
	view->loose = row;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(row[i].state, "ready") && !is_mounted(view, row[i].id) &&
			(!strcmp(row[i].category, "periapical") ||
				!strcmp(row[i].category, "bitewing")))
			row[view->loose_count++] = row[i];
	return OK;
}

/* GET /patients/:id/mounts/:mount */
static Err show(Req *q)
{
	MountView view = { .q = q };
	SqlMountSlots *slot;
	SqlMountById mount;
	PatientHead head;
	size_t count;

	TRY(clinical_head_read(q, &head));
	TRY(mount_asked(q, &head, &mount));
	TRY(sql_mount_slots(q->cx, mount.id, &slot, &count));
	for (size_t i = 0; i < count; i++)
		view.slot[slot[i].slot] = &slot[i];
	view.head = &head;
	view.id = mount.id;
	view.taken_on = mount.taken_on;
	view.writes = req_may(q, "patient.image") && !head.restricted;
	TRY(read_loose(q, &view));
	image_mount_page(&q->html, &view);
	return send_html(q, 200);
}

typedef struct PutForm {
	int64_t slot, image;
} PutForm;

static const Field put_fields[] = {
	FIELD(PutForm, slot, FIELD_INT, "Posição", 1, MOUNT_SLOTS, true),
	FIELD(PutForm, image, FIELD_ID, "Imagem", 0, 0, false),
};

/* PATCH /patients/:id/mounts/:mount: slot and image (none: empty it). 204; 404; 422. */
static Err put(Req *q)
{
	SqlMountById mount;
	PatientHead head;
	PutForm in;

	TRY(clinical_head(q, &head));
	TRY(mount_asked(q, &head, &mount));
	if (!form_read(q, put_fields, COUNT(put_fields), &in))
		return ERR_INVALID;
	TRY(patient_mount_put(q->cx, mount.id, (int)in.slot, in.image));
	return send_nothing(q);
}

/* clang-format off */
static const Route routes[] = {
	{ POST, "/patients/:id/mounts", create, "patient.image" },
	{ GET, "/patients/:id/mounts/:mount", show, "patient.clinical", ROUTE_READS_CHART },
	{ PATCH, "/patients/:id/mounts/:mount", put, "patient.image" },
};
/* clang-format on */

const RouteList mount_routes = { routes, COUNT(routes), NULL };
