/* say: how the supervisor talks to the person at the terminal, in Portuguese: steps with their
 * time, and problems with the way out. */
#ifndef PROGRAM_SAY_H
#define PROGRAM_SAY_H

#include "core/base.h"

/* One line on standard output. */
void say(const char *format, ...) PRINTF(1, 2);
/* What went wrong and, from the second line on, how to get out of it; on standard error. */
void say_problem(const char *format, ...) PRINTF(1, 2);
/* The last lines of a log file, indented, on standard error. */
void say_tail(const char *path, int lines);

/* A step that may take long. On a terminal its line shows the seconds that pass (step_tick);
 * elsewhere it is printed once, with the time when it took more than a second. */
typedef struct Step {
	const char *title;
	int64_t since_us;
	int64_t shown_s;
} Step;

void step_begin(Step *step, const char *title);
void step_tick(Step *step);
void step_end(Step *step);
/* The step failed: close its line, so that say_problem stands alone. */
void step_fail(Step *step);

#endif
