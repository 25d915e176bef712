/* audit_words: see audit_words.h. */
#include "modules/audit/audit_words.h"

#include "core/str.h"
#include "platform/web/router.h"

typedef struct Word {
	const char *name, *title;
} Word;

static const Word actions[] = {
	{ "company.theme", "Aparência alterada" },
	{ "company.plan", "Plano trocado" },
	{ "lead.form", "Lead: chegou pelo formulário" },
	{ "lead.owner", "Lead: responsável trocado" },
	{ "lead.tags", "Lead: etiquetas alteradas" },
	{ "account.sign_in", "Entrou no sistema" },
	{ "account.session_end", "Sessão encerrada" },
	{ "account.sessions_end", "Outras sessões encerradas" },
	{ "account.refresh_reuse", "Sessão encerrada por suspeita de cópia" },
	{ "account.password", "Senha trocada" },
	{ "account.rename", "Nome trocado" },
	{ "account.email_ask", "Troca de e-mail pedida" },
	{ "account.email_change", "E-mail trocado" },
	{ "account.totp_on", "Confirmação em duas etapas ativada" },
	{ "account.totp_off", "Confirmação em duas etapas desativada" },
	{ "account.recovery_renew", "Novos códigos de recuperação" },
	{ "account.invite", "Pessoa convidada" },
	{ "account.invite_again", "Convite reenviado" },
	{ "account.invite_revoke", "Convite cancelado" },
	{ "account.member_add", "Pessoa incluída" },
	{ "account.member_join", "Convite aceito" },
	{ "account.member_update", "Pessoa alterada" },
	{ "account.role_perm", "Permissão alterada" },
	{ "account.role_create", "Perfil criado" },
	{ "account.role_reset", "Perfil de volta ao padrão" },
	{ "account.role_delete", "Perfil excluído" },
	{ "account.key_create", "Chave de API criada" },
	{ "account.key_revoke", "Chave de API revogada" },
	{ "account.oidc", "Login único alterado" },
	{ "alert.note", "Alerta anotado" },
	{ "alert.confirm", "Alerta confirmado" },
	{ "alert.end", "Alerta encerrado" },
	{ "anamnesis.start", "Anamnese começada" },
	{ "anamnesis.link", "Anamnese: link criado" },
	{ "anamnesis.send", "Anamnese assinada" },
	{ "anamnesis.review", "Anamnese conferida" },
	{ "anamnesis.drop", "Anamnese descartada" },
	{ "questionnaire.question", "Questionário: pergunta alterada" },
	{ "questionnaire.publish", "Questionário: versão publicada" },
	{ "questionnaire.discard", "Questionário: mudanças descartadas" },
	{ "image.add", "Imagem enviada" },
	{ "image.void", "Imagem anulada" },
	{ "image.calibrate", "Imagem calibrada" },
	{ "account.oidc_link", "Conta do login único vinculada" },
	{ "appointment.book", "Consulta marcada" },
	{ "appointment.move", "Consulta remarcada" },
	{ "appointment.update", "Consulta alterada" },
	{ "appointment.undo", "Consulta: mudança desfeita" },
	{ "waiting.add", "Lista de espera: paciente incluído" },
	{ "waiting.update", "Lista de espera: pedido alterado" },
	{ "waiting.close", "Lista de espera: pedido encerrado" },
	{ "waiting.reopen", "Lista de espera: pedido reaberto" },
	{ "waiting.book", "Lista de espera: horário marcado" },
	{ "offer.make", "Horário oferecido" },
	{ "offer.link", "Horário oferecido: link criado" },
	{ "agenda.block", "Agenda: horário bloqueado" },
	{ "agenda.unblock", "Agenda: bloqueio retirado" },
	{ "agenda.hours", "Agenda: horários alterados" },
	{ "agenda.holiday", "Agenda: feriado alterado" },
	{ "agenda.rule", "Agenda: regras alteradas" },
	{ "kiosk.renew", "Totem: endereço novo" },
	{ "kiosk.revoke", "Totem desligado" },
	{ "feed.renew", "Calendário do celular: endereço novo" },
	{ "feed.revoke", "Calendário do celular desligado" },
	{ "company.logo", "Logotipo trocado" },
	{ "company.favicon", "Ícone trocado" },
	{ "lead.import.undo", "Importação de leads desfeita" },
	{ "plan.activate", "Plano: escolhido" },
	{ "quote.opened", "Orçamento aberto pelo link" },
	{ "quote.followed", "Orçamento: acompanhamento" },
	{ "stage.order", "Funil: etapas reordenadas" },
	{ "webhook.resend", "Webhook: aviso reenviado" },
	{ "act.add", "Odontograma: registro incluído" },
	{ "act.finish", "Odontograma: realizado" },
	{ "act.reopen", "Odontograma: de volta ao planejado" },
	{ "act.roles", "Odontograma: pilares corrigidos" },
	{ "act.void", "Odontograma: registro anulado" },
	{ "perio.begin", "Periograma começado" },
	{ "perio.close", "Periograma encerrado" },
	{ "perio.discard", "Periograma descartado" },
	{ "perio.restore", "Periograma descartado voltou" },
	{ "plan.discount", "Plano: desconto alterado" },
	{ "discount.limits", "Limites de desconto alterados" },
	{ "price.set", "Preço alterado" },
	{ "price.change_all", "Preços reajustados" },
	{ "tuss.import", "Tabela TUSS importada" },
	{ "visit.start", "Atendimento começado" },
	{ "visit.end", "Atendimento encerrado" },
	{ "note.write", "Evolução escrita" },
	{ "note.change", "Evolução mudada" },
	{ "note.sign", "Evolução assinada" },
	{ "paper.write", "Receita ou atestado: rascunho" },
	{ "paper.change", "Receita ou atestado: rascunho mudado" },
	{ "paper.issue", "Receita ou atestado emitido" },
	{ "paper.void", "Receita ou atestado anulado" },
	{ "lab.written", "Trabalho de laboratório pedido" },
	{ "lab.change", "Trabalho de laboratório alterado" },
	{ "lab.sent", "Trabalho enviado ao laboratório" },
	{ "lab.received", "Trabalho chegou do laboratório" },
	{ "lab.checked", "Trabalho de laboratório conferido" },
	{ "lab.back", "Trabalho voltou ao laboratório" },
	{ "lab.cancelled", "Trabalho de laboratório cancelado" },
	{ "laboratory.save", "Laboratório alterado" },
	{ "recall.attempt", "Contato para retorno" },
	{ "recall.move", "Retorno: data mudada" },
	{ "recall.cancel", "Retorno cancelado" },
	{ "recall_rule.save", "Regra de retorno alterada" },
	{ "patient.photo", "Paciente: foto trocada" },
	{ "patient.import.undo", "Importação de pacientes desfeita" },
	{ "consent.text", "Termo de autorização: versão nova" },
	{ "consent.grant", "Autorização dada" },
	{ "consent.revoke", "Autorização retirada" },
	{ "privacy.request", "Pedido LGPD registrado" },
	{ "privacy.answer", "Pedido LGPD respondido" },
	{ "privacy.export", "Cópia de dados pedida" },
	{ "privacy.restricted", "Prontuário fechado" },
	{ "privacy.reopened", "Prontuário reaberto" },
	{ "privacy.profile", "Encarregado de dados alterado" },
	{ "incident.add", "Incidente de segurança registrado" },
	{ "incident.save", "Incidente de segurança alterado" },
	{ "privacy.anonymised", "Cadastro anonimizado" },
};

