-- Alerts of patients: what to know before touching one.

-- row alert_row (id bigint, patient_id bigint, kind text, text text, severe bool, source text, anamnesis_id bigint?,
--   question_key text?, noted_at timestamptz, noted_by bigint?, confirmed_at timestamptz?, confirmed_by bigint?,
--   ended_at timestamptz?, ended_by bigint?, end_reason text?)

-- part alert_columns
id, patient_id, kind, text, severe, source, anamnesis_id, question_key, noted_at, noted_by, confirmed_at, confirmed_by,
       ended_at, ended_by, end_reason
;

-- Those that stand, the severe ones first.
-- query alert_standing(patient_id bigint) many alert_row
select {alert_columns} from patient.alert
 where company_id = :company and patient_id = :patient_id and ended_at is null order by severe desc, id;

-- All, also those that ended: standing first, then the newest.
-- query alert_all(patient_id bigint) many alert_row
select {alert_columns} from patient.alert
 where company_id = :company and patient_id = :patient_id
 order by ended_at is not null, case when ended_at is null then severe end desc, ended_at desc, id limit 200;

-- query alert_by_id(id bigint) one alert_row
select {alert_columns} from patient.alert where company_id = :company and id = :id;

-- No row: the same warning stands already.
-- query alert_insert(patient_id bigint, kind text, text text, text_key text, severe bool, source text, anamnesis_id bigint?,
--   question_key text?, noted_by bigint?, confirmed bool) find (id bigint)
insert into patient.alert (company_id, patient_id, kind, text, text_key, severe, source, anamnesis_id, question_key, noted_by,
       confirmed_at, confirmed_by)
values (:company, :patient_id, :kind, :text, :text_key, :severe, :source, :anamnesis_id, :question_key, :noted_by,
       case when :confirmed then now() end, case when :confirmed then :noted_by end)
on conflict (company_id, patient_id, kind, text_key) where ended_at is null do nothing
returning id;

-- query alert_confirm(id bigint, user_id bigint?) exec
update patient.alert set confirmed_at = now(), confirmed_by = :user_id
 where company_id = :company and id = :id and confirmed_at is null and ended_at is null;

-- query alert_end(id bigint, user_id bigint?, reason text) exec
update patient.alert set ended_at = now(), ended_by = :user_id, end_reason = :reason
 where company_id = :company and id = :id and ended_at is null;

-- What heads and lists show follows the alerts that stand.
-- query alert_brief(patient_id bigint) exec
insert into patient.brief (company_id, patient_id, name, phone, birth, alert, alert_text)
select :company, p.id, coalesce(p.social_name, p.name), p.phone, p.birth, a.text is not null, a.text
  from patient.patient p
  left join lateral (select string_agg(s.text, ', ' order by s.severe desc, s.id) as text from patient.alert s
                      where s.company_id = :company and s.patient_id = p.id and s.ended_at is null) a on true
 where p.company_id = :company and p.id = :patient_id
on conflict (company_id, patient_id) do update set alert = excluded.alert, alert_text = excluded.alert_text;
