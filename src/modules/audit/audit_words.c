/* audit_words: see audit_words.h. */
#include "modules/audit/audit_words.h"

#include "core/str.h"

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
	{ "offer.make", "Horário oferecido" },
	{ "offer.link", "Horário oferecido: link criado" },
	{ "agenda.block", "Agenda: horário bloqueado" },
	{ "agenda.unblock", "Agenda: bloqueio retirado" },
	{ "agenda.hours", "Agenda: horários alterados" },
	{ "agenda.holiday", "Agenda: feriado alterado" },
	{ "agenda.rule", "Agenda: regras alteradas" },
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
	{ "activate", "escolhido" },
	{ "accepted", "aceito" },
	{ "session", "sessão feita" },
	{ "redo", "refazer" },
	{ "sent", "enviado" },
};

static const Word fields[] = {
	{ "name", "Nome" },
	{ "short_name", "Nome curto" },
	{ "legal_name", "Razão social" },
	{ "social_name", "Nome social" },
	{ "email", "E-mail" },
	{ "phone", "Telefone" },
	{ "phone2", "Outro telefone" },
	{ "cpf", "CPF" },
	{ "cnpj", "CNPJ" },
	{ "birth", "Nascimento" },
	{ "rg", "RG" },
	{ "sex", "Sexo" },
	{ "gender", "Gênero" },
	{ "occupation", "Profissão" },
	{ "phone2_note", "De quem é o outro telefone" },
	{ "whatsapp", "WhatsApp" },
	{ "cep", "CEP" },
	{ "street", "Rua" },
	{ "number", "Número" },
	{ "complement", "Complemento" },
	{ "district", "Bairro" },
	{ "city", "Cidade" },
	{ "uf", "Estado" },
	{ "channel", "Canal preferido" },
	{ "times", "Horários preferidos" },
	{ "consents", "Canais autorizados" },
	{ "insurer", "Convênio" },
	{ "family", "Família" },
	{ "from", "Do cadastro nº" },
	{ "category", "Tipo" },
	{ "taken_on", "Data" },
	{ "teeth", "Dentes" },
	{ "visit_id", "Atendimento nº" },
	{ "plan", "Plano" },
	{ "users_max", "Usuários" },
	{ "messages_max", "Mensagens no mês" },
	{ "storage_max", "Arquivos em bytes" },
	{ "features", "Módulos" },
	{ "role", "Perfil" },
	{ "active", "Ativo" },
	{ "cro", "CRO" },
	{ "zone", "Fuso horário" },
	{ "stage", "Etapa" },
	{ "stage_id", "Etapa nº" },
	{ "owner", "Responsável" },
	{ "owner_id", "Responsável nº" },
	{ "value", "Valor" },
	{ "value_cents", "Valor em centavos" },
	{ "source", "Origem" },
	{ "source_id", "Origem nº" },
	{ "interest", "Interesse" },
	{ "custom", "Campos próprios" },
	{ "hot", "Quente" },
	{ "utm_campaign", "Campanha" },
	{ "note", "Anotação" },
	{ "notes", "Observações" },
	{ "title", "Título" },
	{ "prefix", "Começo da chave" },
	{ "scopes", "Permissões" },
	{ "issuer", "Provedor" },
	{ "client_id", "Client ID" },
	{ "client_secret", "Client secret" },
	{ "expected", "Previsão" },
	{ "expected_on", "Previsão" },
	{ "tags", "Etiquetas" },
	{ "consent", "Autoriza novidades" },
	{ "host", "Endereço" },
	{ "hue", "Matiz" },
	{ "chroma", "Intensidade" },
	{ "lightness", "Luminosidade" },
	{ "radius", "Cantos" },
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

const char *audit_field_title(const char *field)
{
	const char *title = find(fields, COUNT(fields), field, strlen(field));

	return title ? title : field;
}
