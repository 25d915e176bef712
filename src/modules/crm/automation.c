/* A rule as a form, as JSON, and in words. rule.c runs what is stored here. */
#include "modules/crm/automation_view.h"
#include "platform/web/form_json.h"

const Field rule_fields[] = {
	CHOICE_FIELD(RuleForm, timing, "Quando", "enter after", true),
	FIELD(RuleForm, after_days, FIELD_INT, "Dias na etapa", 1, 365, false),
	CHOICE_FIELD(RuleForm, action, "O que fazer", "task assign notify move webhook", true),
	FIELD(RuleForm, task_title, FIELD_TEXT, "Tarefa", 0, 200, false),
	CHOICE_FIELD(RuleForm, task_type, "Tipo", "call whatsapp email meeting visit other", false),
	FIELD(RuleForm, due, FIELD_INT, "Prazo", 1, 365, false),
	CHOICE_FIELD(RuleForm, due_unit, "Unidade do prazo", "hours days", false),
	FIELD(RuleForm, task_user, FIELD_ID, "Para quem", 0, 0, false),
	FIELD(RuleForm, remind_min, FIELD_INT, "Lembrete", 0, 20160, false),
	FIELD(RuleForm, users, FIELD_IDS, "Pessoas", 0, 50, false),
	CHOICE_FIELD(RuleForm, mode, "Como escolher", "turns load", false),
	FIELD(RuleForm, always, FIELD_BOOL, "Trocar quem já é responsável", 0, 0, false),
	FIELD(RuleForm, notify_text, FIELD_TEXT, "Aviso", 0, 200, false),
	FIELD(RuleForm, notify_user, FIELD_ID, "Quem avisar", 0, 0, false),
	FIELD(RuleForm, move_stage, FIELD_ID, "Etapa de destino", 0, 0, false),
	FIELD(RuleForm, webhook, FIELD_ID, "Webhook", 0, 0, false),
};
const size_t rule_field_count = COUNT(rule_fields);

const UiOption rule_actions[] = {
	{ .value = "task", .label = "Criar tarefa", .hint = "Ligar, mandar mensagem, conferir" },
	{ .value = "assign", .label = "Escolher responsável", .hint = "Por turnos ou por carga" },
	{ .value = "notify", .label = "Avisar a equipe", .hint = "No sino do sistema" },
	{ .value = "move", .label = "Mover de etapa", .hint = "Leva o lead adiante ou de volta" },
	{ .value = "webhook", .label = "Avisar outro sistema", .hint = "Envia o lead por webhook" },
};
const size_t rule_action_count = COUNT(rule_actions);

static const struct {
	const char *action, *icon;
} icons[] = {
	{ "task", "list-checks" },
	{ "assign", "user-check" },
	{ "notify", "bell" },
	{ "move", "arrow-right" },
	{ "webhook", "webhook" },
};

const char *rule_icon(const char *action)
{
	for (size_t i = 0; i < COUNT(icons); i++)
		if (!strcmp(icons[i].action, action))
			return icons[i].icon;
	return "zap";
}

/* ---- what a rule may point at ---- */

Err rule_choices(Ctx *cx, RuleChoices *ret)
{
	Pipeline *pipeline;
	WebhookChoice *webhook;
	Member *member;

	TRY(crm_list_pipelines(cx, &pipeline, &ret->pipeline_count));
	TRY(account_list_members(cx, NULL, &member, &ret->member_count));
	TRY(webhook_list_choices(cx, &webhook, &ret->webhook_count));
	ret->pipeline = pipeline;
	ret->member = member;
	ret->webhook = webhook;
	return OK;
}

const Stage *rule_stage(const RuleChoices *choice, int64_t id)
{
	for (size_t i = 0; i < choice->pipeline_count; i++)
		for (size_t j = 0; j < choice->pipeline[i].stage_count; j++)
			if (choice->pipeline[i].stage[j].id == id)
				return &choice->pipeline[i].stage[j];
	return NULL;
}

static const char *member_name(const RuleChoices *choice, int64_t user)
{
	for (size_t i = 0; i < choice->member_count; i++)
		if (choice->member[i].user == user)
			return choice->member[i].name;
	return NULL;
}

