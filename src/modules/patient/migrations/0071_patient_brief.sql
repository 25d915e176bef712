-- 0071 brief: one row a patient with what every head and list shows, so that no page counts visits or money. Safe
-- while running: new table, filled from what is there.
create table patient.brief (
    company_id     bigint not null references company.company,
    patient_id     bigint not null,
    name           text not null,                       -- as the person wants to be called
    phone          text,
    birth          date,
    insurance      text check (length(insurance) <= 80),-- insurer of the first card that is valid; null: particular
    alert          boolean not null default false,      -- at least one alert stands
    alert_text     text,                                -- "Penicilina, varfarina"; the severe ones first
    balance_cents  bigint,                              -- null: no finance yet
    visits         int not null default 0 check (visits >= 0),
    no_shows       int not null default 0 check (no_shows >= 0),
    last_visit_at  timestamptz,
    next_visit_at  timestamptz,
    images         int not null default 0 check (images >= 0),
    primary key (company_id, patient_id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
call siso.tenant_wall('patient.brief', 'select,insert,update');
insert into patient.brief (company_id, patient_id, name, phone, birth)
select company_id, id, coalesce(social_name, name), phone, birth from patient.patient;
