/* Clinical notes: versions, signing, templates. */
#include "modules/treatment/note.h"

#include "core/clock.h"
#include "core/random.h"
#include "modules/treatment/note.sql.h"
#include "modules/treatment/teeth.h"

const Field note_fields[] = {
	FIELD(NoteForm, text, FIELD_LONG, "Evolução", 1, 20000, true),
	FIELD(NoteForm, teeth, FIELD_TEXT, "Dentes", 0, 120, false),
	FIELD(NoteForm, reason, FIELD_TEXT, "Motivo da correção", 0, 200, false),
	FIELD(NoteForm, visit_id, FIELD_ID, "Atendimento", 0, 0, false),
	FIELD(NoteForm, seen, FIELD_INT, "Versão vista", 0, 100000, false),
};
const size_t note_field_count = COUNT(note_fields);

static Note note_of_row(const SqlNoteRow *r)
{
	return (Note){ .id = r->id,
		.patient_id = r->patient_id,
		.visit_id = r->visit_id,
		.dentist_id = r->dentist_id,
		.dentist = r->dentist,
		.writer = r->writer,
		.text = r->text,
		.reason = r->reason,
		.hash = r->hash,
		.teeth = r->teeth,
		.no = r->no,
		.signed_no = r->signed_no,
		.created_at = r->created_at,
		.written_at = r->written_at,
		.signed_at = r->signed_at };
}

Err note_get(Ctx *cx, int64_t id, Note *ret)
{
	SqlNoteRow row;

	TRY(sql_note_by_id(cx, id, &row));
	*ret = note_of_row(&row);
	return OK;
}

Err note_list_ask(Ctx *cx, PatientId patient, int64_t visit, int64_t before, int n)
{
	return sql_note_list_send(cx, patient.v, visit ? &visit : NULL, before ? &before : NULL, n);
}

