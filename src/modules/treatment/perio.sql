-- Periodontal exams.

-- row perio_exam_row (id bigint, patient_id bigint, state text, begun_at timestamptz, begun_by_name text?,
--   closed_at timestamptz?, note text?)

-- query perio_exam(id bigint) one perio_exam_row
select e.id, e.patient_id, e.state, e.begun_at, m.name, e.closed_at, e.note
  from treatment.perio_exam e
  left join account.member m on m.company_id = e.company_id and m.user_id = e.begun_by
 where e.company_id = :company and e.id = :id and e.state <> 'discarded';

-- query perio_exams(patient bigint) many perio_exam_row
select e.id, e.patient_id, e.state, e.begun_at, m.name, e.closed_at, e.note
  from treatment.perio_exam e
  left join account.member m on m.company_id = e.company_id and m.user_id = e.begun_by
 where e.company_id = :company and e.patient_id = :patient and e.state <> 'discarded'
 order by e.begun_at desc, e.id desc
 limit 200;

-- query perio_teeth(exam bigint) many (tooth int, missing bool, implant bool, mobility smallint?,
--   furcation smallint?, version int)
select tooth::int, missing, implant, mobility, furcation, version
  from treatment.perio_tooth where company_id = :company and exam_id = :exam
 order by tooth;

-- query perio_sites(exam bigint) many (tooth int, site int, margin smallint?, probing smallint?, bleeding bool,
--   suppuration bool, plaque bool)
select tooth::int, site::int, margin, probing, bleeding, suppuration, plaque
  from treatment.perio_site where company_id = :company and exam_id = :exam
 order by tooth, site;

-- Locked: who writes and who closes wait for each other.
-- query perio_lock(id bigint) one (patient_id bigint, state text)
select patient_id, state from treatment.perio_exam where company_id = :company and id = :id for update;

-- query perio_begin(patient bigint, begun_at timestamptz, user_id bigint?) find (id bigint)
insert into treatment.perio_exam (company_id, patient_id, begun_at, begun_by)
values (:company, :patient, :begun_at, :user_id)
on conflict (company_id, patient_id) where state = 'draft' do nothing
returning id;

-- query perio_draft(patient bigint) find (id bigint)
select id from treatment.perio_exam where company_id = :company and patient_id = :patient and state = 'draft';

-- query perio_save_tooth(exam bigint, tooth bigint, missing bool, implant bool, mobility bigint?, furcation bigint?,
--   version int) exec
insert into treatment.perio_tooth as t (company_id, exam_id, tooth, missing, implant, mobility, furcation)
values (:company, :exam, :tooth, :missing, :implant, :mobility, :furcation)
on conflict (company_id, exam_id, tooth) do update
   set missing = excluded.missing, implant = excluded.implant, mobility = excluded.mobility,
       furcation = excluded.furcation, version = t.version + 1
 where t.version = :version;

-- -99: not measured.
-- query perio_save_sites(exam bigint, tooth bigint, margin bigint[], probing bigint[], bleeding bigint[],
--   suppuration bigint[], plaque bigint[]) exec
insert into treatment.perio_site (company_id, exam_id, tooth, site, margin, probing, bleeding, suppuration, plaque)
select :company, :exam, :tooth, s.n - 1, nullif(s.margin, -99), nullif(s.probing, -99), s.bleeding = 1,
       s.suppuration = 1, s.plaque = 1
  from unnest(:margin, :probing, :bleeding, :suppuration, :plaque)
       with ordinality as s (margin, probing, bleeding, suppuration, plaque, n)
on conflict (company_id, exam_id, tooth, site) do update
   set margin = excluded.margin, probing = excluded.probing, bleeding = excluded.bleeding,
       suppuration = excluded.suppuration, plaque = excluded.plaque;

-- query perio_close(id bigint, closed_at timestamptz, user_id bigint?, note text?) exec
update treatment.perio_exam
   set state = 'closed', closed_at = :closed_at, closed_by = :user_id, note = :note
 where company_id = :company and id = :id and state = 'draft';

-- query perio_discard(id bigint) exec
update treatment.perio_exam set state = 'discarded' where company_id = :company and id = :id and state = 'draft';

-- A draft again, unless another one was begun meanwhile.
-- query perio_restore(id bigint) exec
update treatment.perio_exam e set state = 'draft'
 where e.company_id = :company and e.id = :id and e.state = 'discarded'
   and not exists (select from treatment.perio_exam o
        where o.company_id = e.company_id and o.patient_id = e.patient_id and o.state = 'draft');
