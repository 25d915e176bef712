/* What the doors declare to the module: jobs and schedules. */
#include "modules/agenda/booking.h"
#include "modules/agenda/waiting.h"

const Job door_jobs[DOOR_JOB_COUNT] = {
	{ "agenda.offer_auto", offer_auto_run, 3, 60 },
	{ "agenda.offer_expire", offer_expire_run, 3, 60 },
	{ "agenda.hold_expire", hold_expire_run, 5, 60 },
	{ "agenda.doors_sweep", doors_sweep_run, 3, 300 },
};

const Cron door_crons[DOOR_CRON_COUNT] = {
	{ .name = "agenda.doors_sweep",
		.pattern = "20 3 * * *",
		.job = "agenda.doors_sweep",
		.every_company = true },
};
