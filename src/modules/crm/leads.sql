-- The list of leads: saved views, work over many leads at once, and the import of spreadsheets.

-- ---- saved views: a person's own, and everyone's (user_id null) ----

-- query crm_views(user_id bigint) many (id bigint, name text, query text, shared bool)
select id, name, query, user_id is null from crm.view
 where company_id = :company and (user_id is null or user_id = :user_id)
 order by user_id is not null, position, id limit 40;

-- query crm_insert_view(user_id bigint?, name text, query text) one (id bigint)
insert into crm.view (company_id, user_id, name, query, position)
select :company, :user_id, :name, :query, coalesce(max(position), 0) + 1 from crm.view where company_id = :company
returning id;

-- Everyone's views are changed by those who may (shared).
-- query crm_update_view(id bigint, user_id bigint, shared bool, name text?, query text?) exec
update crm.view set name = coalesce(:name, name), query = coalesce(:query, query)
 where company_id = :company and id = :id and (user_id = :user_id or (user_id is null and :shared));

-- query crm_delete_view(id bigint, user_id bigint, shared bool) exec
delete from crm.view
 where company_id = :company and id = :id and (user_id = :user_id or (user_id is null and :shared));

-- query crm_count_views(user_id bigint) one (n int)
select count(*)::int from crm.view where company_id = :company and (user_id is null or user_id = :user_id);

-- ---- batches: a change or a spreadsheet of all leads of a filter ----

-- query crm_insert_batch(kind text, query text, action text, lead_count int, user_id bigint) one (id bigint)
insert into crm.batch (company_id, kind, query, action, lead_count, user_id)
values (:company, :kind, :query, :action, :lead_count, :user_id) returning id;

-- query crm_lock_batch(id bigint) one (query text, action text, state text, after_id bigint?, lead_count int,
--   done_count int, user_id bigint)
select query, action, state, after_id, lead_count, done_count, user_id
  from crm.batch where company_id = :company and id = :id for update;

-- query crm_step_batch(id bigint, after_id bigint, done int) exec
update crm.batch set after_id = :after_id, done_count = done_count + :done
 where company_id = :company and id = :id and state = 'waiting';

-- query crm_end_batch(id bigint, state text, file text?, done_count int) exec
update crm.batch set state = :state, file = :file, done_count = :done_count, ended_at = now()
 where company_id = :company and id = :id and state = 'waiting';

-- The spreadsheet that a person asked for; only they get it.
-- query crm_batch_file(id bigint, user_id bigint) one (action text, file text, created_at timestamptz)
select action, file, created_at from crm.batch
 where company_id = :company and id = :id and user_id = :user_id and kind = 'export' and file is not null;

-- Files that have done their work: spreadsheets after a week, imported ones after a month.
-- query crm_old_files() many (kind text, id bigint, file text)
select 'batch', id, file from crm.batch
 where company_id = :company and file is not null and created_at < now() - interval '7 days'
union all
select 'import', id, file from crm.import
 where company_id = :company and file is not null and state in ('mapping', 'done', 'failed', 'undone')
   and created_at < now() - interval '30 days'
 limit 500;

-- query crm_forget_batch_file(id bigint) exec
update crm.batch set file = null where company_id = :company and id = :id;

-- query crm_forget_import_file(id bigint) exec
update crm.import set file = null where company_id = :company and id = :id;

-- ---- imports (platform/import has their way) ----

-- row import_row (id bigint, file text?, file_name text, state text, targets text[], headings bool, options jsonb,
--   row_count int, done_count int, added_count int, merged_count int, bad_count int, kept_count int, undone_line int,
--   user_id bigint, user_name text?, created_at timestamptz)

-- part import_columns
i.id, i.file, i.file_name, i.state, i.targets, i.headings, i.options, i.row_count, i.done_count, i.added_count,
       i.merged_count, i.bad_count, 0 as kept_count, 0 as undone_line, i.user_id, m.name, i.created_at
  from crm.import i left join account.member m on m.company_id = i.company_id and m.user_id = i.user_id
;

