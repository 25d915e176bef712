/* password: see password.h. cracklib knows the dictionary; what it cannot know of Brazil and of
 * dentists stands here. */
#include "platform/auth/password.h"

#include <crack.h>
#include <ctype.h>
#include <pthread.h>
#include <sodium.h>
#include <unistd.h>

Err password_hash(Ctx *cx, const char *password, const char **ret)
{
	char *hash = arena_alloc(cx->mem, crypto_pwhash_STRBYTES);

	if (crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
		    crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return err_set(cx, ERR_UNAVAILABLE, "no memory for a password hash");
	*ret = hash;
	return OK;
}

/* A hash of nothing with today's parameters: checked when there is no hash, so that an unknown
 * e-mail takes as long as a known one. Made once. */
static const char *nobody_hash(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static char hash[crypto_pwhash_STRBYTES];

	pthread_mutex_lock(&lock);
	if (!hash[0]) {
		char random[32];

		randombytes_buf(random, sizeof random);
		if (crypto_pwhash_str(hash, random, sizeof random,
			    crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE))
			hash[0] = '\0';
	}
	pthread_mutex_unlock(&lock);
	return hash;
}

bool password_matches(const char *hash, const char *password)
{
	size_t size = strnlen(password, PASSWORD_MAX * 4 + 1);
	bool same;

	if (size > PASSWORD_MAX * 4)
		return false;
	same = crypto_pwhash_str_verify(hash ? hash : nobody_hash(), password, size) == 0;
	return hash && same;
}

bool password_is_dated(const char *hash)
{
	return crypto_pwhash_str_needs_rehash(hash, crypto_pwhash_OPSLIMIT_INTERACTIVE,
		       crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0;
}

/* ---- weakness ---- */

/* Folded letters that are no password, with whatever digits and signs stand around them. */
static const char *const common[] = { "senha", "minhasenha", "novasenha", "senhasenha", "password",
	"passw", "mudar", "mudarsenha", "trocar", "trocarsenha", "admin", "administrador",
	"usuario", "teste", "acesso", "entrar", "brasil", "flamengo", "corinthians", "palmeiras",
	"saopaulo", "vasco", "gremio", "cruzeiro", "botafogo", "fluminense", "santos", "atletico",
	"jesus", "jesuscristo", "deusefiel", "deus", "familia", "saudade", "felicidade", "amor",
	"amorzinho", "teamo", "euteamo", "meuamor", "gatinha", "princesa", "clinica", "consultorio",
	"dentista", "dentistas", "odonto", "odontologia", "ortodontia", "sorriso", "dente",
	"dentes", "recepcao", "gerente", "financeiro", "qwerty", "qwertyuiop", "asdfgh",
	"asdfghjkl", "zxcvbnm", "abcdef", "abcdefgh", "abcdefghij", "siso" };

/* Only the letters of the folded text. */
static char *letters_of(Arena *mem, const char *folded)
{
	char *out = arena_alloc(mem, strlen(folded) + 1);
	size_t n = 0;

	for (const char *c = folded; *c; c++)
		if (isalpha((unsigned char)*c))
			out[n++] = *c;
	return out;
}

static bool is_common(const char *letters)
{
	for (size_t i = 0; i < COUNT(common); i++)
		if (strcmp(letters, common[i]) == 0)
			return true;
	return false;
}

/* Nothing but one run up or down, or one repeated character: 1234567890, aaaaaaaaaa, zyxwvutsrq. */
static bool is_sequence(const char *text)
{
	int step = text[0] && text[1] ? text[1] - text[0] : 0;

	if (step < -1 || step > 1)
		return false;
	for (size_t i = 1; text[i]; i++)
		if (text[i] - text[i - 1] != step && !(text[i] == '0' && text[i - 1] == '9'))
			return false;
	return true;
}

/* Do the words of a person's data make up the password? True when it contains one of 4 letters or
 * more and little else: what is left without it is shorter than 8 characters. */
static bool is_personal(Arena *mem, const char *folded, const char *personal)
{
	char *words = str_fold(mem, personal);
	size_t length = strlen(folded), i = 0;

	while (words[i]) {
		size_t start = i;
		char *word;

		while (isalnum((unsigned char)words[i]))
			i++;
		word = arena_copy(mem, words + start, i - start);
		if (i - start >= 4 && strstr(folded, word) && length - (i - start) < 8)
			return true;
		while (words[i] && !isalnum((unsigned char)words[i]))
			i++;
	}
	return false;
}

/* cracklib keeps state between calls and exits the process when it finds no dictionary: so one call
 * at a time, and only when the dictionary is there. */
static bool cracklib_refuses(const char *password)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	const char *path = GetDefaultCracklibDict();
	char file[256];
	bool refused = false;

	snprintf(file, sizeof file, "%s.pwi", path);
	if (access(file, R_OK))
		return false;
	pthread_mutex_lock(&lock);
	/* a user must be named: without one cracklib looks up the account that runs the program */
	refused = FascistCheckUser(password, path, "siso", "") != NULL;
	pthread_mutex_unlock(&lock);
	return refused;
}

const char *password_weakness(Arena *mem, const char *password, Strs personal)
{
	Str text = str_of(password);
	char *folded;

	if (!str_is_clean_utf8(text))
		return "A senha tem um caractere que não pode ser usado.";
	if (str_utf8_length(text) < PASSWORD_MIN)
		return "Use pelo menos 10 caracteres. Uma frase curta é fácil de lembrar.";
	if (str_utf8_length(text) > PASSWORD_MAX)
		return "Use no máximo 128 caracteres.";
	folded = str_fold(mem, password);
	if (is_sequence(folded) || is_common(letters_of(mem, folded)))
		return "Essa senha é muito comum. Tente juntar três ou quatro palavras.";
	for (size_t i = 0; i < personal.count; i++)
		if (personal.v[i] && is_personal(mem, folded, personal.v[i]))
			return "A senha não pode ser feita do seu nome, e-mail ou da clínica.";
	if (cracklib_refuses(password))
		return "Essa senha é fácil de adivinhar. Tente juntar três ou quatro palavras.";
	return NULL;
}
