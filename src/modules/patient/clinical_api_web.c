/* Anamneses and images for programs: what was asked and answered, a link for the patient to answer,
 * images and their sending. */
#include "modules/company/company.h"
#include "modules/patient/anamnesis_web.h"
#include "modules/patient/clinical.h"
#include "modules/patient/image_view.h"
#include "modules/patient/image_web.h"
#include "platform/storage/storage.h"
#include "platform/web/api.h"

enum { API_UPLOAD_MAX = 64 << 20 };

/* ---- anamneses ---- */

typedef struct PaperOut {
	int64_t id, number;
	const char *name, *specialty;
	int64_t months;
} PaperOut;

static const OutField paper_out[] = {
	OUT(PaperOut, id, OUT_ID, "Identificador"),
	OUT(PaperOut, name, OUT_TEXT, "Nome do questionário"),
	OUT(PaperOut, specialty, OUT_TEXT, "Especialidade; vazio: geral"),
	OUT(PaperOut, number, OUT_INT, "Versão publicada"),
	OUT(PaperOut, months, OUT_INT, "Por quantos meses as respostas valem"),
};

/* Those that can be asked: in use and published. */
static Err list_papers(Req *q)
{
	SqlQuestionnaireRow *row;
	size_t count, n = 0;
	PaperOut *out;

	TRY(sql_questionnaire_list(q->cx, &row, &count));
	out = NEW_ARRAY(q->cx->mem, PaperOut, count + 1);
	for (size_t i = 0; i < count; i++)
		if (row[i].active && row[i].published_id)
			out[n++] = (PaperOut){ row[i].id, row[i].published_number, row[i].name,
				row[i].specialty, row[i].months };
	return send_rows(q, out, sizeof *out, n, 0);
}

typedef struct AnswerOut {
	const char *key, *section, *question, *kind, *value, *detail, *before;
	bool changed;
} AnswerOut;

static const OutField answer_out[] = {
	OUT(AnswerOut, key, OUT_TEXT, "A pergunta, igual em todas as versões"),
	OUT(AnswerOut, section, OUT_TEXT, "Seção"),
	OUT(AnswerOut, question, OUT_TEXT, "O que foi perguntado"),
	OUT(AnswerOut, kind, OUT_TEXT, "Tipo: yesno, choice, choices, text, number, date"),
	OUT(AnswerOut, value, OUT_TEXT, "Resposta; null: não respondida (não é \"não\")"),
	OUT(AnswerOut, detail, OUT_TEXT, "Detalhe"),
	OUT(AnswerOut, before, OUT_TEXT, "Resposta da vez anterior"),
	OUT(AnswerOut, changed, OUT_BOOL, "Mudou desde a vez anterior"),
};

typedef struct FillingOut {
	int64_t id, patient_id, questionnaire_id, number, started_at, sent_at, reviewed_at;
	const char *questionnaire, *way, *state, *signer, *signer_is, *seal;
	Rows answers;
} FillingOut;

#define FILLING_OUT                                                                                \
	OUT(FillingOut, id, OUT_ID, "Identificador"),                                              \
		OUT(FillingOut, patient_id, OUT_ID, "Paciente"),                                   \
		OUT(FillingOut, questionnaire_id, OUT_ID, "Questionário"),                         \
		OUT(FillingOut, questionnaire, OUT_TEXT, "Nome do questionário"),                  \
		OUT(FillingOut, number, OUT_INT, "Versão do questionário"),                        \
		OUT(FillingOut, way, OUT_TEXT, "Como foi preenchida: reception, tablet, link"),    \
		OUT(FillingOut, state, OUT_TEXT, "open: aberta; sent: assinada"),                  \
		OUT(FillingOut, started_at, OUT_TIME, "Aberta em"),                                \
		OUT(FillingOut, sent_at, OUT_TIME, "Assinada em"),                                 \
		OUT(FillingOut, signer, OUT_TEXT, "Quem assinou"),                                 \
		OUT(FillingOut, signer_is, OUT_TEXT, "patient ou guardian"),                       \
		OUT(FillingOut, seal, OUT_TEXT, "SHA-256 de perguntas, respostas e assinatura"),   \
		OUT(FillingOut, reviewed_at, OUT_TIME, "Revista pelo dentista em")

static const OutField filling_line_out[] = { FILLING_OUT };
static const OutField filling_out[] = {
	FILLING_OUT,
	OUT_LIST(FillingOut, answers, "Perguntas e respostas", AnswerOut, answer_out),
};

static FillingOut filling_of(const SqlAnamnesisRow *r)
{
	return (FillingOut){ .id = r->id,
		.patient_id = r->patient_id,
		.questionnaire_id = r->questionnaire_id,
		.questionnaire = r->questionnaire,
		.number = r->number,
		.way = r->way,
		.state = r->state,
		.started_at = r->started_at,
		.sent_at = r->sent_at,
		.signer = r->signer,
		.signer_is = r->signer_is,
		.seal = r->seal,
		.reviewed_at = r->reviewed_at };
}

