/* What the files of this folder share and nobody else needs. */
#ifndef UI_SETUP_H
#define UI_SETUP_H

#include "platform/ui/ui_view.h"

const UiSetup *ui_setup_get(void);
/* Everything before the body of a page of this request. */
void ui_head(Html *h, Req *q, const char *title, const char *body_class);

#endif
