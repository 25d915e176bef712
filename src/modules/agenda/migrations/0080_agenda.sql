-- 0080 agenda: who works when and where, and the visits. Safe while running: new tables only.
create schema agenda;
grant usage on schema agenda to siso_app, siso_ro;

-- A chair (cadeira, sala) of a branch. Hidden, not deleted.
create table agenda.chair (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    branch_id   bigint not null,
    name        text not null check (length(name) between 1 and 40),
    position    int not null default 0,
    active      boolean not null default true,
    version     int not null default 1,
    primary key (company_id, id),
    foreign key (company_id, branch_id) references company.branch (company_id, id)
);
call siso.tenant_wall('agenda.chair');

-- A member of the clinic whose column stands in the agenda.
create table agenda.dentist (
    company_id      bigint not null references company.company,
    user_id         bigint not null,
    specialty       text check (length(specialty) <= 60),
    tone            text not null default 'teal' check (length(tone) <= 10),
    position        int not null default 0,
    chair_id        bigint,                              -- usual chair; null: chosen late
    buffer_minutes  int not null default 0 check (buffer_minutes between 0 and 120), -- after each visit
    online          boolean not null default false,      -- on the public booking page
    active          boolean not null default true,
    feed_hash       text check (feed_hash ~ '^[0-9a-f]{64}$'), -- of the secret in the iCalendar address
    feed_names      boolean not null default false,      -- the feed shows names, not times only
    version         int not null default 1,
    primary key (company_id, user_id),
    foreign key (company_id, user_id) references account.member (company_id, user_id),
    foreign key (company_id, chair_id) references agenda.chair (company_id, id)
);
create unique index dentist_feed on agenda.dentist (company_id, feed_hash) where feed_hash is not null;
call siso.tenant_wall('agenda.dentist');

-- What is booked: "Avaliação", "Manutenção de aparelho".
create table agenda.visit_type (
    company_id      bigint not null references company.company,
    id              bigint generated always as identity,
    name            text not null check (length(name) between 1 and 60),
    minutes         int not null check (minutes between 5 and 720),
    buffer_minutes  int not null default 0 check (buffer_minutes between 0 and 120),
    tone            text not null default 'blue' check (length(tone) <= 10),
    position        int not null default 0,
    online          boolean not null default false,
    active          boolean not null default true,
    version         int not null default 1,
    primary key (company_id, id)
);
call siso.tenant_wall('agenda.visit_type');

-- How long this dentist takes for it; offered false: does not do it.
create table agenda.visit_type_dentist (
    company_id     bigint not null references company.company,
    visit_type_id  bigint not null,
    user_id        bigint not null,
    minutes        int check (minutes between 5 and 720), -- null: as the type says
    offered        boolean not null default true,
    primary key (company_id, visit_type_id, user_id),
    foreign key (company_id, visit_type_id) references agenda.visit_type (company_id, id),
    foreign key (company_id, user_id) references agenda.dentist (company_id, user_id)
);
call siso.tenant_wall('agenda.visit_type_dentist');

-- Usual hours: weekday 1 Monday … 7 Sunday, minutes from midnight of the branch's zone. Lunch is the gap between two.
create table agenda.shift (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    user_id      bigint not null,
    branch_id    bigint not null,
    chair_id     bigint,
    weekday      smallint not null check (weekday between 1 and 7),
    from_minute  int not null check (from_minute between 0 and 1439),
    to_minute    int not null check (to_minute between 1 and 1440),
    valid_from   date,
    valid_to     date,
    every        smallint not null default 1 check (every in (1, 2)), -- 2: every other week, counted from valid_from
    primary key (company_id, id),
    check (to_minute > from_minute),
    check (every = 1 or valid_from is not null),
    foreign key (company_id, user_id) references agenda.dentist (company_id, user_id),
    foreign key (company_id, branch_id) references company.branch (company_id, id),
    foreign key (company_id, chair_id) references agenda.chair (company_id, id)
);
create index shift_dentist on agenda.shift (company_id, user_id, weekday);
call siso.tenant_wall('agenda.shift');

-- A dated exception that opens: Saturday the 28th, 8 to 12.
create table agenda.extra_shift (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    user_id     bigint not null,
    branch_id   bigint not null,
    chair_id    bigint,
    starts_at   timestamptz not null,
    ends_at     timestamptz not null,
    primary key (company_id, id),
    check (ends_at > starts_at and ends_at <= starts_at + interval '24 hours'),
    foreign key (company_id, user_id) references agenda.dentist (company_id, user_id),
    foreign key (company_id, branch_id) references company.branch (company_id, id),
    foreign key (company_id, chair_id) references agenda.chair (company_id, id)
);
create index extra_shift_when on agenda.extra_shift (company_id, starts_at);
call siso.tenant_wall('agenda.extra_shift');

