-- Addresses by CEP. The first three run as the owner of the schema (`siso cep FILE`).

-- Two operators at once would mix their files. Readers see the old table until the commit.
-- query cep_alone() one (alone bool)
select true as alone from pg_advisory_xact_lock(hashtextextended('patient.cep_table', 0));

-- query cep_clear() exec
delete from patient.cep_table;

-- The first line of a CEP counts.
-- query cep_add(ceps text[], streets text[], districts text[], cities text[], ufs text[]) exec
insert into patient.cep_table (cep, street, district, city, uf)
select * from unnest(:ceps::text[], :streets::text[], :districts::text[], :cities::text[], :ufs::text[])
on conflict do nothing;

-- What the clinic typed itself counts first.
-- query cep_find(cep text) find (street text?, district text?, city text, uf text)
select street, district, city, uf from (
    select 1 as place, street, district, city, uf from patient.cep where company_id = :company and cep = :cep
    union all
    select 2, k.street, k.district, k.city, k.uf from patient.cep_known(:cep) k) known
 order by place limit 1;

-- What the clinic typed becomes what the next form offers.
-- query cep_learn(cep text, street text?, district text?, city text, uf text) exec
insert into patient.cep (company_id, cep, street, district, city, uf)
values (:company, :cep, :street, :district, :city, :uf)
on conflict (company_id, cep) do update
   set street = excluded.street, district = excluded.district, city = excluded.city, uf = excluded.uf
 where (patient.cep.street, patient.cep.district, patient.cep.city, patient.cep.uf)
       is distinct from (excluded.street, excluded.district, excluded.city, excluded.uf);
