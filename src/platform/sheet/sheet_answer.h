/* sheet_answer: a spreadsheet that was just written, as the answer to a request. */
#ifndef SHEET_SHEET_ANSWER_H
#define SHEET_SHEET_ANSWER_H

#include "platform/sheet/sheet.h"
#include "platform/web/web.h"

/* The file at path (of sheet_open) to be saved under a name: letters, digits, "-" and "."; the
 * ending follows from the format. ERR_UNAVAILABLE: the file cannot be read. */
MUST_CHECK Err send_sheet(Req *q, const char *path, SheetFormat format, const char *name);

#endif
