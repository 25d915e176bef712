/* queries: the list of every query of the program, made by `sqlc --list` from all .sql files. For
 * the contract test, which asks PostgreSQL whether each is true. */
#ifndef DB_QUERIES_H
#define DB_QUERIES_H

#include "platform/db/db.h"

extern const SqlQuery sql_queries[];
extern const size_t sql_query_count;

#endif