-- A dated exception that closes, or keeps time for certain visit types (kind reserved).
create table agenda.block (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    user_id     bigint,                                  -- null: every dentist
    chair_id    bigint,                                  -- null: no chair in particular
    branch_id   bigint,                                  -- null: every branch
    kind        text not null check (kind in ('lunch', 'absence', 'holiday', 'meeting', 'maintenance', 'reserved')),
    title       text not null default '' check (length(title) <= 80),
    visit_types bigint[] not null default '{}',          -- kind reserved: what may be booked here
    starts_at   timestamptz not null,
    ends_at     timestamptz not null,
    series_id   bigint,                                  -- rows made by one repetition
    created_by  bigint,
    created_at  timestamptz not null default now(),
    removed_at  timestamptz,
    version     int not null default 1,
    primary key (company_id, id),
    check (ends_at > starts_at and ends_at <= starts_at + interval '60 days'),
    foreign key (company_id, user_id) references agenda.dentist (company_id, user_id),
    foreign key (company_id, chair_id) references agenda.chair (company_id, id),
    foreign key (company_id, branch_id) references company.branch (company_id, id)
);
create index block_when on agenda.block (company_id, starts_at) where removed_at is null;
create index block_series on agenda.block (company_id, series_id) where series_id is not null;
call siso.tenant_wall('agenda.block', 'select,insert,update');

-- Local holidays, and national ones (known to the program) on which this clinic works.
create table agenda.holiday (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    on_date     date not null,
    name        text not null check (length(name) between 1 and 60),
    branch_id   bigint,
    yearly      boolean not null default false,
    works       boolean not null default false,
    primary key (company_id, id),
    foreign key (company_id, branch_id) references company.branch (company_id, id)
);
create index holiday_date on agenda.holiday (company_id, on_date);
call siso.tenant_wall('agenda.holiday');

-- A repetition (RFC 5545 RRULE); its visits are rows of their own that carry its id.
create table agenda.series (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    rrule       text not null check (length(rrule) <= 200),
    created_at  timestamptz not null default now(),
    created_by  bigint,
    primary key (company_id, id)
);
call siso.tenant_wall('agenda.series', 'select,insert,update');

-- A visit. Half-open [starts_at, busy_to): busy_to is ends_at and the buffer. Presence and confirmation are two axes.
-- A row with presence held is a slot that the public page keeps for ten minutes.
create table agenda.appointment (
    company_id     bigint not null references company.company,
    id             bigint generated always as identity,
    branch_id      bigint not null,
    dentist_id     bigint not null,
    chair_id       bigint,                               -- null: chosen late
    patient_id     bigint,
    patient_name   text not null default '',             -- copied: the day is one index range
    patient_alert  boolean not null default false,
    visit_type_id  bigint,
    title          text not null default '' check (length(title) <= 120),
    starts_at      timestamptz not null,
    ends_at        timestamptz not null,
    busy_to        timestamptz not null,
    presence       text not null default 'scheduled'
                   check (presence in ('held', 'scheduled', 'arrived', 'in_chair', 'done', 'no_show', 'cancelled')),
    confirmation   text not null default 'not_sent'
                   check (confirmation in ('not_sent', 'sent', 'confirmed', 'declined', 'no_answer')),
    encaixe        boolean not null default false,       -- squeezed in on purpose: the constraints leave it out
    origin         text not null default 'internal' check (origin in ('internal', 'public', 'waitlist', 'recall')),
    asked_at       timestamptz,                          -- asked to arrive
    arrived_at     timestamptz,
    seated_at      timestamptz,
    dismissed_at   timestamptz,
    cancelled_by   text check (cancelled_by in ('patient', 'clinic')),
    cancel_reason  text check (length(cancel_reason) <= 200),
    note           text check (length(note) <= 1000),
    series_id      bigint,
    held_until     timestamptz,
    token_hash     text check (token_hash ~ '^[0-9a-f]{64}$'), -- of the patient's own link
    no_show_permille smallint check (no_show_permille between 0 and 1000), -- predicted; null: not yet
    created_at     timestamptz not null default now(),
    created_by     bigint,
    updated_at     timestamptz not null default now(),
    version        int not null default 1,
    primary key (company_id, id),
    check (ends_at > starts_at and busy_to >= ends_at and busy_to <= starts_at + interval '24 hours'),
    check (patient_id is not null or presence in ('held', 'cancelled')),
    check ((presence = 'held') = (held_until is not null)),
    foreign key (company_id, branch_id) references company.branch (company_id, id),
    foreign key (company_id, dentist_id) references agenda.dentist (company_id, user_id),
    foreign key (company_id, chair_id) references agenda.chair (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, visit_type_id) references agenda.visit_type (company_id, id),
    foreign key (company_id, series_id) references agenda.series (company_id, id),
    constraint appointment_dentist_free exclude using gist (company_id with =, dentist_id with =,
        tstzrange(starts_at, busy_to, '[)') with &&) where (presence not in ('cancelled', 'no_show') and not encaixe),
    constraint appointment_chair_free exclude using gist (company_id with =, chair_id with =,
        tstzrange(starts_at, busy_to, '[)') with &&) where (presence not in ('cancelled', 'no_show') and not encaixe)
);
create index appointment_day on agenda.appointment (company_id, starts_at);
create index appointment_dentist on agenda.appointment (company_id, dentist_id, starts_at) include (busy_to)
    where presence not in ('cancelled', 'no_show');
