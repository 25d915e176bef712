-- no transaction
-- 0064 crm: the won column of the board, newest first, without sorting what was won before.
drop index concurrently if exists crm.lead_won;
create index concurrently lead_won on crm.lead (company_id, pipeline_id, ended_at, id)
    where status = 'won' and merged_into is null;
