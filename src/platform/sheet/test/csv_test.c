#include "sheet_file.h"
#include "test.h"

TEST(csv_rows_come_with_their_numbers)
{
	CHECK_TEXT(csv_rows(cx, "nome;fone\nAna;11\n\nBia;22\n"), "1:nome|fone;2:Ana|11;4:Bia|22");
	CHECK_TEXT(csv_rows(cx, "nome;fone\r\nAna;11\r\n"), "1:nome|fone;2:Ana|11");
	CHECK_TEXT(csv_rows(cx, "nome;fone\rAna;11"), "1:nome|fone;2:Ana|11");
	CHECK_TEXT(csv_rows(cx, ""), "");
	CHECK_TEXT(csv_rows(cx, ";;\n ; \n"), "");
}

TEST(the_separator_is_found_out)
{
	CHECK_TEXT(csv_rows(cx, "a,b,c\n1,2,3\n"), "1:a|b|c;2:1|2|3");
	CHECK_TEXT(csv_rows(cx, "a\tb\n1,5\t2\n"), "1:a|b;2:1,5|2");
	CHECK_TEXT(csv_rows(cx, "nome;valor\nAna;10,50\nBia;3,20\n"),
		"1:nome|valor;2:Ana|10,50;3:Bia|3,20");
	CHECK_TEXT(csv_rows(cx, "a|b\n1|2\n"), "1:a|b;2:1|2");
	CHECK_TEXT(csv_rows(cx, "\"a;b;c\",d\n\"x;y;z\",e\n"), "1:a;b;c|d;2:x;y;z|e");
	CHECK_TEXT(csv_rows(cx, "a,b"), "1:a|b");
	CHECK_TEXT(csv_rows(cx, "nome\nAna, a boa\n"), "1:nome;2:Ana, a boa");
	CHECK_TEXT(csv_rows(cx, "sep=,\r\na,b;c\n1,2;3\n"), "1:a|b;c;2:1|2;3");
}

TEST(quotes_keep_separators_and_line_ends)
{
	CHECK_TEXT(csv_rows(cx, "a;b\n\"x;y\";\"1\n2\"\n\"say \"\"hi\"\"\";z\n"),
		"1:a|b;2:x;y|1\n2;3:say \"hi\"|z");
	CHECK_TEXT(csv_rows(cx, "a;b\n5\" tubo;x\"y\"\n"), "1:a|b;2:5\" tubo|x\"y\"");
	CHECK_TEXT(csv_rows(cx, "a;b\n\"x\"y;z\n"), "1:a|b;2:xy|z");
	CHECK_TEXT(csv_rows(cx, "\"\";b\n"), "1:|b");
}

TEST(quotes_that_do_not_close_name_their_row)
{
	CHECK_TEXT(csv_rows(cx, "a;b\nx;y\nx;\"y\nz;w\n"),
		"!As aspas abertas na linha 3 não fecham. Corrija a linha e envie de novo.");
}

TEST(encodings_become_utf8)
{
	static const char utf16le[] = "\xFF\xFE"
				      "a\0\t\0\xE7\0\n\0"
				      "=\xD8\x00\xDE"
				      "1\0\t\0"
				      "2\0";
	static const char utf16be[] = "\xFE\xFF"
				      "\0a\0,\0\xE7\0\n";

	CHECK_TEXT(csv_rows(cx, "\xEF\xBB\xBFnome;ação\n"), "1:nome|ação");
	CHECK_TEXT(
		csv_rows(cx, "nome;a\xE7\xE3o\n\x80 10;\x93oi\x94\n"), "1:nome|ação;2:€ 10|“oi”");
	CHECK_TEXT(csv_rows(cx, "nome;fim\xC3"), "1:nome|fimÃ");
	CHECK_TEXT(rows_of(cx, file_of(cx, utf16le, sizeof utf16le - 1), NULL), "1:a|ç;2:😀1|2");
	CHECK_TEXT(rows_of(cx, file_of(cx, utf16be, sizeof utf16be - 1), NULL), "1:a|ç");
}

