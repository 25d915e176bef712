/* try: one letter through transport_smtp, for smtp.test.mjs.
 *   try URL CA-FILE TO SUBJECT TO-NAME TEXT HTML      ("" where there is none)
 * Prints delivered, later or refused, and the server's reply code. */
#include "platform/mail/message.h"
#include "platform/mail/transport.h"

static const char *given(const char *text)
{
	return text[0] ? text : NULL;
}

int main(int argc, char **argv)
{
	static const char *const word[] = { "delivered", "later", "refused" };
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem, .now = 1795348800 };
	MailConfig config = { .from = "nao-responda@siso.example" };
	Delivery delivery;
	Letter letter;
	Str message;
	long reply;

	if (argc != 8)
		return 2;
	config.smtp_url = argv[1];
	config.ca_file = given(argv[2]);
	letter = (Letter){ .to = argv[3],
		.subject = argv[4],
		.to_name = given(argv[5]),
		.from_name = "Clínica Ação, Ltda.",
		.text = argv[6],
		.html = given(argv[7]) };
	message = message_build(
		mem, &letter, &(Envelope){ config.from, "AbCdEfGhIjKlMnOpQrSt", cx.now });
	delivery = transport_smtp(&cx, &config, letter.to, message, &reply);
	printf("%s %ld\n", word[delivery], reply);
	if (delivery != DELIVERED)
		fprintf(stderr, "%s\n", cx.err.log);
	arena_free(mem);
	return 0;
}
