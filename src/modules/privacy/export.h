/* export: the worker's part of copies. */
#ifndef PRIVACY_EXPORT_H
#define PRIVACY_EXPORT_H

#include "modules/privacy/privacy.h"

/* Jobs: make the copy {"id"}; daily, let go of the old ones. */
MUST_CHECK Err privacy_run_export(Ctx *cx, const char *data);
MUST_CHECK Err privacy_sweep_exports(Ctx *cx, const char *data);

#endif
