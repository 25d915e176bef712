/* Pages around the shell: the door, the capture form, and what an error looks like. */
#include "platform/ui/setup.h"

static const char *name_of(const Req *q)
{
	return q->site ? q->site->name : "Siso";
}

void ui_public_open(Html *h, const UiPublic *page)
{
	ui_head(h, page->q, page->title, "");
	door_open(
		h, &(DoorView){
			   .page = page,
			   .site = page->q->site,
			   .name = name_of(page->q),
			   .slogan = page->slogan
					     ? page->slogan
					     : "Cuidar do sorriso começa por uma agenda tranquila.",
		   });
}

void ui_public_close(Html *h, const UiPublic *page)
{
	UiToast flash = { 0 };

	flash.text = req_flash(page->q, &flash.undo);
	door_close(h, &flash, (Url){ ui_setup_get()->privacy_path });
	shell_scripts(h, NULL);
}

static const Site no_site = { .name = "Siso", .short_name = "Siso" };

void ui_capture_open(Html *h, const UiCapture *page)
{
	const Site *site = page->q->site ? page->q->site : &no_site;

	ui_head(h, page->q, page->title, page->embed ? "embed" : "");
	capture_open(h, page, site);
}

void ui_capture_close(Html *h, const UiCapture *page)
{
	capture_close(h, page, page->q->site ? page->q->site : &no_site);
	shell_scripts(h, NULL);
}

/* ---- errors ---- */

static const char *title_of(Err err)
{
	switch (err) {
	case ERR_NOT_FOUND:
		return "Esta página não está aqui";
	case ERR_SIGNED_OUT:
		return "Sua sessão terminou";
	case ERR_FORBIDDEN:
		return "Sem permissão";
	case ERR_CONFLICT:
	case ERR_STALE:
		return "Alguém mudou isto antes";
	case ERR_TOO_LARGE:
		return "Grande demais";
	case ERR_LIMIT:
		return "Limite do plano";
	case ERR_TOO_MANY:
		return "Um instante";
	case ERR_UNAVAILABLE:
		return "Voltamos já";
	case ERR_INVALID:
	case ERR_BAD_REQUEST:
		return "Não deu para entender o pedido";
	default:
		return "Algo deu errado";
	}
}

static ErrorView view_of(const Req *q, Err err)
{
	const Ctx *cx = q->cx;
	bool nobodys = !q->site && err == ERR_NOT_FOUND;

	return (ErrorView){
		.status = err_status(err),
		.title = nobodys ? "Não há clínica neste endereço" : title_of(err),
		.host = nobodys ? q->host : NULL,
		.text = cx->err.sentence ? cx->err.sentence : err_sentence(err),
		/* enough to find the line in the log, short enough to read out */
		.request_id = cx->request_id ? arena_printf(cx->mem, "%.8s", cx->request_id) : NULL,
		.again = q->method == GET &&
			 (err == ERR_UNAVAILABLE || err == ERR_BUG || err == ERR_TOO_MANY),
		.home = q->site,
		.here = { q->query && *q->query ? arena_printf(cx->mem, "%s?%s", q->path, q->query)
						: q->path },
	};
}

void ui_error_page(Req *q, Err err)
{
	Html *h = &q->html;
	ErrorView view = view_of(q, err);

	html_init(h, q->cx, h->csrf);
	if (q->htmx) {
		ui_toast_oob(h, &(UiToast){ .text = view.text, .tone = "red" });
	} else if (q->who && q->site) {
		UiPage page = { .q = q,
			.title = arena_printf(h->mem, "Erro %d", view.status),
			.fit = true,
			.plain = true };

		ui_page_open(h, &page);
		error_body(h, &view);
		ui_page_close(h, &page);
	} else {
		view.alone = true;
		ui_head(h, q, view.title, "");
		error_alone(h, &view);
		shell_scripts(h, NULL);
	}
}
