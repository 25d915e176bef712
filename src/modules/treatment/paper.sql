-- row paper_row (id bigint, patient_id bigint, visit_id bigint?, dentist_id bigint, dentist text, kind text, text text,
--   drugs jsonb, days int?, state text, issued_at timestamptz?, void_reason text?, created_at timestamptz, version int)

-- part paper_from
select p.id, p.patient_id, p.visit_id, p.dentist_id, d.name as dentist, p.kind, p.text, p.drugs, p.days, p.state,
       p.issued_at, p.void_reason, p.created_at, p.version
  from treatment.paper p
  join account.member d on d.company_id = p.company_id and d.user_id = p.dentist_id
;

-- query paper_by_id(id bigint) one paper_row
{paper_from}
 where p.company_id = :company and p.id = :id;

-- query paper_list(patient bigint) many paper_row
{paper_from}
 where p.company_id = :company and p.patient_id = :patient
 order by p.id desc limit 200;

-- query paper_insert(patient bigint, visit bigint?, user_id bigint, kind text, text text, drugs jsonb, days int?) one (id bigint)
insert into treatment.paper (company_id, patient_id, visit_id, dentist_id, kind, text, drugs, days, created_by)
values (:company, :patient, :visit, :user_id, :kind, :text, :drugs, :days, :user_id)
returning id;

-- query paper_update(id bigint, version int, text text, drugs jsonb, days int?) exec
update treatment.paper set text = :text, drugs = :drugs, days = :days, version = version + 1
 where company_id = :company and id = :id and version = :version and state = 'draft';

-- query paper_issue(id bigint, user_id bigint, at timestamptz) exec
update treatment.paper set state = 'issued', issued_at = :at, version = version + 1
 where company_id = :company and id = :id and dentist_id = :user_id and state = 'draft';

-- query paper_void(id bigint, reason text, at timestamptz) exec
update treatment.paper
   set state = 'void', void_reason = :reason, issued_at = coalesce(issued_at, :at), version = version + 1
 where company_id = :company and id = :id and state <> 'void';
