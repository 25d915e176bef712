/* csv: reads separated values. Called by sheet_read.c. */
#ifndef SHEET_CSV_H
#define SHEET_CSV_H

#include "platform/sheet/sheet_sink.h"

/* fd stands anywhere; it is read twice from its start: once to learn the encoding. */
MUST_CHECK Err csv_read(SheetSink *sink, int fd);

#endif
