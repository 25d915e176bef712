/* What the pages of Configurações show of a company. */
#ifndef COMPANY_COMPANY_VIEW_H
#define COMPANY_COMPANY_VIEW_H

#include "modules/company/company.h"
#include "modules/company/theme.h"
#include "platform/queue/queue.h"
#include "platform/ui/ui.h"

extern const UiOption company_zones[]; /* Brazil's time zones, by name of place */
extern const size_t company_zone_count;

typedef struct Palette {
	const char *name;
	Theme theme;
} Palette;
extern const Palette company_palettes[]; /* readable as they stand: theme_test.c */
extern const size_t company_palette_count;

typedef struct CompanyView {
	Req *q;
	const Company *company;
} CompanyView;
void company_page(Html *h, const CompanyView *v);

typedef struct ThemeView {
	Req *q;
	const Company *company;
	Theme theme;
	Contrast contrast;
	bool mended; /* the saved colour was darkened to be readable */
} ThemeView;
void company_theme_page(Html *h, const ThemeView *v);
void company_theme_contrast(Html *h, const ThemeView *v);

typedef struct BranchesView {
	Req *q;
	const Branch *branch;
	size_t branch_count;
} BranchesView;
void company_branches_page(Html *h, const BranchesView *v);

typedef struct BranchView {
	Req *q;
	const Branch *branch; /* NULL: a new one */
} BranchView;
void company_branch_page(Html *h, const BranchView *v);

typedef struct DomainRow {
	const char *host;
	bool main;
} DomainRow;

typedef struct DomainsView {
	Req *q;
	const DomainRow *domain;
	size_t domain_count;
} DomainsView;
void company_domains_page(Html *h, const DomainsView *v);

typedef struct PlanView {
	Req *q;
	const Company *company;
	int64_t users, storage, messages;
} PlanView;
void company_plan_page(Html *h, const PlanView *v);

typedef struct JobsView {
	Req *q;
	const QueueItem *item; /* failed ones */
	size_t count;
	QueueCounts counts;
	int64_t next; /* cursor; 0: the end */
} JobsView;
void jobs_page(Html *h, const JobsView *v);
/* What a job's name and the code of its failure mean for people. */
const char *job_area(const char *name, const char **ret_icon);
const char *job_reason(const char *code);
extern const RouteList jobs_routes;

#endif
