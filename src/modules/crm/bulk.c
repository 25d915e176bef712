/* One change for many leads: each goes through the same services as a change by hand, so each has
 * its entry on the timeline, its move and its automations. */
#include "modules/crm/leads_view.h"

enum { TAG_MAX = 60, TAGS_MAX = 20 };

static const struct {
	const char *word;
	BulkKind kind;
} kinds[] = {
	{ "owner", BULK_OWNER },
	{ "stage", BULK_STAGE },
	{ "lose", BULK_LOSE },
	{ "tag", BULK_TAG },
};

static Err refuse(Ctx *cx, const char *sentence, const char *why)
{
	return err_tell(cx, ERR_INVALID, sentence, "bulk change: %s", why);
}

/* Is what the action names the company's? */
static Err check_target(Ctx *cx, const BulkAction *action)
{
	SqlCrmLossReason reason;
	SqlCrmStage stage;
	Member member;
	Err err = OK;

	if (action->kind == BULK_OWNER && action->id)
		err = account_get_member(cx, action->id, &member);
	else if (action->kind == BULK_STAGE)
		err = sql_crm_stage(cx, action->id, &stage);
	else if (action->kind == BULK_LOSE)
		err = sql_crm_loss_reason(cx, action->id, &reason);
	if (err == ERR_NOT_FOUND)
		return refuse(
			cx, "O que você escolheu não existe mais. Atualize a página.", "gone");
	return err;
}

static Err parse_tag(Ctx *cx, Str text, BulkAction *ret)
{
	text = str_trim(text);
	if (!text.len)
		return refuse(cx, "Escreva a etiqueta.", "no tag");
	if (!str_is_clean_utf8(text) || str_utf8_length(text) > TAG_MAX)
		return refuse(cx, "A etiqueta pode ter até 60 letras.", "a tag that is too long");
	ret->tag = arena_copy(cx->mem, text.ptr, text.len);
	return OK;
}

Err bulk_parse(Ctx *cx, const char *text, BulkAction *ret)
{
	Str rest = str_of(text), word;
	size_t i = 0;

	*ret = (BulkAction){ 0 };
	if (!str_cut(&rest, ' ', &word))
		return refuse(cx, "Escolha o que fazer com os leads.", "no action");
	while (i < COUNT(kinds) && !str_is(word, kinds[i].word))
		i++;
	if (i == COUNT(kinds))
		return refuse(cx, "Escolha o que fazer com os leads.", "unknown action");
	ret->kind = kinds[i].kind;
	if (ret->kind == BULK_TAG)
		return parse_tag(cx, rest, ret);
	if (!str_int64(rest, &ret->id) || ret->id < 0)
		return refuse(cx, "Escolha o que fazer com os leads.", "no id");
	return check_target(cx, ret);
}

/* Does the lead need it at all? */
static bool is_done(const BulkAction *action, const Lead *lead)
{
	switch (action->kind) {
	case BULK_OWNER:
		return lead->owner_id == action->id;
	case BULK_STAGE:
		return lead->stage_id == action->id && strcmp(lead->status, "lost") != 0;
	case BULK_LOSE:
		return strcmp(lead->status, "open") != 0;
	case BULK_TAG:
		return strs_have(lead->tags, action->tag) || lead->tags.count >= TAGS_MAX;
	}
	return true;
}

static Err apply(Ctx *cx, const BulkAction *action, LeadId id)
{
	switch (action->kind) {
	case BULK_OWNER:
		return crm_set_owner(cx, id, action->id);
	case BULK_STAGE:
		return crm_move_lead(cx, id, action->id, /* before= */ 0);
	case BULK_LOSE:
		return crm_lose_lead(cx, id, action->id, NULL);
	case BULK_TAG:
		return crm_add_tags(cx, id, (Strs){ &action->tag, 1 });
	}
	return err_set(cx, ERR_BUG, "unknown kind of bulk change");
}

Err bulk_change(Ctx *cx, const BulkAction *action, int64_t lead_id, bool *ret_changed)
{
	Lead lead;
	Err err = crm_get_lead(cx, (LeadId){ lead_id }, &lead);

	*ret_changed = false;
	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	if (lead.merged_into || is_done(action, &lead))
		return OK;
	TRY(apply(cx, action, (LeadId){ lead_id }));
	*ret_changed = true;
	return OK;
}
