/* The patient's own way to a filling: a token of 32 random bytes that nobody stores, and the birth
 * date, with few tries. The clinic's tablet is handed over in person and asks nothing. */
#include "core/random.h"
#include "modules/audit/audit.h"
#include "modules/patient/anamnesis.h"
#include "modules/patient/patient_rooms.h"
#include "platform/auth/key.h"

enum { TOKEN_BYTES = 32, TOKEN_TEXT = 43 };

static const char *hash_of(Ctx *cx, const char *token)
{
	return crypto_sha256_hex(cx->mem, token, strlen(token));
}

Err link_make(Ctx *cx, int64_t anamnesis, int days, const char **ret_token)
{
	SqlAnamnesisRow head;
	SqlLinkInsert link;
	const char *token;
	int64_t rows;

	TRY(sql_anamnesis_by_id(cx, anamnesis, &head));
	if (strcmp(head.state, "open") != 0)
		return err_tell(cx, ERR_CONFLICT, "Esta anamnese já foi enviada.",
			"anamnesis %" PRId64 " is not open", anamnesis);
	if (days && head.birth_null)
		return err_tell(cx, ERR_INVALID,
			"Cadastre a data de nascimento antes: é o que o link pergunta para "
			"confirmar quem responde.",
			"patient %" PRId64 " has no birth date", head.patient_id);
	token = crypto_token(cx->mem, TOKEN_BYTES);
	TRY(sql_link_revoke(cx, anamnesis, &rows));
	TRY(sql_link_insert(cx, anamnesis, hash_of(cx, token), /* asks_birth= */ days > 0,
		cx->now + (days ? days * (int64_t)86400 : LINK_TABLET_S),
		db_id_or_null(&cx->user.v), &link));
	TRY(sql_anamnesis_way(cx, anamnesis, days ? "link" : "tablet", &rows));
	TRY(audit_add_change(cx, &(Change){ .action = "anamnesis.link",
					 .subject = "anamnesis",
					 .subject_id = anamnesis }));
	*ret_token = token;
	return OK;
}

static LinkState state_of(const Ctx *cx, const SqlLinkOfToken *row, const char *filling)
{
	if (!strcmp(filling, "sent"))
		return LINK_USED;
	if (row->closed || !row->revoked_at_null || strcmp(filling, "open") != 0)
		return LINK_REVOKED;
	if (row->expires_at <= cx->now)
		return LINK_EXPIRED;
	return row->attempts >= LINK_TRIES ? LINK_REVOKED : LINK_GOOD;
}

Err link_find(Ctx *cx, const char *token, LinkState *ret_state, Link *ret)
{
	SqlLinkOfToken row;
	SqlAnamnesisRow head;
	bool found;

	*ret_state = LINK_UNKNOWN;
	if (strlen(token) != TOKEN_TEXT)
		return OK;
	TRY(sql_link_of_token(cx, hash_of(cx, token), &row, &found));
	if (!found)
		return OK;
	TRY(sql_anamnesis_by_id(cx, row.anamnesis_id, &head));
	*ret_state = state_of(cx, &row, head.state);
	*ret = (Link){ .id = row.id,
		.anamnesis = row.anamnesis_id,
		.asks_birth = row.asks_birth,
		.attempts = row.attempts,
		.expires_at = row.expires_at };
	return OK;
}

Err link_try_birth(Ctx *cx, const Link *link, int32_t birth, bool *ret_right)
{
	SqlAnamnesisRow head;
	int64_t rows;

	*ret_right = false;
	TRY(sql_link_try(cx, link->id, LINK_TRIES, &rows));
	if (!rows)
		return OK;
	TRY(sql_anamnesis_by_id(cx, link->anamnesis, &head));
	*ret_right = !head.birth_null && birth != DATE_NONE && head.birth == birth;
	if (*ret_right)
		TRY(sql_link_opened(cx, link->id, &rows));
	return OK;
}

static const char *signature_of(Ctx *cx, const Link *link, int64_t at)
{
	return auth_mac(cx->mem, "anamnesis",
		arena_printf(
			cx->mem, "%" PRId64 " %" PRId64 " %" PRId64, cx->company.v, link->id, at));
}

const char *link_pass(Ctx *cx, const Link *link)
{
	return arena_printf(cx->mem, "%" PRId64 ".%s", cx->now, signature_of(cx, link, cx->now));
}

bool link_pass_is_good(Ctx *cx, const Link *link, const char *pass)
{
	Str rest = str_of(pass), at_text;
	const char *want;
	int64_t at;

	if (!str_cut(&rest, '.', &at_text) || !str_int64(at_text, &at) ||
		cx->now - at > LINK_PASS_S || at > cx->now)
		return false;
	want = signature_of(cx, link, at);
	return rest.len == strlen(want) && crypto_equal(rest.ptr, want, rest.len);
}
