-- row recall_row (id bigint, patient_id bigint, patient text, phone text?, rule_id bigint?, rule text?, previous_on date?,
--   due_calc date, due_on date, state text, hidden_until date?, appointment_id bigint?, attempts int, note text?,
--   last_outcome text?, last_at timestamptz?, next_visit_at timestamptz?, asked bool, minutes int?, dentist_id bigint?,
--   dentist text?, version int)

-- part recall_from
select c.id, c.patient_id, b.name as patient, b.phone, c.rule_id, r.name as rule, c.previous_on, c.due_calc, c.due_on,
       c.state, c.hidden_until, c.appointment_id, c.attempts, c.note, t.outcome as last_outcome, t.at as last_at,
       b.next_visit_at, c.asked, c.minutes, v.dentist_id, m.name as dentist, c.version
  from treatment.recall c
  join patient.brief b on b.company_id = c.company_id and b.patient_id = c.patient_id
  join patient.patient p on p.company_id = c.company_id and p.id = c.patient_id
  left join treatment.recall_rule r on r.company_id = c.company_id and r.id = c.rule_id
  left join treatment.visit v on v.company_id = c.company_id and v.id = c.visit_id
  left join account.member m on m.company_id = v.company_id and m.user_id = v.dentist_id
  left join lateral (select a.outcome, a.at from treatment.recall_attempt a
                      where a.company_id = c.company_id and a.recall_id = c.id order by a.id desc limit 1) t on true
;

-- Nobody is called whose record was closed, anonymised, or became another one.
-- part recall_callable
not p.restricted and p.merged_into is null
;

-- query recall_by_id(id bigint) one recall_row
{recall_from}
 where c.company_id = :company and c.id = :id;

-- Due by the day, not hidden; the longest overdue first.
-- query recall_due(until date, today date, rule bigint?, asked bool, n int) many recall_row
{recall_from}
 where c.company_id = :company and c.state in ('pending', 'no_answer') and c.due_on <= :until
   and (c.hidden_until is null or c.hidden_until <= :today) and (:rule::bigint is null or c.rule_id = :rule)
   and (c.asked or not :asked) and {recall_callable}
 order by c.due_on, c.id limit :n;

-- query recall_in_state(state text, n int) many recall_row
{recall_from}
 where c.company_id = :company and c.state = :state and {recall_callable}
 order by c.id desc limit :n;

-- query recall_of_patient(patient bigint) many recall_row
{recall_from}
 where c.company_id = :company and c.patient_id = :patient
 order by c.id desc limit 50;

-- query recall_counts(today date, month date) one (late bigint, soon bigint, scheduled bigint)
select count(*) filter (where c.state in ('pending', 'no_answer') and c.due_on < :today) as late,
       count(*) filter (where c.state in ('pending', 'no_answer') and c.due_on >= :today and c.due_on <= :month) as soon,
       count(*) filter (where c.state = 'scheduled') as scheduled
  from treatment.recall c
  join patient.patient p on p.company_id = c.company_id and p.id = c.patient_id
 where c.company_id = :company and c.state in ('pending', 'no_answer', 'scheduled') and {recall_callable};

-- What was done earlier than what is counted from already (a history written down later) moves nothing.
-- A date set by hand (due_on other than due_calc) stays when the rule computes the same date again.
-- query recall_put(patient bigint, rule bigint, previous date, due date) exec
insert into treatment.recall (company_id, patient_id, rule_id, previous_on, due_calc, due_on)
select :company, :patient, :rule, :previous, :due, :due
 where not exists (select from treatment.recall r
                    where r.company_id = :company and r.patient_id = :patient and r.rule_id = :rule and r.previous_on > :previous)
on conflict (company_id, patient_id, rule_id, asked) where state in ('pending', 'no_answer', 'scheduled')
do update set previous_on = excluded.previous_on, due_calc = excluded.due_calc,
       due_on = case when treatment.recall.due_calc = excluded.due_calc then treatment.recall.due_on else excluded.due_on end,
       updated_at = now(), version = treatment.recall.version + 1;

-- The treatment was done: those that were waited for are done.
-- query recall_finish(patient bigint, rule bigint, day date) exec
update treatment.recall set state = 'done', updated_at = now(), version = version + 1
 where company_id = :company and patient_id = :patient and rule_id = :rule and previous_on <= :day
   and state in ('pending', 'no_answer', 'scheduled');

-- query recall_reactivate(patient bigint, today date) find (id bigint)
insert into treatment.recall (company_id, patient_id, due_calc, due_on)
select :company, p.id, :today, :today
  from patient.patient p where p.company_id = :company and p.id = :patient and {recall_callable}
on conflict do nothing
returning id;

-- query recall_of_open(patient bigint) find (id bigint)
select id from treatment.recall
 where company_id = :company and patient_id = :patient and rule_id is null and not asked
   and state in ('pending', 'no_answer', 'scheduled')
 limit 1;

-- query recall_attempt_insert(recall bigint, at timestamptz, user_id bigint?, channel text, outcome text, note text?) exec
insert into treatment.recall_attempt (company_id, recall_id, at, user_id, channel, outcome, note)
values (:company, :recall, :at, :user_id, :channel, :outcome, :note);

-- Who is booked stays so, whatever was talked about, until they do not want to come.
-- query recall_tried(id bigint, state text, hidden date?) exec
update treatment.recall
   set attempts = attempts + 1, hidden_until = :hidden,
       state = case when state = 'scheduled' and :state = 'no_answer' then state else :state end,
       updated_at = now(), version = version + 1
 where company_id = :company and id = :id and state in ('pending', 'no_answer', 'scheduled');

