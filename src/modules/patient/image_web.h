/* What the handlers of images and mounts share. */
#ifndef PATIENT_IMAGE_WEB_H
#define PATIENT_IMAGE_WEB_H

#include "modules/patient/image.h"

/* What a gallery or a list is of, and what comes with an upload, in an address. */
typedef struct ImageFilter {
	const char *category;
	int64_t tooth, visit;
	bool voided;
} ImageFilter;
enum { IMAGE_FILTER_FIELDS = 4, IMAGE_NEW_FIELDS = 3 };
extern const Field image_filter_fields[IMAGE_FILTER_FIELDS], image_new_fields[IMAGE_NEW_FIELDS];

/* The image of the path, which must be this patient's: ERR_NOT_FOUND. */
MUST_CHECK Err image_asked(Req *q, const PatientHead *head, SqlImageRow *ret);

extern const Field image_fields[6];

/* mount_web.c */
extern const RouteList mount_routes;

#endif
