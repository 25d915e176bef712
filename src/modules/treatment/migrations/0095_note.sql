-- 0095 note: clinical notes (evolução) in append-only versions, their templates, and the papers written at the chair.
-- Safe while running: new tables only.

-- A note. What it says stands in its last version; signed_no is the version that was signed.
create table treatment.note (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    patient_id  bigint not null,
    visit_id    bigint,
    dentist_id  bigint not null,                          -- whose note it is
    last_no     int not null default 1 check (last_no >= 1),
    last_hash   text not null check (last_hash ~ '^[0-9a-f]{64}$'),
    signed_no   int check (signed_no between 1 and last_no),
    signed_at   timestamptz,
    created_at  timestamptz not null default now(),
    primary key (company_id, id),
    check ((signed_no is null) = (signed_at is null)),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, visit_id) references treatment.visit (company_id, id)
);
create index note_patient on treatment.note (company_id, patient_id, id);
create index note_visit on treatment.note (company_id, visit_id) where visit_id is not null;
create index note_unsigned on treatment.note (company_id, dentist_id) where signed_no is null;
call siso.tenant_wall('treatment.note', 'select,insert,update');

-- A version is written once. hash: SHA-256 of the version before it and of this one (note.c says of what), so that a
-- text changed afterwards shows.
create table treatment.note_version (
    company_id  bigint not null references company.company,
    note_id     bigint not null,
    no          int not null check (no >= 1),
    text        text not null check (length(text) between 1 and 20000),
    teeth       bigint[] not null default '{}',
    reason      text check (length(reason) between 1 and 200), -- why a signed note was corrected
    written_at  timestamptz not null,
    written_by  bigint not null,
    hash        text not null check (hash ~ '^[0-9a-f]{64}$'),
    primary key (company_id, note_id, no),
    foreign key (company_id, note_id) references treatment.note (company_id, id)
);
call siso.tenant_wall('treatment.note_version', 'select,insert');

-- A text to begin from; {paciente}, {idade}, {data}, {hora}, {dentista}, {dentes} and {procedimentos} are filled in.
create table treatment.note_template (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    title       text not null check (length(title) between 1 and 80),
    text        text not null check (length(text) between 1 and 8000),
    active      boolean not null default true,
    version     int not null default 1,
    primary key (company_id, id)
);
create unique index note_template_title on treatment.note_template (company_id, title);
call siso.tenant_wall('treatment.note_template', 'select,insert,update');

-- Prescriptions, certificates, requests. A draft may change; what was issued is voided, never changed.
create table treatment.paper (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    patient_id   bigint not null,
    visit_id     bigint,
    dentist_id   bigint not null,
    kind         text not null check (kind in ('prescription', 'certificate', 'attendance', 'exam', 'referral')),
    text         text not null default '' check (length(text) <= 8000),
    drugs        jsonb not null default '[]',             -- kind prescription: [{"name","dose","quantity","use"}]
    days         int check (days between 0 and 365),      -- kind certificate: days away
    state        text not null default 'draft' check (state in ('draft', 'issued', 'void')),
    issued_at    timestamptz,
    void_reason  text check (length(void_reason) between 1 and 200),
    created_at   timestamptz not null default now(),
    created_by   bigint,
    version      int not null default 1,
    primary key (company_id, id),
    check ((state = 'draft') = (issued_at is null)),
    check ((state = 'void') = (void_reason is not null)),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, visit_id) references treatment.visit (company_id, id)
);
create index paper_patient on treatment.paper (company_id, patient_id, id);
call siso.tenant_wall('treatment.paper', 'select,insert,update');
