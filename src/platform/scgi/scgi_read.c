/* See scgi_read.h. The length is checked before anything is trusted, and each name and value is
 * found with memchr inside that length, so no string runs past it. */
#include "platform/scgi/scgi_read.h"

static const struct {
	const char *name;
	size_t length;
} names[SCGI_NAME_COUNT] = {
#define X(name) { #name, sizeof(#name) - 1 },
	SCGI_NAMES(X)
#undef X
};

/* Digits without leading zero, then `end`; at most 7 of them, so no overflow. */
static bool read_number(Str s, char end, size_t *ret, size_t *ret_used)
{
	size_t value = 0, i = 0;

	while (i < s.len && i < 8 && s.ptr[i] >= '0' && s.ptr[i] <= '9')
		value = value * 10 + (size_t)(s.ptr[i++] - '0');
	if (!i || i == 8 || i == s.len || s.ptr[i] != end || (i > 1 && s.ptr[0] == '0'))
		return false;
	*ret = value;
	*ret_used = i + 1;
	return true;
}

static bool could_be_length(Str seen)
{
	if (seen.len > 7)
		return false;
	for (size_t i = 0; i < seen.len; i++)
		if (seen.ptr[i] < '0' || seen.ptr[i] > '9')
			return false;
	return true;
}

/* Cut the next name and value off the head. False: it is not made of pairs. */
static bool next_pair(Str *head, Str *ret_name, Str *ret_value)
{
	const char *end = head->ptr + head->len;
	const char *name_end = memchr(head->ptr, '\0', head->len);
	const char *value_end;

	if (!name_end || name_end == head->ptr || name_end + 1 >= end)
		return false;
	value_end = memchr(name_end + 1, '\0', (size_t)(end - name_end - 1));
	if (!value_end)
		return false;
	*ret_name = (Str){ head->ptr, (size_t)(name_end - head->ptr) };
	*ret_value = (Str){ name_end + 1, (size_t)(value_end - name_end - 1) };
	*head = (Str){ value_end + 1, (size_t)(end - value_end - 1) };
	return true;
}

/* The size of the body that follows the head. A body in a file does not follow, though nginx still
 * says its length (which may be gigabytes). */
static bool read_body_size(Str head, size_t *ret)
{
	Str name, value, length;
	size_t used;
	bool in_file = false;

	if (!next_pair(&head, &name, &length) || !str_is(name, "CONTENT_LENGTH"))
		return false;
	while (head.len) {
		if (!next_pair(&head, &name, &value))
			return false;
		if (str_is(name, "BODY_FILE") && value.len)
			in_file = true;
	}
	*ret = 0;
	return in_file || read_number((Str){ length.ptr, length.len + 1 }, '\0', ret, &used);
}

ScgiState scgi_measure(Str seen, size_t body_max, size_t *ret_total)
{
	size_t head_size, start, body;

	*ret_total = 0;
	if (!read_number(seen, ':', &head_size, &start))
		return could_be_length(seen) ? SCGI_MORE : SCGI_BAD;
	if (head_size > SCGI_HEAD_MAX)
		return SCGI_BAD;
	*ret_total = start + head_size + 1;
	if (seen.len < *ret_total)
		return SCGI_MORE;
	if (seen.ptr[start + head_size] != ',' ||
		!read_body_size((Str){ seen.ptr + start, head_size }, &body) || body > body_max)
		return SCGI_BAD;
	*ret_total += body;
	if (seen.len < *ret_total)
		return SCGI_MORE;
	return seen.len == *ret_total ? SCGI_WHOLE : SCGI_BAD;
}

static bool keep(ScgiRequest *request, Str name, const char *value)
{
	for (size_t i = 0; i < SCGI_NAME_COUNT; i++) {
		if (names[i].length != name.len || memcmp(names[i].name, name.ptr, name.len))
			continue;
		if (request->value[i])
			return false;
		request->value[i] = value;
		return true;
	}
	return true; /* a name that we do not take */
}

bool scgi_read(char *bytes, size_t size, ScgiRequest *ret)
{
	size_t head_size, start;
	Str head, name, value;

	*ret = (ScgiRequest){ 0 };
	if (!read_number((Str){ bytes, size }, ':', &head_size, &start) ||
		start + head_size + 1 > size)
		return false;
	head = (Str){ bytes + start, head_size };
	while (head.len)
		if (!next_pair(&head, &name, &value) || !keep(ret, name, value.ptr))
			return false;
	bytes[size] = '\0';
	start += head_size + 1;
	ret->body = (Str){ bytes + start, size - start };
	for (size_t i = 0; i < SCGI_NAME_COUNT; i++)
		if (!ret->value[i])
			ret->value[i] = "";
	return *ret->value[SCGI_METHOD] && *ret->value[SCGI_PATH] && *ret->value[SCGI_HOST];
}
