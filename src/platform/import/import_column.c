/* What the columns of a spreadsheet mean: guessed from their headings, settled by a person. */
#include "platform/import/import_rooms.h"
#include "platform/web/form_json.h"

/* What people call what every person has. */
static const ImportAlias people[] = {
	{ "name", "nome completo|cliente|paciente|contato|lead|pessoa|full name|first name|"
		  "primeiro nome|nome do cliente|nome do paciente|nome do contato|nome do lead" },
	{ "phone", "celular|whatsapp|fone|tel|telefone celular|mobile|phone number|numero|"
		   "tel celular" },
	{ "phone2", "telefone|celular|whatsapp|fone|telefone fixo|telefone residencial|"
		    "telefone comercial|fixo|recado|segundo telefone" },
	{ "email", "mail|e mail do cliente|endereco de e mail" },
	{ "cpf", "documento|cpf do cliente" },
	{ "source", "fonte|canal|como conheceu|como nos conheceu|midia" },
	{ "tags", "etiqueta|tag|marcadores" },
};

/* "Telefone 1", "E-mail:" and "nome_completo" are compared without what stands around the words. */
static const char *plain(Arena *mem, const char *heading)
{
	char *word = str_fold(mem, heading);
	size_t size;

	for (char *c = word; *c; c++)
		if (strchr("_-:.*/", *c))
			*c = ' ';
	size = strlen(word);
	while (size && strchr(" 0123456789", word[size - 1]))
		word[--size] = '\0';
	return str_fold(mem, word);
}

const ImportTarget *import_target(const ImportMap *map, const char *name)
{
	for (size_t i = 0; name && i < map->target_count; i++)
		if (!strcmp(map->target[i].name, name))
			return &map->target[i];
	return NULL;
}

static bool is_among(const char *words, const char *word)
{
	Str rest = str_of(words), one;

	while (str_cut(&rest, '|', &one))
		if (str_is(one, word))
			return true;
	return false;
}

static const char *guess_by_alias(
	const ImportMap *map, const ImportAlias *alias, size_t count, const char *word, Strs taken)
{
	for (size_t i = 0; i < count; i++)
		if (is_among(alias[i].headings, word) && !strs_have(taken, alias[i].target) &&
			import_target(map, alias[i].target))
			return alias[i].target;
	return "";
}

const char *import_guess(Ctx *cx, const ImportMap *map, const char *heading, Strs taken)
{
	const char *word = plain(cx->mem, heading), *guess;

	if (!*word)
		return "";
	if (!strcmp(word, "sobrenome") || !strcmp(word, "last name"))
		return "name"; /* joined with the name before it */
	for (size_t i = 0; i < map->target_count; i++)
		if (!strs_have(taken, map->target[i].name) &&
			(!strcmp(word, plain(cx->mem, map->target[i].title)) ||
				!strcmp(word, plain(cx->mem, map->target[i].name))))
			return map->target[i].name;
	guess = guess_by_alias(map, map->kind->alias, map->kind->alias_count, word, taken);
	return *guess ? guess : guess_by_alias(map, people, COUNT(people), word, taken);
}

static Err read_options(Ctx *cx, const ImportKind *kind, const char *text, const void **ret)
{
	void *option = arena_alloc(cx->mem, kind->option_size);
	json_t *tree;

	TRY(json_parse(cx, str_of(text), &tree));
	if (!form_fill_json(cx, tree, kind->option, kind->option_count, option))
		return err_set(cx, ERR_BUG, "the options of an import are broken");
	*ret = option;
	return OK;
}

Err import_map(Ctx *cx, const ImportKind *kind, const Import *import, ImportMap *ret)
{
	const char **column = NEW_ARRAY(cx->mem, const char *, import->target.count + 1);
	ImportTarget *target;

	*ret = (ImportMap){ .kind = kind, .import = import };
	TRY(kind->targets(cx, &target, &ret->target_count));
	TRY(read_options(cx, kind, import->options, &ret->option));
	if (kind->plan)
		TRY(kind->plan(cx, ret->option, &ret->plan));
	ret->target = target;
	for (size_t i = 0; i < import->target.count; i++)
		column[i] = import_target(ret, import->target.v[i]) ? import->target.v[i] : "";
	ret->column = (Strs){ column, import->target.count };
	return OK;
}
