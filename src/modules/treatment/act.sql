-- Acts: the lines of the chart.

-- row act_row (id bigint, patient_id bigint, kind text, condition text?, procedure_id bigint?, procedure text?,
--   paint text, area text, tooth smallint?, surfaces int, region text?, note text?, recorded_at timestamptz,
--   recorded_by bigint?, done_at timestamptz?, done_by bigint?, visit_id bigint?, voided_at timestamptz?,
--   void_reason text?, version int, teeth bigint[], roles text[], proposal bigint?)

-- part act_columns
a.id, a.patient_id, a.kind, a.condition, a.procedure_id, p.name, a.paint, a.area, a.tooth, a.surfaces::int, a.region,
       a.note, a.recorded_at, a.recorded_by, a.done_at, a.done_by, a.visit_id, a.voided_at, a.void_reason, a.version,
       array(select t.tooth::bigint from treatment.act_tooth t
              where t.company_id = :company and t.act_id = a.id order by t.place),
       array(select t.role from treatment.act_tooth t
              where t.company_id = :company and t.act_id = a.id order by t.place),
       (select l.plan_id from treatment.plan_line l
         where l.company_id = :company and l.act_id = a.id and l.state in ('planned', 'presented'))
;

-- query act_by_id(id bigint) one act_row
select {act_columns} from treatment.act a
  left join treatment.procedure p on p.company_id = a.company_id and p.id = a.procedure_id
 where a.company_id = :company and a.id = :id;

-- query act_by_patient(patient bigint, voided bool) many act_row
select {act_columns} from treatment.act a
  left join treatment.procedure p on p.company_id = a.company_id and p.id = a.procedure_id
 where a.company_id = :company and a.patient_id = :patient and (:voided or a.voided_at is null)
 order by a.id;

-- What each act was at a moment; an act that was not there yet has no row.
-- query act_kinds_at(patient bigint, at timestamptz) many (act_id bigint, kind text)
select distinct on (s.act_id) s.act_id, s.kind
  from treatment.act a
  join treatment.act_step s on s.company_id = a.company_id and s.act_id = a.id
 where a.company_id = :company and a.patient_id = :patient and s.at <= :at
 order by s.act_id, s.at desc, s.id desc;

-- Days on which the chart changed, in the reader's zone, oldest first.
-- query act_days(patient bigint, zone text) many (day date)
select distinct (s.at at time zone :zone)::date as day
  from treatment.act a
  join treatment.act_step s on s.company_id = a.company_id and s.act_id = a.id
 where a.company_id = :company and a.patient_id = :patient
 order by 1;

-- Newest first; of all teeth, or of those that one of the teeth stands for.
-- query act_steps(patient bigint, teeth bigint[], n int) many (id bigint, act_id bigint, kind text, at timestamptz,
--   written_at timestamptz, user_name text?, reason text?)
select s.id, s.act_id, s.kind, s.at, s.written_at, m.name, s.reason
  from treatment.act a
  join treatment.act_step s on s.company_id = a.company_id and s.act_id = a.id
  left join account.member m on m.company_id = s.company_id and m.user_id = s.user_id
 where a.company_id = :company and a.patient_id = :patient
   and (cardinality(:teeth) = 0 or a.tooth = any (:teeth)
        or exists (select from treatment.act_tooth t where t.company_id = :company and t.act_id = a.id
                    and t.tooth = any (:teeth)))
 order by s.at desc, s.id desc
 limit :n;

-- query act_lock(id bigint) one (patient_id bigint, kind text, voided bool, recorded_at timestamptz,
--   recorded_by bigint?, version int)
select patient_id, kind, voided_at is not null, recorded_at, recorded_by, version
  from treatment.act where company_id = :company and id = :id for update;

-- What is written while the writer has the patient in the chair belongs to that visit.
-- query act_insert(patient bigint, kind text, condition text?, procedure bigint?, paint text, area text, tooth bigint?,
--   surfaces bigint, region text?, note text?, recorded_at timestamptz, user_id bigint?, done_at timestamptz?,
--   visit bigint?) one (id bigint)
insert into treatment.act (company_id, patient_id, kind, condition, procedure_id, paint, area, tooth, surfaces, region,
       note, recorded_at, recorded_by, done_at, done_by, visit_id)
values (:company, :patient, :kind, :condition, :procedure, :paint, :area, :tooth, :surfaces, :region, :note,
       :recorded_at, :user_id, :done_at, case when :done_at is not null then :user_id end,
       coalesce(:visit, (select v.id from treatment.visit v
         where v.company_id = :company and v.patient_id = :patient and v.dentist_id = :user_id and v.ended_at is null
           and v.started_at <= coalesce(:done_at, :recorded_at) order by v.id desc limit 1)))
returning id;

-- query act_insert_teeth(act bigint, teeth bigint[], roles text[]) exec
insert into treatment.act_tooth (company_id, act_id, tooth, role, place)
select :company, :act, t.tooth, t.role, t.place
  from unnest(:teeth, :roles) with ordinality as t (tooth, role, place);

-- query act_insert_step(act bigint, kind text, at timestamptz, user_id bigint?, reason text?) exec
insert into treatment.act_step (company_id, act_id, kind, at, user_id, reason)
values (:company, :act, :kind, :at, :user_id, :reason);

-- query act_set_done(id bigint, done_at timestamptz, user_id bigint?, visit bigint?) exec
update treatment.act a
   set kind = 'done', done_at = :done_at, done_by = :user_id,
       visit_id = coalesce(:visit, (select v.id from treatment.visit v
         where v.company_id = a.company_id and v.patient_id = a.patient_id and v.dentist_id = :user_id
           and v.ended_at is null and v.started_at <= :done_at order by v.id desc limit 1), visit_id),
       version = version + 1
 where company_id = :company and id = :id;

-- query act_set_planned(id bigint) exec
update treatment.act
   set kind = 'planned', done_at = null, done_by = null, visit_id = null, version = version + 1
 where company_id = :company and id = :id;

-- Alternatives that propose something, the active one first.
-- query act_plans(patient bigint) many (id bigint, name text, active bool)
select p.id, p.name, p.active from treatment.plan p
 where p.company_id = :company and p.patient_id = :patient and p.state <> 'cancelled'
   and (p.active or exists (select from treatment.plan_line l
         where l.company_id = p.company_id and l.plan_id = p.id and l.state in ('planned', 'presented')))
 order by p.active desc, p.id limit 50;

-- query act_set_roles(id bigint, teeth bigint[], roles text[]) exec
update treatment.act_tooth t set role = n.role
  from unnest(:teeth::bigint[], :roles::text[]) n(tooth, role)
 where t.company_id = :company and t.act_id = :id and t.tooth = n.tooth;

-- query act_touch(id bigint) exec
update treatment.act set version = version + 1 where company_id = :company and id = :id;

-- query act_set_void(id bigint, reason text, user_id bigint?) exec
update treatment.act
   set voided_at = now(), voided_by = :user_id, void_reason = :reason, version = version + 1
 where company_id = :company and id = :id;

-- The newest act that this person wrote or finished today and that still stands.
-- query act_newest(patient bigint, user_id bigint, since timestamptz) find (id bigint, kind text, first_kind text)
select a.id, a.kind, (select f.kind from treatment.act_step f where f.company_id = :company and f.act_id = a.id
                       order by f.id limit 1) as first_kind
  from treatment.act a
  join treatment.act_step s on s.company_id = a.company_id and s.act_id = a.id
 where a.company_id = :company and a.patient_id = :patient and a.voided_at is null and s.user_id = :user_id
   and s.written_at >= :since
 order by s.id desc
 limit 1;
