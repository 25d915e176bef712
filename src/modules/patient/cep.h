/* cep: the installation's table of addresses by CEP, brought in by the operator from a CSV or XLSX.
 */
#ifndef PATIENT_CEP_H
#define PATIENT_CEP_H

#include "core/ctx.h"

enum { CEP_PROBLEMS_SHOWN = 20 };

typedef struct CepProblem {
	int64_t line;
	const char *why; /* "\"1234\" is not a CEP" */
} CepProblem;

typedef struct CepLoad {
	int64_t lines, added, repeated, refused;
	CepProblem problem[CEP_PROBLEMS_SHOWN]; /* of the first that were refused */
	void (*progress)(int64_t lines);        /* called every some thousands; NULL: not */
} CepLoad;

/* Put the rows of the file at path in place of the table; run as the owner of the schema, in one
 * transaction. The first row names the columns: CEP, cidade and UF, and logradouro and bairro where
 * there are any; the order does not matter. A line that is no address is left out and counted.
 * ERR_INVALID: no such columns, or more than one line in a hundred was refused: then it is another
 * file than was meant. On any error roll back, and the old table stands. */
MUST_CHECK Err cep_load(Ctx *cx, const char *path, CepLoad *load);

#endif
