/* The handlers of the patient's pages, for the one table of routes in patient_web.c. */
#ifndef PATIENT_PATIENT_WEB_H
#define PATIENT_PATIENT_WEB_H

#include "platform/web/web.h"

enum { PATIENT_PHOTO_MAX = 8 << 20 };

/* patient_page_web.c */
Handler patient_show, patient_more_events, patient_documents, patient_finance;
/* patient_form_web.c */
Handler patient_blank, patient_create, patient_edit, patient_update, patient_cep;
/* patient_family_web.c */
Handler patient_card_create, patient_card_remove, patient_kin_create, patient_kin_remove,
	patient_pick;
/* patient_photo_web.c */
Handler patient_photo, patient_put_photo, patient_remove_photo;
/* patient_merge_web.c */
Handler patient_ask_merge, patient_do_merge, patient_undo_merge;

#endif
