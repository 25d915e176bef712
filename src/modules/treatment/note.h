/* note: clinical notes (evolução). A note is a row of versions, each written once and chained to
 * the one before it by its hash; after signing, a correction is a version with a reason and is
 * signed anew. Retention and integrity: Lei 13.787/2018; secrecy: Código de Ética Odontológica (CFO
 * 118/2012), so only holders of treatment.note read them. */
#ifndef TREATMENT_NOTE_H
#define TREATMENT_NOTE_H

#include "modules/treatment/treatment_rooms.h"

typedef struct Note {
	int64_t id, patient_id, visit_id, dentist_id;
	const char *dentist, *writer, *text, *reason, *hash; /* of the last version */
	Int64s teeth;
	int no;        /* of the last version */
	int signed_no; /* 0: never signed; < no: corrected since */
	int64_t created_at, written_at, signed_at;
} Note;

typedef struct NoteForm {
	const char *text, *teeth, *reason; /* teeth: "16, 26" as typed */
	int64_t visit_id;
	int64_t seen; /* version that the person saw; saving only */
} NoteForm;

enum { NOTES_PAGE = 20 };

/* Write a note of cx->user. ERR_INVALID: fields text, teeth. */
MUST_CHECK Err note_write(Ctx *cx, PatientId patient, const NoteForm *in, int64_t *ret_id);
/* A further version. ERR_STALE: somebody wrote one since in->seen. ERR_INVALID field reason: it was
 * signed and no reason is given. The same text and teeth again: nothing is written. */
MUST_CHECK Err note_save(Ctx *cx, int64_t id, const NoteForm *in);
/* Sign version no as cx->user. ERR_CONFLICT: it is another's, is signed, or has changed since. */
MUST_CHECK Err note_sign(Ctx *cx, int64_t id, int no);
MUST_CHECK Err note_get(Ctx *cx, int64_t id, Note *ret);
/* Newest first; visit 0: all; before 0: from the newest. At most n ≤ 100. In two halves. */
MUST_CHECK Err note_list_ask(Ctx *cx, PatientId patient, int64_t visit, int64_t before, int n);
MUST_CHECK Err note_list_read(Ctx *cx, Note **ret, size_t *ret_count);
/* All versions of a note, newest first. */
typedef struct NoteVersion {
	int no;
	const char *text, *reason, *writer;
	Int64s teeth;
	int64_t written_at;
} NoteVersion;
MUST_CHECK Err note_list_versions(Ctx *cx, int64_t id, NoteVersion **ret, size_t *ret_count);
/* Is every version what it was when it was written? */
MUST_CHECK Err note_verify(Ctx *cx, int64_t id, bool *ret_whole);

/* Fill the variables of a template in. done: names of what was done, may be "". */
const char *note_fill(Ctx *cx, const char *text, const PatientHead *head, const char *dentist,
	const char *teeth, const char *done);

extern const Field note_fields[];
extern const size_t note_field_count;

/* Templates that every company begins with. */
MUST_CHECK Err note_start_company(Ctx *cx);

#endif
