-- 0010 outbox: work that a transaction asked for, done afterwards by the worker. The row is the truth;
-- Redis only carries its id. Company 0 is the program itself. Safe while running: new table only.
create table siso.outbox (
    company_id  bigint not null,
    id          bigint generated always as identity,
    name        text not null check (length(name) between 1 and 100),
    data        jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
    due         timestamptz not null default now(),
    priority    int not null default 0 check (priority between 0 and 2097152), -- BullMQ's bound
    dedupe_key  text check (length(dedupe_key) between 1 and 200),
    state       text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
    attempts    int not null default 0,         -- runs begun since it was added or asked again
    claims      bigint not null default 0,      -- runs begun ever; a worker may only finish its own
    lease_until timestamptz,                    -- a running row past it belongs to nobody
    last_error  text check (length(last_error) <= 40), -- a code, never what a person typed
    relayed_at  timestamptz,                    -- when it went to Redis; null: not there
    relay_count int not null default 0,         -- jobs that Redis was given for this row before
    request_id  text check (length(request_id) <= 64),
    created_at  timestamptz not null default now(),
    started_at  timestamptz,
    finished_at timestamptz,
    primary key (company_id, id),
    check ((state = 'running') = (lease_until is not null)),
    check ((state in ('done', 'failed')) = (finished_at is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);

-- Worker and relay look across companies: by id, by due time, by lease.
create index outbox_id on siso.outbox (id);
create index outbox_due on siso.outbox (due, id) where state = 'queued' and priority = 0;
create index outbox_due_later on siso.outbox (priority, due, id) where state = 'queued' and priority > 0;
create index outbox_relay on siso.outbox (due, id) where state = 'queued' and relayed_at is null;
create index outbox_lease on siso.outbox (lease_until) where state = 'running';
create index outbox_finished on siso.outbox (finished_at) where finished_at is not null;
-- A company looks at its own.
create index outbox_open on siso.outbox (company_id, state, id) where state <> 'done';
create unique index outbox_dedupe on siso.outbox (company_id, name, dedupe_key)
    where dedupe_key is not null and state in ('queued', 'running');

call siso.tenant_wall('siso.outbox', 'select,insert,update');
grant select, insert, update, delete on siso.outbox to siso_queue;
create policy queue_all on siso.outbox to siso_queue using (true) with check (true);