TEST(a_character_cut_between_chunks_survives)
{
	char *text = arena_alloc(cx->mem, 70000);

	/* one ASCII byte, then two-byte characters: every chunk border cuts one */
	text[0] = 'a';
	for (size_t i = 1; i + 1 < 65000; i += 2)
		memcpy(text + i, "\xC3\xA7", 2);
	CHECK_TEXT(csv_rows(cx, text), arena_printf(cx->mem, "1:%s", text));
}

TEST(cells_are_cleaned)
{
	CHECK_TEXT(csv_rows(cx, "a\x07z;\xE2\x80\xAE"
				"b\xE2\x80\xAC;c\x7F\n"),
		"1:az|b|c");
	CHECK_TEXT(csv_rows(cx, "'=1+1;'+55;'-1;'@x;'a;'\n"), "1:=1+1|+55|-1|@x|'a|'");
	CHECK_TEXT(csv_rows(cx, "a;\xED\xA0\x80\n"), "1:a|");
}

TEST(what_is_no_spreadsheet_is_refused)
{
	static const char nul[] = "a;b\0c\n";

	CHECK_TEXT(rows_of(cx, file_of(cx, nul, sizeof nul - 1), NULL),
		"!O arquivo não parece uma planilha. Envie um CSV ou XLSX.");
	CHECK_TEXT(csv_rows(cx, "%PDF-1.7"),
		"!O arquivo não parece uma planilha. Envie um CSV ou XLSX.");
	CHECK_TEXT(csv_rows(cx, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
		"!Arquivo do Excel antigo ou com senha. Salve como XLSX sem senha, ou como CSV.");
	CHECK(sheet_read(cx, "/nonexistent", NULL, NULL, NULL) == ERR_UNAVAILABLE);
	CHECK(sheet_read(cx, "/", NULL, NULL, NULL) == ERR_UNAVAILABLE);
}

TEST(limits_have_sentences)
{
	char *wide = arena_alloc(cx->mem, SHEET_COLUMNS_MAX * 2 + 3);
	char *fat = arena_alloc(cx->mem, (SHEET_CELL_MAX * 4) + 3);

	for (size_t i = 0; i <= SHEET_COLUMNS_MAX; i++)
		memcpy(wide + 2 * i, "x;", 2);
	CHECK_TEXT(csv_rows(cx, wide), "!A linha 1 tem mais de 256 colunas. Apague as que sobram.");
	memset(fat, 'x', (SHEET_CELL_MAX * 4) + 2);
	CHECK_TEXT(csv_rows(cx, fat), "!A linha 1 tem texto demais numa célula.");
	fat[SHEET_CELL_MAX + 1] = '\0';
	CHECK_TEXT(csv_rows(cx, fat), "!A linha 1 tem texto demais numa célula.");
	fat[SHEET_CELL_MAX] = '\0';
	CHECK_TEXT(csv_rows(cx, fat), arena_printf(cx->mem, "1:%s", fat));
	CHECK_TEXT(rows_of(cx, file_of(cx, "a\nb\nc\n", 6), &(SheetOptions){ .rows_max = 2 }),
		"!A planilha tem mais de 2 linhas. Divida-a em partes menores.");
}

TEST(a_preview_stops_early)
{
	/* the broken quote behind the second row is not reached */
	CHECK_TEXT(rows_of(cx, file_of(cx, "a\nb\n\"c\n", 7), &(SheetOptions){ .stop_after = 2 }),
		"1:a;2:b");
}

static Err refuse_second(Ctx *cx, const SheetRow *row, void *arg)
{
	(void)arg;
	return row->number == 2 ? err_set(cx, ERR_CONFLICT, "enough") : OK;
}

TEST(an_error_of_the_caller_ends_the_reading)
{
	CHECK(sheet_read(cx, file_of(cx, "a\nb\nc\n", 6), NULL, refuse_second, NULL) ==
		ERR_CONFLICT);
}
