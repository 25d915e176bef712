/* image: photographs, X-rays and scans of a patient. The original is kept as it was sent; what is
 * shown is a view without EXIF, made by the worker. Voided with a reason, never deleted. */
#ifndef PATIENT_IMAGE_H
#define PATIENT_IMAGE_H

#include "modules/patient/image.sql.h"
#include "modules/patient/patient.h"

enum { IMAGE_TEETH_MAX = 32, MOUNT_SLOTS = 18, IMAGES_SHOWN = 300 };

/* The kinds as forms and programs name them; image_categories has their titles. */
#define IMAGE_KINDS                                                                                \
	"intraoral extraoral periapical bitewing panoramic cephalometric tomography document"

typedef struct ImageNew {
	const char *category;
	int32_t taken_on; /* DATE_NONE: today */
	int64_t visit;    /* 0: none; ERR_INVALID unless it is one of the patient's */
} ImageNew;

/* Take the upload at path. ERR_INVALID: no image, or a broken one; ERR_TOO_LARGE: bytes or pixels
 * beyond the limits; ERR_LIMIT: the plan's storage is full; all with a sentence. Views are made by
 * the job "patient.image". Audit, timeline, brief. */
MUST_CHECK Err patient_image_add(
	Ctx *cx, PatientId patient, const char *path, const ImageNew *in, int64_t *ret);

typedef struct ImageForm {
	const char *category, *note;
	Strs teeth; /* "16", "21 22" */
	int32_t taken_on;
	int64_t visit_id; /* 0: of none */
	int64_t version;
} ImageForm;

/* ERR_INVALID: field teeth names what is no tooth, visit_id is no visit of the patient.
 * ERR_CONFLICT: saved by somebody else, or voided.
 */
MUST_CHECK Err patient_image_save(Ctx *cx, int64_t id, const ImageForm *in);
/* ERR_INVALID: no reason (marks "reason"). ERR_CONFLICT: voided already. */
MUST_CHECK Err patient_image_void(Ctx *cx, int64_t id, const char *reason);
/* A pixel of the view is so many hundredths of a micrometre wide, as somebody measured on it. */
MUST_CHECK Err patient_image_calibrate(Ctx *cx, int64_t id, double mm_per_px);

/* Put an image into a slot of a mount (image 0: empty the slot); where it was before it leaves.
 * ERR_NOT_FOUND: another patient's, or voided. ERR_INVALID: no such slot. */
MUST_CHECK Err patient_mount_put(Ctx *cx, int64_t mount, int slot, int64_t image);

/* "Periapical" for "periapical"; The name itself for none such. */
const char *image_category_title(const char *category);
enum { IMAGE_CATEGORIES = 8 };
extern const UiOption image_categories[IMAGE_CATEGORIES];

/* The job "patient.image", data {"id": …}. */
Err image_run(Ctx *cx, const char *data);

/* image_web.c */
extern const RouteList image_routes;

#endif
