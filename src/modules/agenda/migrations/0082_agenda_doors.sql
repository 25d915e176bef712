-- 0082 agenda doors: rules of offers, slots that were freed, and what the public page holds. Safe while running: new
-- tables, and columns with constant defaults.
alter table agenda.rule
    add column offer_auto    boolean not null default false, -- a freed slot is offered without a click
    add column offer_count   int not null default 3 check (offer_count between 1 and 20),
    add column offer_minutes int not null default 30 check (offer_minutes between 5 and 1440);

-- A slot that a cancelled or moved visit left behind, until it is offered, taken or past.
create table agenda.freed (
    company_id      bigint not null references company.company,
    id              bigint generated always as identity,
    appointment_id  bigint not null,
    branch_id       bigint not null,
    dentist_id      bigint not null,
    chair_id        bigint,
    starts_at       timestamptz not null,
    ends_at         timestamptz not null,
    freed_at        timestamptz not null default now(),
    primary key (company_id, id),
    unique (company_id, dentist_id, starts_at),
    check (ends_at > starts_at),
    foreign key (company_id, appointment_id) references agenda.appointment (company_id, id),
    foreign key (company_id, branch_id) references company.branch (company_id, id),
    foreign key (company_id, dentist_id) references agenda.dentist (company_id, user_id),
    foreign key (company_id, chair_id) references agenda.chair (company_id, id)
);
create index freed_when on agenda.freed (company_id, starts_at);
call siso.tenant_wall('agenda.freed');

-- One visitor of the public page from the slot picked to the visit confirmed. The slot itself is the held row of
-- agenda.appointment; here stands who asks for it and the code that was sent.
create table agenda.online (
    company_id      bigint not null references company.company,
    id              bigint generated always as identity,
    appointment_id  bigint,                              -- the held row, then the visit; null: given back
    state           text not null default 'held' check (state in ('held', 'booked', 'given_back')),
    token_hash      text not null check (token_hash ~ '^[0-9a-f]{64}$'),
    peer            text not null default '' check (length(peer) <= 60),
    visit_type_id   bigint not null,
    dentist_id      bigint not null,
    branch_id       bigint not null,
    starts_at       timestamptz not null,
    ends_at         timestamptz not null,
    any_dentist     boolean not null default false,
    held_until      timestamptz not null,
    name            text check (length(name) between 1 and 200),
    phone           text check (length(phone) <= 20),
    phone_key       text check (length(phone_key) <= 20),
    email           text check (length(email) <= 254),
    code_hash       text check (code_hash ~ '^[0-9a-f]{64}$'),
    code_until      timestamptz,
    codes           smallint not null default 0 check (codes between 0 and 20),    -- sent
    attempts        smallint not null default 0 check (attempts between 0 and 20), -- with the present code
    asked_at        timestamptz,                         -- when the last code was sent
    created_at      timestamptz not null default now(),
    primary key (company_id, id),
    check (ends_at > starts_at),
    foreign key (company_id, visit_type_id) references agenda.visit_type (company_id, id),
    foreign key (company_id, dentist_id) references agenda.dentist (company_id, user_id),
    foreign key (company_id, branch_id) references company.branch (company_id, id)
);
create unique index online_token on agenda.online (company_id, token_hash);
create index online_peer on agenda.online (company_id, peer, created_at);
create index online_phone on agenda.online (company_id, phone_key, created_at) where phone_key is not null;
create index online_email on agenda.online (company_id, email, asked_at) where email is not null;
create index online_created on agenda.online (company_id, created_at);
call siso.tenant_wall('agenda.online');
