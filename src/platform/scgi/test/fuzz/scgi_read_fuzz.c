/* Any bytes into the parser of requests. */
#include "platform/scgi/scgi_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size + 1);
	ScgiRequest request;
	size_t total;

	if (!bytes)
		abort();
	memcpy(bytes, data, size);
	for (size_t seen = 0; seen < size && seen < 40; seen++)
		(void)scgi_measure((Str){ bytes, seen }, 1 << 20, &total);
	if (scgi_measure((Str){ bytes, size }, 1 << 20, &total) == SCGI_WHOLE &&
		scgi_read(bytes, size, &request))
		for (size_t i = 0; i < SCGI_NAME_COUNT; i++)
			if (strlen(request.value[i]) > size)
				abort();
	free(bytes);
	return 0;
}
