/* teeth: a list of teeth as people type it. */
#ifndef TREATMENT_TEETH_H
#define TREATMENT_TEETH_H

#include "modules/treatment/treatment_rooms.h"

enum { TEETH_LIST_MAX = 60 };
/* "16, 26 e 27", "13-15" → numbers, each once, in the order typed; NULL or "": none. ERR_INVALID
 * field teeth. */
MUST_CHECK Err teeth_read(Ctx *cx, const char *text, Int64s *ret);
/* The other way: "16, 26, 27". */
const char *teeth_text(Arena *mem, Int64s teeth);

#endif
