-- 0060 crm: leads on their way to becoming patients. Safe while running: new tables only.
create schema crm;
grant usage on schema crm to siso_app, siso_ro;

create table crm.pipeline (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    name        text not null check (length(name) between 1 and 60),
    position    int not null default 0,
    active      boolean not null default true,
    version     int not null default 1,
    primary key (company_id, id),
    unique (company_id, name)
);
call siso.tenant_wall('crm.pipeline');

create table crm.stage (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    pipeline_id  bigint not null,
    name         text not null check (length(name) between 1 and 40),
    color        text not null default 'slate' check (color in ('slate', 'blue', 'violet', 'amber', 'green', 'red', 'teal', 'pink', 'orange')),
    position     int not null default 0,
    probability  int not null default 10 check (probability between 0 and 100), -- percent, weighs the value
    stalled_days int not null default 7 check (stalled_days between 0 and 365), -- 0: never parado
    kind         text not null default 'open' check (kind in ('open', 'won')),
    active       boolean not null default true,
    version      int not null default 1,
    primary key (company_id, id),
    foreign key (company_id, pipeline_id) references crm.pipeline (company_id, id)
);
create index stage_order on crm.stage (company_id, pipeline_id, position);
call siso.tenant_wall('crm.stage');

create table crm.source (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    name        text not null check (length(name) between 1 and 60),
    icon        text not null default 'globe' check (icon ~ '^[a-z0-9-]{1,40}$'),
    position    int not null default 0,
    active      boolean not null default true,
    primary key (company_id, id),
    unique (company_id, name)
);
call siso.tenant_wall('crm.source');

create table crm.loss_reason (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    name        text not null check (length(name) between 1 and 80),
    position    int not null default 0,
    active      boolean not null default true,
    primary key (company_id, id),
    unique (company_id, name)
);
call siso.tenant_wall('crm.loss_reason');

-- Fields that a company adds to its leads; values stand in lead.custom under `key`.
create table crm.field (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    key         text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    title       text not null check (length(title) between 1 and 60),
    type        text not null check (type in ('text', 'number', 'date', 'choice')),
    choices     text[] not null default '{}',
    required    boolean not null default false,
    position    int not null default 0,
    active      boolean not null default true,
    primary key (company_id, id),
    unique (company_id, key)
);
call siso.tenant_wall('crm.field');

create table crm.import (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    file         text not null check (file ~ '^[0-9a-f]{64}$'),
    file_name    text not null check (length(file_name) <= 200),
    state        text not null default 'mapping' check (state in ('mapping', 'waiting', 'running', 'done', 'failed', 'undone')),
    mapping      jsonb not null default '{}',
    options      jsonb not null default '{}',
    row_count    int not null default 0,
    done_count   int not null default 0,
    added_count  int not null default 0,
    merged_count int not null default 0,
    bad_count    int not null default 0,
    user_id      bigint not null,
    created_at   timestamptz not null default now(),
    ended_at     timestamptz,
    primary key (company_id, id)
);
call siso.tenant_wall('crm.import');

create table crm.import_error (
    company_id  bigint not null references company.company,
    import_id   bigint not null,
    line        int not null,
    field       text,
    sentence    text not null,
    primary key (company_id, import_id, line),
    foreign key (company_id, import_id) references crm.import (company_id, id)
);
call siso.tenant_wall('crm.import_error');