static const char *webhook_title(const RuleChoices *choice, int64_t id)
{
	for (size_t i = 0; i < choice->webhook_count; i++)
		if (choice->webhook[i].id == id)
			return choice->webhook[i].title;
	return NULL;
}

/* ---- checking ---- */

static Err check_task(Ctx *cx, const RuleForm *in, const RuleChoices *choice)
{
	Err err = OK;

	if (!in->task_title)
		err = err_field(cx, "task_title", "Escreva o que fazer.");
	if (!in->due)
		err = err_field(cx, "due", "Informe o prazo.");
	if (in->task_user && !member_name(choice, in->task_user))
		err = err_field(cx, "task_user", "Escolha uma pessoa da equipe.");
	return err;
}

static Err check_assign(Ctx *cx, const RuleForm *in, const RuleChoices *choice)
{
	if (!in->users.count)
		return err_field(cx, "users", "Marque pelo menos uma pessoa.");
	for (size_t i = 0; i < in->users.count; i++)
		if (!member_name(choice, in->users.v[i]))
			return err_field(cx, "users", "Escolha pessoas da equipe.");
	return OK;
}

static Err check_notify(Ctx *cx, const RuleForm *in, const RuleChoices *choice)
{
	Err err = OK;

	if (!in->notify_text)
		err = err_field(cx, "notify_text", "Escreva o aviso.");
	if (in->notify_user && !member_name(choice, in->notify_user))
		err = err_field(cx, "notify_user", "Escolha uma pessoa da equipe.");
	return err;
}

Err rule_check(Ctx *cx, const RuleForm *in, int64_t stage, const RuleChoices *choice)
{
	Err err = OK;

	if (!strcmp(in->timing, "after") && !in->after_days)
		err = err_field(cx, "after_days", "Informe quantos dias.");
	if (!strcmp(in->action, "task") && check_task(cx, in, choice) != OK)
		err = ERR_INVALID;
	if (!strcmp(in->action, "assign") && check_assign(cx, in, choice) != OK)
		err = ERR_INVALID;
	if (!strcmp(in->action, "notify") && check_notify(cx, in, choice) != OK)
		err = ERR_INVALID;
	if (!strcmp(in->action, "move") &&
		(in->move_stage == stage || !rule_stage(choice, in->move_stage)))
		err = err_field(cx, "move_stage", "Escolha outra etapa.");
	if (!strcmp(in->action, "webhook") && !webhook_title(choice, in->webhook))
		err = err_field(cx, "webhook", "Escolha um webhook da lista.");
	return err;
}

/* ---- JSON ---- */

static void put_task(Json *json, const RuleForm *in)
{
	int64_t hours = in->due * (str_same(in->due_unit, "days") ? 24 : 1);

	json_put_text(json, "title", in->task_title);
	json_put_text(json, "type", in->task_type ? in->task_type : "call");
	json_put_int(json, "due_hours", hours);
	json_put_int(json, "user", in->task_user);
	json_put_int(json, "remind_min", in->remind_min);
}

static void put_assign(Json *json, const RuleForm *in)
{
	json_put_text(json, "mode", in->mode ? in->mode : "turns");
	json_put_bool(json, "always", in->always);
	json_put_array(json, "users");
	for (size_t i = 0; i < in->users.count; i++)
		json_put_int(json, NULL, in->users.v[i]);
	json_close(json);
}

const char *rule_params(Ctx *cx, const RuleForm *in)
{
	Json json;

	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	if (!strcmp(in->action, "task"))
		put_task(&json, in);
	if (!strcmp(in->action, "assign"))
		put_assign(&json, in);
	if (!strcmp(in->action, "notify")) {
		json_put_text(&json, "text", in->notify_text);
		json_put_int(&json, "user", in->notify_user);
	}
	if (!strcmp(in->action, "move"))
		json_put_int(&json, "stage", in->move_stage);
	if (!strcmp(in->action, "webhook"))
		json_put_int(&json, "webhook", in->webhook);
	return json_done(&json);
}

static Int64s ids_of(Ctx *cx, const json_t *list)
{
	size_t count = json_array_size(list);
	int64_t *ids = NEW_ARRAY(cx->mem, int64_t, count + 1);

	for (size_t i = 0; i < count; i++)
		ids[i] = json_integer_value(json_array_get(list, i));
	return (Int64s){ ids, count };
}

