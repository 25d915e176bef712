-- query patient_set_closed(id bigint, closed bool, search text) exec
update patient.patient set restricted = :closed, search = :search, updated_at = now(), version = version + 1
 where company_id = :company and id = :id and merged_into is null and restricted <> :closed;

-- What is taken away of a patient is taken away of the records that became it too.
-- part wiped
(select w.id from patient.patient w where w.company_id = :company and (w.id = :id or w.merged_into = :id))
;

-- query patient_wipe_photos(id bigint) many (photo text)
select photo from patient.patient where company_id = :company and id in {wiped} and photo is not null limit 100;

-- A face says who it was, and so does what a scanner wrote into its file: the files go, the rows tell that they were.
-- query patient_wipe_images(id bigint) many (file text, view text?, thumb text?)
with old as (
    select i.id, i.file, i.view, i.thumb from patient.image i
     where i.company_id = :company and i.patient_id in {wiped} limit 10000)
update patient.image i
   set state = 'failed', fail = 'Retirada quando o cadastro foi anonimizado.', view = null, thumb = null, note = null,
       voided_at = coalesce(i.voided_at, now()), void_reason = coalesce(i.void_reason, 'Cadastro anonimizado'),
       version = i.version + 1
  from old
 where i.company_id = :company and i.id = old.id
returning old.file, old.view, old.thumb;

-- What says who it was is gone; what was done, and when, stays.
-- query patient_wipe(id bigint, name text) exec
update patient.patient
   set name = :name, social_name = null, birth = null, cpf = null, rg = null, sex = null, gender = null, phone = null,
       phone2 = null, phone2_note = null, phone_key = null, phone2_key = null, email = null, cep = null, street = null,
       number = null, complement = null, district = null, city = null, uf = null, photo = null, occupation = null,
       tags = '{}', times = '{}', channel = null, notes = null, source = null, consent = false, search = '',
       restricted = true, updated_at = now(), version = version + 1
 where company_id = :company and id in {wiped};

-- query patient_wipe_brief(id bigint, name text) exec
update patient.brief set name = :name, phone = null, birth = null, insurance = null
 where company_id = :company and patient_id in {wiped};

-- query patient_wipe_kin(id bigint) exec
delete from patient.kin where company_id = :company and (patient_id in {wiped} or other_id in {wiped});

-- query patient_wipe_insurance(id bigint) exec
update patient.insurance set number = null, holder = null where company_id = :company and patient_id in {wiped};

-- Who signed, how the hand moves, from which machine: gone from what was signed; the answers and the seal stay.
-- query patient_wipe_signatures(id bigint, name text) exec
update patient.anamnesis
   set signer = :name, signature_path = '', signature_points = null, signer_ip = null, signer_agent = null
 where company_id = :company and patient_id in {wiped} and state = 'sent';

-- What was begun and never signed is no record.
-- query patient_wipe_unsigned(id bigint) exec
delete from patient.answer w
 using patient.anamnesis a
 where a.company_id = :company and a.patient_id in {wiped} and a.state = 'open'
   and w.company_id = :company and w.anamnesis_id = a.id;

-- query patient_wipe_open(id bigint) exec
update patient.anamnesis set state = 'dropped'
 where company_id = :company and patient_id in {wiped} and state = 'open';

-- query patient_wipe_consent(id bigint) exec
update patient.consent set granted = false, at = now() where company_id = :company and patient_id = :id and granted;

-- query patient_wipe_merge(id bigint) exec
update patient.merge set before = '{}', after = '{}' where company_id = :company and (into_id = :id or from_id = :id);
