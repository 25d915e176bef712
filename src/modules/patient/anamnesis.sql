-- Anamneses: what is asked, what was answered, and the patient's way to it.

-- ---- questionnaires ----

-- row questionnaire_row (id bigint, name text, specialty text?, intro text?, declares text, months int, active bool,
--   version int, published_id bigint?, published_number int?, published_at timestamptz?, draft_id bigint?, draft_number int?)

-- part questionnaire_from
k.id, k.name, k.specialty, k.intro, k.declares, k.months, k.active, k.version, p.id as published_id,
       p.number as published_number, p.published_at, d.id as draft_id, d.number as draft_number
  from patient.questionnaire k
  left join lateral (select v.id, v.number, v.published_at from patient.questionnaire_version v
                      where v.company_id = :company and v.questionnaire_id = k.id and v.published_at is not null
                      order by v.number desc limit 1) p on true
  left join patient.questionnaire_version d
    on d.company_id = :company and d.questionnaire_id = k.id and d.published_at is null
;

-- query questionnaire_list() many questionnaire_row
select {questionnaire_from}
 where k.company_id = :company order by k.active desc, k.position, k.id limit 100;

-- query questionnaire_by_id(id bigint) one questionnaire_row
select {questionnaire_from}
 where k.company_id = :company and k.id = :id;

-- A name that another one in use has gives no row.
-- query questionnaire_insert(name text, name_key text, specialty text?, intro text?, declares text, months int,
--   position int) find (id bigint)
insert into patient.questionnaire (company_id, name, name_key, specialty, intro, declares, months, position)
values (:company, :name, :name_key, :specialty, :intro, :declares, :months, :position)
on conflict (company_id, name_key) where active do nothing
returning id;

-- query questionnaire_update(id bigint, name text, name_key text, specialty text?, intro text?, declares text, months int, active bool,
--   version int) exec
update patient.questionnaire
   set name = :name, name_key = :name_key, specialty = :specialty, intro = :intro, declares = :declares, months = :months, active = :active,
       version = version + 1
 where company_id = :company and id = :id and version = :version;

-- query version_insert(questionnaire_id bigint, user_id bigint?) one (id bigint)
insert into patient.questionnaire_version (company_id, questionnaire_id, number, created_by)
select :company, :questionnaire_id, coalesce(max(v.number), 0) + 1, :user_id from patient.questionnaire_version v
 where v.company_id = :company and v.questionnaire_id = :questionnaire_id
returning id;

-- query version_copy(from_id bigint, to_id bigint) exec
insert into patient.question (company_id, version_id, key, position, section, text, hint, kind, required, detail, options,
       alert_kind, alert_on, alert_text, alert_severe)
select company_id, :to_id, key, position, section, text, hint, kind, required, detail, options, alert_kind, alert_on,
       alert_text, alert_severe
  from patient.question where company_id = :company and version_id = :from_id;

-- query version_publish(id bigint, user_id bigint?) exec
update patient.questionnaire_version set published_at = now(), published_by = :user_id
 where company_id = :company and id = :id and published_at is null
   and exists (select 1 from patient.question q where q.company_id = :company and q.version_id = :id);

-- query version_discard_questions(id bigint) exec
delete from patient.question where company_id = :company and version_id = :id;

-- query version_discard(id bigint) exec
delete from patient.questionnaire_version where company_id = :company and id = :id and published_at is null;

-- ---- questions ----

-- row question_row (id bigint, version_id bigint, key text, position int, section text, text text, hint text?, kind text,
--   required bool, detail text?, options text[], alert_kind text?, alert_on text[], alert_text text?, alert_severe bool)

-- part question_columns
id, version_id, key, position, section, text, hint, kind, required, detail, options, alert_kind, alert_on, alert_text,
       alert_severe
;

-- query question_list(version_id bigint) many question_row
select {question_columns} from patient.question
 where company_id = :company and version_id = :version_id order by position, id limit 150;

-- query question_by_id(id bigint) one question_row
select {question_columns} from patient.question where company_id = :company and id = :id;

-- query question_insert(version_id bigint, key text, position int, section text, text text, hint text?, kind text,
--   required bool, detail text?, options text[], alert_kind text?, alert_on text[], alert_text text?,
--   alert_severe bool) one (id bigint)
insert into patient.question (company_id, version_id, key, position, section, text, hint, kind, required, detail, options,
       alert_kind, alert_on, alert_text, alert_severe)
values (:company, :version_id, :key, :position, :section, :text, :hint, :kind, :required, :detail, :options, :alert_kind,
       :alert_on, :alert_text, :alert_severe)
returning id;

