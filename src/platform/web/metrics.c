/* Each route has its own counters, added to without a lock; a reader may see a request half
 * counted, which the next reading mends. */
#include "platform/web/metrics.h"

#include <stdatomic.h>
#include <unistd.h>

#include "platform/web/routes.h"

enum { ROUTES = 2049, CLASSES = 6, SOURCES = 8 };

/* Upper bounds in microseconds; the last bucket has none. */
static const int bounds_us[] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000,
	1000000, 2500000, 10000000 };
static const char *const bound_texts[] = { "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05",
	"0.1", "0.25", "0.5", "1", "2.5", "10", "+Inf" };

enum { BUCKETS = COUNT(bound_texts) };

typedef struct Counters {
	_Atomic uint64_t by_class[CLASSES]; /* 2xx at 2 */
	_Atomic uint64_t by_time[BUCKETS];
	_Atomic uint64_t total_us;
	_Atomic uint64_t queries;
} Counters;

/* The last one counts what has no route. */
static Counters counters[ROUTES];
static void (*sources[SOURCES])(Buf *out);
static size_t source_count;

void metrics_count(const RouteEntry *entry, int status, int64_t took_us, int query_count)
{
	Counters *own = &counters[entry ? entry->number : ROUTES - 1];
	size_t bucket = 0, class = status >= 100 && status < 600 ? (size_t)status / 100 : 0;

	while (bucket < COUNT(bounds_us) && took_us > bounds_us[bucket])
		bucket++;
	atomic_fetch_add_explicit(&own->by_class[class], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&own->by_time[bucket], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&own->total_us, (uint64_t)took_us, memory_order_relaxed);
	atomic_fetch_add_explicit(&own->queries, (uint64_t)query_count, memory_order_relaxed);
}

void metrics_add_source(void (*write)(Buf *out))
{
	for (size_t i = 0; i < source_count; i++)
		if (sources[i] == write)
			return;
	assert(source_count < SOURCES);
	sources[source_count++] = write;
}

static uint64_t load(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static void write_labels(Buf *out, size_t number)
{
	if (number == ROUTES - 1) {
		buf_puts(out, "method=\"\",route=\"\"");
		return;
	}
	buf_printf(out, "method=\"%s\",route=\"%s\"",
		method_names[routes_at(number)->route->method], routes_at(number)->route->path);
}

static void write_requests(Buf *out, size_t number)
{
	for (size_t i = 0; i < CLASSES; i++) {
		uint64_t count = load(&counters[number].by_class[i]);

		if (!count)
			continue;
		buf_puts(out, "siso_requests_total{");
		write_labels(out, number);
		buf_printf(out, ",status=\"%zuxx\"} %" PRIu64 "\n", i, count);
	}
}

static void write_times(Buf *out, size_t number)
{
	const Counters *own = &counters[number];
	uint64_t below = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		below += load(&own->by_time[i]);
	if (!below)
		return;
	below = 0;
	for (size_t i = 0; i < BUCKETS; i++) {
		below += load(&own->by_time[i]);
		buf_puts(out, "siso_request_seconds_bucket{");
		write_labels(out, number);
		buf_printf(out, ",le=\"%s\"} %" PRIu64 "\n", bound_texts[i], below);
	}
	buf_puts(out, "siso_request_seconds_sum{");
	write_labels(out, number);
	buf_printf(out, "} %.6f\n", (double)load(&own->total_us) / 1e6);
	buf_puts(out, "siso_request_seconds_count{");
	write_labels(out, number);
	buf_printf(out, "} %" PRIu64 "\n", below);
}

static void write_queries(Buf *out, size_t number)
{
	uint64_t queries = load(&counters[number].queries);

	if (!queries)
		return;
	buf_puts(out, "siso_round_trips_total{");
	write_labels(out, number);
	buf_printf(out, "} %" PRIu64 "\n", queries);
}

static void write_memory(Buf *out)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long size = 0, resident = 0;

	if (!file)
		return;
	if (fscanf(file, "%ld %ld", &size, &resident) == 2)
		buf_printf(out,
			"# TYPE process_resident_memory_bytes gauge\n"
			"process_resident_memory_bytes %ld\n",
			resident * sysconf(_SC_PAGESIZE));
	fclose(file);
}

static void write_all(Buf *out, void (*write)(Buf *, size_t))
{
	for (size_t i = 0; i < routes_count(); i++)
		write(out, i);
	write(out, ROUTES - 1);
}

void metrics_write(Buf *out)
{
	buf_puts(out, "# TYPE siso_requests_total counter\n");
	write_all(out, write_requests);
	buf_puts(out, "# TYPE siso_request_seconds histogram\n");
	write_all(out, write_times);
	buf_puts(out, "# HELP siso_round_trips_total Round trips to PostgreSQL.\n"
		      "# TYPE siso_round_trips_total counter\n");
	write_all(out, write_queries);
	for (size_t i = 0; i < source_count; i++)
		sources[i](out);
	write_memory(out);
}
