/* account_key: API keys. A key may what its scopes say, each of which its maker held when it was
 * made. A key that was checked is remembered for a minute, so that a busy integration costs no
 * query a call; a revoked one is forgotten at once by the raised auth_version. */
#include <pthread.h>

#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_rooms.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/auth/apikey.h"

enum { KNOWN_MAX = 256, KNOWN_S = 60, NAME_MAX_BYTES = 240, SCOPES_BYTES = 2048 };

typedef struct Known {
	int64_t company, version, until, id;
	char prefix[9], secret_hash[65], name[NAME_MAX_BYTES + 1], scopes[SCOPES_BYTES];
	uint64_t bits[PERM_WORDS];
} Known;

/* Keys seen lately; a documented cache behind its lock. */
static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;
static Known known[KNOWN_MAX];

static Known *place_of(int64_t company, const char *prefix)
{
	uint64_t hash = 1469598103934665603u ^ (uint64_t)company;

	for (; *prefix; prefix++)
		hash = (hash ^ (unsigned char)*prefix) * 1099511628211u;
	return &known[(hash ^ hash >> 32) % KNOWN_MAX];
}

static bool find_known(Ctx *cx, const ApiKey *key, KeyWho *ret)
{
	const Known *place;
	bool found;

	pthread_mutex_lock(&known_lock);
	place = place_of(cx->company.v, key->prefix);
	found = place->company == cx->company.v && place->until > cx->now &&
		place->version >= company_auth_version(cx->company) &&
		strcmp(place->prefix, key->prefix) == 0 &&
		crypto_equal(place->secret_hash, key->secret_hash, 64);
	if (found) {
		*ret = (KeyWho){ .id = place->id,
			.name = arena_dup(cx->mem, place->name),
			.scopes = arena_dup(cx->mem, place->scopes) };
		memcpy(ret->bits, place->bits, sizeof ret->bits);
	}
	pthread_mutex_unlock(&known_lock);
	return found;
}

static void remember(
	const Ctx *cx, const ApiKey *key, const KeyWho *who, int64_t version, int64_t expires_at)
{
	int64_t until = cx->now + KNOWN_S;
	Known *place;

	if (strlen(who->scopes) >= SCOPES_BYTES || strlen(who->name) > NAME_MAX_BYTES)
		return;
	pthread_mutex_lock(&known_lock);
	place = place_of(cx->company.v, key->prefix);
	*place = (Known){ .company = cx->company.v,
		.version = version,
		.id = who->id,
		.until = expires_at && expires_at < until ? expires_at : until };
	memcpy(place->prefix, key->prefix, sizeof place->prefix);
	memcpy(place->secret_hash, key->secret_hash, sizeof place->secret_hash);
	memcpy(place->name, who->name, strlen(who->name) + 1);
	memcpy(place->scopes, who->scopes, strlen(who->scopes) + 1);
	memcpy(place->bits, who->bits, sizeof place->bits);
	pthread_mutex_unlock(&known_lock);
}

static const char *words_of(Ctx *cx, Strs list)
{
	Buf buf;

	buf_init(&buf, cx->mem, 64 << 10);
	for (size_t i = 0; i < list.count; i++)
		buf_printf(&buf, "%s%s", i ? " " : "", list.v[i]);
	return arena_dup(cx->mem, buf_text(&buf));
}

static Err unknown(Ctx *cx)
{
	return err_set(cx, ERR_SIGNED_OUT, "API key is not valid");
}

Err key_check(Ctx *cx, const char *text, KeyWho *ret)
{
	SqlAuthVersion version;
	SqlApiKeyFind row;
	int64_t rows;
	KeyWho who;
	ApiKey key;
	bool found;

	if (!apikey_parse(cx->mem, text, &key))
		return unknown(cx);
	if (find_known(cx, &key, ret))
		return OK;
	TRY(sql_auth_version(cx, &version));
	TRY(sql_api_key_find(cx, key.prefix, &row, &found));
	if (!found || row.revoked || (!row.expires_at_null && row.expires_at <= cx->now) ||
		strlen(row.secret_hash) != 64 ||
		!crypto_equal(row.secret_hash, key.secret_hash, 64))
		return unknown(cx);
	who = (KeyWho){ .id = row.id, .name = row.name, .scopes = words_of(cx, row.scopes) };
	for (size_t i = 0; i < row.scopes.count; i++) {
		int bit = perms_index(row.scopes.v[i]);

		if (bit >= 0)
			who.bits[bit / 64] |= (uint64_t)1 << (bit % 64);
	}
	TRY(sql_api_key_used(cx, row.id, cx->now, &rows));
	remember(cx, &key, &who, version.version, row.expires_at_null ? 0 : row.expires_at);
	*ret = who;
	return OK;
}

Err key_create(Ctx *cx, const char *name, Strs scopes, int64_t expires_at, const char **ret_text)
{
	ApiKey key = apikey_new(cx->mem);
	SqlApiKeyAdd row;
	Diff diff;

	if (!scopes.count)
		return err_field(cx, "scopes", "Escolha pelo menos uma permissão.");
	for (size_t i = 0; i < scopes.count; i++) {
		int bit = perms_index(scopes.v[i]);

		if (bit < 0)
			return err_field(cx, "scopes", "Há uma permissão que não existe.");
		if (!perms_has(cx->perms, bit))
			return err_set(
				cx, ERR_FORBIDDEN, "maker lacks %s", perms_at((size_t)bit)->name);
	}
	if (expires_at && expires_at <= cx->now)
		return err_field(cx, "expires", "Escolha uma data futura.");
	TRY(sql_api_key_add(cx,
		&(SqlApiKeyAddIn){ .name = name,
			.prefix = key.prefix,
			.secret_hash = key.secret_hash,
			.scopes = scopes,
			.created_by = cx->user.v,
			.at = cx->now,
			.expires_at = expires_at ? &expires_at : NULL },
		&row));
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "name", NULL, name);
	diff_text(&diff, "prefix", NULL, key.prefix);
	diff_text(&diff, "scopes", NULL, words_of(cx, scopes));
	TRY(audit_add_change(cx, &(Change){ .action = "account.key_create",
					 .subject = "api_key",
					 .subject_id = row.id,
					 .diff = diff_done(&diff) }));
	*ret_text = key.text;
	return OK;
}

Err key_revoke(Ctx *cx, int64_t id)
{
	int64_t rows;

	TRY(sql_api_key_revoke(cx, id, cx->now, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "no API key %" PRId64, id);
	TRY(audit_add_change(cx,
		&(Change){
			.action = "account.key_revoke", .subject = "api_key", .subject_id = id }));
	return company_touch_auth(cx);
}
