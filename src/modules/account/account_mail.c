/* account_mail: see account_mail.h. */
#include "modules/account/account_mail.h"

#include "modules/account/account_view.h"
#include "modules/company/company.h"
#include "platform/mail/mail.h"

static Err send(Ctx *cx, const char *email, const char *name, MailView *view)
{
	Company company;
	Html h;

	TRY(company_get(cx, &company));
	view->clinic = company.name;
	html_init(&h, cx, "");
	account_mail(&h, view);
	return mail_send(cx,
		&(Letter){ .to = email,
			.to_name = name,
			.from_name = company.name,
			.reply_to = company.email,
			.subject = view->subject,
			.text = arena_printf(cx->mem, "%s\n\n%s\n\n%s%s%s\n\n%s\n", view->greeting,
				view->text, view->link ? view->link : "", view->link ? "\n\n" : "",
				view->after, company.name),
			.html = arena_dup(cx->mem, html_text_of(&h)) },
		/* ret_id= */ NULL);
}

static const char *hello(Ctx *cx, const char *name)
{
	return str_is_empty(name) ? "Olá," : arena_printf(cx->mem, "Olá, %s,", name);
}

Err mail_reset(Ctx *cx, const char *email, const char *name, const char *link)
{
	return send(cx, email, name,
		&(MailView){ .subject = "Criar nova senha",
			.greeting = hello(cx, name),
			.text = "Recebemos um pedido para criar uma nova senha da sua conta. Para "
				"continuar, abra o link abaixo. Ele vale por uma hora e funciona "
				"uma vez.",
			.link = link,
			.button = "Criar nova senha",
			.after = "Se não foi você, ignore esta mensagem: sua senha continua a "
				 "mesma." });
}

Err mail_password_changed(Ctx *cx, const char *email, const char *name)
{
	return send(cx, email, name,
		&(MailView){ .subject = "Sua senha foi trocada",
			.greeting = hello(cx, name),
			.text = "A senha da sua conta acabou de ser trocada e as outras sessões "
				"foram encerradas.",
			.after = "Se não foi você, use “Esqueci a senha” na tela de entrada agora "
				 "mesmo e avise quem administra a clínica." });
}

Err mail_email_link(Ctx *cx, const char *email, const char *name, const char *link)
{
	return send(cx, email, name,
		&(MailView){ .subject = "Confirme seu novo e-mail",
			.greeting = hello(cx, name),
			.text = "Recebemos um pedido para usar este endereço na sua conta. Para "
				"confirmar, abra o link abaixo no navegador em que você entrou no "
				"sistema. Ele vale por um dia.",
			.link = link,
			.button = "Confirmar o e-mail",
			.after = "Se não foi você, ignore esta mensagem: nada muda." });
}

Err mail_email_changed(Ctx *cx, const char *email, const char *name, const char *new_email)
{
	return send(cx, email, name,
		&(MailView){ .subject = "O e-mail da sua conta foi trocado",
			.greeting = hello(cx, name),
			.text = arena_printf(cx->mem,
				"Sua conta passou a usar o endereço %s. Este endereço não entra "
				"mais no sistema.",
				new_email),
			.after = "Se não foi você, avise agora mesmo quem administra a clínica." });
}

Err mail_invitation(Ctx *cx, const char *email, const char *name, const char *inviter,
	const char *role_title, const char *link)
{
	Company company;

	TRY(company_get(cx, &company));
	return send(cx, email, name,
		&(MailView){ .subject = arena_printf(cx->mem, "Convite para %s", company.name),
			.greeting = hello(cx, name),
			.text = arena_printf(cx->mem,
				"%s convidou você para o sistema de %s, com o perfil %s. Para "
				"aceitar, abra o link abaixo. Ele vale por 7 dias e é só seu.",
				inviter, company.name, role_title),
			.link = link,
			.button = "Aceitar convite",
			.after = "Se você não esperava este convite, ignore esta mensagem." });
}
