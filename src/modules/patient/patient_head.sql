-- What stands above every page about a patient, and the row that lists of other modules join.

-- (A coalesce in the comparison would keep row-level security from using the index.)
-- One that was merged away answers the other: nobody is merged into one who was merged (patient_merge.c).
-- query patient_head(id bigint) one (id bigint, name text, legal text, cpf text?, phone text?, whatsapp text?,
--   insurance text?, photo text?, birth date?, balance_cents bigint?, visits int, no_shows int,
--   next_visit_at timestamptz?, images int, restricted bool, version int)
select p.id, b.name, p.name as legal, p.cpf, p.phone,
       case when p.phone_whatsapp and p.phone is not null then p.phone
            when p.phone2_whatsapp then p.phone2 end as whatsapp,
       b.insurance, p.photo, p.birth, b.balance_cents, b.visits, b.no_shows, b.next_visit_at, b.images, p.restricted,
       p.version
  from patient.patient p
  join patient.brief b on b.company_id = :company and b.patient_id = p.id
 where p.company_id = :company
   and p.id = (select case when x.merged_into is null then x.id else x.merged_into end
                 from patient.patient x where x.company_id = :company and x.id = :id);

-- The alerts that stand, the severe ones first.
-- query patient_head_alerts(id bigint) many (id bigint, kind text, text text, severe bool)
select a.id, a.kind, a.text, a.severe from patient.alert a
 where a.company_id = :company and a.ended_at is null
   and a.patient_id = (select case when x.merged_into is null then x.id else x.merged_into end
                         from patient.patient x where x.company_id = :company and x.id = :id)
 order by a.severe desc, a.id limit 50;

-- query patient_brief_write(id bigint, name text, phone text?, birth date?) exec
insert into patient.brief (company_id, patient_id, name, phone, birth)
values (:company, :id, :name, :phone, :birth)
on conflict (company_id, patient_id) do update set name = excluded.name, phone = excluded.phone, birth = excluded.birth;

-- Of new patients, whose cards are written.
-- query patient_brief_start(ids bigint[], today date) exec
insert into patient.brief (company_id, patient_id, name, phone, birth, insurance)
select :company, p.id, coalesce(p.social_name, p.name), p.phone, p.birth,
       (select i.insurer from patient.insurance i
         where i.company_id = :company and i.patient_id = p.id and i.removed_at is null
           and (i.valid_until is null or i.valid_until >= :today)
         order by i.id limit 1)
  from patient.patient p
 where p.company_id = :company and p.id = any (:ids);

-- query patient_brief_visits(id bigint, visits int, no_shows int, first_at timestamptz?, last_at timestamptz?,
--   next_at timestamptz?) exec
update patient.brief
   set visits = :visits, no_shows = :no_shows, first_visit_at = :first_at, last_visit_at = :last_at,
       next_visit_at = :next_at
 where company_id = :company and patient_id = :id;

-- query patient_brief_balance(id bigint, cents bigint) exec
update patient.brief set balance_cents = :cents where company_id = :company and patient_id = :id;

-- query patient_brief_images(id bigint, count int) exec
update patient.brief set images = :count where company_id = :company and patient_id = :id;
