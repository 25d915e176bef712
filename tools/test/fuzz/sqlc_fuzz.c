/* Any bytes as a .sql file: errors or code, never a crash, and code that ends. */
#include "sqlc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	Arena *mem = arena_new((size_t)1 << 30);
	SqlcErrors errors = { 0 };
	SqlcMigration migration;
	SqlcQuery *first;
	Str text = { arena_copy(mem, bytes, size), size };
	Buf out;

	buf_init(&errors.text, mem, 1 << 20);
	first = sqlc_read(mem, "src/x/x.sql", text, &errors);
	for (const SqlcQuery *query = first; query; query = query->next)
		assert(*query->name && *query->text && !strchr(query->text, '\x01'));
	buf_init(&out, mem, 256 << 20);
	sqlc_write_header(&out, "src/x/x.sql", "x/x.sql.h", first);
	sqlc_write_source(&out, "src/x/x.sql", "x/x.sql.h", first);
	if (sqlc_check_unique(first, &errors))
		sqlc_write_list(&out, first);
	if (sqlc_read_migration(mem, "src/x/0001_x.sql", text, &errors, &migration))
		sqlc_write_migrations(&out, mem, &migration, 1);
	assert((errors.count == 0) == !*buf_text(&errors.text));
	arena_free(mem);
	return 0;
}