static const Word subjects[] = {
	{ "lead", "Lead" },
	{ "patient", "Paciente" },
	{ "task", "Tarefa" },
	{ "user", "Pessoa" },
	{ "session", "Sessão" },
	{ "invitation", "Convite" },
	{ "role", "Perfil" },
	{ "api_key", "Chave de API" },
	{ "company", "Clínica" },
	{ "branch", "Unidade" },
	{ "domain", "Domínio" },
	{ "pipeline", "Funil" },
	{ "funnel", "Funil" },
	{ "crm", "Lista do CRM" },
	{ "lead.import", "Importação de leads" },
	{ "lead.export", "Planilha de leads" },
	{ "agenda", "Agenda" },
	{ "dentist", "Profissional" },
	{ "chair", "Cadeira" },
	{ "visit_type", "Tipo de consulta" },
	{ "block", "Bloqueio" },
	{ "waiting", "Lista de espera" },
	{ "offer", "Oferta de horário" },
	{ "tuss_import", "Tabela TUSS" },
	{ "incident", "Incidente de segurança" },
	{ "consent_text", "Termo de autorização" },
	{ "stage", "Etapa" },
	{ "source", "Origem" },
	{ "reason", "Motivo de perda" },
	{ "field", "Campo" },
	{ "rule", "Automação" },
	{ "automation", "Automação" },
	{ "form", "Formulário" },
	{ "import", "Importação" },
	{ "webhook", "Webhook" },
	{ "view", "Visão salva" },
	{ "note", "Anotação" },
	{ "alert", "Alerta" },
	{ "anamnesis", "Anamnese" },
	{ "questionnaire", "Questionário" },
	{ "image", "Imagem" },
	{ "appointment", "Consulta" },
	{ "act", "Odontograma" },
	{ "plan", "Plano" },
	{ "line", "Item do plano" },
	{ "plan_line", "Item do plano" },
	{ "quote", "Orçamento" },
	{ "procedure", "Procedimento" },
	{ "price_table", "Tabela de preços" },
	{ "visit", "Atendimento" },
	{ "paper", "Receita ou atestado" },
	{ "lab_case", "Trabalho de laboratório" },
	{ "laboratory", "Laboratório" },
	{ "recall", "Retorno" },
	{ "recall_rule", "Regra de retorno" },
	{ "note_template", "Modelo de evolução" },
	{ "patient_import", "Importação de pacientes" },
};

