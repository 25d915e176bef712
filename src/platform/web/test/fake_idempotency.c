/* No keys are kept without a database; the real functions are tested with one (idempotency_test.c).
 */
#include "platform/web/flow.h"

Err idempotency_begin(Req *q, bool *ret_done)
{
	(void)q;
	*ret_done = false;
	return OK;
}

Err idempotency_keep(Req *q)
{
	(void)q;
	return OK;
}
