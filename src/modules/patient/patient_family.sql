-- Insurance cards, and who belongs to whom.

-- query family_cards(patient_id bigint) many (id bigint, insurer text, plan text?, number text?, holder text?,
--   valid_until date?)
select id, insurer, plan, number, holder, valid_until from patient.insurance
 where company_id = :company and patient_id = :patient_id and removed_at is null order by id limit 40;

-- query family_add_card(patient_id bigint, insurer text, plan text?, number text?, holder text?, valid_until date?)
--   one (id bigint)
insert into patient.insurance (company_id, patient_id, insurer, plan, number, holder, valid_until)
values (:company, :patient_id, :insurer, :plan, :number, :holder, :valid_until)
returning id;

-- The first cards of new patients, in the order of the lists. A date is its text, for it may be none.
-- query family_add_cards(patients bigint[], insurers text[], plans text[], numbers text[], until text[]) exec
insert into patient.insurance (company_id, patient_id, insurer, plan, number, valid_until)
select :company, r.patient_id, r.insurer, r.plan, r.number, r.valid_until::date
  from unnest(:patients::bigint[], :insurers::text[], :plans::text[], :numbers::text[], :until::text[])
       as r (patient_id, insurer, plan, number, valid_until);

-- query family_remove_card(patient_id bigint, id bigint) exec
update patient.insurance set removed_at = now()
 where company_id = :company and patient_id = :patient_id and id = :id and removed_at is null;

-- The head shows the first card that has not run out.
-- query family_brief(patient_id bigint, today date) exec
update patient.brief
   set insurance = (select i.insurer from patient.insurance i
                     where i.company_id = :company and i.patient_id = :patient_id and i.removed_at is null
                       and (i.valid_until is null or i.valid_until >= :today)
                     order by i.id limit 1)
 where company_id = :company and patient_id = :patient_id;

-- Both sides of the links: what the other is to the patient, and, for theirs, what the patient is to the other.
-- query family_kin(patient_id bigint) many (id bigint, other_id bigint?, kind text, name text, phone text?, cpf text?,
--   pays bool, signs bool, theirs bool)
select k.id, k.other_id, k.kind, coalesce(b.name, k.name) as name, coalesce(p.phone, k.phone) as phone,
       coalesce(p.cpf, k.cpf) as cpf, k.pays, k.signs, false as theirs
  from patient.kin k
  left join patient.patient p on p.company_id = :company and p.id = k.other_id
  left join patient.brief b on b.company_id = :company and b.patient_id = k.other_id
 where k.company_id = :company and k.patient_id = :patient_id
union all
select k.id, k.patient_id, k.kind, b.name, p.phone, p.cpf, k.pays, k.signs, true
  from patient.kin k
  join patient.patient p on p.company_id = :company and p.id = k.patient_id
  join patient.brief b on b.company_id = :company and b.patient_id = k.patient_id
 where k.company_id = :company and k.other_id = :patient_id
 order by theirs, id limit 40;

-- No row: the other stands there already.
-- query family_add_kin(patient_id bigint, other_id bigint?, kind text, name text?, phone text?, cpf text?, pays bool,
--   signs bool) find (id bigint)
insert into patient.kin (company_id, patient_id, other_id, kind, name, phone, cpf, pays, signs)
values (:company, :patient_id, :other_id, :kind, :name, :phone, :cpf, :pays, :signs)
on conflict (company_id, patient_id, other_id) where other_id is not null do nothing
returning id;

-- Who answers for new patients: pays and signs.
-- query family_add_guardians(patients bigint[], kinds text[], names text[], phones text[], cpfs text[]) exec
insert into patient.kin (company_id, patient_id, kind, name, phone, cpf, pays, signs)
select :company, r.patient_id, r.kind, r.name, r.phone, r.cpf, true, true
  from unnest(:patients::bigint[], :kinds::text[], :names::text[], :phones::text[], :cpfs::text[])
       as r (patient_id, kind, name, phone, cpf);

-- query family_remove_kin(patient_id bigint, id bigint) find (name text?, other_id bigint?)
delete from patient.kin where company_id = :company and patient_id = :patient_id and id = :id
returning name, other_id;
