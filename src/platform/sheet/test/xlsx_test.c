#include "platform/sheet/xlsx_book.h"
#include "sheet_file.h"
#include "test.h"

#define DAMAGED "!A planilha está danificada. Abra-a no Excel, salve de novo e tente outra vez."

TEST(xlsx_cells_of_every_kind_become_text)
{
	const char *rows =
		"<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c>"
		"<c t=\"inlineStr\"><is><t>in</t><r><t>line</t></r></is></c>"
		"<c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c><c t=\"e\"><v>#N/A</v></c>"
		"<c t=\"str\"><f>A1&amp;B1</f><v>sum</v></c></row>"
		"<row><c><v>11987654321</v></c><c><v>1.1987654321E10</v></c>"
		"<c><v>1234.5</v></c><c><v>0.30000000000000004</v></c><c><v>-7</v></c>"
		"<c><v>-0</v></c><c><v>1E+30</v></c><c><v>nan</v></c></row>";
	const char *strings =
		"<si><t>Ana &amp; Bia</t></si><si><r><t>ri</t></r><r><t xml:space=\"preserve\">"
		"ch </t></r><rPh><t>no</t></rPh></si>";

	CHECK_TEXT(rows_of(cx, book_of(cx, rows, strings, NULL), NULL),
		"2:Ana & Bia||rich |inline|sim|não|#N/A|sum;"
		"3:11987654321|11987654321|1234,5|0,3|-7|0|1e+30|nan");
}

TEST(xlsx_dates_are_known_by_their_style)
{
	const char *styles =
		"<numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\\ hh:mm\"/>"
		"<numFmt numFmtId=\"165\" formatCode=\"[$R$-416]\\ #,##0.00;[Red]\\-#,##0.00\"/>"
		"</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>"
		"<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>"
		"<xf numFmtId=\"20\"/><xf numFmtId=\"165\"/></cellXfs>";
	const char *rows =
		"<row><c s=\"0\"><v>46348</v></c><c s=\"1\"><v>46348</v></c>"
		"<c s=\"2\"><v>46348.375</v></c><c s=\"2\"><v>46348</v></c>"
		"<c s=\"3\"><v>0.60416666666666663</v></c><c s=\"4\"><v>12.5</v></c>"
		"<c s=\"1\"><v>59</v></c><c s=\"1\"><v>61</v></c><c s=\"1\"><v>-1</v></c>"
		"<c s=\"1\"><v>99999999</v></c><c s=\"99\"><v>1</v></c>"
		"<c s=\"1\" t=\"str\"><v>x</v></c><c s=\"2\"><v>0.99999999</v></c></row>";

	CHECK_TEXT(rows_of(cx, book_of(cx, rows, NULL, styles), NULL),
		"1:46348|22/11/2026|22/11/2026 "
		"09:00|22/11/2026|14:30|12,5|28/02/1900|01/03/1900|-1|"
		"99999999|1|x|01/01/1900");
}

TEST(format_codes_tell_dates_from_numbers)
{
	static const struct {
		const char *code;
		XlsxFormat format;
	} rows[] = { { "General", FORMAT_PLAIN }, { "#,##0.00", FORMAT_PLAIN },
		{ "0.00E+00", FORMAT_PLAIN }, { "\"dias\" 0", FORMAT_PLAIN },
		{ "[Red]0", FORMAT_PLAIN }, { "\\d0", FORMAT_PLAIN },
		{ "_-* #,##0_-", FORMAT_PLAIN }, { "dd/mm/yyyy", FORMAT_DATE },
		{ "mmm", FORMAT_DATE }, { "[$-416]d \"de\" mmmm", FORMAT_DATE },
		{ "h:mm", FORMAT_HOUR }, { "[h]:mm", FORMAT_HOUR }, { "mm:ss", FORMAT_HOUR },
		{ "d/m/yy h:mm;@", FORMAT_MOMENT }, { "0;d", FORMAT_PLAIN },
		{ "\"open", FORMAT_PLAIN }, { "[open", FORMAT_PLAIN }, { "\\", FORMAT_PLAIN },
		{ "", FORMAT_PLAIN } };

	for (size_t i = 0; i < COUNT(rows); i++)
		if (xlsx_format_of(rows[i].code) != rows[i].format)
			test_fail(__FILE__, __LINE__, "\"%s\" is %d", rows[i].code,
				xlsx_format_of(rows[i].code));
}

