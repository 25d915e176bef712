/* Archives are read back by libzip. */
#include "platform/archive/archive.h"

#include "test.h"

#include <unistd.h>
#include <zip.h>

static const char *content(Ctx *cx, zip_t *zip, const char *name)
{
	char *text = arena_alloc(cx->mem, 100);
	zip_file_t *file = zip_fopen(zip, name, 0);
	zip_int64_t size = file ? zip_fread(file, text, 99) : 0;

	text[size > 0 ? size : 0] = '\0';
	if (file)
		zip_fclose(file);
	return file ? text : NULL;
}

static Err open_text(Ctx *cx, const char *what, int *ret_fd)
{
	FILE *file;

	if (!*what)
		return err_set(cx, ERR_NOT_FOUND, "nothing");
	file = tmpfile();
	fputs(what, file);
	fflush(file);
	*ret_fd = dup(fileno(file));
	fclose(file);
	lseek(*ret_fd, 0, SEEK_SET);
	return OK;
}

TEST(what_was_added_is_read_back_and_a_second_name_gets_a_number)
{
	Archive *archive;
	const char *path;
	zip_t *zip;

	CHECK(archive_open(cx, &archive) == OK);
	CHECK(archive_add(cx, archive, "dados.json", STR_LIT("{}")) == OK);
	CHECK(archive_add_file(cx, archive, "imagens/ação.jpg", open_text, "imagem") == OK);
	CHECK(archive_add_file(cx, archive, "imagens/ação.jpg", open_text, "outra") == OK);
	CHECK(archive_done(cx, archive, &path) == OK);
	zip = zip_open(path, ZIP_RDONLY, NULL);
	CHECK(zip != NULL);
	CHECK_TEXT(content(cx, zip, "dados.json"), "{}");
	CHECK_TEXT(content(cx, zip, "imagens/ação.jpg"), "imagem");
	CHECK_TEXT(content(cx, zip, "imagens/ação-2.jpg"), "outra");
	zip_close(zip);
}

TEST(a_file_that_cannot_be_opened_fails_the_archive)
{
	Archive *archive;
	const char *path;

	CHECK(archive_open(cx, &archive) == OK);
	CHECK(archive_add_file(cx, archive, "a.jpg", open_text, "") == OK);
	CHECK(archive_done(cx, archive, &path) != OK);
}

TEST(the_file_goes_with_the_memory_it_was_asked_for_in)
{
	Arena *mem = arena_new(1 << 20);
	Ctx other = *cx;
	Archive *archive;
	const char *path;
	char *kept;

	other.mem = mem;
	CHECK(archive_open(&other, &archive) == OK);
	CHECK(archive_add(&other, archive, "a", STR_LIT("a")) == OK);
	CHECK(archive_done(&other, archive, &path) == OK);
	kept = arena_dup(cx->mem, path);
	CHECK(access(kept, F_OK) == 0);
	arena_free(mem);
	CHECK(access(kept, F_OK) != 0);
}