-- query question_update(id bigint, section text, text text, hint text?, kind text, required bool, detail text?,
--   options text[], alert_kind text?, alert_on text[], alert_text text?, alert_severe bool) exec
update patient.question
   set section = :section, text = :text, hint = :hint, kind = :kind, required = :required, detail = :detail,
       options = :options, alert_kind = :alert_kind, alert_on = :alert_on, alert_text = :alert_text,
       alert_severe = :alert_severe
 where company_id = :company and id = :id;

-- query question_remove(id bigint) exec
delete from patient.question where company_id = :company and id = :id;

-- query question_order(version_id bigint, ids bigint[]) exec
update patient.question q set position = o.place::int
  from unnest(:ids) with ordinality as o (id, place)
 where q.company_id = :company and q.version_id = :version_id and q.id = o.id;

-- ---- fillings ----

-- row anamnesis_row (id bigint, patient_id bigint, patient text, birth date?, phone text?, questionnaire_id bigint,
--   questionnaire text, intro text?, declares text, version_id bigint, number int, way text, state text,
--   started_at timestamptz, started_by bigint?, saved_at timestamptz, sent_at timestamptz?, signer text?,
--   signer_is text?, signer_ip text?, signer_agent text?, signature_path text?, seal text?, reviewed_at timestamptz?,
--   reviewed_by bigint?)

-- part anamnesis_from
a.id, a.patient_id, coalesce(p.social_name, p.name) as patient, p.birth, p.phone, a.questionnaire_id,
       k.name as questionnaire, k.intro, k.declares, a.version_id, v.number, a.way, a.state, a.started_at, a.started_by,
       a.saved_at, a.sent_at, a.signer, a.signer_is, a.signer_ip, a.signer_agent, a.signature_path, a.seal, a.reviewed_at,
       a.reviewed_by
  from patient.anamnesis a
  join patient.patient p on p.company_id = :company and p.id = a.patient_id
  join patient.questionnaire k on k.company_id = :company and k.id = a.questionnaire_id
  join patient.questionnaire_version v on v.company_id = :company and v.id = a.version_id
;

-- query anamnesis_by_id(id bigint) one anamnesis_row
select {anamnesis_from}
 where a.company_id = :company and a.id = :id;

-- What is open first, then the newest.
-- query anamnesis_list(patient_id bigint) many anamnesis_row
select {anamnesis_from}
 where a.company_id = :company and a.patient_id = :patient_id and a.state <> 'dropped'
 order by a.state = 'open' desc, a.id desc limit 100;

-- The filling of this questionnaire that is open.
-- query anamnesis_open(patient_id bigint, questionnaire_id bigint) find (id bigint)
select id from patient.anamnesis
 where company_id = :company and patient_id = :patient_id and questionnaire_id = :questionnaire_id and state = 'open';

-- query anamnesis_insert(patient_id bigint, questionnaire_id bigint, version_id bigint, way text, user_id bigint?) one (id bigint)
insert into patient.anamnesis (company_id, patient_id, questionnaire_id, version_id, way, started_by)
values (:company, :patient_id, :questionnaire_id, :version_id, :way, :user_id)
returning id;

-- query anamnesis_way(id bigint, way text) exec
update patient.anamnesis set way = :way where company_id = :company and id = :id and state = 'open';

-- One at a time; and whether it is still open.
-- query anamnesis_lock(id bigint) one (state text)
select state from patient.anamnesis where company_id = :company and id = :id for update;

-- query anamnesis_saved(id bigint) exec
update patient.anamnesis set saved_at = now() where company_id = :company and id = :id and state = 'open';

-- query anamnesis_send(id bigint, signer text, signer_is text, signer_ip text?, signer_agent text?, path text,
--   points jsonb, seal text) exec
update patient.anamnesis
   set state = 'sent', sent_at = now(), saved_at = now(), signer = :signer, signer_is = :signer_is,
       signer_ip = :signer_ip, signer_agent = :signer_agent, signature_path = :path, signature_points = :points,
       seal = :seal
 where company_id = :company and id = :id and state = 'open';

-- query anamnesis_drop(id bigint) exec
update patient.anamnesis set state = 'dropped' where company_id = :company and id = :id and state = 'open';

-- query anamnesis_review(id bigint, user_id bigint?) exec
update patient.anamnesis set reviewed_at = now(), reviewed_by = :user_id
 where company_id = :company and id = :id and state = 'sent' and reviewed_at is null;

