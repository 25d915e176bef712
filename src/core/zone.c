/* Reads TZif files (version 2 and later: 64-bit moments and a rule for what comes after the last
 * one). Zones are kept in a list that only grows: readers walk it without a lock, a new zone is put
 * in front under a mutex. The process's own TZ is never asked nor changed. */
#include "core/zone.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "core/date.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"

enum { ZONE_NAME_MAX = 63, ZONE_FILE_MAX = 128 << 10, TZIF_HEADER = 44, DAY_S = 86400 };

/* When summer time begins or ends: "M3.2.0/2" (month, week, weekday), "J60" or "59". */
typedef struct RuleDay {
	char kind; /* 'M', 'J' (1-365, no 29 February) or '0' (0-365) */
	int month, week, day;
	int32_t second; /* of that day, wall clock */
} RuleDay;

typedef struct Rule {
	bool known;
	bool has_summer;
	int32_t standard, summer; /* seconds to add to UTC */
	RuleDay begin, end;
} Rule;

struct Zone {
	Zone *next;
	char name[ZONE_NAME_MAX + 1];
	size_t count;
	int64_t *at;     /* moments of change, rising */
	int32_t *offset; /* from at[i] on */
	int32_t first;   /* before at[0] */
	Rule rule;       /* from at[count - 1] on */
};

static _Atomic(Zone *) zones;
static pthread_mutex_t zones_mutex = PTHREAD_MUTEX_INITIALIZER;

/* ---- the rule at the end of the file: "EST5EDT,M3.2.0,M11.1.0" ---- */

static bool read_number(const char **at, int most, int *ret)
{
	int value = 0;

	if (**at < '0' || **at > '9')
		return false;
	for (; **at >= '0' && **at <= '9'; ++*at) {
		value = value * 10 + (**at - '0');
		if (value > most)
			return false;
	}
	*ret = value;
	return true;
}

/* [+-]hh[:mm[:ss]] */
static bool read_seconds(const char **at, int32_t *ret)
{
	int sign = **at == '-' ? -1 : 1, part[3] = { 0 };

	if (**at == '-' || **at == '+')
		++*at;
	for (int i = 0; i < 3; i++) {
		if (i && *(*at)++ != ':')
			return false;
		if (!read_number(at, i ? 59 : 167, &part[i]))
			return false;
		if (**at != ':')
			break;
	}
	*ret = sign * (part[0] * 3600 + part[1] * 60 + part[2]);
	return true;
}

/* The abbreviation is of no use here: "EST" or "<-03>". */
static bool skip_name(const char **at)
{
	const char *start = *at;

	if (**at == '<') {
		const char *end = strchr(*at, '>');

		if (!end)
			return false;
		*at = end + 1;
		return true;
	}
	while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
		++*at;
	return *at - start >= 3;
}

static bool read_rule_day(const char **at, RuleDay *ret)
{
	RuleDay day = { .kind = '0', .second = 7200 };

	if (*(*at)++ != ',')
		return false;
	if (**at == 'M') {
		++*at;
		day.kind = 'M';
		if (!read_number(at, 12, &day.month) || *(*at)++ != '.' ||
			!read_number(at, 5, &day.week) || *(*at)++ != '.' ||
			!read_number(at, 6, &day.day) || !day.month || !day.week)
			return false;
	} else {
		if (**at == 'J')
			day.kind = *(*at)++;
		if (!read_number(at, 365, &day.day))
			return false;
	}
	if (**at == '/') {
		++*at;
		if (!read_seconds(at, &day.second))
			return false;
	}
	*ret = day;
	return true;
}

static bool read_rule(const char *text, Rule *ret)
{
	Rule rule = { .known = true };

	if (!skip_name(&text) || !read_seconds(&text, &rule.standard))
		return false;
	rule.standard = -rule.standard; /* POSIX counts west */
	if (*text) {
		rule.has_summer = true;
		rule.summer = rule.standard + 3600;
		if (!skip_name(&text))
			return false;
		if (*text != ',') {
			if (!read_seconds(&text, &rule.summer))
				return false;
			rule.summer = -rule.summer;
		}
		if (!read_rule_day(&text, &rule.begin) || !read_rule_day(&text, &rule.end))
			return false;
	}
	*ret = rule;
	return *text == '\0';
}

/* Wall-clock second, counted from 1970, at which day falls in year. */
static int64_t rule_second(const RuleDay *day, int year)
{
	int32_t date = date_of(year, 1, 1);

	if (day->kind == 'M') {
		int32_t next = date_of(year, day->month + 1, 1);

		date = date_of(year, day->month, 1);
		date += (day->day - date_weekday(date) % 7 + 7) % 7 + 7 * (day->week - 1);
		while (date >= next) /* week 5 means the last */
			date -= 7;
	} else if (day->kind == 'J') {
		date += day->day - 1 + (day->day >= 60 && date_is_valid(year, 2, 29));
	} else {
		date += day->day;
	}
	return (int64_t)date * DAY_S + day->second;
}

static int32_t rule_offset(const Rule *rule, int64_t at)
{
	int64_t local = at + rule->standard, begin, end;
	int year, month, day;
	bool summer;

	if (!rule->has_summer)
		return rule->standard;
	date_split(date_of_second(local), &year, &month, &day);
	begin = rule_second(&rule->begin, year) - rule->standard;
	end = rule_second(&rule->end, year) - rule->summer;
	if (begin < end)
		summer = at >= begin && at < end;
	else
		summer = at >= begin || at < end;
	return summer ? rule->summer : rule->standard;
}

/* ---- the file ---- */

