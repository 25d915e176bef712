/* log: one JSON object a line on standard error. Ids and numbers only: never a name, a phone, a
 * text that a person typed. Only main, the router and the worker loop log; libraries return Err. */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include "core/base.h"

typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } LogLevel;

typedef struct LogField {
	const char *name;
	const char *text; /* NULL: number counts */
	int64_t number;
} LogField;

/* NULL is an empty text, not a number. */
static inline const char *log_text_of(const char *value)
{
	return value ? value : "";
}

#define LOG_TEXT(name, value)   ((LogField){ (name), log_text_of(value), 0 })
#define LOG_NUMBER(name, value) ((LogField){ (name), NULL, (int64_t)(value) })

/* One line: {"at":"2026-11-22T12:00:00.123Z","level":"info","message":…,fields…}. Thread-safe: one
 * write(2). A line longer than 8 KiB is cut at a field. */
void log_write(LogLevel level, const char *message, const LogField *field, size_t field_count);
void log_set_level(LogLevel least);

#define LOG(level, message, ...)                                                                   \
	log_write((level), (message), (const LogField[]){ { 0 }, ##__VA_ARGS__ } + 1,              \
		COUNT(((const LogField[]){ { 0 }, ##__VA_ARGS__ })) - 1)

#endif
