-- 0133: a bridge's roles may be corrected, a periodontal draft may be put away, and a next visit that the dentist asked for
-- stands on the list of recalls. Safe while running: small constraints, and a column with a constant default. Takes a
-- moment on large tables: an index.
grant update (role) on treatment.act_tooth to siso_app;

-- Put away, never deleted: no list shows it, and nothing is written in it any more.
alter table treatment.perio_exam drop constraint perio_exam_state_check;
alter table treatment.perio_exam add constraint perio_exam_state_check check (state in ('draft', 'closed', 'discarded'));

-- asked: by the dentist when a visit ended; at most one open a patient, and the last one asked for counts.
alter table treatment.recall
    add column asked    boolean not null default false,
    add column visit_id bigint,                             -- the visit that it was asked for in
    add column minutes  int check (minutes between 5 and 720),
    add check (rule_id is null or not asked),
    add foreign key (company_id, visit_id) references treatment.visit (company_id, id);
create unique index recall_open_asked on treatment.recall (company_id, patient_id, rule_id, asked) nulls not distinct
    where state in ('pending', 'no_answer', 'scheduled');
drop index treatment.recall_open;
alter index treatment.recall_open_asked rename to recall_open;
