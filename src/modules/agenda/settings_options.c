/* What the selects of the agenda's settings, of the waiting list and of blocks offer. */
#include "modules/agenda/doors_view.h"

const UiOption door_tones[] = {
	{ .value = "teal", .label = "Turquesa" },
	{ .value = "blue", .label = "Azul" },
	{ .value = "violet", .label = "Violeta" },
	{ .value = "pink", .label = "Rosa" },
	{ .value = "orange", .label = "Laranja" },
	{ .value = "amber", .label = "Âmbar" },
	{ .value = "green", .label = "Verde" },
	{ .value = "red", .label = "Vermelho" },
	{ .value = "slate", .label = "Cinza" },
};
const size_t door_tone_count = COUNT(door_tones);

static Err read_branches(Ctx *cx, DoorOptions *ret)
{
	UiOption *list;
	Branch *branch;
	size_t count;

	TRY(company_branches_read(cx, &branch, &count));
	ret->branch = list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (branch[i].active)
			list[ret->branch_count++] =
				ui_option(cx->mem, branch[i].id, branch[i].name);
	return OK;
}

/* In groups when there are several branches. */
static Err read_chairs(Ctx *cx, DoorOptions *ret)
{
	SqlDoorChairs *chair;
	UiOption *list;
	size_t count;

	TRY(sql_door_chairs_read(cx, &chair, &count));
	ret->chair = list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (chair[i].active) {
			list[ret->chair_count] = ui_option(cx->mem, chair[i].id, chair[i].name);
			list[ret->chair_count++].group =
				ret->branch_count > 1 ? chair[i].branch : NULL;
		}
	return OK;
}

static Err read_dentists(Ctx *cx, DoorOptions *ret)
{
	SqlDoorDentists *dentist;
	UiOption *list;
	size_t count;

	TRY(sql_door_dentists_read(cx, &dentist, &count));
	ret->dentist = list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (dentist[i].active)
			list[ret->dentist_count++] =
				ui_option(cx->mem, dentist[i].user_id, dentist[i].name);
	return OK;
}

static Err read_types(Ctx *cx, DoorOptions *ret)
{
	SqlDoorTypes *type;
	UiOption *list;
	size_t count;

	TRY(sql_door_types_read(cx, &type, &count));
	ret->type = list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (type[i].active)
			list[ret->type_count++] = ui_option(cx->mem, type[i].id, type[i].name);
	return OK;
}

Err door_options(Ctx *cx, DoorOptions *ret)
{
	*ret = (DoorOptions){ 0 };
	TRY(company_branches_ask(cx));
	TRY(sql_door_chairs_send(cx));
	TRY(sql_door_dentists_send(cx));
	TRY(sql_door_types_send(cx));
	TRY(read_branches(cx, ret));
	TRY(read_chairs(cx, ret));
	TRY(read_dentists(cx, ret));
	return read_types(cx, ret);
}