create table crm.lead (
    company_id     bigint not null references company.company,
    id             bigint generated always as identity,
    pipeline_id    bigint not null,
    stage_id       bigint not null,
    status         text not null default 'open' check (status in ('open', 'won', 'lost')),
    name           text not null check (length(name) between 1 and 120),
    phone          text check (phone ~ '^\+[0-9]{8,15}$'),
    phone2         text check (phone2 ~ '^\+[0-9]{8,15}$'),
    email          text check (length(email) <= 254),
    cpf            text collate "C" check (cpf ~ '^[0-9]{11}$'),
    interest       text check (length(interest) <= 200),   -- procedures, as the person said
    value_cents    bigint not null default 0 check (value_cents between 0 and 100000000000),
    source_id      bigint,
    utm_source     text check (length(utm_source) <= 120),
    utm_medium     text check (length(utm_medium) <= 120),
    utm_campaign   text check (length(utm_campaign) <= 120),
    utm_term       text check (length(utm_term) <= 120),
    utm_content    text check (length(utm_content) <= 120),
    owner_id       bigint,                                  -- account.member
    tags           text[] not null default '{}' check (cardinality(tags) <= 20),
    expected_on    date,
    hot            boolean not null default false,
    consent        boolean not null default false,          -- marketing
    consent_at     timestamptz,
    custom         jsonb not null default '{}',
    rank           bigint not null default 0,               -- order in its column, small first
    stage_since    timestamptz not null default now(),
    next_task_id   bigint,                                  -- the open task due first, kept by the service
    next_due       timestamptz,
    next_title     text,
    touched_at     timestamptz not null default now(),      -- last activity
    ended_at       timestamptz,                             -- won or lost
    loss_reason_id bigint,
    loss_note      text check (length(loss_note) <= 1000),
    patient_id     bigint,                                  -- who the lead became
    import_id      bigint,
    search         text collate "C" not null default '',    -- folded name, e-mail, phone digits, CPF
    phone_key      text collate "C",                        -- DDD + last 8 digits
    phone2_key     text collate "C",
    created_at     timestamptz not null default now(),
    created_by     bigint,
    updated_at     timestamptz not null default now(),
    version        int not null default 1,
    merged_into    bigint,                                  -- the lead that took this one over
    primary key (company_id, id),
    foreign key (company_id, pipeline_id) references crm.pipeline (company_id, id),
    foreign key (company_id, stage_id) references crm.stage (company_id, id),
    foreign key (company_id, source_id) references crm.source (company_id, id),
    foreign key (company_id, loss_reason_id) references crm.loss_reason (company_id, id),
    foreign key (company_id, import_id) references crm.import (company_id, id),
    foreign key (company_id, merged_into) references crm.lead (company_id, id),
    check (status <> 'lost' or loss_reason_id is not null),
    check (status = 'open' or ended_at is not null)
);
create index lead_board on crm.lead (company_id, stage_id, rank, id) where status <> 'lost' and merged_into is null;
create index lead_new on crm.lead (company_id, id) include (search) where merged_into is null;
create index lead_phone on crm.lead (company_id, phone_key) where merged_into is null and phone_key is not null;
create index lead_phone2 on crm.lead (company_id, phone2_key) where merged_into is null and phone2_key is not null;
create index lead_email on crm.lead (company_id, email) where merged_into is null and email is not null;
create index lead_cpf on crm.lead (company_id, cpf) where merged_into is null and cpf is not null;
create index lead_owner on crm.lead (company_id, owner_id, status, next_due);
create index lead_ended on crm.lead (company_id, ended_at) where ended_at is not null;
create index lead_created on crm.lead (company_id, created_at);
create index lead_patient on crm.lead (company_id, patient_id) where patient_id is not null;
create index lead_import on crm.lead (company_id, import_id) where import_id is not null;
call siso.tenant_wall('crm.lead');

-- Count and value of each column of the board, kept by the statement that changes leads: a board of
-- 60 000 leads reads a handful of rows. `check_totals` in the tests holds it against the sum.
create table crm.stage_total (
    company_id  bigint not null references company.company,
    stage_id    bigint not null,
    lead_count  bigint not null default 0,
    value_cents bigint not null default 0,
    primary key (company_id, stage_id),
    foreign key (company_id, stage_id) references crm.stage (company_id, id)
) with (fillfactor = 50);
call siso.tenant_wall('crm.stage_total');

create function crm.count_leads() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into crm.stage_total as t (company_id, stage_id, lead_count, value_cents)
        select company_id, stage_id, count(*), sum(value_cents) from new_rows
         where status <> 'lost' and merged_into is null group by company_id, stage_id order by stage_id
        on conflict (company_id, stage_id) do update
           set lead_count = t.lead_count + excluded.lead_count, value_cents = t.value_cents + excluded.value_cents;
    else
        insert into crm.stage_total as t (company_id, stage_id, lead_count, value_cents)
        select company_id, stage_id, sum(n), sum(v) from (
            select company_id, stage_id, 1 as n, value_cents as v from new_rows where status <> 'lost' and merged_into is null
            union all
            select company_id, stage_id, -1, -value_cents from old_rows where status <> 'lost' and merged_into is null) d
         group by company_id, stage_id having sum(n) <> 0 or sum(v) <> 0 order by stage_id
        on conflict (company_id, stage_id) do update
           set lead_count = t.lead_count + excluded.lead_count, value_cents = t.value_cents + excluded.value_cents;
    end if;
    return null;
end $$;
create trigger lead_counted_new after insert on crm.lead referencing new table as new_rows
    for each statement execute function crm.count_leads();