Err rule_form_of(Ctx *cx, const char *action, int after_days, const char *params, RuleForm *ret)
{
	int64_t hours, user;
	json_t *json;
	bool days;

	TRY(json_parse(cx, str_of(params), &json));
	hours = json_integer_value(json_object_get(json, "due_hours"));
	user = json_integer_value(json_object_get(json, "user"));
	days = hours >= 48 && hours % 24 == 0;
	*ret = (RuleForm){
		.timing = after_days ? "after" : "enter",
		.after_days = after_days,
		.action = action,
		.task_title = json_string_value(json_object_get(json, "title")),
		.task_type = json_string_value(json_object_get(json, "type")),
		.due = days ? hours / 24 : hours,
		.due_unit = days ? "days" : "hours",
		.task_user = user,
		.remind_min = json_integer_value(json_object_get(json, "remind_min")),
		.users = ids_of(cx, json_object_get(json, "users")),
		.mode = json_string_value(json_object_get(json, "mode")),
		.always = json_is_true(json_object_get(json, "always")),
		.notify_text = json_string_value(json_object_get(json, "text")),
		.notify_user = user,
		.move_stage = json_integer_value(json_object_get(json, "stage")),
		.webhook = json_integer_value(json_object_get(json, "webhook")),
	};
	return OK;
}

/* ---- words ---- */

static const char gone[] = "quem não está mais na equipe";

static RuleWords task_words(Ctx *cx, const RuleForm *r, const RuleChoices *choice)
{
	const char *who =
		r->task_user ? member_name(choice, r->task_user) : "o responsável pelo lead";
	bool days = str_same(r->due_unit, "days");

	return (RuleWords){
		.title = arena_printf(cx->mem, "Criar tarefa: %s",
			r->task_title ? r->task_title : "Entrar em contato"),
		.detail = arena_printf(cx->mem, "%s em %" PRId64 " %s, para %s",
			task_type_title(r->task_type ? r->task_type : "call"), r->due ? r->due : 1,
			days         ? (r->due == 1 ? "dia" : "dias")
			: r->due > 1 ? "horas"
				     : "hora",
			who ? who : gone),
		.broken = !who,
	};
}

static RuleWords assign_words(Ctx *cx, const RuleForm *r, const RuleChoices *choice)
{
	Buf names;
	size_t known = 0;

	buf_init(&names, cx->mem, 2000);
	for (size_t i = 0; i < r->users.count; i++) {
		const char *name = member_name(choice, r->users.v[i]);

		if (name)
			buf_printf(&names, "%s%s", known++ ? ", " : "", name);
	}
	return (RuleWords){
		.title = "Escolher o responsável",
		.detail = arena_printf(cx->mem, "%s: %s%s",
			str_same(r->mode, "load") ? "Quem tem menos leads abertos" : "Por turnos",
			known ? buf_text(&names) : gone,
			r->always ? ". Troca também quem já era" : ""),
		.broken = !known,
	};
}

static RuleWords notify_words(Ctx *cx, const RuleForm *r, const RuleChoices *choice)
{
	const char *who = r->notify_user ? member_name(choice, r->notify_user) : "o responsável";

	return (RuleWords){
		.title = arena_printf(cx->mem, "Avisar %s", who ? who : gone),
		.detail = r->notify_text,
		.broken = !who,
	};
}

RuleWords rule_words(Ctx *cx, const RuleForm *r, const RuleChoices *choice)
{
	const Stage *stage;
	const char *webhook;

	if (!strcmp(r->action, "task"))
		return task_words(cx, r, choice);
	if (!strcmp(r->action, "assign"))
		return assign_words(cx, r, choice);
	if (!strcmp(r->action, "notify"))
		return notify_words(cx, r, choice);
	if (!strcmp(r->action, "move")) {
		stage = rule_stage(choice, r->move_stage);
		return (RuleWords){ .title = arena_printf(cx->mem, "Mover para %s",
					    stage ? stage->name : "uma etapa que não existe mais"),
			.broken = !stage };
	}
	webhook = webhook_title(choice, r->webhook);
	return (RuleWords){ .title = "Avisar outro sistema",
		.detail = webhook ? webhook : "O webhook foi pausado ou removido",
		.broken = !webhook };
}
