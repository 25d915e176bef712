/* Any bytes as names, subject and text: the letter stays ASCII, its lines short, its headers ours.
 */
#include "platform/mail/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char *piece(Arena *mem, Str *rest)
{
	Str part = { "", 0 };

	(void)str_cut(rest, '\0', &part);
	return arena_copy(mem, part.len ? part.ptr : "", part.len);
}

static size_t count_lines(const char *text, const char *start)
{
	size_t count = 0, size = strlen(start);

	while ((text = strstr(text, start))) {
		count++;
		text += size;
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Str rest = { (const char *)bytes, size }, message;
	Letter letter = { .to = "ana@clinic.example" };
	size_t column = 0;
	char *head;

	letter.to_name = piece(mem, &rest);
	letter.from_name = piece(mem, &rest);
	letter.subject = piece(mem, &rest);
	letter.text = piece(mem, &rest);
	message = message_build(mem, &letter,
		&(Envelope){ "nao-responda@siso.example", "abcdefghijklmnop", 1795348800 });
	for (size_t i = 0; i < message.len; i++) {
		assert((unsigned char)message.ptr[i] < 0x80 && message.ptr[i] != '\0');
		column = message.ptr[i] == '\n' ? 0 : column + 1;
		assert(column <= 78);
	}
	head = arena_copy(mem, message.ptr, message.len);
	*strstr(head, "\r\n\r\n") = '\0';
	assert(count_lines(head, "\r\nTo: ") == 1 && count_lines(head, "\r\nFrom: ") == 1);
	assert(count_lines(head, "\r\nBcc:") == 0 && count_lines(head, "\r\nSubject: ") == 1);
	arena_free(mem);
	return 0;
}
