/* Any bytes may be the beginning of an upload. */
#include "platform/image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	ImageSize got = { -1, -1 };

	if (image_size(bytes, size, &got))
		assert(got.width >= 0 && got.height >= 0 && !got.width == !got.height);
	return 0;
}
