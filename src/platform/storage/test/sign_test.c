/* Against the examples in Amazon's description of the signature (public, of 24 May 2013). */
#include "platform/storage/s3_sign.h"

#include "core/clock.h"
#include "test.h"

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const S3Keys keys = { "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	"us-east-1" };

static int64_t example_time(void)
{
	return date_of(2013, 5, 24) * INT64_C(86400);
}

TEST(a_signed_get_is_amazon_s_example)
{
	const S3Header header[] = { { "host", "examplebucket.s3.amazonaws.com" },
		{ "range", "bytes=0-9" }, { "x-amz-content-sha256", EMPTY },
		{ "x-amz-date", "20130524T000000Z" } };
	S3Request request = { "GET", "/test.txt", EMPTY, header, COUNT(header) };

	CHECK_TEXT(s3_authorization(cx->mem, &keys, &request, example_time()),
		"AWS4-HMAC-SHA256 "
		"Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
		"SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
		"Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(a_signed_url_is_amazon_s_example)
{
	const S3Header host = { "host", "examplebucket.s3.amazonaws.com" };
	S3Request request = { "GET", "/test.txt", "UNSIGNED-PAYLOAD", &host, 1 };

	CHECK_TEXT(s3_signed_query(cx->mem, &keys, &request, example_time(), 86400),
		"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%"
		"2Fus-east-1"
		"%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-"
		"SignedHeaders=host"
		"&X-Amz-Signature="
		"aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(paths_are_percent_encoded)
{
	CHECK_TEXT(s3_encode(cx->mem, "/a b/ç~-._", true), "/a%20b/%C3%A7~-._");
	CHECK_TEXT(s3_encode(cx->mem, "a/b", false), "a%2Fb");
}
