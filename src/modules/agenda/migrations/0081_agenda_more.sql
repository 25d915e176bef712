-- 0081 agenda: how a dentist is addressed, changes made in one go, and an index that answers free slots without
-- touching the table. Safe while running: the tables are new.
alter table agenda.dentist add column prefix text check (prefix in ('Dr.', 'Dra.'));

-- Changes of one click on a repetition are taken back together: the id of the first.
alter table agenda.change add column batch bigint;
create index change_batch on agenda.change (company_id, batch) where batch is not null;

drop index agenda.appointment_dentist;
create index appointment_busy on agenda.appointment (company_id, dentist_id, starts_at) include (busy_to, chair_id, held_until)
    where presence not in ('cancelled', 'no_show');
