#include "test.h"

#include "modules/agenda/doors_rooms.h"
#include "test_db.h"

static SqlDoorFeedVisits one(void)
{
	return (SqlDoorFeedVisits){ .id = 7,
		.starts_at = TEST_NOW + 86400,
		.ends_at = TEST_NOW + 88200,
		.presence = "scheduled",
		.confirmation = "not_sent",
		.patient_name = "Ana, a \"Bela\"; \\o/",
		.visit_type = "Avaliação",
		.branch = "Centro",
		.address = "Rua Augusta, 100, São Paulo",
		.updated_at = TEST_NOW,
		.version = 3 };
}

static const char *feed(Ctx *cx, const SqlDoorFeedVisits *visit, bool names)
{
	return feed_text(cx->mem, &(FeedIn){ .host = "ianara.test",
					  .dentist = "Dra. Ianara Pinho",
					  .names = names,
					  .visit = visit,
					  .visit_count = 1 });
}

TEST(every_line_of_the_feed_ends_with_crlf_and_has_75_octets_at_most)
{
	SqlDoorFeedVisits visit = one();
	const char *text, *end;

	visit.visit_type = "Reabilitação com próteses sobre implantes, cerâmica e coroação "
			   "definitiva de canino a canino, com ajuste oclusal e revisão";
	for (text = feed(cx, &visit, true); *text; text = end + 2) {
		end = strstr(text, "\r\n");
		CHECK(end != NULL);
		CHECK(end - text <= 75);
		CHECK(!memchr(text, '\n', (size_t)(end - text)));
		/* never cut inside a character */
		CHECK(str_is_clean_utf8((Str){ text, (size_t)(end - text) }));
	}
}

TEST(a_folded_line_unfolds_to_what_it_was)
{
	SqlDoorFeedVisits visit = one();
	Buf buf;

	visit.visit_type =
		"çççççççççççççççççççççççççççççççççççççççççççççççççççççççççççççççççççççççç";
	buf_init(&buf, cx->mem, 10000);
	for (const char *text = feed(cx, &visit, true); *text; text++)
		if (!strncmp(text, "\r\n ", 3))
			text += 2;
		else
			buf_putc(&buf, *text);
	CHECK(strstr(buf_text(&buf), visit.visit_type) != NULL);
}

TEST(names_stand_in_the_feed_only_when_allowed_and_are_escaped)
{
	SqlDoorFeedVisits visit = one();
	const char *text = feed(cx, &visit, false);

	CHECK(!strstr(text, "Ana"));
	CHECK(!strstr(text, "Avaliação"));
	CHECK(strstr(text, "SUMMARY:Paciente\r\n") != NULL);
	text = feed(cx, &visit, true);
	CHECK(strstr(text, "SUMMARY:Ana\\, a \"Bela\"\\; \\\\o/: Avaliação\r\n") != NULL);
}

TEST(a_visit_keeps_its_uid_and_counts_its_versions)
{
	SqlDoorFeedVisits visit = one();
	const char *text = feed(cx, &visit, false);

	CHECK(strstr(text, "UID:visit-7@ianara.test\r\n") != NULL);
	CHECK(strstr(text, "SEQUENCE:3\r\n") != NULL);
	CHECK(strstr(text, "DTSTAMP:20261122T120000Z\r\n") != NULL);
	CHECK(strstr(text, "DTSTART:20261123T120000Z\r\n") != NULL);
	CHECK(strstr(text, "DTEND:20261123T123000Z\r\n") != NULL);
	CHECK(strstr(text, "STATUS:TENTATIVE\r\n") != NULL);
	visit.confirmation = "confirmed";
	CHECK(strstr(feed(cx, &visit, false), "STATUS:CONFIRMED\r\n") != NULL);
	visit.presence = "cancelled";
	CHECK(strstr(feed(cx, &visit, false), "STATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n") !=
		NULL);
}

TEST(a_name_with_a_line_end_makes_no_line_of_its_own)
{
	SqlDoorFeedVisits visit = one();

	visit.patient_name = "Ana\r\nATTENDEE:mailto:x@y\r\n";
	CHECK(!strstr(feed(cx, &visit, true), "\nATTENDEE"));
}
