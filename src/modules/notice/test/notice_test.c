#include "test.h"

#include "modules/notice/notice.h"
#include "test_db.h"

TEST(the_same_key_is_told_once)
{
	int64_t unread;

	CHECK(notice_add(cx, 1, "Lembrete", NULL, "/tasks", "clock", "task-1-100") == OK);
	CHECK(notice_add(cx, 1, "Lembrete", NULL, "/tasks", "clock", "task-1-100") == OK);
	CHECK(notice_count_unread(cx, &unread) == OK);
	CHECK_INT(unread, 1);
	CHECK(notice_add(cx, 1, "Menção", "texto", "/leads/1", NULL, NULL) == OK);
	CHECK(notice_add(cx, 1, "Menção", "texto", "/leads/1", NULL, NULL) == OK);
	CHECK(notice_count_unread(cx, &unread) == OK);
	CHECK_INT(unread, 3);
}

TEST(one_user_does_not_see_anothers_notices)
{
	int64_t unread;

	CHECK(notice_add(cx, 2, "Só dela", NULL, NULL, NULL, NULL) == OK);
	CHECK(notice_count_unread(cx, &unread) == OK);
	CHECK_INT(unread, 0);
}
