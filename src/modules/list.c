/* The list of modules, made from modules.def, and the ways modules hear of each other. */
#include "modules/module.h"

#define MODULE(name) extern const Module name##_module;
#include "modules.def"
#undef MODULE

const Module *const modules[] = {
#define MODULE(name) &name##_module,
#include "modules.def"
#undef MODULE
	NULL,
};
const size_t module_count = COUNT(modules) - 1;

Err module_tell(Ctx *cx, const char *name, int64_t id, const char *json)
{
	for (size_t i = 0; i < module_count; i++)
		if (modules[i]->on_event)
			TRY(modules[i]->on_event(cx, name, id, json));
	return OK;
}

Err module_tell_many(Ctx *cx, const char *name, Int64s ids, const char *const *json)
{
	for (size_t i = 0; i < module_count; i++) {
		bool listens = modules[i]->on_event != NULL;

		if (listens && modules[i]->listens)
			TRY(modules[i]->listens(cx, name, &listens));
		for (size_t j = 0; listens && j < ids.count; j++)
			TRY(modules[i]->on_event(cx, name, ids.v[j], json[j]));
	}
	return OK;
}

static const Visits *visits(void)
{
	for (size_t i = 0; i < module_count; i++)
		if (modules[i]->visits)
			return modules[i]->visits;
	return NULL;
}

Err module_visits_ask(Ctx *cx, int64_t patient)
{
	return visits() ? visits()->ask(cx, patient) : OK;
}

Err module_visits_read(Ctx *cx, PastVisit **ret, size_t *ret_count)
{
	*ret = NULL;
	*ret_count = 0;
	return visits() ? visits()->read(cx, ret, ret_count) : OK;
}
