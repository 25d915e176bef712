/* money: integer cents of real, everywhere. */
#ifndef CORE_MONEY_H
#define CORE_MONEY_H

#include "core/arena.h"

/* "R$ 1.240,00" (with U+00A0 behind R$), "-R$ 1.240,00" */
char *money_text(Arena *mem, int64_t cents);
/* "1.240,00", for input fields */
char *money_text_plain(Arena *mem, int64_t cents);
/* "R$ 1.240" rounded to reais, for cards and totals */
char *money_text_short(Arena *mem, int64_t cents);
/* Accept "R$ 1.234,56", "1234,56", "1234.56", "1.234" (= 1234 reais), "-10,5". */
bool money_parse(const char *text, int64_t *ret_cents);
/* "mil duzentos e trinta e quatro reais e cinquenta e seis centavos"; receipts need it. 0 to 999
 * billion reais. */
char *money_words(Arena *mem, int64_t cents);
/* "1.234" and "12,5" (tenths) */
char *number_text(Arena *mem, int64_t value);
char *number_text_tenths(Arena *mem, int64_t tenths);

#endif
