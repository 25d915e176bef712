/* leftover: processes of an earlier supervisor that was killed. Every descendant holds the lock
 * run/descendants.lock by inheritance, so who still lives is known without trusting a pid file. */
#ifndef PROGRAM_LEFTOVER_H
#define PROGRAM_LEFTOVER_H

#include "program/home.h"

/* Take home->descendants' lock. While others hold it: they have been told to stop by their parent's
 * death; wait, then end them in the way that loses least. Afterwards what they left in run/ and the
 * cluster's postmaster.pid mean nothing and are removed. False: said why. */
MUST_CHECK bool leftover_end(Home *home);

#endif
