-- row patient_row (id bigint, name text, social_name text?, birth date?, cpf text?, phone text?, phone2 text?,
--   email text?, source text?, lead_id bigint?, consent bool, notes text?, created_at timestamptz, version int,
--   merged_into bigint?)

-- part patient_columns
id, name, social_name, birth, cpf, phone, phone2, email, source, lead_id, consent, notes, created_at, version,
       merged_into
;

-- query patient_by_id(id bigint) one patient_row
select {patient_columns} from patient.patient where company_id = :company and id = :id;

-- A CPF that is already somebody's gives no row.
-- query patient_insert(name text, social_name text?, birth date?, cpf text?, phone text?, phone2 text?, email text?,
--   source text?, lead_id bigint?, consent bool, notes text?, search text, phone_key text?, phone2_key text?,
--   user_id bigint?) find (id bigint)
insert into patient.patient (company_id, name, social_name, birth, cpf, phone, phone2, email, source, lead_id, consent,
       consent_at, notes, search, phone_key, phone2_key, created_by)
values (:company, :name, :social_name, :birth, :cpf, :phone, :phone2, :email, :source, :lead_id, :consent,
       case when :consent then now() end, :notes, :search, :phone_key, :phone2_key, :user_id)
on conflict (company_id, cpf) where cpf is not null and merged_into is null do nothing
returning id;

-- query patient_update(id bigint, version int, name text, social_name text?, birth date?, cpf text?, phone text?,
--   phone2 text?, email text?, consent bool, notes text?, search text, phone_key text?, phone2_key text?) exec
update patient.patient
   set name = :name, social_name = :social_name, birth = :birth, cpf = :cpf, phone = :phone, phone2 = :phone2,
       email = :email, consent = :consent,
       consent_at = case when :consent and not consent then now() when :consent then consent_at end,
       notes = :notes, search = :search, phone_key = :phone_key, phone2_key = :phone2_key, updated_at = now(),
       version = version + 1
 where company_id = :company and id = :id and version = :version;

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

-- query patient_list(word1 text?, word2 text?, word3 text?, after bigint?, n int) many patient_row
select {patient_columns} from patient.patient
 where company_id = :company and merged_into is null and (:word1::text is null or search like :word1)
   and (:word2::text is null or search like :word2) and (:word3::text is null or search like :word3)
   and (:after::bigint is null or id < :after)
 order by id desc limit :n;

-- query patient_count() one (n bigint)
select count(*) from patient.patient where company_id = :company and merged_into is null;