create index appointment_patient on agenda.appointment (company_id, patient_id, starts_at) where patient_id is not null;
create index appointment_series on agenda.appointment (company_id, series_id, starts_at) where series_id is not null;
create unique index appointment_token on agenda.appointment (company_id, token_hash) where token_hash is not null;
create index appointment_held on agenda.appointment (company_id, held_until) where held_until is not null;
call siso.tenant_wall('agenda.appointment');

-- Everything that ever changed of a visit, with who and when; a change is taken back by another.
create table agenda.change (
    company_id      bigint not null references company.company,
    id              bigint generated always as identity,
    appointment_id  bigint not null,
    at              timestamptz not null default now(),
    user_id         bigint,                              -- null: the patient or the program
    by_patient      boolean not null default false,
    axis            text not null check (axis in ('made', 'presence', 'confirmation', 'moved', 'edited')),
    before          text,
    after           text,
    reason          text check (length(reason) <= 200),
    undo            jsonb,                               -- columns as they were; null: cannot be taken back
    undone_by       bigint,                              -- the change that took it back
    primary key (company_id, id),
    foreign key (company_id, appointment_id) references agenda.appointment (company_id, id)
);
create index change_appointment on agenda.change (company_id, appointment_id, id);
call siso.tenant_wall('agenda.change', 'select,insert,update');

-- Who would like to come sooner.
create table agenda.waiting (
    company_id     bigint not null references company.company,
    id             bigint generated always as identity,
    patient_id     bigint not null,
    dentist_id     bigint,                               -- null: anybody
    branch_id      bigint,
    visit_type_id  bigint,
    minutes        int not null default 30 check (minutes between 5 and 720),
    weekdays       smallint not null default 127 check (weekdays between 1 and 127), -- bit 0 Monday
    from_minute    int not null default 0 check (from_minute between 0 and 1439),
    to_minute      int not null default 1440 check (to_minute between 1 and 1440),
    from_date      date,
    to_date        date,
    priority       smallint not null default 0 check (priority between 0 and 2),
    note           text check (length(note) <= 300),
    appointment_id bigint,                               -- the later visit that would move; null: none
    state          text not null default 'open' check (state in ('open', 'booked', 'closed')),
    created_at     timestamptz not null default now(),
    created_by     bigint,
    version        int not null default 1,
    primary key (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, dentist_id) references agenda.dentist (company_id, user_id),
    foreign key (company_id, branch_id) references company.branch (company_id, id),
    foreign key (company_id, visit_type_id) references agenda.visit_type (company_id, id),
    foreign key (company_id, appointment_id) references agenda.appointment (company_id, id)
);
create index waiting_open on agenda.waiting (company_id, priority desc, id) where state = 'open';
call siso.tenant_wall('agenda.waiting');

-- A freed slot offered to somebody who waits; the first who takes it has it.
create table agenda.offer (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    waiting_id  bigint not null,
    branch_id   bigint not null,
    dentist_id  bigint not null,
    chair_id    bigint,
    starts_at   timestamptz not null,
    ends_at     timestamptz not null,
    token_hash  text not null check (token_hash ~ '^[0-9a-f]{64}$'),
    state       text not null default 'open' check (state in ('open', 'viewed', 'accepted', 'declined', 'expired', 'lost')),
    expires_at  timestamptz not null,
    answered_at timestamptz,
    created_at  timestamptz not null default now(),
    created_by  bigint,
    primary key (company_id, id),
    check (ends_at > starts_at),
    foreign key (company_id, waiting_id) references agenda.waiting (company_id, id),
    foreign key (company_id, branch_id) references company.branch (company_id, id),
    foreign key (company_id, dentist_id) references agenda.dentist (company_id, user_id),
    foreign key (company_id, chair_id) references agenda.chair (company_id, id)
);
create unique index offer_token on agenda.offer (company_id, token_hash);
create index offer_slot on agenda.offer (company_id, dentist_id, starts_at);
create index offer_waiting on agenda.offer (company_id, waiting_id);
call siso.tenant_wall('agenda.offer');

-- Rules of the public booking page and of the screens; one row a company.
create table agenda.rule (
    company_id       bigint not null references company.company,
    online           boolean not null default false,
    notice_minutes   int not null default 120 check (notice_minutes between 0 and 43200),   -- earliest from now
    horizon_days     int not null default 60 check (horizon_days between 1 and 365),
    cancel_minutes   int not null default 1440 check (cancel_minutes between 0 and 43200),  -- latest change by the patient
    step_minutes     int not null default 15 check (step_minutes in (5, 10, 15, 20, 30, 60)),
    open_minute      int not null default 420 check (open_minute between 0 and 1380),       -- first row of the screen
    close_minute     int not null default 1200 check (close_minute between 60 and 1440),
    welcome          text check (length(welcome) <= 500),
    kiosk_hash       text check (kiosk_hash ~ '^[0-9a-f]{64}$'), -- of the secret in the kiosk's address
    version          int not null default 1,
    primary key (company_id)
);
create unique index rule_kiosk on agenda.rule (company_id, kiosk_hash) where kiosk_hash is not null;
call siso.tenant_wall('agenda.rule');
