/* cache: what the router asks of companies on every request, kept in the process: host → site, and
 * each company's auth_version. Filled by company.c; dropped when the watch sees a newer version. */
#ifndef COMPANY_CACHE_H
#define COMPANY_CACHE_H

#include "modules/company/company.h"

/* Copy the site of host into mem; false when it is not known here. */
bool cache_get_site(Arena *mem, const char *host, Site *ret);
void cache_put_site(const Site *site, const char *host, int64_t auth_version);
void cache_drop_company(int64_t company);
/* 0 when the company was never seen by this process. */
int64_t cache_auth_version(int64_t company);
/* What the watch read: sites of an older version are dropped, auth_version is raised. */
void cache_note_version(int64_t company, int64_t version, int64_t auth_version);

#endif
