-- 0092 perio: periodontal charts. An exam is written while it is a draft and never changed once closed. Safe while running: new tables only.
create table treatment.perio_exam (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    patient_id  bigint not null,
    state       text not null default 'draft' check (state in ('draft', 'closed')),
    begun_at    timestamptz not null default now(),
    begun_by    bigint,
    closed_at   timestamptz,
    closed_by   bigint,
    note        text check (length(note) <= 500),
    primary key (company_id, id),
    check ((state = 'closed') = (closed_at is not null)),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
create index perio_exam_patient on treatment.perio_exam (company_id, patient_id, id);
create unique index perio_exam_draft on treatment.perio_exam (company_id, patient_id) where state = 'draft';
call siso.tenant_wall('treatment.perio_exam', 'select,insert,update');

create table treatment.perio_tooth (
    company_id  bigint not null references company.company,
    exam_id     bigint not null,
    tooth       smallint not null check (tooth between 11 and 48),
    missing     boolean not null default false,
    implant     boolean not null default false,
    mobility    smallint check (mobility between 0 and 3),   -- Miller; null: not examined
    furcation   smallint check (furcation between 0 and 3),  -- Hamp
    version     int not null default 1,
    primary key (company_id, exam_id, tooth),
    foreign key (company_id, exam_id) references treatment.perio_exam (company_id, id)
);
call siso.tenant_wall('treatment.perio_tooth', 'select,insert,update');

-- Six sites a tooth: 0 mesial, 1 middle, 2 distal of the vestibular side, 3 4 5 of the oral one. The attachment level is
-- probing + margin and is never stored.
create table treatment.perio_site (
    company_id   bigint not null references company.company,
    exam_id      bigint not null,
    tooth        smallint not null,
    site         smallint not null check (site between 0 and 5),
    margin       smallint check (margin between -10 and 20), -- positive: recession
    probing      smallint check (probing between 0 and 15),
    bleeding     boolean not null default false,
    suppuration  boolean not null default false,
    plaque       boolean not null default false,
    primary key (company_id, exam_id, tooth, site),
    foreign key (company_id, exam_id, tooth) references treatment.perio_tooth (company_id, exam_id, tooth)
);
call siso.tenant_wall('treatment.perio_site', 'select,insert,update');

-- A closed exam is evidence.
create function treatment.perio_is_open() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
    perform 1 from treatment.perio_exam
      where company_id = new.company_id and id = new.exam_id and state = 'draft';
    if not found then
        raise exception 'exam % is closed', new.exam_id using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger perio_tooth_open before insert or update on treatment.perio_tooth
    for each row execute function treatment.perio_is_open();
create trigger perio_site_open before insert or update on treatment.perio_site
    for each row execute function treatment.perio_is_open();