static int64_t big_endian(const unsigned char *p, int size)
{
	uint64_t value = p[0] & 0x80 ? ~(uint64_t)0 : 0;

	for (int i = 0; i < size; i++)
		value = value << 8 | p[i];
	return (int64_t)value;
}

/* The six counts of a TZif header, in the file's order. */
typedef struct Header {
	size_t ut, std, leap, time, type, chars;
} Header;

static bool read_header(const unsigned char *p, size_t left, Header *ret)
{
	size_t count[6];

	if (left < TZIF_HEADER || memcmp(p, "TZif", 4) || p[4] < '2')
		return false;
	for (int i = 0; i < 6; i++) {
		count[i] = (size_t)big_endian(p + 20 + 4 * i, 4);
		if (count[i] > ZONE_FILE_MAX)
			return false;
	}
	*ret = (Header){ count[0], count[1], count[2], count[3], count[4], count[5] };
	return true;
}

static size_t body_size(const Header *head, size_t time_size)
{
	return head->time * (time_size + 1) + head->type * 6 + head->chars +
	       head->leap * (time_size + 4) + head->std + head->ut;
}

/* Moments and offsets; false when an index or a moment makes no sense. */
static bool read_changes(Zone *zone, const unsigned char *p, const Header *head)
{
	const unsigned char *index = p + head->time * 8, *type = index + head->time;

	zone->at = calloc(head->time + 1, sizeof *zone->at);
	zone->offset = calloc(head->time + 1, sizeof *zone->offset);
	if (!zone->at || !zone->offset)
		abort();
	zone->count = head->time;
	zone->first = (int32_t)big_endian(type, 4);
	for (size_t i = 0; i < head->time; i++) {
		zone->at[i] = big_endian(p + i * 8, 8);
		if (index[i] >= head->type || (i && zone->at[i] <= zone->at[i - 1]))
			return false;
		zone->offset[i] = (int32_t)big_endian(type + 6 * index[i], 4);
	}
	return true;
}

/* bytes has a NUL behind it. Leap seconds ("right/…") are not what a clinic's clock shows. */
static bool read_zone(Zone *zone, const unsigned char *bytes, size_t size)
{
	const unsigned char *p = bytes, *end = bytes + size;
	Header head;
	size_t skip;
	char *line;

	if (!read_header(p, size, &head))
		return false;
	skip = TZIF_HEADER + body_size(&head, 4); /* the 32-bit copy */
	if (skip > size || !read_header(p + skip, size - skip, &head))
		return false;
	p += skip + TZIF_HEADER;
	if (!head.type || head.leap || body_size(&head, 8) > (size_t)(end - p))
		return false;
	if (!read_changes(zone, p, &head))
		return false;
	p += body_size(&head, 8);
	if (p >= end || *p != '\n')
		return false;
	line = strndup((const char *)p + 1, strcspn((const char *)p + 1, "\n"));
	if (!line)
		abort();
	if (*line && !read_rule(line, &zone->rule)) {
		free(line);
		return false;
	}
	free(line);
	return true;
}

static size_t read_file(const char *path, unsigned char *bytes, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 0;
	ssize_t got = 0;

	if (fd < 0)
		return 0;
	while (size < room && (got = read(fd, bytes + size, room - size)) > 0)
		size += (size_t)got;
	close(fd);
	return got == 0 ? size : 0;
}

static void zone_free(Zone *zone)
{
	free(zone->at);
	free(zone->offset);
	free(zone);
}

static Zone *zone_load(const char *name)
{
	char path[sizeof ZONE_FOLDER + ZONE_NAME_MAX];
	unsigned char *bytes = calloc(1, ZONE_FILE_MAX + 1);
	Zone *zone = calloc(1, sizeof *zone);
	size_t size;

	if (!bytes || !zone)
		abort();
	snprintf(path, sizeof path, "%s%s", ZONE_FOLDER, name);
	snprintf(zone->name, sizeof zone->name, "%s", name);
	size = read_file(path, bytes, ZONE_FILE_MAX);
	if (!size || !read_zone(zone, bytes, size)) {
		zone_free(zone);
		zone = NULL;
	}
	free(bytes);
	return zone;
}

/* Letters, digits, "_+-" and "/" between parts: nothing that climbs out of the folder. */
static bool is_plausible(const char *name)
{
	size_t length = strlen(name);

	if (!length || length > ZONE_NAME_MAX || name[0] == '/')
		return false;
	return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
	       length;
}

static Zone *find_kept(const char *name)
{
	Zone *zone = atomic_load_explicit(&zones, memory_order_acquire);

	while (zone && strcmp(zone->name, name))
		zone = zone->next;
	return zone;
}

const Zone *zone_find(const char *name)
{
	Zone *zone;

	if (!name || (zone = find_kept(name)))
		return name ? zone : NULL;
	if (!is_plausible(name))
		return NULL;
	pthread_mutex_lock(&zones_mutex);
	zone = find_kept(name);
	if (!zone && (zone = zone_load(name))) {
		zone->next = atomic_load_explicit(&zones, memory_order_relaxed);
		atomic_store_explicit(&zones, zone, memory_order_release);
	}
	pthread_mutex_unlock(&zones_mutex);
	return zone;
}

int32_t zone_offset(const Zone *zone, int64_t at)
{
	size_t low = 0, high;

	if (!zone)
		return 0;
	high = zone->count;
	if (zone->rule.known && (!high || at >= zone->at[high - 1]))
		return rule_offset(&zone->rule, at);
	while (low < high) { /* how many changes are not after at */
		size_t middle = low + (high - low) / 2;

		if (zone->at[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? zone->offset[low - 1] : zone->first;
}
