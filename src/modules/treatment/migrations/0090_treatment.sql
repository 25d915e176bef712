-- 0090 treatment: the catalogue, what is in the mouth, plans and their lines. Safe while running: new tables only.
create schema treatment;
grant usage on schema treatment to siso_app, siso_ro;

-- The clinic's catalogue, begun from the built-in list.
create table treatment.procedure (
    company_id    bigint not null references company.company,
    id            bigint generated always as identity,
    code          text check (length(code) <= 12),         -- TUSS (ANS table 22); null: the clinic's own
    name          text not null check (length(name) between 1 and 160),
    layman        text check (length(layman) <= 160),      -- as the patient reads it in a quote
    specialty     text not null default 'Clínica geral' check (length(specialty) <= 60),
    area          text not null check (area in ('mouth', 'arch', 'region', 'tooth', 'range', 'surface')),
    surfaces_min  smallint not null default 0 check (surfaces_min between 0 and 6),
    surfaces_max  smallint not null default 0 check (surfaces_max between 0 and 6),
    dentition     text not null default 'any' check (dentition in ('any', 'permanent', 'deciduous')),
    paint         text not null default 'none' check (length(paint) <= 20), -- drawing on the chart: chart.h
    minutes       int not null default 30 check (minutes between 5 and 720),
    sessions      smallint not null default 1 check (sessions between 1 and 60),
    price_cents   bigint not null default 0 check (price_cents >= 0),       -- private
    cost_cents    bigint not null default 0 check (cost_cents >= 0),
    needs_lab     boolean not null default false,
    kit           jsonb,                                    -- materials used, for stock: [{"name":…,"quantity":…}]
    search        text collate "C" not null default '',
    active        boolean not null default true,
    version       int not null default 1,
    primary key (company_id, id),
    check (surfaces_max >= surfaces_min),
    check (area = 'surface' or surfaces_max = 0)
);
create unique index procedure_name on treatment.procedure (company_id, name);
create index procedure_code on treatment.procedure (company_id, code) where code is not null;
call siso.tenant_wall('treatment.procedure', 'select,insert,update');

-- A price list beside the private one: a convênio, a campaign.
create table treatment.price_table (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    name        text not null check (length(name) between 1 and 80),
    insurer     text check (length(insurer) <= 80),
    active      boolean not null default true,
    version     int not null default 1,
    primary key (company_id, id)
);
create unique index price_table_name on treatment.price_table (company_id, name);
call siso.tenant_wall('treatment.price_table', 'select,insert,update');
create table treatment.price (
    company_id      bigint not null references company.company,
    price_table_id  bigint not null,
    procedure_id    bigint not null,
    cents           bigint not null check (cents >= 0),
    primary key (company_id, price_table_id, procedure_id),
    foreign key (company_id, price_table_id) references treatment.price_table (company_id, id),
    foreign key (company_id, procedure_id) references treatment.procedure (company_id, id)
);
call siso.tenant_wall('treatment.price');

-- One line of the chart: a finding, work that exists, planned or done. Never deleted: voided, with a reason. Findings
-- and work are one table so that the chart is one query; what it looked like on a day follows from the three moments.
create table treatment.act (
    company_id    bigint not null references company.company,
    id            bigint generated always as identity,
    patient_id    bigint not null,
    kind          text not null check (kind in ('finding', 'existing', 'planned', 'done', 'referred')),
    condition     text check (length(condition) <= 30),     -- of a finding or existing work: chart.h
    procedure_id  bigint,
    paint         text not null default 'none' check (length(paint) <= 20),
    area          text not null check (area in ('mouth', 'arch', 'region', 'tooth', 'range', 'surface')),
    tooth         smallint check (tooth between 11 and 89),  -- FDI (ISO 3950); supernumerary 19 … 89
    surfaces      smallint not null default 0 check (surfaces between 0 and 127), -- bits: chart.h
    region        text check (length(region) <= 8),          -- S1 … S6, AS, AI, HASD …: chart.h
    note          text check (length(note) <= 500),
    recorded_at   timestamptz not null default now(),        -- finding seen, existing noted, or planned
    recorded_by   bigint,
    done_at       timestamptz,
    done_by       bigint,
    visit_id      bigint,                                    -- of treatment.visit
    voided_at     timestamptz,
    voided_by     bigint,
    void_reason   text check (length(void_reason) <= 200),
    version       int not null default 1,
    primary key (company_id, id),
    check ((kind = 'done') = (done_at is not null)),
    check (area not in ('tooth', 'surface') or tooth is not null),
    check (area = 'surface' or surfaces = 0),
    check ((voided_at is null) = (void_reason is null)),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, procedure_id) references treatment.procedure (company_id, id)
);
create index act_patient on treatment.act (company_id, patient_id, id);
call siso.tenant_wall('treatment.act', 'select,insert,update');

-- The teeth of an act over several (a bridge is ONE act).
create table treatment.act_tooth (
    company_id  bigint not null references company.company,
    act_id      bigint not null,
    tooth       smallint not null check (tooth between 11 and 89),
    place       smallint not null,                           -- along the arch, from 1
    role        text not null default 'member' check (role in ('member', 'pillar', 'pontic', 'cantilever')),
    primary key (company_id, act_id, tooth),
    foreign key (company_id, act_id) references treatment.act (company_id, id)
);
call siso.tenant_wall('treatment.act_tooth', 'select,insert');

