/* date: days since 1970-01-01, proleptic Gregorian. Everybody includes clock.h, which brings it. */
#ifndef CORE_DATE_H
#define CORE_DATE_H

#include "core/base.h"

int32_t date_of(int year, int month, int day); /* months and days beyond their range carry over */
int32_t date_of_second(int64_t second);        /* of seconds since 1970 */
void date_split(int32_t date, int *ret_year, int *ret_month, int *ret_day);
bool date_is_valid(int year, int month, int day);
int date_weekday(int32_t date);                    /* ISO: 1 Monday … 7 Sunday */
int32_t date_add_months(int32_t date, int months); /* 31 January + 1 month = last of February */
int32_t date_easter(int year);                     /* Meeus/Jones/Butcher */

/* Brazil's national holiday of a date in Portuguese, or NULL (20 November only from 2024: Lei
 * 14.759/2023). Carnival and Corpus Christi are optional days: *ret_optional says so. */
const char *date_holiday(int32_t date, bool *ret_optional);

#endif
