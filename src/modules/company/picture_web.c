/* The clinic's logo and icon: public, because sign-in pages and browsers' tabs show them. */
#include "modules/audit/audit.h"
#include "modules/company/company.sql.h"
#include "modules/company/company_rooms.h"
#include "modules/company/company_view.h"
#include "platform/storage/storage.h"

static Err send_picture(Req *q, const char *hash)
{
	StoredFile file;

	if (!hash)
		return err_set(q->cx, ERR_NOT_FOUND, "the company has no such picture");
	TRY(storage_get(q->cx, hash, &file));
	answer_header(q, "Cache-Control", "public, max-age=300");
	return send_file(q, storage_uri(q->cx, hash), file.type, /* name= */ NULL,
		/* inline_view= */ true);
}

/* GET /logo. 404 when there is none: the shell shows initials then. */
Err company_logo(Req *q)
{
	return send_picture(q, q->site->logo);
}

/* GET /favicon */
Err company_favicon(Req *q)
{
	return send_picture(q, q->site->favicon);
}

/* Store the upload, name it in the company's row with `save`, and let go of the one before. */
static Err put_picture(Req *q, unsigned kinds, const char *before, const char *action,
	Err (*save)(Ctx *cx, const char *hash, int64_t *ret_rows))
{
	StoredFile file;
	int64_t rows;

	TRY(storage_put_file(q->cx, q->body_file, kinds, &file));
	TRY(company_spend(q->cx, LIMIT_STORAGE, 0));
	TRY(save(q->cx, file.hash, &rows));
	if (before)
		TRY(storage_drop(q->cx, before));
	TRY(audit_add_change(q->cx,
		&(Change){
			.action = action, .subject = "company", .subject_id = q->cx->company.v }));
	TRY(company_touch(q->cx));
	answer_toast(q, "Imagem salva", NULL);
	return redirect(q, "/settings/company");
}

/* PUT /settings/logo: the file. 413 too large, 422 no picture. */
Err company_put_logo(Req *q)
{
	return put_picture(q, STORAGE_IMAGE, q->site->logo, "company.logo", sql_company_save_logo);
}

/* PUT /settings/favicon */
Err company_put_favicon(Req *q)
{
	return put_picture(q, STORAGE_IMAGE | STORAGE_ICON, q->site->favicon, "company.favicon",
		sql_company_save_favicon);
}
