/* The register of incidents on paper: what stands in it, and when each version was written. */
#include "modules/privacy/incident.h"

#include "core/br.h"
#include "core/clock.h"
#include "modules/company/company.h"
#include "platform/pdf/pdf.h"

static const double left = 56, width = PDF_WIDTH - 112, bottom = PDF_HEIGHT - 72;

typedef struct Paper {
	Ctx *cx;
	Pdf *pdf;
	const Company *company;
	double y;
} Paper;

static void put(Paper *p, const char *text, double size, int weight, double grey, double after)
{
	PdfText line = { .text = text,
		.x = left,
		.width = width,
		.size = size,
		.weight = weight,
		.colour = pdf_grey(grey) };
	double height = pdf_measure(p->pdf, &line);

	if (p->y + height > bottom) {
		pdf_page(p->pdf);
		p->y = 56;
	}
	line.y = p->y;
	p->y += pdf_text(p->pdf, &line) + after;
}

/* A long text takes its lines to the next page instead of running off this one. */
static void part(Paper *p, const char *label, const char *text)
{
	const char *from = text ? text : "Não informado";

	put(p, label, 8, 500, 0.4, 1);
	while (*from) {
		const char *end = strchr(from, '\n');
		size_t len = end ? (size_t)(end - from) : strlen(from);

		put(p, arena_copy(p->cx->mem, from, len), 10, 400, 0.1, end ? 0 : 8);
		from += len + (end != NULL);
	}
}

static const char *day(Paper *p, int32_t date)
{
	return date == DATE_NONE ? "Ainda não" : date_text(p->cx->mem, date);
}

static const char *moment(Paper *p, int64_t at)
{
	return at ? arena_printf(p->cx->mem, "%s (horário da clínica)",
			    time_text(p->cx->mem, at, p->cx->zone))
		  : "Não se sabe";
}

static const char *criteria(Paper *p, const Incident *in)
{
	Buf text;

	buf_init(&text, p->cx->mem, 200);
	for (size_t i = 0; i < in->criteria.count; i++)
		buf_printf(
			&text, "%s%s", i ? "; " : "", incident_criterion_title(in->criteria.v[i]));
	return text.len ? buf_text(&text) : "Nenhum";
}

static const char *told_anpd(Paper *p, const Incident *in)
{
	return arena_printf(p->cx->mem, "%s. Protocolo: %s. Complemento: %s. Prazo: %s%s%s.",
		day(p, in->anpd_on), in->anpd_protocol ? in->anpd_protocol : "não informado",
		day(p, in->complement_on), date_text(p->cx->mem, in->due_on),
		in->complement_due_on == DATE_NONE ? "" : "; do complemento: ",
		in->complement_due_on == DATE_NONE ? ""
						   : date_text(p->cx->mem, in->complement_due_on));
}

static Err write_incident(Paper *p, const Incident *in)
{
	Ctx *cx = p->cx;
	Incident *version;
	size_t count;

	TRY(incident_list_versions(cx, in->id, &version, &count));
	put(p, in->title, 14, 600, 0.1, 8);
	part(p, "Quando aconteceu", moment(p, in->happened_at));
	part(p, "Quando a clínica soube", moment(p, in->known_at));
	part(p, "O que aconteceu", in->what);
	part(p, "Dados afetados", in->data);
	part(p, "Pessoas afetadas",
		in->people < 0 ? "Ainda não se sabe"
			       : arena_printf(cx->mem, "%" PRId64, in->people));
	part(p, "Critérios de risco (Res. CD/ANPD 15/2024, art. 5º)", criteria(p, in));
	part(p, "Avaliação do risco",
		arena_printf(cx->mem, "%s%s%s", incident_risk_title(in->risk),
			in->risk_why ? ". " : "", in->risk_why ? in->risk_why : ""));
	part(p, "Medidas tomadas", in->measures);
	part(p, "Comunicação à ANPD", told_anpd(p, in));
	part(p, "Aviso às pessoas",
		arena_printf(cx->mem, "%s%s%s", day(p, in->people_on), in->people_how ? ". " : "",
			in->people_how ? in->people_how : ""));
	part(p, "Encerrado em", day(p, in->ended_on));
	put(p, "Versões deste registro", 8, 500, 0.4, 1);
	for (size_t i = 0; i < count; i++)
		put(p,
			arena_printf(cx->mem, "%d: %s, %s%s%s", version[i].version,
				time_text(cx->mem, version[i].at, cx->zone),
				version[i].who ? version[i].who : "pessoa que saiu da equipe",
				i + 1 < count ? ": " : "",
				i + 1 < count
					? incident_difference(cx->mem, &version[i + 1], &version[i])
					: ""),
			8.5, 400, 0.3, 1);
	p->y += 22;
	return OK;
}

static void head(Paper *p)
{
	const Company *c = p->company;

	put(p, c->legal_name ? c->legal_name : c->name, 11, 600, 0.1, 1);
	if (c->cnpj)
		put(p, arena_printf(p->cx->mem, "CNPJ %s", cnpj_text(p->cx->mem, c->cnpj)), 9, 400,
			0.3, 1);
	p->y += 10;
	put(p, "Registro de incidentes de segurança com dados pessoais", 17, 600, 0.1, 2);
	put(p,
		arena_printf(p->cx->mem, "Res. CD/ANPD 15/2024, art. 10. Emitido em %s.",
			time_text(p->cx->mem, p->cx->now, p->cx->zone)),
		9, 400, 0.3, 20);
}

Err incident_pdf(Ctx *cx, int64_t id, Str *ret)
{
	Company company;
	Paper paper = { .cx = cx, .company = &company, .y = 56 };
	Incident *incident, one;
	size_t count = 1;

	TRY(company_get(cx, &company));
	if (id) {
		TRY(incident_get(cx, id, &one));
		incident = &one;
	} else {
		TRY(incident_list(cx, &incident, &count));
	}
	paper.pdf = pdf_open(cx->mem, &(PdfInfo){ .title = "Registro de incidentes de segurança",
					      .author = company.name,
					      .created_at = cx->now });
	head(&paper);
	if (!count)
		put(&paper, "Nenhum incidente registrado.", 10, 400, 0.1, 0);
	for (size_t i = 0; i < count; i++)
		TRY(write_incident(&paper, &incident[i]));
	return pdf_close(cx, paper.pdf, ret);
}
