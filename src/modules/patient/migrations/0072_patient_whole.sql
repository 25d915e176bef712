-- 0072 patient whole: the rest of a person's identity, family, insurance cards, consent by channel, merges that can
-- be undone. Rewrites patient.patient once for the stored columns (a second per 100 000 rows); the rest is new.
alter table patient.patient
    add rg               text check (length(rg) <= 30),
    add sex              text check (sex in ('female', 'male', 'other')),
    add gender           text check (length(gender) <= 60),
    add phone_whatsapp   boolean not null default true,
    add phone2_whatsapp  boolean not null default false,
    add phone2_note      text check (length(phone2_note) <= 40),   -- "Mãe", "Trabalho"
    add cep              text collate "C" check (cep ~ '^[0-9]{8}$'),
    add street           text check (length(street) <= 120),
    add number           text check (length(number) <= 20),
    add complement       text check (length(complement) <= 60),
    add district         text check (length(district) <= 80),
    add city             text check (length(city) <= 80),
    add uf               text collate "C" check (uf ~ '^[A-Z]{2}$'),
    add photo            text collate "C" check (photo ~ '^[0-9a-f]{64}$'),
    add occupation       text check (length(occupation) <= 80),
    add tags             text[] not null default '{}' check (cardinality(tags) <= 20),
    add channel          text check (channel in ('whatsapp', 'phone', 'email', 'sms')), -- preferred
    add times            text[] not null default '{}'
                         check (times <@ array['morning', 'afternoon', 'evening', 'saturday']),
    add restricted       boolean not null default false,           -- anonymised or closed: nothing may be added
    add birth_month      smallint generated always as (extract(month from birth)::smallint) stored,
    add phone_rev        text collate "C" generated always as (reverse(phone)) stored,
    add phone2_rev       text collate "C" generated always as (reverse(phone2)) stored;

-- Digits are asked by b-trees: plain comparisons on stored columns are leakproof, so row-level security lets them
-- use an index. The end of a phone is the beginning of its reverse.
create index patient_phone_rev on patient.patient (company_id, phone_rev) where merged_into is null;
create index patient_phone2_rev on patient.patient (company_id, phone2_rev) where merged_into is null;
create index patient_birth_month on patient.patient (company_id, birth_month, id) where merged_into is null;
create index patient_merged on patient.patient (company_id, merged_into) where merged_into is not null;

-- Cards of convênios. The patient's first valid one stands in the head.
create table patient.insurance (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    patient_id   bigint not null,
    insurer      text not null check (length(insurer) between 1 and 80),
    plan         text check (length(plan) <= 80),
    number       text check (length(number) <= 40),
    valid_until  date,
    holder       text check (length(holder) <= 120),       -- titular, when it is another person
    created_at   timestamptz not null default now(),
    removed_at   timestamptz,                              -- kept: old treatments were billed on it
    primary key (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
create index insurance_patient on patient.insurance (company_id, patient_id, id) where removed_at is null;
create index insurance_insurer on patient.insurance (company_id, insurer, patient_id) where removed_at is null;
call siso.tenant_wall('patient.insurance', 'select,insert,update');

-- Family and who answers for the patient: another patient, or a name with phone and CPF.
create table patient.kin (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    patient_id  bigint not null,
    other_id    bigint,
    kind        text not null check (kind in ('mother', 'father', 'spouse', 'child', 'sibling', 'grandparent',
                'guardian', 'caregiver', 'other')),        -- what the other is to the patient
    name        text check (length(name) between 1 and 120),
    phone       text check (phone ~ '^\+[0-9]{8,15}$'),
    cpf         text collate "C" check (cpf ~ '^[0-9]{11}$'),
    pays        boolean not null default false,
    signs       boolean not null default false,
    created_at  timestamptz not null default now(),
    primary key (company_id, id),
    check ((other_id is null) = (name is not null)),
    check (other_id <> patient_id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, other_id) references patient.patient (company_id, id)
);
create index kin_patient on patient.kin (company_id, patient_id, id);
create index kin_other on patient.kin (company_id, other_id) where other_id is not null;
create unique index kin_once on patient.kin (company_id, patient_id, other_id) where other_id is not null;
call siso.tenant_wall('patient.kin');

-- May the clinic send news by this channel? One row a channel: the answer that counts, when and to whom it was given.
create table patient.consent (
    company_id  bigint not null references company.company,
    patient_id  bigint not null,
    channel     text not null check (channel in ('whatsapp', 'email', 'sms', 'phone')),
    granted     boolean not null,
    at          timestamptz not null default now(),
    user_id     bigint,                                    -- null: the person, or the program
    primary key (company_id, patient_id, channel),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
call siso.tenant_wall('patient.consent', 'select,insert,update');
insert into patient.consent (company_id, patient_id, channel, granted, at)
select p.company_id, p.id, c.channel, true, coalesce(p.consent_at, p.created_at)
  from patient.patient p, (values ('whatsapp'), ('email'), ('sms'), ('phone')) c (channel) where p.consent;

-- Addresses by CEP: what the clinic typed once fills the next form. A bought or free table may be copied in.
create table patient.cep (
    company_id  bigint not null references company.company,
    cep         text collate "C" not null check (cep ~ '^[0-9]{8}$'),
    street      text check (length(street) <= 120),
    district    text check (length(district) <= 80),
    city        text not null check (length(city) between 1 and 80),
    uf          text collate "C" not null check (uf ~ '^[A-Z]{2}$'),
    primary key (company_id, cep)
);
call siso.tenant_wall('patient.cep');

-- Tags and convênios in use: what filters and forms offer, without reading all patients.
create table patient.word (
    company_id  bigint not null references company.company,
    kind        text not null check (kind in ('tag', 'insurer')),
    text        text not null check (length(text) between 1 and 80),
    primary key (company_id, kind, text)
);
call siso.tenant_wall('patient.word', 'select,insert,delete');

-- Two that were one person. from_id stays as a signpost; before and after are rows of patient.patient as JSON: an undo
-- puts back what nobody changed since.
create table patient.merge (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    from_id     bigint not null,
    into_id     bigint not null,
    at          timestamptz not null default now(),
    user_id     bigint,
    before      jsonb not null,
    after       jsonb not null,
    undone_at   timestamptz,
    undone_by   bigint,
    primary key (company_id, id),
    check (from_id <> into_id),
    foreign key (company_id, from_id) references patient.patient (company_id, id),
    foreign key (company_id, into_id) references patient.patient (company_id, id)
);
create unique index merge_standing on patient.merge (company_id, from_id) where undone_at is null;
create index merge_into on patient.merge (company_id, into_id, id);
call siso.tenant_wall('patient.merge', 'select,insert,update');

-- Which rows went along, so that an undo brings back exactly these. what: "patient.kin", "agenda.appointment".
create table patient.merge_row (
    company_id  bigint not null references company.company,
    merge_id    bigint not null,
    what        text not null check (length(what) between 1 and 60),
    row_id      bigint not null,
    primary key (company_id, merge_id, what, row_id),
    foreign key (company_id, merge_id) references patient.merge (company_id, id)
);
call siso.tenant_wall('patient.merge_row', 'select,insert');

-- An undone merge takes its timeline along.
grant delete on audit.link to siso_app;