Err note_list_read(Ctx *cx, Note **ret, size_t *ret_count)
{
	SqlNoteRow *row;

	TRY(sql_note_list_read(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Note, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = note_of_row(&row[i]);
	return OK;
}

/* What the hash covers: all that the version says, after the hash before it. */
static const char *hash_of(Ctx *cx, const char *before, int no, const char *text, Int64s teeth,
	const char *reason, int64_t at, int64_t writer)
{
	Buf buf;

	buf_init(&buf, cx->mem, 128 << 10);
	buf_printf(&buf, "%s\n%d\n%" PRId64 "\n%" PRId64 "\n%s\n", before, no, at, writer,
		reason ? reason : "");
	for (size_t i = 0; i < teeth.count; i++)
		buf_printf(&buf, "%" PRId64 " ", teeth.v[i]);
	buf_printf(&buf, "\n%s", text);
	return crypto_sha256_hex(cx->mem, buf.bytes, buf.len);
}

static Err insert_version(Ctx *cx, int64_t note, int no, const NoteForm *in, Int64s teeth,
	const char *reason, const char *hash)
{
	int64_t rows;

	return sql_note_insert_version(cx,
		&(SqlNoteInsertVersionIn){ .note = note,
			.no = no,
			.text = in->text,
			.teeth = teeth,
			.reason = reason,
			.at = cx->now,
			.user_id = cx->user.v,
			.hash = hash },
		&rows);
}

/* The book of changes and the patient's timeline never hold the text itself. */
static Err record(Ctx *cx, int64_t patient, int64_t note, const char *action, const char *title,
	const char *reason)
{
	const Change change = {
		.action = action, .subject = "note", .subject_id = note, .reason = reason
	};

	return treatment_record(cx, patient, &change, title, /* body= */ NULL);
}

Err note_write(Ctx *cx, PatientId patient, const NoteForm *in, int64_t *ret_id)
{
	SqlNoteInsert row;
	const char *hash;
	Int64s teeth;

	TRY(teeth_read(cx, in->teeth, &teeth));
	hash = hash_of(cx, "", 1, in->text, teeth, NULL, cx->now, cx->user.v);
	TRY(sql_note_insert(
		cx, patient.v, in->visit_id ? &in->visit_id : NULL, cx->user.v, hash, &row));
	TRY(insert_version(cx, row.id, 1, in, teeth, NULL, hash));
	*ret_id = row.id;
	return record(cx, patient.v, row.id, "note.write", "Evolução escrita", NULL);
}

static bool same_teeth(Int64s a, Int64s b)
{
	return a.count == b.count && (!a.count || !memcmp(a.v, b.v, a.count * sizeof *a.v));
}

Err note_save(Ctx *cx, int64_t id, const NoteForm *in)
{
	const char *reason, *hash;
	Int64s teeth;
	int64_t rows;
	Note old;

	TRY(teeth_read(cx, in->teeth, &teeth));
	TRY(note_get(cx, id, &old));
	if (in->seen == old.no && str_same(old.text, in->text) && same_teeth(old.teeth, teeth))
		return OK;
	reason = old.signed_no ? in->reason : NULL;
	if (old.signed_no && !reason)
		return err_field(
			cx, "reason", "Esta evolução está assinada. Diga por que ela é corrigida.");
	hash = hash_of(cx, old.hash, old.no + 1, in->text, teeth, reason, cx->now, cx->user.v);
	TRY(sql_note_raise(cx, id, (int32_t)in->seen, hash, &rows));
	if (!rows)
		return err_tell(cx, ERR_STALE,
			"Outra pessoa mudou esta evolução enquanto você escrevia.",
			"note %" PRId64 " is past version %" PRId64, id, in->seen);
	TRY(insert_version(cx, id, old.no + 1, in, teeth, reason, hash));
	return record(cx, old.patient_id, id, "note.change",
		old.signed_no ? "Evolução assinada foi corrigida" : "Evolução mudada", reason);
}

Err note_sign(Ctx *cx, int64_t id, int no)
{
	int64_t rows;
	Note note;

	TRY(note_get(cx, id, &note));
	if (note.dentist_id != cx->user.v)
		return err_tell(cx, ERR_CONFLICT, "Só quem escreveu a evolução pode assiná-la.",
			"note %" PRId64 " is another's", id);
	TRY(sql_note_sign(cx, id, no, cx->user.v, cx->now, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT,
			note.signed_no == note.no
				? "Esta evolução já está assinada."
				: "A evolução mudou. Leia de novo antes de assinar.",
			"note %" PRId64 " is not at version %d or is signed", id, no);
	TRY(record(cx, note.patient_id, id, "note.sign", "Evolução assinada", NULL));
	return module_tell(cx, "note.signed", id,
		arena_printf(cx->mem,
			"{\"id\":%" PRId64 ",\"patient_id\":%" PRId64 ",\"version\":%d}", id,
			note.patient_id, no));
}

Err note_list_versions(Ctx *cx, int64_t id, NoteVersion **ret, size_t *ret_count)
{
	SqlNoteVersions *row;

	TRY(sql_note_versions(cx, id, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, NoteVersion, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (NoteVersion){ row[i].no, row[i].text, row[i].reason, row[i].writer,
			row[i].teeth, row[i].written_at };
	return OK;
}

Err note_verify(Ctx *cx, int64_t id, bool *ret_whole)
{
	const char *before = "";
	SqlNoteVersions *row;
	bool whole;
	size_t count;
	Note note;

	TRY(note_get(cx, id, &note));
	TRY(sql_note_versions(cx, id, &row, &count));
	whole = count == (size_t)note.no;
	for (size_t i = count; whole && i-- > 0;) {
		const char *hash = hash_of(cx, before, row[i].no, row[i].text, row[i].teeth,
			row[i].reason, row[i].written_at, row[i].written_by);

		whole = str_same(hash, row[i].hash);
		before = row[i].hash;
	}
	*ret_whole = whole;
	return OK;
}

/* ---- templates ---- */

const char *note_fill(Ctx *cx, const char *text, const PatientHead *head, const char *dentist,
	const char *teeth, const char *done)
{
	int32_t today = date_today(cx->now, cx->zone);
	const struct {
		const char *name, *value;
	} word[] = {
		{ "{paciente}", head->name },
		{ "{idade}", age_text(cx->mem, head->birth, today) },
		{ "{data}", date_text(cx->mem, today) },
		{ "{hora}", time_text_hm(cx->mem, cx->now, cx->zone) },
		{ "{dentista}", dentist },
		{ "{dentes}", teeth },
		{ "{procedimentos}", done },
	};
	Buf buf;

	buf_init(&buf, cx->mem, 20000);
	for (const char *p = text; *p;) {
		size_t i = 0;

		while (i < COUNT(word) && strncmp(p, word[i].name, strlen(word[i].name)))
			i++;
		if (i < COUNT(word)) {
			buf_puts(&buf, word[i].value ? word[i].value : "");
			p += strlen(word[i].name);
		} else {
			buf_putc(&buf, *p++);
		}
	}
	return buf_text(&buf);
}

static const struct {
	const char *title, *text;
} first_templates[] = {
	{ "Avaliação inicial",
		"Paciente {paciente}, {idade}, comparece para avaliação.\nQueixa principal: \n"
		"Exame extraoral: sem alterações.\nExame intraoral: \nConduta: " },
	{ "Procedimento realizado",
		"{data}, {hora}. Dentes: {dentes}.\nRealizado: {procedimentos}.\nAnestesia: \n"
		"Materiais: \nIntercorrências: nenhuma.\nOrientações dadas ao paciente: " },
	{ "Urgência", "Paciente relata dor desde \nDente: {dentes}. Testes: percussão , frio , "
		      "palpação .\n"
		      "Hipótese diagnóstica: \nConduta de urgência: \nRetorno: " },
	{ "Pós-operatório",
		"Paciente {paciente} retorna para controle.\nCicatrização: satisfatória.\n"
		"Sutura: \nMedicação: \nConduta: " },
	{ "Manutenção ortodôntica",
		"Manutenção de aparelho.\nArco superior: \nArco inferior: \nElásticos: \n"
		"Higiene: \nPróxima consulta: " },
};

Err note_start_company(Ctx *cx)
{
	SqlNoteTemplateInsert row;
	bool added;

	for (size_t i = 0; i < COUNT(first_templates); i++)
		TRY(sql_note_template_insert(
			cx, first_templates[i].title, first_templates[i].text, &row, &added));
	return OK;
}
