/* Permissions by their number and by their name. */
#include "platform/web/perm.h"

/* Written by perm_init before any thread, then only read. */
static const Perm *perms;
static size_t perms_count;
static uint8_t perms_by_name[PERM_WORDS * 64];

static int compare_perms(const void *a, const void *b)
{
	return strcmp(perms[*(const uint8_t *)a].name, perms[*(const uint8_t *)b].name);
}

/* What it needs is declared, and each role that holds it holds that too. */
static bool is_grounded(const Perm *perm)
{
	Str rest = str_of(perm->roles), role;
	int needed;

	if (!perm->needs)
		return true;
	needed = perm_bit(perm->needs);
	if (needed < 0)
		return false;
	while (str_cut(&rest, ' ', &role))
		if (!str_has_word(perms[needed].roles, role))
			return false;
	return true;
}

bool perm_init(const Perm *perm, size_t count)
{
	if (count > COUNT(perms_by_name)) {
		fprintf(stderr, "more than %zu permissions\n", COUNT(perms_by_name));
		return false;
	}
	perms = perm;
	perms_count = count;
	for (size_t i = 0; i < perms_count; i++)
		perms_by_name[i] = (uint8_t)i;
	qsort(perms_by_name, perms_count, sizeof(perms_by_name[0]), compare_perms);
	for (size_t i = 1; i < perms_count; i++)
		if (!strcmp(perms[perms_by_name[i - 1]].name, perms[perms_by_name[i]].name)) {
			fprintf(stderr, "permission %s: declared twice\n",
				perms[perms_by_name[i]].name);
			return false;
		}
	for (size_t i = 0; i < perms_count; i++)
		if (!is_grounded(&perms[i])) {
			fprintf(stderr, "permission %s: not all its roles hold %s\n", perms[i].name,
				perms[i].needs);
			return false;
		}
	return true;
}

/* Asked for every button of a page, so by halves. */
int perm_bit(const char *name)
{
	size_t low = 0, high = perms_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(perms[perms_by_name[middle]].name, name);

		if (!order)
			return perms_by_name[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

size_t perm_count(void)
{
	return perms_count;
}

const Perm *perm_at(size_t i)
{
	return &perms[i];
}