-- query crm_imports() many import_row
select {import_columns} where i.company_id = :company order by i.id desc limit 50;

-- query crm_import(id bigint) one import_row
select {import_columns} where i.company_id = :company and i.id = :id;

-- query crm_insert_import(file text, file_name text, targets text[], headings bool, options jsonb, row_count int,
--   user_id bigint) one (id bigint)
insert into crm.import (company_id, file, file_name, targets, headings, options, row_count, user_id)
values (:company, :file, :file_name, :targets, :headings, :options, :row_count, :user_id) returning id;

-- query crm_settle_import(id bigint, targets text[], headings bool, options jsonb, row_count int) exec
update crm.import
   set state = 'waiting', targets = :targets, headings = :headings, options = :options, row_count = :row_count
 where company_id = :company and id = :id and state = 'mapping';

-- query crm_turn_import(id bigint, from_states text[], state text) exec
update crm.import set state = :state
 where company_id = :company and id = :id and state = any (:from_states);

-- One batch of rows is in. done_before is what the job read: a second worker of the same import changes no row.
-- query crm_step_import(id bigint, done_before int, done int, added int, merged int, bad int) exec
update crm.import
   set done_count = done_count + :done, added_count = added_count + :added, merged_count = merged_count + :merged,
       bad_count = bad_count + :bad
 where company_id = :company and id = :id and state = 'running' and done_count = :done_before;

-- query crm_add_import_errors(import_id bigint, lines bigint[], sentences text[]) exec
insert into crm.import_error (company_id, import_id, line, sentence)
select :company, :import_id, e.line::int, e.sentence from unnest(:lines::bigint[], :sentences::text[]) as e (line, sentence);

-- query crm_import_errors(import_id bigint, n int) many (line int, sentence text)
select line, sentence from crm.import_error
 where company_id = :company and import_id = :import_id order by line limit :n;

-- query crm_drop_import(id bigint) exec
delete from crm.import where company_id = :company and id = :id and state = 'mapping';

-- Leads who may be the rows' people: the newest for each key. One pass for all rows of a batch, so that a plan
-- made while the table was empty costs a pass for each batch and not for each row.
-- query crm_import_twins(keys text[], emails text[], cpfs text[]) many (kind text, value text, id bigint)
select 'phone', phone_key, max(id) from crm.lead
 where company_id = :company and merged_into is null and phone_key = any (:keys) group by 2
union all
select 'phone', phone2_key, max(id) from crm.lead
 where company_id = :company and merged_into is null and phone2_key = any (:keys) group by 2
union all
select 'email', email, max(id) from crm.lead
 where company_id = :company and merged_into is null and email = any (:emails) group by 2
union all
select 'cpf', cpf, max(id) from crm.lead
 where company_id = :company and merged_into is null and cpf = any (:cpfs) group by 2;

-- query crm_insert_first_moves(ids bigint[], user_id bigint?) exec
insert into crm.move (company_id, lead_id, to_stage, to_status, user_id)
select :company, id, stage_id, status, :user_id from crm.lead where company_id = :company and id = any (:ids);

-- ---- taking an import back ----

-- Lets this transaction see and change what the policy `kept` hides; ended by crm_stop_removing.
-- query crm_start_removing() one (value text)
select set_config('crm.removing', 'on', true);

-- query crm_stop_removing() one (value text)
select set_config('crm.removing', '', true);

-- Only leads that nobody has touched: everything that happens to a lead moves one of these times. merged_into
-- is set because the indexes of living leads end there: thousands of removed ones must cost nothing.
-- query crm_remove_imported(import_id bigint) exec
update crm.lead set removed_at = now(), merged_into = id
 where company_id = :company and import_id = :import_id and removed_at is null and merged_into is null
   and patient_id is null and updated_at = created_at and touched_at = created_at;

-- What automations of the stage had planned for them.
-- query crm_remove_imported_tasks(import_id bigint) exec
delete from crm.task t using crm.lead l
 where t.company_id = :company and l.company_id = :company and l.import_id = :import_id and l.removed_at is not null
   and t.lead_id = l.id;
