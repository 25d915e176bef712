-- 0081 agenda: how a dentist is addressed, changes made in one go, visits that a merge of patients carried over, and
-- an index that answers free slots without touching the table. Safe while running: the tables are new.
alter table agenda.dentist add column prefix text check (prefix in ('Dr.', 'Dra.'));

-- Changes of one click on a repetition are taken back together: the id of the first.
alter table agenda.change add column batch bigint;
create index change_batch on agenda.change (company_id, batch) where batch is not null;

-- Which visits a merge of two patients carried over, so that parting them gives each its own again.
create table agenda.carried (
    company_id      bigint not null references company.company,
    appointment_id  bigint not null,
    gone_id         bigint not null,
    kept_id         bigint not null,
    primary key (company_id, gone_id, appointment_id),
    foreign key (company_id, appointment_id) references agenda.appointment (company_id, id),
    foreign key (company_id, gone_id) references patient.patient (company_id, id),
    foreign key (company_id, kept_id) references patient.patient (company_id, id)
);
call siso.tenant_wall('agenda.carried');

drop index agenda.appointment_dentist;
create index appointment_busy on agenda.appointment (company_id, dentist_id, starts_at) include (busy_to, chair_id, held_until)
    where presence not in ('cancelled', 'no_show');
