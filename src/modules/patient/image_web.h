/* What the handlers of images and mounts share. */
#ifndef PATIENT_IMAGE_WEB_H
#define PATIENT_IMAGE_WEB_H

#include "modules/patient/image.h"

/* The image of the path, which must be this patient's: ERR_NOT_FOUND. */
MUST_CHECK Err image_asked(Req *q, const PatientHead *head, SqlImageRow *ret);

/* mount_web.c */
extern const RouteList mount_routes;

#endif