create trigger lead_counted after update on crm.lead referencing old table as old_rows new table as new_rows
    for each statement execute function crm.count_leads();

-- Every change of stage or outcome, for time in stage and conversion.
create table crm.move (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    lead_id     bigint not null,
    at          timestamptz not null default now(),
    from_stage  bigint,        -- null: created
    to_stage    bigint not null,
    from_status text,
    to_status   text not null,
    seconds     bigint not null default 0, -- spent in from_stage
    user_id     bigint,
    primary key (company_id, id),
    foreign key (company_id, lead_id) references crm.lead (company_id, id)
);
create index move_lead on crm.move (company_id, lead_id, id);
create index move_at on crm.move (company_id, at);
call siso.tenant_wall('crm.move', 'select,insert');

create table crm.task (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    lead_id      bigint,
    patient_id   bigint,
    type         text not null default 'call' check (type in ('call', 'whatsapp', 'email', 'meeting', 'visit', 'other')),
    title        text not null check (length(title) between 1 and 200),
    note         text check (length(note) <= 2000),
    due_at       timestamptz not null,
    priority     text not null default 'normal' check (priority in ('low', 'normal', 'high')),
    assignee_id  bigint,
    remind_min   int check (remind_min between 0 and 20160), -- minutes before due
    rrule        text check (length(rrule) <= 200),           -- RFC 5545 subset; the next one is made when done
    done_at      timestamptz,
    done_by      bigint,
    rule_id      bigint,                                      -- made by an automation
    created_at   timestamptz not null default now(),
    created_by   bigint,
    version      int not null default 1,
    primary key (company_id, id),
    foreign key (company_id, lead_id) references crm.lead (company_id, id)
);
create index task_open on crm.task (company_id, assignee_id, due_at) where done_at is null;
create index task_due on crm.task (company_id, due_at) where done_at is null;
create index task_lead on crm.task (company_id, lead_id, due_at);
call siso.tenant_wall('crm.task');

-- What happens by itself when a lead enters a stage, or has stayed in it for a time.
create table crm.rule (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    stage_id    bigint not null,
    after_days  int not null default 0 check (after_days between 0 and 365), -- 0: on entering
    action      text not null check (action in ('task', 'assign', 'notify', 'move', 'webhook')),
    params      jsonb not null default '{}',
    active      boolean not null default true,
    position    int not null default 0,
    primary key (company_id, id),
    foreign key (company_id, stage_id) references crm.stage (company_id, id)
);
create index rule_stage on crm.rule (company_id, stage_id, position);
call siso.tenant_wall('crm.rule');

-- One run of a rule for one stay of a lead in a stage: the key cuts repetition.
create table crm.rule_run (
    company_id  bigint not null references company.company,
    rule_id     bigint not null,
    lead_id     bigint not null,
    stay        timestamptz not null, -- lead.stage_since of the stay
    at          timestamptz not null default now(),
    result      text not null check (result in ('done', 'skipped', 'failed', 'loop')),
    primary key (company_id, rule_id, lead_id, stay),
    foreign key (company_id, rule_id) references crm.rule (company_id, id),
    foreign key (company_id, lead_id) references crm.lead (company_id, id)
);
call siso.tenant_wall('crm.rule_run');

-- A person's or the clinic's named filters of the list.
create table crm.view (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    user_id     bigint,                  -- null: everyone's
    name        text not null check (length(name) between 1 and 60),
    query       text not null check (length(query) <= 2000),
    position    int not null default 0,
    primary key (company_id, id)
);
call siso.tenant_wall('crm.view');

-- The public capture form.
create table crm.form (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    token       text not null collate "C" check (token ~ '^[A-Za-z0-9_-]{16,40}$'),
    title       text not null default 'Agende sua avaliação' check (length(title) between 1 and 120),
    text        text check (length(text) <= 500),
    thanks      text not null default 'Recebemos seu contato. Vamos chamar você em breve.' check (length(thanks) <= 500),
    stage_id    bigint,                  -- null: the first of the first pipeline
    source_id   bigint,
    owner_id    bigint,
    ask_email   boolean not null default true,
    ask_interest boolean not null default true,
    consent_text text not null default 'Aceito receber mensagens da clínica sobre tratamentos e novidades.' check (length(consent_text) <= 500),
    active      boolean not null default true,
    primary key (company_id, id),
    unique (company_id, token)
);
call siso.tenant_wall('crm.form');
