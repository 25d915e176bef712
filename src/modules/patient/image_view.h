/* What the pages of images show. */
#ifndef PATIENT_IMAGE_VIEW_H
#define PATIENT_IMAGE_VIEW_H

#include "core/clock.h"
#include "modules/patient/image.h"

typedef struct GalleryView {
	Req *q;
	const PatientHead *head;
	const SqlImageRow *image;
	size_t image_count;
	const SqlImageCounts *count; /* by category, of all that stand */
	size_t count_count;
	int64_t total, waiting, voided_count;
	const SqlMountList *mount;
	size_t mount_count;
	const char *category; /* of the filter; NULL: all */
	int64_t tooth, visit;
	const UiOption *visits; /* "14/11/2026, Dr. Caio", the newest first */
	size_t visits_count;
	bool voided;
	bool writes;
} GalleryView;
void image_gallery_page(Html *h, const GalleryView *v);
void image_gallery(Html *h, const GalleryView *v);
/* The gallery as it is filtered. */
Url image_gallery_url(Arena *mem, const GalleryView *v);

typedef struct ViewerView {
	Req *q;
	const PatientHead *head;
	const SqlImageRow *image;
	const SqlImageRow *with;  /* beside it; NULL: alone */
	const SqlImageRow *other; /* the patient's other images that can be shown */
	size_t other_count;
	const UiOption *visits;
	size_t visits_count;
	JsonText panes; /* what viewer.js shows */
	bool writes;
	bool voiding; /* the dialog is open: it was answered with errors */
} ViewerView;
void image_viewer_page(Html *h, const ViewerView *v);

typedef struct MountView {
	Req *q;
	const PatientHead *head;
	int64_t id;
	int32_t taken_on;
	const SqlMountSlots *slot[MOUNT_SLOTS + 1]; /* by number; NULL: empty */
	const SqlImageRow *loose;                   /* X-rays in no slot */
	size_t loose_count;
	bool writes;
} MountView;
void image_mount_page(Html *h, const MountView *v);

/* "Molares superiores direitos" */
const char *mount_slot_title(int slot);
/* "16, 21" */
const char *image_teeth_text(Arena *mem, Int64s teeth);
/* An id as the form has it; NULL: none. */
const char *image_visit_text(Arena *mem, int64_t visit);
/* What the gallery is filtered by: "14/11/2026, Dr. Caio". */
const char *image_visit_label(const GalleryView *v);
/* "1,2 MB" */
const char *image_bytes_text(Arena *mem, int64_t bytes);

#endif
