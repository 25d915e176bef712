-- A patient's visits as other modules choose among them, the newest first.

-- query visit_list_of(patient_id bigint, n int) many (id bigint, started_at timestamptz, dentist text?)
select v.id, v.started_at, m.name as dentist
  from treatment.visit v
  left join account.member m on m.company_id = :company and m.user_id = v.dentist_id
 where v.company_id = :company and v.patient_id = :patient_id
 order by v.started_at desc, v.id desc limit :n;
