-- row visit_row (id bigint, patient_id bigint, dentist_id bigint, dentist text, appointment_id bigint?,
--   started_at timestamptz, ended_at timestamptz?, materials text?, done text[], next_in_days int?, next_minutes int?,
--   next_note text?, version int)

-- part visit_from
select v.id, v.patient_id, v.dentist_id, d.name as dentist, v.appointment_id, v.started_at, v.ended_at, v.materials,
       v.done, v.next_in_days, v.next_minutes, v.next_note, v.version
  from treatment.visit v
  join account.member d on d.company_id = v.company_id and d.user_id = v.dentist_id
;

-- query visit_by_id(id bigint) one visit_row
{visit_from}
 where v.company_id = :company and v.id = :id;

-- query visit_of_appointment(appointment bigint) find (id bigint)
select id from treatment.visit where company_id = :company and appointment_id = :appointment;

-- query visit_open(patient bigint, dentist bigint) find (id bigint)
select id from treatment.visit
 where company_id = :company and patient_id = :patient and dentist_id = :dentist and ended_at is null
 order by id desc limit 1;

-- A visit that was begun for this appointment already gives no row.
-- query visit_insert(patient bigint, dentist bigint, appointment bigint?, at timestamptz) find (id bigint)
insert into treatment.visit (company_id, patient_id, dentist_id, appointment_id, started_at)
values (:company, :patient, :dentist, :appointment, :at)
on conflict (company_id, appointment_id) where appointment_id is not null do nothing
returning id;

-- No row: it is over.
-- query visit_end(id bigint, at timestamptz, materials text?, days int?, minutes int?, note text?) exec
update treatment.visit
   set ended_at = :at, materials = :materials, next_in_days = :days, next_minutes = :minutes, next_note = :note,
       version = version + 1
 where company_id = :company and id = :id and ended_at is null;

-- query visit_set_done(id bigint, done text[]) exec
update treatment.visit set done = :done where company_id = :company and id = :id;

-- query visit_acts(visit bigint) many (id bigint, kind text, title text?, condition text?, tooth int?, surfaces int,
--   region text?, first int?, last int?)
select a.id, a.kind, p.name, a.condition, a.tooth::int, a.surfaces::int, a.region,
       (select t.tooth::int from treatment.act_tooth t
         where t.company_id = a.company_id and t.act_id = a.id order by t.place limit 1),
       (select t.tooth::int from treatment.act_tooth t
         where t.company_id = a.company_id and t.act_id = a.id order by t.place desc limit 1)
  from treatment.act a
  left join treatment.procedure p on p.company_id = a.company_id and p.id = a.procedure_id
 where a.company_id = :company and a.visit_id = :visit and a.voided_at is null
 order by a.id limit 200;

-- What other modules choose among, the newest first.
-- query visit_past(patient_id bigint, n int) many (id bigint, started_at timestamptz, dentist text?)
select v.id, v.started_at, m.name as dentist
  from treatment.visit v
  left join account.member m on m.company_id = :company and m.user_id = v.dentist_id
 where v.company_id = :company and v.patient_id = :patient_id
 order by v.started_at desc, v.id desc limit :n;

-- What the procedures of the patient's open lines use, for those who end a visit.
-- query visit_kits(patient bigint) many (line_id bigint, kit jsonb?)
select l.id, c.kit
  from treatment.plan p
  join treatment.plan_line l on l.company_id = p.company_id and l.plan_id = p.id
  join treatment.procedure c on c.company_id = l.company_id and c.id = l.procedure_id
 where p.company_id = :company and p.patient_id = :patient and p.active and l.state not in ('done', 'cancelled')
   and c.kit is not null limit 501;

-- What the dentist should know of the patients of a day, beside the visits themselves.
-- query day_patients(patients bigint[]) many (patient_id bigint, birth date?, phone text?, alert_text text?, visits int,
--   planned text?, anamnesis_at timestamptz?, images int, lab bool)
select b.patient_id, b.birth, b.phone, b.alert_text, b.visits,
       (select string_agg(t.line, ', ')
          from (select concat_ws(' ', l.name, a.tooth) as line
                  from treatment.plan p
                  join treatment.plan_line l on l.company_id = p.company_id and l.plan_id = p.id
                  join treatment.act a on a.company_id = l.company_id and a.id = l.act_id
                 where p.company_id = b.company_id and p.patient_id = b.patient_id and p.active
                   and l.state in ('approved', 'in_progress')
                 order by l.position, l.id limit 3) t) as planned,
       b.anamnesis_at, b.images,
       exists (select from treatment.lab_case c
                where c.company_id = b.company_id and c.patient_id = b.patient_id and c.received_at is null
                  and c.cancelled_at is null) as lab
  from patient.brief b
 where b.company_id = :company and b.patient_id = any(:patients);

-- query day_visits(appointments bigint[]) many (appointment_id bigint, id bigint, ended_at timestamptz?, notes bigint,
--   open_notes bigint)
select coalesce(v.appointment_id, 0) as appointment_id, v.id, v.ended_at,
       (select count(*) from treatment.note n where n.company_id = v.company_id and n.visit_id = v.id) as notes,
       (select count(*) from treatment.note n
         where n.company_id = v.company_id and n.visit_id = v.id and n.signed_no is distinct from n.last_no) as open_notes
  from treatment.visit v
 where v.company_id = :company and v.appointment_id = any(:appointments);

-- Who came without an appointment: seen that day, or still in the chair.
-- query day_walk_ins(dentist bigint, from timestamptz, to timestamptz, today bool) many (id bigint, patient_id bigint,
--   patient text, started_at timestamptz, ended_at timestamptz?)
select v.id, v.patient_id, b.name, v.started_at, v.ended_at
  from treatment.visit v
  join patient.brief b on b.company_id = v.company_id and b.patient_id = v.patient_id
 where v.company_id = :company and v.dentist_id = :dentist and v.appointment_id is null
   and ((v.started_at >= :from and v.started_at < :to) or (:today and v.ended_at is null))
 order by v.started_at limit 50;

-- query unsigned_notes(dentist bigint) many (id bigint, patient_id bigint, patient text, created_at timestamptz)
select n.id, n.patient_id, b.name as patient, n.created_at
  from treatment.note n
  join patient.brief b on b.company_id = n.company_id and b.patient_id = n.patient_id
 where n.company_id = :company and n.dentist_id = :dentist and n.signed_no is null
 order by n.id limit 50;
