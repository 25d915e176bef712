/* The field tables of account_api.c, for the route table and so for the OpenAPI document. */
#ifndef ACCOUNT_ACCOUNT_API_H
#define ACCOUNT_ACCOUNT_API_H

#include "platform/web/form.h"

extern const Field api_token_fields[3], api_refresh_fields[1];
extern const OutField api_token_out[5], api_me_out[8], api_user_out[7];

#endif
