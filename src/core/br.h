/* br: Brazilian identifiers: check, normalise, show. Sources: Receita Federal (CPF; CNPJ with
 * letters, IN RFB 2.229/2024), Anatel Res. 749/2022 (phones), E.164. */
#ifndef CORE_BR_H
#define CORE_BR_H

#include "core/arena.h"

/* Each *_parse takes what a person types (dots, dashes, spaces), writes the stored form and says
 * whether it is valid; ret is untouched when not. */
bool cpf_parse(const char *text, char ret[12]);  /* 11 digits */
bool cnpj_parse(const char *text, char ret[15]); /* 14 of 0-9A-Z, upper case */
bool cep_parse(const char *text, char ret[9]);   /* 8 digits */
char *cpf_text(Arena *mem, const char *cpf);     /* 000.000.000-00 */
char *cnpj_text(Arena *mem, const char *cnpj);   /* AA.AAA.AAA/AAAA-NN */
char *cep_text(Arena *mem, const char *cep);     /* 00000-000 */

typedef enum PhoneKind { PHONE_INVALID, PHONE_MOBILE, PHONE_LANDLINE, PHONE_FOREIGN } PhoneKind;

/* E.164 ("+5511987654321") from what a person types; default country Brazil. A legacy mobile
 * without the ninth digit (DDD + 8 digits starting 6-9) is invalid: phone_suggest offers the mended
 * one.
 * "+<other country>…" of 8 to 15 digits is PHONE_FOREIGN. */
PhoneKind phone_parse(const char *text, char ret[17]);
/* The number with the ninth digit put in, E.164; false when the text is no legacy mobile. */
bool phone_suggest(const char *text, char ret[17]);
char *phone_text(Arena *mem, const char *e164); /* (11) 98765-4321; foreign: +44 2071838750 */
/* Key that finds a person across channels: DDD + last 8 digits ("1187654321"); foreign: the digits.
 */
char *phone_key(Arena *mem, const char *e164);

/* A plausible address: one @, a dotted domain, at most 254 bytes; lower case into ret. */
bool email_parse(const char *text, char ret[255]);
bool uf_is_valid(const char *uf); /* two capital letters of a state */

#endif
