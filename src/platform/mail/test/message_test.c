/* The bytes of letters. test/mail.test.mjs lets another program read them. */
#include "platform/mail/message.h"
#include "test.h"

static const Envelope envelope = { "nao-responda@siso.example", "abcdefghijklmnop", TEST_NOW };

static const char *build(Ctx *cx, const Letter *letter)
{
	return message_build(cx->mem, letter, &envelope).ptr;
}

TEST(a_plain_letter_has_its_headers_and_text)
{
	CHECK_TEXT(build(cx, &(Letter){ .to = "ana@clinic.example",
				     .to_name = "Ana",
				     .from_name = "Clinica",
				     .reply_to = "a@b.example",
				     .subject = "Hello",
				     .text = "One\nTwo" }),
		"Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n"
		"From: Clinica\r\n <nao-responda@siso.example>\r\n"
		"To: Ana\r\n <ana@clinic.example>\r\n"
		"Reply-To: a@b.example\r\n"
		"Subject: Hello\r\n"
		"Message-ID: <abcdefghijklmnop@siso.example>\r\n"
		"MIME-Version: 1.0\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"Content-Type: text/plain; charset=UTF-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"One\r\nTwo\r\n");
}

TEST(accents_are_encoded_in_headers_and_text)
{
	const char *text = build(cx, &(Letter){ .to = "ana@clinic.example",
					     .to_name = "João",
					     .subject = "Confirmação",
					     .text = "Olá = tudo bem? " });

	CHECK(strstr(text, "To: =?UTF-8?B?Sm/Do28=?=\r\n <ana@clinic.example>\r\n") != NULL);
	CHECK(strstr(text, "Subject: =?UTF-8?B?Q29uZmlybWHDp8Ojbw==?=\r\n") != NULL);
	CHECK(str_ends(text, "\r\n\r\nOl=C3=A1 =3D tudo bem?=20\r\n"));
	for (const char *c = text; *c; c++)
		CHECK((unsigned char)*c < 0x80);
}

TEST(nobody_smuggles_a_header)
{
	const char *text = build(cx, &(Letter){ .to = "ana@clinic.example",
					     .to_name = "Ana\r\nBcc: x@y.example",
					     .from_name = "C\nX-A: 1",
					     .subject = "Hi\r\n\r\nbody",
					     .text = "t" });

	CHECK(strstr(text, "\nBcc:") == NULL);
	CHECK(strstr(text, "\nX-A:") == NULL);
	CHECK(strstr(text, "Subject: Hi    body\r\n") != NULL);
}

TEST(names_with_special_characters_are_quoted)
{
	CHECK_TEXT(message_words(cx->mem, "Dra. Ana, \"a boa\"", 4, true),
		"\"Dra. Ana, \\\"a boa\\\"\"");
	CHECK_TEXT(message_words(cx->mem, "Dra. Ana", 9, false), "Dra. Ana");
	CHECK_TEXT(message_words(cx->mem, "=?UTF-8?B?eA==?=", 9, false),
		"=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=");
}

TEST(no_line_is_too_long_and_no_character_is_cut)
{
	char subject[301], body[5001];
	const char *text, *line;

	for (size_t i = 0; i + 2 < sizeof subject; i += 2)
		memcpy(subject + i, "ç", 3);
	memset(body, 'x', sizeof body);
	body[5000] = '\0';
	text = build(cx, &(Letter){ .to = "a@b.example", .subject = subject, .text = body });
	for (line = text; line; line = strstr(line, "\r\n") ? strstr(line, "\r\n") + 2 : NULL)
		CHECK(strcspn(line, "\r\n") <= 76);
	/* ç is C3 A7: base64 of whole characters only holds w6fD p8On … and ends with 6c= or p8On
	 */
	CHECK(strstr(text, "?B?pw") == NULL);
}

TEST(a_dot_alone_is_not_the_end)
{
	CHECK(str_ends(
		build(cx, &(Letter){ .to = "a@b.example", .subject = "s", .text = "a\n.\nb" }),
		"a\r\n=2E\r\nb\r\n"));
}

TEST(text_and_html_are_alternatives)
{
	const char *text = build(cx, &(Letter){ .to = "a@b.example",
					     .subject = "s",
					     .text = "plain",
					     .html = "<p>rich</p>" });

	CHECK(strstr(text,
		      "Content-Type: multipart/alternative;\r\n boundary=\"=_abcdefghijklmnop\"") !=
		NULL);
	CHECK(strstr(text, "\r\n--=_abcdefghijklmnop\r\nContent-Type: text/plain") != NULL);
	CHECK(strstr(text, "\r\n--=_abcdefghijklmnop\r\nContent-Type: text/html") != NULL);
	CHECK(str_ends(text, "\r\n--=_abcdefghijklmnop--\r\n"));
}
