/* The list of modules, made from modules.def, and the one way modules hear of each other. */
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
