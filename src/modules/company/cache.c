/* The one process-wide state of the module, behind one lock: a fixed table of hosts, open
 * addressing, oldest entries give way. Sites are small and few; a lookup copies what the request
 * needs. */
#include "modules/company/cache.h"

#include <pthread.h>

enum { SITES_MAX = 1024, COMPANIES_MAX = 4096, HOST_MAX = 254 };

typedef struct Entry {
	char host[HOST_MAX];
	Arena *mem; /* owns the strings of site; NULL: free place */
	Site site;
} Entry;

typedef struct Known {
	int64_t company;
	int64_t version;
	int64_t auth_version;
} Known;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Entry entries[SITES_MAX];
static Known known[COMPANIES_MAX];

static size_t hash_text(const char *text)
{
	uint64_t hash = 1469598103934665603u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return (size_t)hash;
}

/* A host may stand in one of a few places: no chains to walk under attack, no growth. */
enum { WAYS = 4 };

static Entry *entry_of(const char *host)
{
	size_t at = hash_text(host) % SITES_MAX;

	for (size_t i = 0; i < WAYS; i++) {
		Entry *entry = &entries[(at + i) % SITES_MAX];

		if (entry->mem && !strcmp(entry->host, host))
			return entry;
	}
	return NULL;
}

static Known *known_of(int64_t company, bool make)
{
	size_t at = (size_t)((uint64_t)company * 0x9E3779B97F4A7C15u >> 32);

	for (size_t i = 0; i < COMPANIES_MAX; i++) {
		Known *entry = &known[(at + i) % COMPANIES_MAX];

		if (entry->company == company)
			return entry;
		if (!entry->company) {
			if (make)
				entry->company = company;
			return make ? entry : NULL;
		}
	}
	return NULL;
}

static void entry_clear(Entry *entry)
{
	arena_free(entry->mem);
	*entry = (Entry){ 0 };
}

static Site site_copy(Arena *mem, const Site *site)
{
	Site copy = *site;

	copy.name = arena_dup(mem, site->name);
	copy.short_name = arena_dup(mem, site->short_name);
	copy.host = arena_dup(mem, site->host);
	copy.zone = arena_dup(mem, site->zone);
	copy.logo = arena_dup(mem, site->logo);
	copy.favicon = arena_dup(mem, site->favicon);
	copy.features = arena_dup(mem, site->features);
	return copy;
}

bool cache_get_site(Arena *mem, const char *host, Site *ret)
{
	Entry *entry;

	pthread_mutex_lock(&lock);
	entry = entry_of(host);
	if (entry)
		*ret = site_copy(mem, &entry->site);
	pthread_mutex_unlock(&lock);
	return entry != NULL;
}

void cache_put_site(const Site *site, const char *host, int64_t auth_version)
{
	size_t at = hash_text(host) % SITES_MAX;
	Entry *entry;
	Known *company;

	if (strlen(host) >= HOST_MAX)
		return;
	pthread_mutex_lock(&lock);
	entry = entry_of(host);
	for (size_t i = 0; !entry && i < WAYS; i++)
		if (!entries[(at + i) % SITES_MAX].mem)
			entry = &entries[(at + i) % SITES_MAX];
	if (!entry)
		entry = &entries[at];
	entry_clear(entry);
	entry->mem = arena_new(ARENA_LIMIT);
	memcpy(entry->host, host, strlen(host) + 1);
	entry->site = site_copy(entry->mem, site);
	company = known_of(site->id.v, true);
	if (company && company->auth_version < auth_version)
		company->auth_version = auth_version;
	if (company && company->version < site->version)
		company->version = site->version;
	pthread_mutex_unlock(&lock);
}

void cache_drop_company(int64_t company)
{
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < SITES_MAX; i++)
		if (entries[i].mem && entries[i].site.id.v == company)
			entry_clear(&entries[i]);
	pthread_mutex_unlock(&lock);
}

int64_t cache_auth_version(int64_t company)
{
	Known *entry;
	int64_t version;

	pthread_mutex_lock(&lock);
	entry = known_of(company, false);
	version = entry ? entry->auth_version : 0;
	pthread_mutex_unlock(&lock);
	return version;
}

void cache_note_version(int64_t company, int64_t version, int64_t auth_version)
{
	bool newer = false;
	Known *entry;

	pthread_mutex_lock(&lock);
	entry = known_of(company, true);
	if (entry) {
		newer = entry->version < version;
		if (newer)
			entry->version = version;
		if (entry->auth_version < auth_version)
			entry->auth_version = auth_version;
	}
	pthread_mutex_unlock(&lock);
	if (newer)
		cache_drop_company(company);
}
