/* xlsx: reads the workbooks of Excel and its kin (ECMA-376). Called by sheet_read.c. */
#ifndef SHEET_XLSX_H
#define SHEET_XLSX_H

#include "platform/sheet/sheet_sink.h"

/* size: of the file, already checked. fd is not closed. */
MUST_CHECK Err xlsx_read(SheetSink *sink, int fd, off_t size);
MUST_CHECK Err xlsx_names(Ctx *cx, int fd, off_t size, Strs *ret);

#endif
