-- 0061 crm: what is done to many leads at once (bulk changes, exports, imports that are taken back).
-- Safe while running: a new table, new columns that may be null; the index is made again in one step, which
-- locks out writers of crm.lead for about a second a million leads.

-- A lead that was taken back with its import. The row stays (history, audit), but the wall hides it: a query
-- cannot forget to leave it out. Only the statement that takes leads back sees them, by crm.removing.
alter table crm.lead add removed_at timestamptz;
create policy kept on crm.lead as restrictive for select to siso_app
    using (removed_at is null or current_setting('crm.removing', true) = 'on');
drop index crm.lead_new;
create index lead_new on crm.lead (company_id, id) include (search, removed_at) where merged_into is null;

create or replace function crm.count_leads() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into crm.stage_total as t (company_id, stage_id, lead_count, value_cents)
        select company_id, stage_id, count(*), sum(value_cents) from new_rows
         where status <> 'lost' and merged_into is null and removed_at is null
         group by company_id, stage_id order by stage_id
        on conflict (company_id, stage_id) do update
           set lead_count = t.lead_count + excluded.lead_count, value_cents = t.value_cents + excluded.value_cents;
    else
        insert into crm.stage_total as t (company_id, stage_id, lead_count, value_cents)
        select company_id, stage_id, sum(n), sum(v) from (
            select company_id, stage_id, 1 as n, value_cents as v from new_rows
             where status <> 'lost' and merged_into is null and removed_at is null
            union all
            select company_id, stage_id, -1, -value_cents from old_rows
             where status <> 'lost' and merged_into is null and removed_at is null) d
         group by company_id, stage_id having sum(n) <> 0 or sum(v) <> 0 order by stage_id
        on conflict (company_id, stage_id) do update
           set lead_count = t.lead_count + excluded.lead_count, value_cents = t.value_cents + excluded.value_cents;
    end if;
    return null;
end $$;

-- The file of an import is let go of after a month.
alter table crm.import alter file drop not null;

-- Work over all leads of a filter, done by a job: a change of many leads, or a spreadsheet. after_id is how
-- far it has come (leads go from the newest to the oldest), so a job that is run again goes on.
create table crm.batch (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    kind        text not null check (kind in ('change', 'export')),
    query       text not null check (length(query) <= 2000),    -- of the list
    action      text not null check (length(action) between 1 and 200), -- "owner 5", "csv"
    state       text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
    after_id    bigint,
    lead_count  int not null default 0,
    done_count  int not null default 0,
    file        text check (file ~ '^[0-9a-f]{64}$'),
    user_id     bigint not null,
    created_at  timestamptz not null default now(),
    ended_at    timestamptz,
    primary key (company_id, id)
);
call siso.tenant_wall('crm.batch');