static Err list_fillings(Req *q)
{
	PatientHead head;
	SqlAnamnesisRow *row;
	FillingOut *out;
	size_t count;

	TRY(clinical_head_read(q, &head));
	TRY(sql_anamnesis_list(q->cx, head.id, &row, &count));
	out = NEW_ARRAY(q->cx->mem, FillingOut, count + 1);
	for (size_t i = 0; i < count; i++)
		out[i] = filling_of(&row[i]);
	return send_rows(q, out, sizeof *out, count, 0);
}

static Err show_filling(Req *q)
{
	PatientHead head;
	AnswerOut *answer;
	Filling filling;
	FillingOut out;

	TRY(clinical_head_read(q, &head));
	TRY(filling_asked(q, "anamnesis", &head, &filling));
	answer = NEW_ARRAY(q->cx->mem, AnswerOut, filling.asked_count + 1);
	for (size_t i = 0; i < filling.asked_count; i++) {
		const Asked *a = &filling.asked[i];

		answer[i] = (AnswerOut){ a->question.key, a->question.section, a->question.text,
			a->question.kind, a->value, a->detail, a->before, a->changed };
	}
	out = filling_of(&filling.head);
	out.answers = (Rows){ answer, filling.asked_count };
	return send_row(q, 200, &out);
}

typedef struct LinkIn {
	int64_t questionnaire_id, days;
} LinkIn;

static const Field link_in[] = {
	FIELD(LinkIn, questionnaire_id, FIELD_ID, "Questionário", 0, 0, true),
	FIELD(LinkIn, days, FIELD_INT, "Por quantos dias o link vale; sem isto, 7", 1,
		LINK_DAYS_MAX, false),
};

typedef struct LinkOut {
	int64_t anamnesis_id, expires_at;
	const char *url;
} LinkOut;

static const OutField link_out[] = {
	OUT(LinkOut, anamnesis_id, OUT_ID, "Anamnese que foi aberta, ou já estava"),
	OUT(LinkOut, url, OUT_TEXT, "Endereço para o paciente; só aparece agora"),
	OUT(LinkOut, expires_at, OUT_TIME, "Vale até"),
};

/* Open a filling and make the patient's way to it; the ways before it end. */
static Err create_link(Req *q)
{
	const char *token, *base;
	PatientHead head;
	LinkIn in = { 0 };
	LinkOut out;
	int64_t id;

	TRY(clinical_head(q, &head));
	TRY(api_read(q, &in));
	in.days = in.days ? in.days : LINK_DAYS;
	TRY(anamnesis_start(q->cx, (PatientId){ head.id }, in.questionnaire_id, "link", &id));
	TRY(link_make(q->cx, id, (int)in.days, &token));
	TRY(company_base_url(q->cx, &base));
	out = (LinkOut){ id, q->cx->now + in.days * (int64_t)86400,
		arena_printf(q->cx->mem, "%s/anamnesis/%s", base, token) };
	return send_row(q, 201, &out);
}

/* ---- images ---- */

typedef struct ImageOut {
	int64_t id, patient_id, visit_id, size_bytes, width, height, added_at, voided_at, version;
	const char *category, *teeth, *note, *type, *state, *fail, *void_reason;
	int32_t taken_on;
} ImageOut;

static const OutField image_out[] = {
	OUT(ImageOut, id, OUT_ID, "Identificador"),
	OUT(ImageOut, patient_id, OUT_ID, "Paciente"),
	OUT(ImageOut, visit_id, OUT_ID, "Atendimento"),
	OUT(ImageOut, category, OUT_TEXT, "Tipo"),
	OUT(ImageOut, taken_on, OUT_DATE, "Data"),
	OUT(ImageOut, teeth, OUT_TEXT, "Dentes (FDI), separados por vírgula"),
	OUT(ImageOut, note, OUT_TEXT, "Observação"),
	OUT(ImageOut, type, OUT_TEXT, "Tipo do arquivo original"),
	OUT(ImageOut, size_bytes, OUT_INT, "Bytes do original"),
	OUT(ImageOut, state, OUT_TEXT,
		"waiting: sendo preparada; ready; failed; file: só para baixar (DICOM)"),
	OUT(ImageOut, fail, OUT_TEXT, "Por que não pôde ser preparada"),
	OUT(ImageOut, width, OUT_INT, "Largura do que é mostrado"),
	OUT(ImageOut, height, OUT_INT, "Altura do que é mostrado"),
	OUT(ImageOut, added_at, OUT_TIME, "Enviada em"),
	OUT(ImageOut, voided_at, OUT_TIME, "Anulada em"),
	OUT(ImageOut, void_reason, OUT_TEXT, "Motivo da anulação"),
	OUT(ImageOut, version, OUT_INT, "Versão"),
};

