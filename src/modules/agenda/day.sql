-- What the pages of the agenda show besides the visits themselves.

-- Of each patient who comes in the range: how to reach them, what to beware of, and their first visit here.
-- query day_brief(from timestamptz, to timestamptz) many (patient_id bigint, phone text?, birth date?, alert_text text?,
--   no_shows int, first_at timestamptz?)
select b.patient_id, b.phone, b.birth, b.alert_text, b.no_shows, b.first_visit_at
  from (select distinct patient_id from agenda.appointment
         where company_id = :company and starts_at >= :from and starts_at < :to and patient_id is not null) a
  join patient.brief b on b.company_id = :company and b.patient_id = a.patient_id;

-- query day_rule() find (open_minute int, close_minute int, step_minutes int)
select open_minute, close_minute, step_minutes from agenda.rule where company_id = :company;

-- Who waits for an earlier visit: the urgent first, then who waits longest.
-- query day_waiting(n int) many (id bigint, patient_id bigint, patient text, phone text?, dentist_id bigint?, branch_id bigint?,
--   visit_type_id bigint?, visit_type text?, minutes int, weekdays int, from_minute int, to_minute int, priority int,
--   note text?, created_at timestamptz)
select w.id, w.patient_id, b.name, b.phone, w.dentist_id, w.branch_id, w.visit_type_id, t.name, w.minutes, w.weekdays,
       w.from_minute, w.to_minute, w.priority, w.note, w.created_at
  from agenda.waiting w
  join patient.brief b on b.company_id = w.company_id and b.patient_id = w.patient_id
  left join agenda.visit_type t on t.company_id = w.company_id and t.id = w.visit_type_id
 where w.company_id = :company and w.state = 'open'
 order by w.priority desc, w.id limit :n;

-- query day_waiting_one(id bigint) one (patient_id bigint, patient text, dentist_id bigint?, branch_id bigint?,
--   visit_type_id bigint?, minutes int, note text?)
select w.patient_id, b.name, w.dentist_id, w.branch_id, w.visit_type_id, w.minutes, w.note
  from agenda.waiting w
  join patient.brief b on b.company_id = w.company_id and b.patient_id = w.patient_id
 where w.company_id = :company and w.id = :id and w.state = 'open';

-- Figures of each day of the range that has visits. busy is minutes.
-- query day_figures(from timestamptz, to timestamptz, zone text, branch bigint?, dentist bigint?, type bigint?)
--   many (on_date date, visits int, unconfirmed int, busy int)
select (starts_at at time zone :zone)::date, count(*)::int,
       count(*) filter (where presence = 'scheduled' and confirmation <> 'confirmed')::int,
       (sum(extract(epoch from ends_at - starts_at)) / 60)::int
  from agenda.appointment
 where company_id = :company and starts_at >= :from and starts_at < :to
   and presence not in ('held', 'cancelled', 'no_show')
   and (:branch::bigint is null or branch_id = :branch)
   and (:dentist::bigint is null or dentist_id = :dentist)
   and (:type::bigint is null or visit_type_id = :type)
 group by 1 order by 1;

-- The last visits of a patient and the next ones, newest first.
-- query day_of_patient(patient bigint, now timestamptz) many (id bigint, starts_at timestamptz, ends_at timestamptz,
--   presence text, confirmation text, title text, visit_type text?, dentist_id bigint, dentist text)
(select a.id, a.starts_at, a.ends_at, a.presence, a.confirmation, a.title, t.name, a.dentist_id, concat_ws(' ', d.prefix, u.name)
   from agenda.appointment a
   join account.member u on u.company_id = a.company_id and u.user_id = a.dentist_id
   join agenda.dentist d on d.company_id = a.company_id and d.user_id = a.dentist_id
   left join agenda.visit_type t on t.company_id = a.company_id and t.id = a.visit_type_id
  where a.company_id = :company and a.patient_id = :patient and a.starts_at >= :now and a.presence not in ('held', 'cancelled')
  order by a.starts_at limit 4)
union all
(select a.id, a.starts_at, a.ends_at, a.presence, a.confirmation, a.title, t.name, a.dentist_id, concat_ws(' ', d.prefix, u.name)
   from agenda.appointment a
   join account.member u on u.company_id = a.company_id and u.user_id = a.dentist_id
   join agenda.dentist d on d.company_id = a.company_id and d.user_id = a.dentist_id
   left join agenda.visit_type t on t.company_id = a.company_id and t.id = a.visit_type_id
  where a.company_id = :company and a.patient_id = :patient and a.starts_at < :now and a.presence <> 'held'
  order by a.starts_at desc limit 4)
 order by 2 desc;
