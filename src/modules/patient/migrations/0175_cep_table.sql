-- 0175 cep table: the addresses of a whole country or state, bought or made public, the same for all clinics of the
-- installation. What a clinic has typed itself (patient.cep) counts first. Written by the operator (`siso cep FILE`), asked by
-- one door that takes a CEP and answers about it. Safe while running: a new table and function only.
create table patient.cep_table (
    cep       text collate "C" primary key check (cep ~ '^[0-9]{8}$'),
    street    text check (length(street) between 1 and 120),
    district  text check (length(district) between 1 and 80),
    city      text not null check (length(city) between 1 and 80),
    uf        text collate "C" not null check (uf ~ '^[A-Z]{2}$')
);
alter table patient.cep_table enable row level security, force row level security;
create policy owner_all on patient.cep_table to siso_owner using (true) with check (true);
create policy backup_all on patient.cep_table for select to siso_backup using (true);
create policy door_all on patient.cep_table for select to siso_door using (true);
revoke all on patient.cep_table from public;
grant usage on schema patient to siso_door;
grant select on patient.cep_table to siso_door;

create function patient.cep_known(asked text) returns table (street text, district text, city text, uf text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select t.street, t.district, t.city, t.uf from patient.cep_table t where t.cep = asked $$;
revoke all on function patient.cep_known(text) from public;
grant execute on function patient.cep_known(text) to siso_app;
grant create on schema patient to siso_door;
alter function patient.cep_known(text) owner to siso_door;
revoke create on schema patient from siso_door;
