/* Automations under Configurações: the form of a rule, its params, and what the pages show. */
#ifndef CRM_AUTOMATION_VIEW_H
#define CRM_AUTOMATION_VIEW_H

#include "modules/crm/automation.sql.h"
#include "modules/crm/crm_view.h"
#include "modules/webhook/webhook.h"

enum { RULES_OF_STAGE = 20 }; /* as many as crm_stage_rules runs */

/* What may be typed about a rule. Each action reads its own fields; the others' are ignored. */
typedef struct RuleForm {
	const char *timing; /* enter after */
	int64_t after_days;
	const char *action; /* task assign notify move webhook */
	const char *task_title, *task_type;
	int64_t due, task_user, remind_min;
	const char *due_unit; /* hours days */
	Int64s users;
	const char *mode; /* turns load */
	bool always;
	const char *notify_text;
	int64_t notify_user;
	int64_t move_stage;
	int64_t webhook;
} RuleForm;
extern const Field rule_fields[];
extern const size_t rule_field_count;
extern const UiOption rule_actions[];
extern const size_t rule_action_count;
const char *rule_icon(const char *action);

/* Who and what a rule may point at; asked for once a page. */
typedef struct RuleChoices {
	const Pipeline *pipeline;
	size_t pipeline_count;
	const Member *member;
	size_t member_count;
	const WebhookChoice *webhook;
	size_t webhook_count;
} RuleChoices;
MUST_CHECK Err rule_choices(Ctx *cx, RuleChoices *ret);
/* NULL: no stage in use has this id. */
const Stage *rule_stage(const RuleChoices *choice, int64_t id);

/* The fields that only this action needs, and what they point at. Marks what is wrong. */
MUST_CHECK Err rule_check(Ctx *cx, const RuleForm *in, int64_t stage, const RuleChoices *choice);
/* The JSON of crm.rule.params for the form, and the form for stored params. */
const char *rule_params(Ctx *cx, const RuleForm *in);
MUST_CHECK Err rule_form_of(
	Ctx *cx, const char *action, int after_days, const char *params, RuleForm *ret);

/* One rule in words: "Criar tarefa: Ligar", "Ligação em 2 horas, para o responsável pelo lead". */
typedef struct RuleWords {
	const char *title, *detail;
	bool broken; /* it points at something that is gone */
} RuleWords;
RuleWords rule_words(Ctx *cx, const RuleForm *rule, const RuleChoices *choice);

typedef struct RuleLine {
	const SqlRuleList *rule;
	RuleWords words;
} RuleLine;

typedef struct RulesView {
	Req *q;
	RuleChoices choice;
	const Stage *stage; /* the one shown */
	const SqlRuleCounts *count;
	size_t count_count;
	const RuleLine *line;
	size_t line_count;
} RulesView;
void crm_rules_page(Html *h, const RulesView *v);

typedef struct RuleView {
	Req *q;
	RuleChoices choice;
	const Stage *stage;
	const SqlRuleRow *rule; /* NULL: a new one */
	const RuleForm *in;
	const SqlRuleRuns *run;
	size_t run_count;
} RuleView;
void crm_rule_page(Html *h, const RuleView *v);

#endif