static ImageOut image_of(Arena *mem, const SqlImageRow *r)
{
	return (ImageOut){ .id = r->id,
		.patient_id = r->patient_id,
		.visit_id = r->visit_id,
		.category = r->category,
		.taken_on = r->taken_on,
		.teeth = r->teeth.count ? image_teeth_text(mem, r->teeth) : NULL,
		.note = r->note,
		.type = r->type,
		.size_bytes = r->size_bytes,
		.state = r->state,
		.fail = r->fail,
		.width = r->width,
		.height = r->height,
		.added_at = r->added_at,
		.voided_at = r->voided_at,
		.void_reason = r->void_reason,
		.version = r->version };
}

/* The newest 300: as many as the gallery shows. */
static Err list_images(Req *q)
{
	ImageFilter in = { 0 };
	PatientHead head;
	SqlImageRow *row;
	ImageOut *out;
	size_t count;

	TRY(clinical_head_read(q, &head));
	TRY(api_read(q, &in));
	TRY(sql_image_list(q->cx, head.id, in.category, in.tooth ? &in.tooth : NULL,
		in.visit ? &in.visit : NULL, in.voided, IMAGES_SHOWN, &row, &count));
	out = NEW_ARRAY(q->cx->mem, ImageOut, count + 1);
	for (size_t i = 0; i < count; i++)
		out[i] = image_of(q->cx->mem, &row[i]);
	return send_rows(q, out, sizeof *out, count, 0);
}

static Err show_image(Req *q)
{
	PatientHead head;
	SqlImageRow row;
	ImageOut out;

	TRY(clinical_head_read(q, &head));
	TRY(image_asked(q, &head, &row));
	out = image_of(q->cx->mem, &row);
	answer_version(q, row.version);
	return send_row(q, 200, &out);
}

/* What is shown: a JPEG without EXIF. 404: not prepared yet, or it cannot be. */
static Err show_view(Req *q)
{
	PatientHead head;
	SqlImageRow row;

	TRY(clinical_head_read(q, &head));
	TRY(image_asked(q, &head, &row));
	if (!row.view)
		return err_set(q->cx, ERR_NOT_FOUND, "image %" PRId64 " has no view", row.id);
	return send_file(q, storage_uri(q->cx, row.view), "image/jpeg", /* name= */ NULL,
		/* inline_view= */ true);
}

/* The body is the file. 402 no room in the plan, 413 too large, 422 no image. */
static Err put_image(Req *q)
{
	ImageNew in;
	PatientHead head;
	SqlImageRow row;
	ImageOut out;
	int64_t id;

	TRY(clinical_head(q, &head));
	TRY(api_read(q, &in));
	TRY(patient_image_add(q->cx, (PatientId){ head.id }, q->body_file, &in, &id));
	TRY(sql_image_by_id(q->cx, id, &row));
	out = image_of(q->cx->mem, &row);
	answer_header(q, "Location",
		arena_printf(
			q->cx->mem, "/api/v1/patients/%" PRId64 "/images/%" PRId64, head.id, id));
	return send_row(q, 201, &out);
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/api/v1/questionnaires", list_papers, "patient.anamnesis", API,
		.summary = "Questionários de anamnese em uso", ROWS(paper_out) },
	{ GET, "/api/v1/patients/:id/anamneses", list_fillings, "patient.clinical", ROUTE_API | ROUTE_READS_CHART,
		.summary = "Anamneses de um paciente, a aberta primeiro", ROWS(filling_line_out) },
	{ GET, "/api/v1/patients/:id/anamneses/:anamnesis", show_filling, "patient.clinical", ROUTE_API | ROUTE_READS_CHART,
		.summary = "Uma anamnese com as respostas", ROW(filling_out) },
	{ POST, "/api/v1/patients/:id/anamneses", create_link, "patient.anamnesis", API,
		.summary = "Abrir uma anamnese e criar o link para o paciente responder", IN(link_in), ROW(link_out) },
	{ GET, "/api/v1/patients/:id/images", list_images, "patient.clinical", ROUTE_API | ROUTE_READS_CHART,
		.summary = "Imagens de um paciente, as mais novas primeiro", IN(image_filter_fields), ROWS(image_out) },
	{ GET, "/api/v1/patients/:id/images/:image", show_image, "patient.clinical", ROUTE_API | ROUTE_READS_CHART,
		.summary = "Uma imagem", ROW(image_out) },
	{ GET, "/api/v1/patients/:id/images/:image/view", show_view, "patient.clinical", ROUTE_API | ROUTE_READS_CHART,
		.summary = "O que se mostra da imagem: JPEG, sem dados do lugar", .out_status = 200 },
	{ PUT, "/api/v1/patients/:id/images", put_image, "patient.image", API, .body = BODY_FILE, .body_max = API_UPLOAD_MAX,
		.lane = LANE_HEAVY, .summary = "Enviar uma imagem: o arquivo é o corpo", IN(image_new_fields), ROW(image_out), .out_status = 201 },
};
/* clang-format on */

const RouteList clinical_api = { routes, COUNT(routes), &anamnesis_public_routes };
