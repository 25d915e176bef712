/* One libmagic for the process, behind a mutex: loading its database takes longer than many looks.
 * It sees only the first bytes, and its costly checks are off. */
#include <magic.h>
#include <pthread.h>
#include <unistd.h>

#include "core/money.h"
#include "platform/storage/storage_type.h"

enum { MB = 1 << 20, LOOK_BYTES = 256 << 10 };

static pthread_mutex_t magic_mutex = PTHREAD_MUTEX_INITIALIZER;
static magic_t magic; /* made by the first look */

/* SVG and HTML are missing on purpose: they run scripts in the browser that shows them. */
static const struct {
	const char *type;
	unsigned kinds;
	int max_mb;
} types[] = {
	{ "image/jpeg", STORAGE_IMAGE, 20 },
	{ "image/png", STORAGE_IMAGE | STORAGE_ICON, 20 },
	{ "image/webp", STORAGE_IMAGE, 20 },
	{ "image/gif", STORAGE_IMAGE, 10 },
	{ "image/heic", STORAGE_IMAGE, 20 },
	{ "image/heif", STORAGE_IMAGE, 20 },
	{ "image/tiff", STORAGE_IMAGE, 40 },
	{ "image/vnd.microsoft.icon", STORAGE_ICON, 1 },
	{ "application/pdf", STORAGE_DOCUMENT, 30 },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		STORAGE_DOCUMENT, 20 },
	{ "application/vnd.oasis.opendocument.text", STORAGE_DOCUMENT, 20 },
	{ "text/plain", STORAGE_DOCUMENT, 5 },
	/* what libmagic says of a CSV with semicolons */
	{ "text/plain", STORAGE_SHEET, 32 },
	{ "text/csv", STORAGE_DOCUMENT | STORAGE_SHEET, 32 },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", STORAGE_SHEET, 32 },
	{ "audio/ogg", STORAGE_AUDIO, 20 },
	{ "audio/mpeg", STORAGE_AUDIO, 20 },
	{ "audio/mp4", STORAGE_AUDIO, 20 },
	{ "audio/x-m4a", STORAGE_AUDIO, 20 },
	{ "audio/amr", STORAGE_AUDIO, 20 },
	{ "audio/x-hx-aac-adts", STORAGE_AUDIO, 20 },
	{ "video/mp4", STORAGE_VIDEO, 64 },
	{ "video/3gpp", STORAGE_VIDEO, 64 },
	{ "video/quicktime", STORAGE_VIDEO, 64 },
	{ "video/webm", STORAGE_VIDEO, 64 },
	{ "application/dicom", STORAGE_SCAN, 100 },
	{ "application/zip", STORAGE_ARCHIVE, 2000 },
};

static const struct {
	StorageKind kind;
	const char *words;
} kind_words[] = {
	{ STORAGE_IMAGE, "imagem (JPG, PNG, WebP)" },
	{ STORAGE_ICON, "ícone (PNG, ICO)" },
	{ STORAGE_DOCUMENT, "documento (PDF, DOCX)" },
	{ STORAGE_SHEET, "planilha (XLSX, CSV)" },
	{ STORAGE_AUDIO, "áudio" },
	{ STORAGE_VIDEO, "vídeo (MP4)" },
	{ STORAGE_SCAN, "exame (DICOM)" },
	{ STORAGE_ARCHIVE, "arquivo ZIP" },
};

/* Called with the mutex held. NULL: the system has no database of types. */
static magic_t get_magic(void)
{
	if (magic)
		return magic;
	magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
			   MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF);
	if (magic && magic_load(magic, NULL)) {
		magic_close(magic);
		magic = NULL;
	}
	return magic;
}

static Err sniff(Ctx *cx, const void *bytes, size_t size, const char **ret)
{
	const char *type = NULL;

	pthread_mutex_lock(&magic_mutex);
	if (get_magic())
		type = arena_dup(cx->mem, magic_buffer(magic, bytes, size));
	pthread_mutex_unlock(&magic_mutex);
	if (!type)
		return err_set(cx, ERR_BUG, "libmagic does not answer");
	*ret = type;
	return OK;
}

/* "Envie imagem (JPG, PNG, WebP) ou documento (PDF, DOCX)." */
static Err wrong_type(Ctx *cx, unsigned kinds, const char *type)
{
	const char *list = NULL;

	for (size_t i = 0; i < COUNT(kind_words); i++) {
		if (!(kinds & kind_words[i].kind))
			continue;
		list = list ? arena_printf(cx->mem, "%s ou %s", list, kind_words[i].words)
			    : kind_words[i].words;
	}
	return err_tell(cx, ERR_INVALID,
		arena_printf(cx->mem, "Este tipo de arquivo não é aceito aqui. Envie %s.",
			list ? list : "outro arquivo"),
		"upload is %s", type);
}

static Err too_large(Ctx *cx, int64_t size, int max_mb)
{
	return err_tell(cx, ERR_TOO_LARGE,
		arena_printf(cx->mem, "O arquivo tem %s MB; o limite para este tipo é %d MB.",
			number_text_tenths(cx->mem, (size * 10 + MB - 1) / MB), max_mb),
		"upload of %" PRId64 " bytes", size);
}

Err storage_check_type(Ctx *cx, int fd, int64_t size, unsigned kinds, const char **ret_type)
{
	size_t look = size < LOOK_BYTES ? (size_t)size : LOOK_BYTES;
	void *bytes = arena_alloc(cx->mem, look);
	const char *type = "";

	if (!size)
		return err_tell(cx, ERR_INVALID, "O arquivo está vazio.", "upload is empty");
	if (pread(fd, bytes, look, 0) != (ssize_t)look)
		return err_set(cx, ERR_UNAVAILABLE, "upload cannot be read");
	TRY(sniff(cx, bytes, look, &type));
	for (size_t i = 0; i < COUNT(types); i++) {
		if (strcmp(types[i].type, type) != 0 || !(types[i].kinds & kinds))
			continue;
		if (size > (int64_t)types[i].max_mb * MB)
			return too_large(cx, size, types[i].max_mb);
		*ret_type = types[i].type;
		return OK;
	}
	return wrong_type(cx, kinds, type);
}