/* What happened, when an action has no words of its own: "<subject>.<verb>". */
static const Word verbs[] = {
	{ "create", "criado" },
	{ "add", "incluído" },
	{ "update", "alterado" },
	{ "delete", "excluído" },
	{ "remove", "removido" },
	{ "merge", "unido" },
	{ "convert", "convertido" },
	{ "move", "movido" },
	{ "lose", "perdido" },
	{ "reopen", "reaberto" },
	{ "import", "importado" },
	{ "export", "exportado" },
	{ "undo", "desfeito" },
	{ "finish", "concluído" },
	{ "done", "concluído" },
	{ "assign", "atribuído" },
	{ "cancel", "cancelado" },
	{ "cancelled", "cancelado" },
	{ "approved", "aprovado" },
	{ "unapproved", "aprovação desfeita" },
	{ "presented", "apresentado" },
	{ "refused", "recusado" },
	{ "reopened", "reaberto" },
	{ "activate", "de volta ao uso" },
	{ "deactivate", "fora de uso" },
	{ "archive", "arquivado" },
	{ "accepted", "aceito" },
	{ "session", "sessão feita" },
	{ "redo", "refazer" },
	{ "sent", "enviado" },
};

static const char *find(const Word *word, size_t count, const char *name, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(word[i].name) == size && strncmp(word[i].name, name, size) == 0)
			return word[i].title;
	return NULL;
}

const char *audit_action_title(Arena *mem, const char *action)
{
	const char *title = find(actions, COUNT(actions), action, strlen(action));
	const char *dot = strrchr(action, '.'), *subject, *verb;

	if (title || !dot)
		return title ? title : action;
	verb = find(verbs, COUNT(verbs), dot + 1, strlen(dot + 1));
	subject = find(subjects, COUNT(subjects), action, (size_t)(dot - action));
	return verb && subject ? arena_printf(mem, "%s: %s", subject, verb) : action;
}

const char *audit_subject_title(Arena *mem, const char *subject, int64_t id)
{
	const char *title;

	if (!subject)
		return NULL;
	title = find(subjects, COUNT(subjects), subject, strlen(subject));
	title = title ? title : subject;
	return id ? arena_printf(mem, "%s nº %" PRId64, title, id) : title;
}

/* Does one of the words between spaces in `list` say `subject`? NULL: any does. */
static bool lists(const char *list, const char *subject)
{
	Str rest = str_of(list), word;

	while (str_cut(&rest, ' ', &word))
		if (!subject || str_is(word, subject))
			return true;
	return false;
}

static const Field *find_column(const char *subject, const char *name, const Words **ret_words)
{
	for (size_t m = 0; m < module_count; m++)
		for (size_t i = 0; i < modules[m]->words_count; i++) {
			const Words *words = &modules[m]->words[i];

			if (!lists(words->subjects, subject))
				continue;
			for (size_t j = 0; j < words->column_count; j++)
				if (!strcmp(words->column[j].name, name)) {
					*ret_words = words;
					return &words->column[j];
				}
		}
	return NULL;
}

const Field *audit_column(const char *subject, const char *name, const Words **ret_words)
{
	const Field *column = find_column(subject, name, ret_words);

	*ret_words = column ? *ret_words : NULL;
	return column ? column : find_column(NULL, name, ret_words);
}

const char *audit_perm_title(const char *name)
{
	int bit = perm_bit(name);

	return bit >= 0 ? perm_at((size_t)bit)->title : name;
}

const char *audit_column_title(Arena *mem, const char *subject, const char *name)
{
	const Words *words;
	const Field *column = audit_column(subject, name, &words);

	return !column ? audit_perm_title(name)
		       : arena_printf(mem, "%.*s", (int)strcspn(column->title, ";"), column->title);
}