TEST(escaped_control_characters_are_undone)
{
	CHECK_TEXT(rows_of(cx,
			   book_of(cx,
				   "<row><c t=\"inlineStr\"><is><t>a_x000D_b_x000A_c_x005F_x0041_"
				   "_x0041__x00</t></is></c></row>",
				   NULL, NULL),
			   NULL),
		"1:ab\nc_x0041__x0041__x00");
}

TEST(odd_references_do_no_harm)
{
	CHECK_TEXT(
		rows_of(cx,
			book_of(cx,
				"<row r=\"0\"><c r=\"\"><v>1</v></c><c r=\"?\"><v>2</v></c></row>"
				"<row r=\"99999999999\"><c><v>3</v></c></row><row "
				"r=\"1\"><c><v>4</v></c>"
				"</row><c><v>5</v></c><row r=\"7\"/>"
				"<row><c t=\"s\"><v>-1</v></c><c "
				"t=\"s\"><v>9</v></c><c><v>6</v></c></row>",
				NULL, NULL),
			NULL),
		"1:1|2;2:3;3:4;8:||6");
	CHECK_TEXT(
		rows_of(cx, book_of(cx, "<row><c r=\"XFD1\"><v>1</v></c></row>", NULL, NULL), NULL),
		"!A linha 1 tem mais de 256 colunas. Apague as que sobram.");
}

TEST(sheets_are_found_by_name_and_hidden_ones_are_passed_over)
{
	static const Part parts[] = {
		{ "_rels/.rels", "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" "
				 "Target=\"/xl/workbook.xml\"/></Relationships>" },
		{ "xl/workbook.xml",
			"<x:workbook xmlns:x=\"m\" xmlns:r=\"l\"><x:workbookPr date1904=\"1\"/>"
			"<x:sheets><x:sheet name=\"Oculta\" state=\"hidden\" r:id=\"r1\"/>"
			"<x:sheet name=\"Gráfico\" r:id=\"r3\"/>"
			"<x:sheet name=\"Contatos\" r:id=\"r2\"/></x:sheets></x:workbook>" },
		{ "xl/_rels/workbook.xml.rels",
			"<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" "
			"Target=\"a.xml\"/><Relationship Id=\"r2\" Type=\"x/worksheet\" "
			"Target=\"../xl/b.xml\"/><Relationship Id=\"r3\" Type=\"x/chartsheet\" "
			"Target=\"c.xml\"/><Relationship Id=\"r4\" Type=\"x/styles\" "
			"Target=\"s.xml\"/>"
			"</Relationships>" },
		{ "xl/a.xml", "<worksheet><row><c><v>1</v></c></row></worksheet>" },
		{ "xl/b.xml",
			"<x:worksheet xmlns:x=\"m\"><x:row><x:c s=\"0\"><x:v>0</x:v></x:c></x:row>"
			"</x:worksheet>" },
		{ "xl/s.xml", "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>" },
	};
	const char *path = zip_of(cx, parts, COUNT(parts));
	Strs names;

	CHECK(sheet_names(cx, path, &names) == OK);
	CHECK_INT(names.count, 3);
	CHECK_TEXT(names.v[2], "Contatos");
	CHECK_TEXT(rows_of(cx, path, NULL), "1:01/01/1904");
	CHECK_TEXT(rows_of(cx, path, &(SheetOptions){ .name = "Oculta" }), "1:1");
	CHECK_TEXT(rows_of(cx, path, &(SheetOptions){ .name = "Outra" }),
		"!O arquivo não tem uma aba com esse nome.");
	CHECK(sheet_names(cx, file_of(cx, "a;b", 3), &names) == OK);
	CHECK_INT(names.count, 0);
}

