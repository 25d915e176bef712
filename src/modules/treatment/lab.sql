-- row lab_case_row (id bigint, patient_id bigint, patient text, laboratory_id bigint, laboratory text, dentist_id bigint,
--   dentist text, plan_line_id bigint?, work text, teeth bigint[], shade text?, instructions text?, cost_cents bigint,
--   expected_on date?, sent_at timestamptz?, received_at timestamptz?, checked_at timestamptz?, sent_back int,
--   cancelled_at timestamptz?, reason text?, next_visit_at timestamptz?, version int)

-- part lab_case_from
select c.id, c.patient_id, b.name as patient, c.laboratory_id, l.name as laboratory, c.dentist_id, d.name as dentist,
       c.plan_line_id, c.work, c.teeth, c.shade, c.instructions, c.cost_cents, c.expected_on, c.sent_at, c.received_at,
       c.checked_at, c.sent_back, c.cancelled_at, c.reason, b.next_visit_at, c.version
  from treatment.lab_case c
  join treatment.laboratory l on l.company_id = c.company_id and l.id = c.laboratory_id
  join account.member d on d.company_id = c.company_id and d.user_id = c.dentist_id
  join patient.brief b on b.company_id = c.company_id and b.patient_id = c.patient_id
;

-- query lab_case_by_id(id bigint) one lab_case_row
{lab_case_from}
 where c.company_id = :company and c.id = :id;

-- query lab_case_open(n int) many lab_case_row
{lab_case_from}
 where c.company_id = :company and c.checked_at is null and c.cancelled_at is null
 order by c.expected_on, c.id limit :n;

-- query lab_case_over(n int) many lab_case_row
{lab_case_from}
 where c.company_id = :company and (c.checked_at is not null or c.cancelled_at is not null)
 order by c.id desc limit :n;

-- query lab_case_of_patient(patient bigint) many lab_case_row
{lab_case_from}
 where c.company_id = :company and c.patient_id = :patient
 order by c.id desc limit 200;

-- query lab_case_insert(patient bigint, laboratory bigint, dentist bigint, line bigint?, work text, teeth bigint[],
--   shade text?, instructions text?, cost bigint, expected date?, user_id bigint?) one (id bigint)
insert into treatment.lab_case (company_id, patient_id, laboratory_id, dentist_id, plan_line_id, work, teeth, shade,
       instructions, cost_cents, expected_on, created_by)
values (:company, :patient, :laboratory, :dentist, :line, :work, :teeth, :shade, :instructions, :cost, :expected, :user_id)
returning id;

-- query lab_case_update(id bigint, version int, laboratory bigint, work text, teeth bigint[], shade text?,
--   instructions text?, cost bigint, expected date?) exec
update treatment.lab_case
   set laboratory_id = :laboratory, work = :work, teeth = :teeth, shade = :shade, instructions = :instructions,
       cost_cents = :cost, expected_on = :expected, warned_for = null, version = version + 1
 where company_id = :company and id = :id and version = :version and checked_at is null and cancelled_at is null;

-- A step is taken only from the one before it.
-- query lab_case_send(id bigint, at timestamptz, expected date) exec
update treatment.lab_case set sent_at = :at, expected_on = coalesce(expected_on, :expected), version = version + 1
 where company_id = :company and id = :id and sent_at is null and cancelled_at is null;

-- query lab_case_receive(id bigint, at timestamptz) exec
update treatment.lab_case set received_at = :at, version = version + 1
 where company_id = :company and id = :id and sent_at is not null and received_at is null and cancelled_at is null;

-- query lab_case_check(id bigint, at timestamptz) exec
update treatment.lab_case set checked_at = :at, version = version + 1
 where company_id = :company and id = :id and received_at is not null and checked_at is null and cancelled_at is null;

-- query lab_case_send_back(id bigint, at timestamptz, expected date, reason text) exec
update treatment.lab_case
   set sent_at = :at, received_at = null, expected_on = :expected, sent_back = sent_back + 1, reason = :reason,
       warned_for = null, version = version + 1
 where company_id = :company and id = :id and received_at is not null and checked_at is null and cancelled_at is null;

-- query lab_case_cancel(id bigint, at timestamptz, reason text) exec
update treatment.lab_case set cancelled_at = :at, reason = :reason, version = version + 1
 where company_id = :company and id = :id and checked_at is null and cancelled_at is null;

-- Not here yet, and not expected before the patient comes within the days asked for.
-- query lab_case_late(until timestamptz, today date, zone text) many (id bigint, patient text, work text, laboratory text,
--   dentist_id bigint, expected_on date?, next_visit_at timestamptz, visit_id bigint)
select c.id, b.name as patient, c.work, l.name as laboratory, c.dentist_id, c.expected_on, a.starts_at, a.id
  from treatment.lab_case c
  join treatment.laboratory l on l.company_id = c.company_id and l.id = c.laboratory_id
  join patient.brief b on b.company_id = c.company_id and b.patient_id = c.patient_id
  join agenda.appointment a on a.company_id = b.company_id and a.patient_id = b.patient_id
   and a.starts_at = b.next_visit_at and a.presence = 'scheduled'
 where c.company_id = :company and c.checked_at is null and c.cancelled_at is null and c.received_at is null
   and b.next_visit_at < :until and c.warned_for is distinct from a.id
   and (c.expected_on is null or c.sent_at is null or c.expected_on < :today
        or c.expected_on >= (b.next_visit_at at time zone :zone)::date)
 order by c.id limit 200;

-- query lab_case_warned(id bigint, visit bigint) exec
update treatment.lab_case set warned_for = :visit where company_id = :company and id = :id;

-- How long each really takes, by the last hundred that came back.
-- query laboratories() many (id bigint, name text, phone text?, email text?, days int, active bool, cases bigint,
--   late_days double?)
select l.id, l.name, l.phone, l.email, l.days, l.active,
       (select count(*) from treatment.lab_case c
         where c.company_id = l.company_id and c.laboratory_id = l.id and c.checked_at is null and c.cancelled_at is null)
       as cases,
       (select (avg(extract(epoch from c.received_at - c.sent_at)) / 86400)::double precision
          from (select c.received_at, c.sent_at from treatment.lab_case c
                 where c.company_id = l.company_id and c.laboratory_id = l.id and c.received_at is not null
                 order by c.received_at desc limit 100) c) as late_days
  from treatment.laboratory l
 where l.company_id = :company
 order by l.active desc, l.name limit 200;

-- query laboratory_by_id(id bigint) one (id bigint, name text, days int, active bool)
select id, name, days, active from treatment.laboratory where company_id = :company and id = :id;

-- query laboratory_insert(name text, phone text?, email text?, days int) find (id bigint)
insert into treatment.laboratory (company_id, name, phone, email, days) values (:company, :name, :phone, :email, :days)
on conflict (company_id, name) do nothing
returning id;

-- query laboratory_update(id bigint, name text, phone text?, email text?, days int, active bool) exec
update treatment.laboratory
   set name = :name, phone = :phone, email = :email, days = :days, active = :active, version = version + 1
 where company_id = :company and id = :id;