-- query recall_move(id bigint, version int, due date, hidden date?, note text?) exec
update treatment.recall
   set due_on = :due, hidden_until = :hidden, note = :note, updated_at = now(), version = version + 1
 where company_id = :company and id = :id and version = :version and state in ('pending', 'no_answer', 'scheduled');

-- query recall_cancel(id bigint, note text) exec
update treatment.recall set state = 'cancelled', note = :note, updated_at = now(), version = version + 1
 where company_id = :company and id = :id and state in ('pending', 'no_answer', 'scheduled');

-- A visit was booked: it counts from half the time to the due date on, at most :near days before it.
-- query recall_booked(appointment bigint, zone text, near int) exec
update treatment.recall c
   set state = 'scheduled', appointment_id = a.id, updated_at = now(), version = c.version + 1
  from agenda.appointment a
 where a.company_id = :company and a.id = :appointment and c.company_id = a.company_id and c.patient_id = a.patient_id
   and c.state in ('pending', 'no_answer')
   and c.due_on <= (a.starts_at at time zone :zone)::date
                   + least(:near::int, greatest((c.due_on - coalesce(c.previous_on, c.due_on)) / 2, 0));

-- The visit fell away: back on the list.
-- query recall_unbooked(appointment bigint) exec
update treatment.recall set state = 'pending', appointment_id = null, updated_at = now(), version = version + 1
 where company_id = :company and appointment_id = :appointment and state = 'scheduled';

-- The dentist wants to see them again in so many days. Booked already, as far ahead as a booking counts: scheduled.
-- query recall_ask(patient bigint, visit bigint, today date, due date, minutes int?, note text?, now timestamptz,
--   near timestamptz) exec
insert into treatment.recall (company_id, patient_id, visit_id, previous_on, due_calc, due_on, minutes, note, asked,
       appointment_id, state)
select :company, :patient, :visit, :today, :due, :due, :minutes, :note, true, b.id,
       case when b.id is null then 'pending' else 'scheduled' end
  from (select 1) o
  left join lateral (select a.id from agenda.appointment a
                      where a.company_id = :company and a.patient_id = :patient and a.presence = 'scheduled'
                        and a.starts_at > :now and a.starts_at >= :near order by a.starts_at limit 1) b on true
on conflict (company_id, patient_id, rule_id, asked) where state in ('pending', 'no_answer', 'scheduled')
do update set visit_id = excluded.visit_id, previous_on = excluded.previous_on, due_calc = excluded.due_calc,
       due_on = excluded.due_on, minutes = excluded.minutes, note = excluded.note, state = excluded.state,
       appointment_id = excluded.appointment_id, hidden_until = null, updated_at = now(),
       version = treatment.recall.version + 1;

-- The patient was here: who was only asked to come again has come; what a rule waits for was done by now, or the
-- patient stands on the list again.
-- query recall_seen(appointment bigint) exec
update treatment.recall
   set state = case when rule_id is null then 'done' else 'pending' end,
       appointment_id = case when rule_id is null then appointment_id end, updated_at = now(), version = version + 1
 where company_id = :company and appointment_id = :appointment and state = 'scheduled';

-- query recall_attempts(recall bigint) many (at timestamptz, who text?, channel text, outcome text, note text?)
select a.at, m.name as who, a.channel, a.outcome, a.note
  from treatment.recall_attempt a
  left join account.member m on m.company_id = a.company_id and m.user_id = a.user_id
 where a.company_id = :company and a.recall_id = :recall
 order by a.id desc limit 50;

-- query recall_rules() many (id bigint, name text, words text, months int, active bool)
select id, name, words, months, active from treatment.recall_rule
 where company_id = :company order by active desc, name limit 100;

-- query recall_rule_insert(name text, words text, months int) find (id bigint)
insert into treatment.recall_rule (company_id, name, words, months) values (:company, :name, :words, :months)
on conflict (company_id, name) do nothing
returning id;

-- query recall_rule_update(id bigint, name text, words text, months int, active bool) exec
update treatment.recall_rule
   set name = :name, words = :words, months = :months, active = :active, version = version + 1
 where company_id = :company and id = :id;

-- query recall_act(id bigint) find (patient_id bigint, name text, done_at timestamptz)
select a.patient_id, p.name, coalesce(a.done_at, a.recorded_at) as done_at
  from treatment.act a
  join treatment.procedure p on p.company_id = a.company_id and p.id = a.procedure_id
 where a.company_id = :company and a.id = :id and a.kind = 'done' and a.voided_at is null;

-- Nobody has seen them since the day, nothing is booked, and nobody has given them up.
-- query recall_lost(before timestamptz, n int) many (patient_id bigint, name text, phone text?, last_visit_at timestamptz,
--   recall_id bigint?, attempts int?, last_outcome text?)
select b.patient_id, b.name, b.phone, coalesce(b.last_visit_at, :before) as last_visit_at, c.id as recall_id, c.attempts, t.outcome as last_outcome
  from patient.brief b
  join patient.patient p on p.company_id = b.company_id and p.id = b.patient_id
  left join treatment.recall c on c.company_id = b.company_id and c.patient_id = b.patient_id and c.rule_id is null
   and not c.asked and c.state in ('pending', 'no_answer', 'declined', 'cancelled')
  left join lateral (select a.outcome from treatment.recall_attempt a
                      where a.company_id = c.company_id and a.recall_id = c.id order by a.id desc limit 1) t on true
 where b.company_id = :company and b.last_visit_at < :before and (b.next_visit_at is null or b.next_visit_at < now())
   and (c.id is null or c.state in ('pending', 'no_answer')) and {recall_callable}
 order by b.last_visit_at desc limit :n;
