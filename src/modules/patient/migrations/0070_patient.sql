-- 0070 patient: who the clinic treats: identity and contacts. Safe while running: new table only.
create schema patient;
grant usage on schema patient to siso_app, siso_ro;

create table patient.patient (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    name         text not null check (length(name) between 1 and 120),
    social_name  text check (length(social_name) <= 120),
    birth        date,
    cpf          text collate "C" check (cpf ~ '^[0-9]{11}$'),
    phone        text check (phone ~ '^\+[0-9]{8,15}$'),
    phone2       text check (phone2 ~ '^\+[0-9]{8,15}$'),
    email        text check (length(email) <= 254),
    source       text check (length(source) <= 60),      -- name of the lead's source, kept
    lead_id      bigint,                                  -- where the patient came from
    consent      boolean not null default false,          -- marketing
    consent_at   timestamptz,
    notes        text check (length(notes) <= 4000),
    search       text collate "C" not null default '',
    phone_key    text collate "C",
    phone2_key   text collate "C",
    created_at   timestamptz not null default now(),
    created_by   bigint,
    updated_at   timestamptz not null default now(),
    version      int not null default 1,
    merged_into  bigint,
    primary key (company_id, id),
    foreign key (company_id, merged_into) references patient.patient (company_id, id)
);
create unique index patient_cpf on patient.patient (company_id, cpf) where cpf is not null and merged_into is null;
create index patient_find on patient.patient (company_id, id) include (search) where merged_into is null;
create index patient_phone on patient.patient (company_id, phone_key) where phone_key is not null;
create index patient_phone2 on patient.patient (company_id, phone2_key) where phone2_key is not null;
create index patient_email on patient.patient (company_id, email) where email is not null;
create index patient_birth on patient.patient (company_id, birth) where birth is not null;
create index patient_name on patient.patient (company_id, search, id) where merged_into is null;
call siso.tenant_wall('patient.patient');
