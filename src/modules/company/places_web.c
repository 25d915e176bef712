/* Branches (unidades) and domains under Configurações. */
#include "core/br.h"
#include "core/clock.h"
#include "modules/audit/audit.h"
#include "modules/company/company.sql.h"
#include "modules/company/company_rooms.h"
#include "modules/company/company_view.h"
#include "platform/db/db.h"

typedef struct BranchForm {
	const char *name, *zone, *phone, *cep, *street, *number, *complement, *district, *city, *uf;
	bool active;
	int64_t version;
} BranchForm;

const Field branch_fields[] = {
	FIELD(BranchForm, name, FIELD_TEXT, "Nome", 1, 80, true),
	FIELD(BranchForm, zone, FIELD_TEXT, "Fuso horário", 1, 60, true),
	FIELD(BranchForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(BranchForm, cep, FIELD_TEXT, "CEP", 0, 9, false),
	FIELD(BranchForm, street, FIELD_TEXT, "Rua", 0, 200, false),
	FIELD(BranchForm, number, FIELD_TEXT, "Número", 0, 20, false),
	FIELD(BranchForm, complement, FIELD_TEXT, "Complemento", 0, 100, false),
	FIELD(BranchForm, district, FIELD_TEXT, "Bairro", 0, 100, false),
	FIELD(BranchForm, city, FIELD_TEXT, "Cidade", 0, 100, false),
	FIELD(BranchForm, uf, FIELD_TEXT, "UF", 0, 2, false),
	FIELD(BranchForm, active, FIELD_BOOL, "Ativa", 0, 0, false),
	FIELD(BranchForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

Err company_show_branches(Req *q)
{
	BranchesView view = { .q = q };
	Branch *branch;

	TRY(company_list_branches(q->cx, &branch, &view.branch_count));
	view.branch = branch;
	company_branches_page(&q->html, &view);
	return send_html(q, 200);
}

Err company_blank_branch(Req *q)
{
	company_branch_page(&q->html, &(BranchView){ .q = q });
	return send_html(q, 200);
}

static Err branch_of(Req *q, Branch *ret)
{
	Branch *branch;
	size_t count;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(company_list_branches(q->cx, &branch, &count));
	for (size_t i = 0; i < count; i++)
		if (branch[i].id == id) {
			*ret = branch[i];
			return OK;
		}
	return err_set(q->cx, ERR_NOT_FOUND, "no branch %" PRId64, id);
}

Err company_edit_branch(Req *q)
{
	Branch branch;

	TRY(branch_of(q, &branch));
	company_branch_page(&q->html, &(BranchView){ q, &branch });
	return send_html(q, 200);
}

/* What the field table cannot say. The CEP loses its dash. */
static Err check_branch(Ctx *cx, BranchForm *in)
{
	char cep[9];

	if (!time_zone_exists(in->zone))
		return err_field(cx, "zone", "Escolha um fuso da lista.");
	if (in->uf && !uf_is_valid(in->uf))
		return err_field(cx, "uf", "Use a sigla do estado, por exemplo SP.");
	if (in->cep && !cep_parse(in->cep, cep))
		return err_field(cx, "cep", "O CEP tem 8 números, por exemplo 01310-100.");
	if (in->cep)
		in->cep = arena_dup(cx->mem, cep);
	return OK;
}

/* Into the book of changes. old: of nothing for a new one. */
static Err note_branch(
	Ctx *cx, const char *action, int64_t id, const Branch *old, const BranchForm *in)
{
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_text(&diff, "name", old->name, in->name);
	diff_text(&diff, "zone", old->zone, in->zone);
	diff_text(&diff, "phone", old->phone, in->phone);
	diff_text(&diff, "cep", old->cep, in->cep);
	diff_text(&diff, "street", old->street, in->street);
	diff_text(&diff, "number", old->number, in->number);
	diff_text(&diff, "complement", old->complement, in->complement);
	diff_text(&diff, "district", old->district, in->district);
	diff_text(&diff, "city", old->city, in->city);
	diff_text(&diff, "uf", old->uf, in->uf);
	diff_int(&diff, "active", old->active, in->active);
	return audit_add_change(cx, &(Change){ .action = action,
					    .subject = "branch",
					    .subject_id = id,
					    .diff = diff_done(&diff) });
}

static Err add_branch(Ctx *cx, BranchForm *in)
{
	SqlCompanyAddBranch row;
	bool added;

	TRY(check_branch(cx, in));
	TRY(sql_company_add_branch(cx,
		&(SqlCompanyAddBranchIn){ .name = in->name,
			.zone = in->zone,
			.phone = in->phone,
			.cep = in->cep,
			.street = in->street,
			.number = in->number,
			.complement = in->complement,
			.district = in->district,
			.city = in->city,
			.uf = in->uf },
		&row, &added));
	if (!added)
		return err_field(cx, "name", "Já existe uma unidade com este nome.");
	in->active = true;
	return note_branch(cx, "branch.create", row.id, &(Branch){ 0 }, in);
}

/* POST /settings/branches. 303 to the list; 422 with the form. */
Err company_create_branch(Req *q)
{
	BranchForm in;
	Err err = form_read(q, branch_fields, COUNT(branch_fields), &in) ? add_branch(q->cx, &in)
									 : ERR_INVALID;

	if (err == ERR_INVALID) {
		company_branch_page(&q->html, &(BranchView){ .q = q });
		return send_html(q, 422);
	}
	TRY(err);
	answer_toast(q, "Unidade criada", NULL);
	return redirect(q, "/settings/branches");
}

static Err save_branch(Ctx *cx, const Branch *old, BranchForm *in)
{
	int64_t rows;
	Err err;

	TRY(check_branch(cx, in));
	TRY(db_savepoint(cx));
	err = sql_company_save_branch(cx,
		&(SqlCompanySaveBranchIn){ .id = old->id,
			.name = in->name,
			.zone = in->zone,
			.phone = in->phone,
			.cep = in->cep,
			.street = in->street,
			.number = in->number,
			.complement = in->complement,
			.district = in->district,
			.city = in->city,
			.uf = in->uf,
			.active = in->active,
			.version = (int32_t)in->version },
		&rows);
	if (err == ERR_CONFLICT) {
		TRY(db_undo(cx));
		return err_field(cx, "name", "Já existe uma unidade com este nome.");
	}
	TRY(err);
	TRY(db_release(cx));
	if (!rows)
		return err_set(cx, ERR_CONFLICT, "branch %" PRId64 " changed meanwhile", old->id);
	return note_branch(cx, "branch.update", old->id, old, in);
}

/* POST /settings/branches/:id. 303 to the list; 422 with the form; 409 when it changed meanwhile.
 */
Err company_update_branch(Req *q)
{
	Branch branch;
	BranchForm in;
	Err err;

	TRY(branch_of(q, &branch));
	err = form_read(q, branch_fields, COUNT(branch_fields), &in)
		      ? save_branch(q->cx, &branch, &in)
		      : ERR_INVALID;
	if (err == ERR_INVALID) {
		company_branch_page(&q->html, &(BranchView){ q, &branch });
		return send_html(q, 422);
	}
	TRY(err);
	answer_toast(q, "Unidade salva", NULL);
	return redirect(q, "/settings/branches");
}

/* ---- domains ---- */

typedef struct DomainForm {
	const char *host;
} DomainForm;

const Field domain_fields[] = {
	FIELD(DomainForm, host, FIELD_TEXT, "Domínio", 1, 253, true),
};

static Err page_domains(Req *q, int status)
{
	DomainsView view = { .q = q };
	SqlCompanyDomains *row;
	DomainRow *domain;

	TRY(sql_company_domains(q->cx, &row, &view.domain_count));
	domain = NEW_ARRAY(q->cx->mem, DomainRow, view.domain_count + 1);
	for (size_t i = 0; i < view.domain_count; i++)
		domain[i] = (DomainRow){ row[i].host, row[i].main };
	view.domain = domain;
	company_domains_page(&q->html, &view);
	return send_html(q, status);
}

Err company_show_domains(Req *q)
{
	return page_domains(q, 200);
}

/* Lower case; letters, digits, dots and dashes with at least one dot; labels neither empty nor
 * dashed at an end. */
static bool host_is_valid(const char *host)
{
	Str rest = str_of(host), label;
	int labels = 0;

	while (str_cut(&rest, '.', &label)) {
		if (!label.len || label.len > 63 || label.ptr[0] == '-' ||
			label.ptr[label.len - 1] == '-')
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", label.ptr[i]))
				return false;
		labels++;
	}
	return labels >= 2;
}

static Err note_host(Ctx *cx, const char *action, const char *before, const char *after)
{
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_text(&diff, "host", before, after);
	return audit_add_change(cx, &(Change){ .action = action,
					    .subject = "company",
					    .subject_id = cx->company.v,
					    .diff = diff_done(&diff) });
}

static Err add_domain(Ctx *cx, const DomainForm *in)
{
	const char *host = str_fold(cx->mem, in->host);
	int64_t rows;

	if (!host_is_valid(host))
		return err_field(
			cx, "host", "Escreva só o domínio, por exemplo sistema.suaclinica.com.br.");
	TRY(sql_company_add_domain(cx, host, /* main= */ false, &rows));
	if (!rows)
		return err_field(cx, "host", "Este domínio já está em uso.");
	TRY(note_host(cx, "domain.create", NULL, host));
	return company_touch(cx);
}

/* POST /settings/domains. 303 to the list; 422 with the form. */
Err company_add_domain(Req *q)
{
	DomainForm in;
	Err err = form_read(q, domain_fields, COUNT(domain_fields), &in) ? add_domain(q->cx, &in)
									 : ERR_INVALID;

	if (err == ERR_INVALID)
		return page_domains(q, 422);
	TRY(err);
	answer_toast(q, "Domínio adicionado", NULL);
	return redirect(q, "/settings/domains");
}

/* POST /settings/domains/main. 303; 404 when the host is not the company's. */
Err company_main_domain(Req *q)
{
	SqlCompanyMainHost before;
	DomainForm in;
	int64_t rows;
	bool found;

	if (!form_read(q, domain_fields, COUNT(domain_fields), &in))
		return ERR_INVALID;
	TRY(sql_company_main_host(q->cx, &before, &found));
	TRY(sql_company_unset_main(q->cx, &rows));
	TRY(sql_company_set_main(q->cx, in.host, &rows));
	if (!rows)
		return err_set(q->cx, ERR_NOT_FOUND, "no such host");
	TRY(note_host(q->cx, "domain.update", found ? before.host : NULL, in.host));
	TRY(company_touch(q->cx));
	answer_toast(q, "Endereço principal mudado", NULL);
	return redirect(q, "/settings/domains");
}

/* POST /settings/domains/remove. 303; 404 when the host is not the company's or is the main one. */
Err company_remove_domain(Req *q)
{
	DomainForm in;
	int64_t rows;

	if (!form_read(q, domain_fields, COUNT(domain_fields), &in))
		return ERR_INVALID;
	TRY(sql_company_remove_domain(q->cx, in.host, &rows));
	if (!rows)
		return err_set(q->cx, ERR_NOT_FOUND, "no such host, or the main one");
	TRY(note_host(q->cx, "domain.remove", in.host, NULL));
	TRY(company_touch(q->cx));
	answer_toast(q, "Domínio removido", NULL);
	return redirect(q, "/settings/domains");
}
