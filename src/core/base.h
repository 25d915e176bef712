/* base: the few words that every file needs. No dependency but the C library. */
#ifndef CORE_BASE_H
#define CORE_BASE_H

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/banned.h"

#define MUST_CHECK        __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(fn)       __attribute__((cleanup(fn)))
#define COUNT(array)      (sizeof(array) / sizeof(array)[0])

#endif
