/* The API's routes: the words that their rows are written in, and the lists of the files. */
#ifndef CRM_API_ROUTES_H
#define CRM_API_ROUTES_H

#include "platform/web/web.h"

/* api_web.c, and behind it api_task_web.c */
extern const RouteList crm_api, crm_task_api;

/* ROW: the answer is one row of the table, ROWS: a page of them. DONE: a POST that makes nothing
 * new. */
#define API     .flags = ROUTE_API
#define IN(t)   .in = (t), .in_count = COUNT(t)
#define ROW(t)  .out = (t), .out_count = COUNT(t)
#define ROWS(t) ROW(t), .out_list = true
#define DONE    .out_status = 200

#endif
