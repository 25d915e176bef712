-- no transaction
-- 0063 crm: what ended since a day, from the index alone: the head of the board asks it on every page.
drop index concurrently if exists crm.lead_ended_cover;
create index concurrently lead_ended_cover on crm.lead (company_id, ended_at)
    include (pipeline_id, status, value_cents, created_at, removed_at)
    where ended_at is not null and merged_into is null;
drop index concurrently if exists crm.lead_ended;