TEST(broken_workbooks_are_refused_with_a_sentence)
{
	static const char doctype[] =
		"<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
	static const Part no_book[] = { { "mimetype",
		"application/vnd.oasis.opendocument.spreadsheet" } };
	Part bomb[] = { { "_rels/.rels", "" } };
	const char *path;
	Str whole;

	CHECK_TEXT(csv_rows(cx, "PK\x03\x04 and no more"), DAMAGED);
	CHECK_TEXT(rows_of(cx, zip_of(cx, no_book, 1), NULL),
		"!O arquivo não é uma planilha do Excel. Salve como XLSX ou CSV e tente de novo.");
	CHECK_TEXT(rows_of(cx, book_of(cx, "<row><c><v>1</v></c>", NULL, NULL), NULL), DAMAGED);
	bomb[0].text = arena_printf(cx->mem, "%s<Relationships>&b;</Relationships>", doctype);
	CHECK_TEXT(rows_of(cx, zip_of(cx, bomb, 1), NULL), DAMAGED);
	path = book_of(cx, "<row><c><v>1</v></c></row>", NULL, NULL);
	whole = bytes_of(cx, path);
	CHECK_TEXT(rows_of(cx, path, NULL), "1:1");
	CHECK_TEXT(rows_of(cx, file_of(cx, whole.ptr, whole.len / 2), NULL), DAMAGED);
}

static const char *repeated(Ctx *cx, const char *text, size_t count)
{
	size_t length = strlen(text);
	char *all = arena_alloc(cx->mem, length * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(all + i * length, text, length);
	return all;
}

TEST(xml_that_is_too_deep_or_has_endless_tokens_is_refused)
{
	CHECK_TEXT(rows_of(cx, book_of(cx, repeated(cx, "<a>", 100), NULL, NULL), NULL), DAMAGED);
	CHECK_TEXT(rows_of(cx,
			   book_of(cx,
				   arena_printf(cx->mem, "<a b=\"%s\"/>",
					   repeated(cx, "0123456789", 200000)),
				   NULL, NULL),
			   NULL),
		DAMAGED);
}

TEST(a_zip_bomb_is_refused_before_it_fills_memory)
{
	/* 256 MiB of blanks shrink to 256 KiB */
	enum { PIECE = 1 << 20 };
	const char *path = file_path(cx, "bomb.xlsx");
	char *blanks = malloc((size_t)SHEET_XML_MAX + PIECE);
	zip_t *zip = zip_open(path, ZIP_CREATE, NULL);

	CHECK(blanks && zip);
	memset(blanks, ' ', (size_t)SHEET_XML_MAX + PIECE);
	CHECK(zip_file_add(zip, "_rels/.rels",
		      zip_source_buffer(zip, blanks, (size_t)SHEET_XML_MAX + PIECE, 1), 0) >= 0);
	CHECK(zip_close(zip) == 0);
	CHECK_TEXT(rows_of(cx, path, NULL), DAMAGED);
}

TEST(a_sheet_that_unpacks_beyond_the_limit_is_refused)
{
	size_t count = SHEET_XML_MAX / 1000 + 1000;
	char *all = malloc(3 + count * 1000);
	const char *path = book_of(cx, "<row><c><v>1</v></c></row>", NULL, NULL);
	zip_t *zip = zip_open(path, 0, NULL);

	CHECK(all && zip);
	memset(all, ' ', 3 + count * 1000);
	memcpy(all, "<x>", 3);
	for (size_t i = 0; i < count; i++)
		memcpy(all + 3 + i * 1000, "<row></row>", 11);
	CHECK(zip_file_add(zip, "xl/worksheets/sheet1.xml",
		      zip_source_buffer(zip, all, 3 + count * 1000, 1), ZIP_FL_OVERWRITE) >= 0);
	CHECK(zip_close(zip) == 0);
	CHECK_TEXT(rows_of(cx, path, NULL),
		"!A planilha é grande demais depois de descompactada. Divida-a em partes.");
}

TEST(an_archive_with_thousands_of_entries_is_refused)
{
	Part *part = NEW_ARRAY(cx->mem, Part, 2100);

	for (int i = 0; i < 2100; i++)
		part[i] = (Part){ arena_printf(cx->mem, "f%d", i), "x" };
	CHECK_TEXT(rows_of(cx, zip_of(cx, part, 2100), NULL), DAMAGED);
}

TEST(a_preview_of_a_workbook_stops_early)
{
	CHECK_TEXT(
		rows_of(cx,
			book_of(cx, "<row><c><v>1</v></c></row><row><c><v>2</v></c></row><broken",
				NULL, NULL),
			&(SheetOptions){ .stop_after = 1 }),
		"1:1");
}
