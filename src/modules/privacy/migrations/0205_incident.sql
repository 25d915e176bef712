-- 0205 incident: the register of security incidents (Res. CD/ANPD 15/2024), and who answers for data protection in a
-- clinic. What is written of an incident is never changed nor deleted: each change is a new version of it. Safe while
-- running: new tables only.
create table privacy.profile (
    company_id    bigint not null references company.company,
    small_agent   boolean not null default false,  -- Res. CD/ANPD 2/2022, as the clinic states it: due dates double
    officer_name  text check (length(officer_name) between 1 and 120),   -- encarregado (LGPD, art. 41)
    officer_email text check (length(officer_email) between 3 and 254),
    officer_phone text check (officer_phone ~ '^\+[0-9]{8,15}$'),
    version       int not null default 1,
    primary key (company_id)
);
call siso.tenant_wall('privacy.profile', 'select,insert,update');

create table privacy.incident (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    created_at  timestamptz not null default now(),
    created_by  bigint,
    primary key (company_id, id)
);
call siso.tenant_wall('privacy.incident', 'select,insert');

create table privacy.incident_version (
    company_id    bigint not null references company.company,
    incident_id   bigint not null,
    version       int not null check (version >= 1),
    title         text not null check (length(title) between 1 and 120),
    what          text not null check (length(what) between 1 and 4000),
    happened_at   timestamptz,                    -- null: not known
    known_at      timestamptz not null,           -- the due date counts from here
    data          text not null check (length(data) between 1 and 2000),
    people        bigint check (people >= 0),     -- null: not known yet
    criteria      text[] not null default '{}'    -- Res. 15/2024, art. 5
        check (criteria <@ array['sensitive', 'children', 'financial', 'credentials', 'secrecy', 'large']),
    risk          text not null check (risk in ('open', 'relevant', 'none')),
    risk_why      text check (length(risk_why) <= 2000),
    measures      text check (length(measures) <= 4000),
    anpd_on       date,
    anpd_protocol text check (length(anpd_protocol) <= 80),
    complement_on date,
    people_on     date,
    people_how    text check (length(people_how) <= 1000),
    ended_on      date,
    due_on        date not null,
    complement_due_on date,
    at            timestamptz not null default now(),
    user_id       bigint,
    primary key (company_id, incident_id, version),
    check ((anpd_on is null) = (complement_due_on is null)),
    check (risk = 'open' or risk_why is not null),
    foreign key (company_id, incident_id) references privacy.incident (company_id, id)
);
call siso.tenant_wall('privacy.incident_version', 'select,insert');

-- Patients who are affected: the last line of a patient counts.
create table privacy.incident_patient (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    incident_id bigint not null,
    patient_id  bigint not null,
    affected    boolean not null,
    at          timestamptz not null default now(),
    user_id     bigint,
    primary key (company_id, id),
    foreign key (company_id, incident_id) references privacy.incident (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
create index incident_patient_of on privacy.incident_patient (company_id, incident_id, patient_id, id);
create index incident_patient_patient on privacy.incident_patient (company_id, patient_id);
call siso.tenant_wall('privacy.incident_patient', 'select,insert');

-- What was reminded of: each deadline before it is due, on the day, and once when it is late.
create table privacy.incident_reminder (
    company_id  bigint not null references company.company,
    incident_id bigint not null,
    what        text not null check (what in ('judge', 'anpd', 'people', 'complement')),
    stage       text not null check (stage in ('before', 'day', 'late')),
    due_on      date not null,
    at          timestamptz not null default now(),
    primary key (company_id, incident_id, what, stage, due_on),
    foreign key (company_id, incident_id) references privacy.incident (company_id, id)
);
call siso.tenant_wall('privacy.incident_reminder', 'select,insert');