-- A plan: one of several alternatives, at most one active.
create table treatment.plan (
    company_id      bigint not null references company.company,
    id              bigint generated always as identity,
    patient_id      bigint not null,
    name            text not null check (length(name) between 1 and 80),
    state           text not null default 'planned'
                    check (state in ('planned', 'presented', 'approved', 'in_progress', 'done', 'refused', 'cancelled')),
    active          boolean not null default false,
    price_table_id  bigint,                                  -- null: private
    discount_cents  bigint not null default 0 check (discount_cents >= 0), -- of the whole, beside those of lines
    note            text check (length(note) <= 2000),
    dentist_id      bigint,
    refusal         text check (refusal in ('price', 'time', 'fear', 'second_opinion', 'other')),
    refusal_note    text check (length(refusal_note) <= 300),
    approved_at     timestamptz,
    approved_via    text check (approved_via in ('link', 'clinic')),
    created_at      timestamptz not null default now(),
    created_by      bigint,
    updated_at      timestamptz not null default now(),
    version         int not null default 1,
    primary key (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, price_table_id) references treatment.price_table (company_id, id)
);
create index plan_patient on treatment.plan (company_id, patient_id, id);
create unique index plan_active on treatment.plan (company_id, patient_id) where active;
call siso.tenant_wall('treatment.plan', 'select,insert,update');

-- A line: what the patient reads and pays. Name and price are those of the day it was written.
create table treatment.plan_line (
    company_id      bigint not null references company.company,
    id              bigint generated always as identity,
    plan_id         bigint not null,
    act_id          bigint not null,                         -- where it stands in the mouth
    procedure_id    bigint not null,
    position        int not null default 0,
    name            text not null check (length(name) between 1 and 160),
    price_cents     bigint not null check (price_cents >= 0),
    discount_cents  bigint not null default 0 check (discount_cents >= 0),
    sessions        smallint not null default 1 check (sessions between 1 and 60),
    sessions_done   smallint not null default 0 check (sessions_done >= 0),
    dentist_id      bigint,                                  -- who does it
    state           text not null default 'planned'
                    check (state in ('planned', 'presented', 'approved', 'in_progress', 'done', 'cancelled', 'redo')),
    appointment_id  bigint,                                  -- where it is booked
    done_at         timestamptz,
    done_by         bigint,
    cancel_reason   text check (length(cancel_reason) <= 200),
    version         int not null default 1,
    primary key (company_id, id),
    check (discount_cents <= price_cents),
    check (sessions_done <= sessions),
    check ((state = 'done') = (done_at is not null)),
    foreign key (company_id, plan_id) references treatment.plan (company_id, id),
    foreign key (company_id, act_id) references treatment.act (company_id, id),
    foreign key (company_id, procedure_id) references treatment.procedure (company_id, id),
    foreign key (company_id, appointment_id) references agenda.appointment (company_id, id)
);
create index plan_line_plan on treatment.plan_line (company_id, plan_id, position, id);
create index plan_line_act on treatment.plan_line (company_id, act_id);
create index plan_line_appointment on treatment.plan_line (company_id, appointment_id) where appointment_id is not null;
call siso.tenant_wall('treatment.plan_line', 'select,insert,update');

-- What was presented, frozen: totals, lines and the sentence above the button stand in `frozen` as they were shown.
create table treatment.quote (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    plan_id      bigint not null,
    number       int not null,                               -- without gaps in a company
    frozen       jsonb not null,
    frozen_hash  text not null check (frozen_hash ~ '^[0-9a-f]{64}$'),
    total_cents  bigint not null check (total_cents >= 0),
    valid_until  date not null,
    token_hash   text check (token_hash ~ '^[0-9a-f]{64}$'),
    state        text not null default 'open' check (state in ('open', 'accepted', 'refused', 'expired', 'replaced')),
    presented_at timestamptz not null default now(),
    presented_by bigint,
    opened_at    timestamptz,                                -- first, by the link
    answered_at  timestamptz,
    evidence     jsonb,                                      -- how the acceptance was given: time, IP, browser, identity check
    primary key (company_id, id),
    foreign key (company_id, plan_id) references treatment.plan (company_id, id)
);
create unique index quote_number on treatment.quote (company_id, number);
create unique index quote_token on treatment.quote (company_id, token_hash) where token_hash is not null;
create index quote_plan on treatment.quote (company_id, plan_id, id);
call siso.tenant_wall('treatment.quote', 'select,insert,update');

-- A visit at the chair: from sitting down to getting up.
create table treatment.visit (
    company_id      bigint not null references company.company,
    id              bigint generated always as identity,
    patient_id      bigint not null,
    dentist_id      bigint not null,
    appointment_id  bigint,
    started_at      timestamptz not null default now(),
    ended_at        timestamptz,
    materials       text check (length(materials) <= 1000),
    next_in_days    int check (next_in_days between 0 and 730), -- next visit asked for
    next_minutes    int check (next_minutes between 5 and 720),
    next_note       text check (length(next_note) <= 300),
    version         int not null default 1,
    primary key (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, appointment_id) references agenda.appointment (company_id, id)
);
create index visit_patient on treatment.visit (company_id, patient_id, started_at);
create unique index visit_appointment on treatment.visit (company_id, appointment_id) where appointment_id is not null;
create index visit_open on treatment.visit (company_id, dentist_id) where ended_at is null;
call siso.tenant_wall('treatment.visit', 'select,insert,update');
alter table treatment.act add foreign key (company_id, visit_id) references treatment.visit (company_id, id);

-- Counters without gaps, raised as the last write of a transaction.
create table treatment.counter (
    company_id  bigint not null references company.company,
    kind        text not null check (kind in ('quote')),
    n           int not null default 0,
    primary key (company_id, kind)
);
call siso.tenant_wall('treatment.counter');
