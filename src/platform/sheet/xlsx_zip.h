/* xlsx_zip: the parts of a workbook's archive, unpacked as XML events. Holds every limit against
 * archives that are small outside and endless inside. */
#ifndef SHEET_XLSX_ZIP_H
#define SHEET_XLSX_ZIP_H

#include <expat.h>
#include <sys/types.h>
#include <zip.h>

#include "core/ctx.h"
#include "core/str.h"

typedef struct XlsxZip {
	Ctx *cx;
	zip_t *zip;
	int64_t unpacked; /* bytes so far, of all parts */
} XlsxZip;

/* The handlers of one part. Names come without their namespace prefix: "row", not "x:row". An
 * error ends the reading. */
typedef struct XlsxPart {
	Err (*start)(void *arg, const char *name, const char **attribute);
	Err (*end)(void *arg, const char *name);
	Err (*text)(void *arg, Str text); /* NULL: text is of no interest */
	void *arg;
	bool done; /* set by a handler: enough was read */
} XlsxPart;

/* ERR_INVALID: no archive that can be read. */
MUST_CHECK Err xlsx_zip_open(XlsxZip *zip, Ctx *cx, int fd, off_t size);
void xlsx_zip_close(XlsxZip *zip);
/* ERR_NOT_FOUND: no such part. ERR_INVALID: broken XML, a document type, too deep. ERR_TOO_LARGE:
 * more than SHEET_XML_MAX in all. */
MUST_CHECK Err xlsx_zip_parse(XlsxZip *zip, const char *path, XlsxPart *part);

/* Value of an attribute by its local name, or NULL. */
const char *xlsx_attribute(const char **attribute, const char *name);

#endif
