-- row patient_import_row (id bigint, file text?, file_name text, targets text[], headings bool, options jsonb, state text,
--   row_count int, done_count int, added_count int, merged_count int, bad_count int, kept_count int, undone_line int,
--   created_at timestamptz, user_id bigint, user_name text?)

-- part patient_import_from
select i.id, i.file, i.file_name, i.targets, i.headings, jsonb_build_object('twins', i.twins), i.state, i.row_count,
       i.done_count, i.added_count, 0 as merged_count, i.bad_count, i.kept_count, i.undone_line, i.created_at,
       i.user_id, m.name as user_name
  from patient.import i
  left join account.member m on m.company_id = i.company_id and m.user_id = i.user_id
;

-- query patient_import_by_id(id bigint) one patient_import_row
{patient_import_from}
 where i.company_id = :company and i.id = :id;

-- query patient_imports() many patient_import_row
{patient_import_from}
 where i.company_id = :company
 order by i.id desc limit 50;

-- query patient_import_insert(file text, file_name text, targets text[], headings bool, options jsonb, rows int,
--   user_id bigint) one (id bigint)
insert into patient.import (company_id, file, file_name, targets, headings, twins, row_count, user_id)
values (:company, :file, :file_name, :targets, :headings, :options ->> 'twins', :rows, :user_id)
returning id;

-- query patient_import_settle(id bigint, targets text[], headings bool, options jsonb, rows int) exec
update patient.import
   set targets = :targets, headings = :headings, twins = :options ->> 'twins', row_count = :rows, state = 'waiting'
 where company_id = :company and id = :id and state = 'mapping';

-- query patient_import_turn(id bigint, from_states text[], state text) exec
update patient.import set state = :state where company_id = :company and id = :id and state = any (:from_states);

-- Raised only from the value that was read, so that no row comes in twice.
-- query patient_import_advance(id bigint, from_count int, done int, added int, bad int) exec
update patient.import
   set done_count = done_count + :done, added_count = added_count + :added, bad_count = bad_count + :bad
 where company_id = :company and id = :id and state = 'running' and done_count = :from_count;

-- query patient_import_discard(id bigint) exec
delete from patient.import where company_id = :company and id = :id and state = 'mapping';

-- query patient_import_add_errors(import bigint, numbers bigint[], problems text[]) exec
insert into patient.import_row (company_id, import_id, number, problem)
select :company, :import, n, p from unnest(:numbers::bigint[], :problems::text[]) as r (n, p);

-- query patient_import_errors(import bigint, n int) many (number int, problem text)
select number, problem from patient.import_row
 where company_id = :company and import_id = :import and problem is not null
 order by number limit :n;

-- Files that have done their work.
-- query patient_import_old_files() many (id bigint, file text)
select id, file from patient.import
 where company_id = :company and file is not null and state in ('mapping', 'done', 'failed', 'undone')
   and created_at < now() - interval '30 days'
 limit 500;

-- query patient_import_forget_file(id bigint) exec
update patient.import set file = null where company_id = :company and id = :id;

-- Of lines by their places: patients with the same CPF, or with the same phone, whose names the caller compares. (The
-- limit bounds what a number means that a clinic wrote into a thousand records.)
-- query patient_import_twins(places bigint[], keys text[], cpfs text[]) many (place bigint, name text, by_cpf bool)
select r.place, t.name, t.by_cpf
  from unnest(:places::bigint[], :keys::text[], :cpfs::text[]) as r (place, key, cpf)
 cross join lateral (
       (select p.name, true as by_cpf from patient.patient p
         where p.company_id = :company and p.cpf = r.cpf and p.merged_into is null limit 1)
       union all
       (select p.name, false from patient.patient p
         where p.company_id = :company and p.phone_key = r.key and p.merged_into is null limit 20)
       union all
       (select p.name, false from patient.patient p
         where p.company_id = :company and p.phone2_key = r.key and p.merged_into is null limit 20)) t
 order by r.place limit 10000;

-- Rows that came in, many at once.
-- query patient_import_note_many(import bigint, numbers bigint[], patients bigint[]) exec
insert into patient.import_row (company_id, import_id, number, patient_id)
select :company, :import, n, p from unnest(:numbers::bigint[], :patients::bigint[]) as r (n, p);

-- Who came in, a few at a time and held so; untouched: as the import left them.
-- query patient_import_untouched(import bigint, after int, n int) many (number int, patient_id bigint, untouched bool)
select r.number, p.id as patient_id, p.version = 1 and b.visits = 0 and not b.alert as untouched
  from patient.import_row r
  join patient.patient p on p.company_id = r.company_id and p.id = r.patient_id
  join patient.brief b on b.company_id = r.company_id and b.patient_id = r.patient_id
 where r.company_id = :company and r.import_id = :import and r.number > :after
 order by r.number limit :n
   for update of p;

-- What the import wrote; kin who is a patient was found by somebody, and keeps both.
-- query patient_import_drop_around(ids bigint[]) one (n bigint)
with c as (delete from patient.consent where company_id = :company and patient_id = any (:ids) returning 1),
     k as (delete from patient.kin where company_id = :company and patient_id = any (:ids) and other_id is null returning 1),
     i as (delete from patient.insurance where company_id = :company and patient_id = any (:ids) returning 1),
     b as (delete from patient.brief where company_id = :company and patient_id = any (:ids) returning 1)
select (select count(*) from c) + (select count(*) from k) + (select count(*) from i) + (select count(*) from b);

-- query patient_import_drop(ids bigint[]) exec
delete from patient.patient where company_id = :company and id = any (:ids) and version = 1;

-- As patient_import_advance: none is counted twice.
-- query patient_import_step_back(id bigint, from_line int, line int, kept int) exec
update patient.import set undone_line = :line, kept_count = kept_count + :kept
 where company_id = :company and id = :id and state = 'undoing' and undone_line = :from_line;
