/* Handlers of the module that stand in files of their own. */
#ifndef COMPANY_COMPANY_ROOMS_H
#define COMPANY_COMPANY_ROOMS_H

#include "platform/web/web.h"

/* places_web.c: branches and domains */
extern const Field branch_fields[12], domain_fields[1];
Handler company_show_branches, company_blank_branch, company_create_branch, company_edit_branch,
	company_update_branch;
Handler company_show_domains, company_add_domain, company_main_domain, company_remove_domain;

/* picture_web.c: logo and favicon */
Handler company_put_logo, company_put_favicon, company_logo, company_favicon;

#endif
