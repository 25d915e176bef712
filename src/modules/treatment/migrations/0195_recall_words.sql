-- A rule's words are kept as they are written, and folded when they are looked for: those that every clinic began with get
-- their accents back, where nobody has changed them.
update treatment.recall_rule set words = 'manutenção de aparelho, manutenção ortodôntica', version = version + 1
 where words = 'manutencao de aparelho, manutencao ortodontica';
update treatment.recall_rule set words = 'endodôntico', version = version + 1 where words = 'endodontico';
