-- Identity and contacts. Heads and the row that others join: patient_head.sql; finding: patient_find.sql.

-- row patient_row (id bigint, name text, social_name text?, birth date?, cpf text?, rg text?, occupation text?,
--   sex text?, gender text?, phone text?, phone2 text?, phone2_note text?, email text?, phone_whatsapp bool,
--   phone2_whatsapp bool, cep text?, street text?, number text?, complement text?, district text?, city text?, uf text?,
--   channel text?, times text[], consents text[], tags text[], source text?, lead_id bigint?, consent bool, notes text?,
--   photo text?, created_at timestamptz, version int, restricted bool, merged_into bigint?)

-- part patient_columns
p.id, p.name, p.social_name, p.birth, p.cpf, p.rg, p.occupation, p.sex, p.gender, p.phone, p.phone2, p.phone2_note,
       p.email, p.phone_whatsapp, p.phone2_whatsapp, p.cep, p.street, p.number, p.complement, p.district, p.city, p.uf,
       p.channel, p.times,
       array(select c.channel from patient.consent c
              where c.company_id = :company and c.patient_id = p.id and c.granted order by c.channel) as consents,
       p.tags, p.source, p.lead_id, p.consent, p.notes, p.photo, p.created_at, p.version, p.restricted, p.merged_into
;

-- query patient_by_id(id bigint) one patient_row
select {patient_columns} from patient.patient p where p.company_id = :company and p.id = :id;

-- query patient_by_ids(ids bigint[]) many patient_row
select {patient_columns} from patient.patient p
 where p.company_id = :company and p.id = any (:ids) order by p.id;

-- query patient_lock(id bigint) one (version int, restricted bool, merged_into bigint?)
select version, restricted, merged_into from patient.patient where company_id = :company and id = :id for update;

-- A CPF that is already somebody's gives no row.
-- query patient_insert(name text, social_name text?, birth date?, cpf text?, rg text?, occupation text?, sex text?,
--   gender text?, phone text?, phone2 text?, phone2_note text?, email text?, phone_whatsapp bool, phone2_whatsapp bool,
--   cep text?, street text?, number text?, complement text?, district text?, city text?, uf text?, channel text?,
--   times text[], tags text[], source text?, lead_id bigint?, consent bool, notes text?, search text, phone_key text?,
--   phone2_key text?, user_id bigint?) find (id bigint)
insert into patient.patient (company_id, name, social_name, birth, cpf, rg, occupation, sex, gender, phone, phone2,
       phone2_note, email, phone_whatsapp, phone2_whatsapp, cep, street, number, complement, district, city, uf, channel,
       times, tags, source, lead_id, consent, consent_at, notes, search, phone_key, phone2_key, created_by)
values (:company, :name, :social_name, :birth, :cpf, :rg, :occupation, :sex, :gender, :phone, :phone2, :phone2_note,
       :email, :phone_whatsapp, :phone2_whatsapp, :cep, :street, :number, :complement, :district, :city, :uf, :channel,
       :times, :tags, :source, :lead_id, :consent, case when :consent then now() end, :notes, :search, :phone_key,
       :phone2_key, :user_id)
on conflict (company_id, cpf) where cpf is not null and merged_into is null do nothing
returning id;

-- query patient_update(id bigint, version int, name text, social_name text?, birth date?, cpf text?, rg text?,
--   occupation text?, sex text?, gender text?, phone text?, phone2 text?, phone2_note text?, email text?,
--   phone_whatsapp bool, phone2_whatsapp bool, cep text?, street text?, number text?, complement text?, district text?,
--   city text?, uf text?, channel text?, times text[], tags text[], source text?, consent bool, notes text?, search text,
--   phone_key text?, phone2_key text?) exec
update patient.patient
   set name = :name, social_name = :social_name, birth = :birth, cpf = :cpf, rg = :rg, occupation = :occupation,
       sex = :sex, gender = :gender, phone = :phone, phone2 = :phone2, phone2_note = :phone2_note, email = :email,
       phone_whatsapp = :phone_whatsapp, phone2_whatsapp = :phone2_whatsapp, cep = :cep, street = :street,
       number = :number, complement = :complement, district = :district, city = :city, uf = :uf, channel = :channel,
       times = :times, tags = :tags, source = :source, consent = :consent,
       consent_at = case when :consent and not consent then now() when :consent then consent_at end,
       notes = :notes, search = :search, phone_key = :phone_key, phone2_key = :phone2_key, updated_at = now(),
       version = version + 1
 where company_id = :company and id = :id and version = :version;

-- The answer for each channel; one that did not change keeps its day and its witness.
-- query patient_consent_write(id bigint, granted text[], user_id bigint?) exec
insert into patient.consent (company_id, patient_id, channel, granted, user_id)
select :company, :id, c, c = any (:granted), :user_id
  from unnest(array['whatsapp', 'email', 'sms', 'phone']) c
 where c = any (:granted)
    or exists (select from patient.consent o where o.company_id = :company and o.patient_id = :id and o.channel = c)
on conflict (company_id, patient_id, channel) do update
   set granted = excluded.granted, at = now(), user_id = excluded.user_id
 where patient.consent.granted <> excluded.granted;

-- query patient_consents(id bigint) many (channel text, granted bool, at timestamptz, user_name text?)
select c.channel, c.granted, c.at, m.name
  from patient.consent c
  left join account.member m on m.company_id = :company and m.user_id = c.user_id
 where c.company_id = :company and c.patient_id = :id order by c.channel;

-- query patient_set_photo(id bigint, photo text?) exec
update patient.patient set photo = :photo, updated_at = now() where company_id = :company and id = :id;

-- query patient_twins(key text?, email text?, cpf text?) many (id bigint, name text, phone text?, email text?,
--   cpf text?, birth date?, why text)
select id, name, phone, email, cpf, birth, why from (
    select *, 'cpf' as why from patient.patient where company_id = :company and cpf = :cpf and merged_into is null
    union all
    select *, 'phone' from patient.patient
     where company_id = :company and phone_key = :key and merged_into is null
    union all
    select *, 'phone' from patient.patient
     where company_id = :company and phone2_key = :key and merged_into is null
    union all
    select *, 'email' from patient.patient
     where company_id = :company and email = :email and merged_into is null) t
 limit 20;

-- The demonstration's patients have been coming for years.
-- query patient_demo_since(id bigint, at timestamptz) exec
with asked as (
    update patient.consent set at = :at where company_id = :company and patient_id = :id returning patient_id)
update patient.patient set created_at = :at, consent_at = case when consent then :at end
 where company_id = :company and id = :id;

-- query patient_demo_alert(id bigint, kind text, text text, text_key text, severe bool) exec
insert into patient.alert (company_id, patient_id, kind, text, text_key, severe, source, confirmed_at)
values (:company, :id, :kind, :text, :text_key, :severe, 'hand', now())
on conflict do nothing;
