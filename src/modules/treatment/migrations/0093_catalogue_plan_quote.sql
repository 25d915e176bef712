-- 0093 catalogue, plans, quotes: the TUSS table, limits of discount, and what a quote remembers of its way to the
-- patient. Safe while running: new tables, and columns with constant defaults.
alter table treatment.procedure add column uses int not null default 0;       -- how often in plans: the picker's order
alter table treatment.procedure add check (kit is null or jsonb_typeof(kit) = 'array');

-- ANS table 22 as the clinic imported it.
create table treatment.tuss (
    company_id  bigint not null references company.company,
    code        text not null check (code ~ '^[0-9]{8}$'),
    name        text not null check (length(name) between 1 and 300),
    search      text collate "C" not null default '',
    primary key (company_id, code)
);
call siso.tenant_wall('treatment.tuss');

-- A file that was uploaded to be looked at before it is taken over.
create table treatment.tuss_import (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    file_hash   text not null check (file_hash ~ '^[0-9a-f]{64}$'),
    rows_good   int not null,
    rows_bad    int not null,
    created_at  timestamptz not null default now(),
    created_by  bigint,
    taken_at    timestamptz,
    primary key (company_id, id)
);
call siso.tenant_wall('treatment.tuss_import', 'select,insert,update');

-- How much a role may take off by itself; without a row the program's own figures hold (plan.c).
create table treatment.discount_limit (
    company_id  bigint not null references company.company,
    role        text not null check (length(role) <= 40),
    percent     smallint not null check (percent between 0 and 100),
    primary key (company_id, role)
);
call siso.tenant_wall('treatment.discount_limit');

alter table treatment.plan
    add column presented_at  timestamptz,
    add column refused_at    timestamptz,
    add column followed_at   timestamptz,                                     -- last time somebody asked how it stands
    add column follow_note   text check (length(follow_note) <= 300),
    add column cancel_reason text check (length(cancel_reason) <= 200);
create index plan_waiting on treatment.plan (company_id, presented_at) where state = 'presented';
create index plan_refused on treatment.plan (company_id, refused_at) where state = 'refused';

alter table treatment.plan_line add column approved_at timestamptz;
create unique index plan_line_of_act on treatment.plan_line (company_id, act_id) where state <> 'cancelled';
create index plan_line_to_book on treatment.plan_line (company_id, approved_at)
    where state in ('approved', 'in_progress') and appointment_id is null;

-- The bytes that were hashed: jsonb would order them anew.
alter table treatment.quote alter column frozen type text using frozen::text;
alter table treatment.quote
    add check (frozen::json is not null),
    add column expires_at   timestamptz,                                      -- of the link: end of the last valid day
    add column tries        smallint not null default 0 check (tries between 0 and 100), -- wrong answers of who opened it
    add column sent_to      text check (length(sent_to) <= 254),
    add column sent_at      timestamptz,
    add column refusal      text check (refusal in ('price', 'time', 'fear', 'second_opinion', 'other')),
    add column refusal_note text check (length(refusal_note) <= 300),
    add column pdf_hash     text check (pdf_hash ~ '^[0-9a-f]{64}$');