-- Other screens ask when answers were last given.
-- query anamnesis_brief(patient_id bigint) exec
insert into patient.brief (company_id, patient_id, name, phone, birth, anamnesis_at)
select :company, p.id, coalesce(p.social_name, p.name), p.phone, p.birth,
       (select max(a.sent_at) from patient.anamnesis a
         where a.company_id = :company and a.patient_id = p.id and a.state = 'sent')
  from patient.patient p where p.company_id = :company and p.id = :patient_id
on conflict (company_id, patient_id) do update set anamnesis_at = excluded.anamnesis_at;

-- ---- answers ----

-- query answer_list(anamnesis_id bigint) many (question_id bigint, value text, detail text?)
select question_id, value, detail from patient.answer where company_id = :company and anamnesis_id = :anamnesis_id;

-- What the patient said last time to each question, in whichever questionnaire it was asked.
-- query answer_before(patient_id bigint, id bigint) many (key text, kind text, value text, detail text?, at timestamptz)
select distinct on (q.key) q.key, q.kind, w.value, w.detail, coalesce(a.sent_at, a.saved_at) as at
  from patient.anamnesis a
  join patient.answer w on w.company_id = :company and w.anamnesis_id = a.id
  join patient.question q on q.company_id = :company and q.id = w.question_id
 where a.company_id = :company and a.patient_id = :patient_id and a.state = 'sent' and a.id <> :id
   and a.sent_at < coalesce((select t.sent_at from patient.anamnesis t where t.company_id = :company and t.id = :id), 'infinity')
 order by q.key, a.sent_at desc, a.id desc;

-- query answer_forget(anamnesis_id bigint, kept bigint[]) exec
delete from patient.answer
 where company_id = :company and anamnesis_id = :anamnesis_id and question_id <> all (:kept);

-- query answer_put(anamnesis_id bigint, ids bigint[], texts text[], details text[]) exec
insert into patient.answer (company_id, anamnesis_id, question_id, value, detail)
select :company, :anamnesis_id, u.id, u.value, nullif(u.detail, '')
  from unnest(:ids, :texts, :details) as u (id, value, detail)
on conflict (company_id, anamnesis_id, question_id)
   do update set value = excluded.value, detail = excluded.detail
   where answer.value is distinct from excluded.value or answer.detail is distinct from excluded.detail;

-- ---- links ----

-- query link_insert(anamnesis_id bigint, token_hash text, asks_birth bool, expires_at timestamptz, user_id bigint?) one (id bigint)
insert into patient.anamnesis_link (company_id, anamnesis_id, token_hash, asks_birth, expires_at, created_by)
values (:company, :anamnesis_id, :token_hash, :asks_birth, :expires_at, :user_id)
returning id;

-- closed: the chart takes nothing any more.
-- query link_of_token(token_hash text) find (id bigint, anamnesis_id bigint, asks_birth bool, attempts int,
--   expires_at timestamptz, revoked_at timestamptz?, created_by bigint?, closed bool)
select l.id, l.anamnesis_id, l.asks_birth, l.attempts, l.expires_at, l.revoked_at, l.created_by, p.restricted as closed
  from patient.anamnesis_link l
  join patient.anamnesis a on a.company_id = :company and a.id = l.anamnesis_id
  join patient.patient p on p.company_id = :company and p.id = a.patient_id
 where l.company_id = :company and l.token_hash = :token_hash;

-- The newest link that still opens this filling.
-- query link_standing(anamnesis_id bigint) find (id bigint, asks_birth bool, created_at timestamptz, expires_at timestamptz,
--   opened_at timestamptz?)
select id, asks_birth, created_at, expires_at, opened_at from patient.anamnesis_link
 where company_id = :company and anamnesis_id = :anamnesis_id and revoked_at is null and expires_at > now()
 order by id desc limit 1;

-- A try at the birth date. No row: none is left.
-- query link_try(id bigint, most int) exec
update patient.anamnesis_link set attempts = attempts + 1
 where company_id = :company and id = :id and attempts < :most and revoked_at is null;

-- query link_opened(id bigint) exec
update patient.anamnesis_link set opened_at = coalesce(opened_at, now()), attempts = 0
 where company_id = :company and id = :id;

-- query link_revoke(anamnesis_id bigint) exec
update patient.anamnesis_link set revoked_at = now()
 where company_id = :company and anamnesis_id = :anamnesis_id and revoked_at is null;

-- ---- demonstration ----

-- query anamnesis_demo_patients() many (id bigint, name text)
select id, name from patient.patient where company_id = :company and merged_into is null order by id limit 100;

-- query anamnesis_demo_age(id bigint, at timestamptz) exec
update patient.anamnesis set sent_at = :at, saved_at = :at, started_at = :at, reviewed_at = null
 where company_id = :company and id = :id and state = 'sent';
