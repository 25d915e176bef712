-- Two patients become one: what was written in the mouth, at the chair and around it goes along. Where the one that stays has
-- an open recall by the same rule, a draft of an exam, or an active plan, its own counts.
-- query treatment_carry(from bigint, into bigint) many (what text, id bigint)
with act as (update treatment.act set patient_id = :into where company_id = :company and patient_id = :from returning id),
     exam as (update treatment.perio_exam e set patient_id = :into
               where e.company_id = :company and e.patient_id = :from
                 and (e.state <> 'draft' or not exists (select from treatment.perio_exam d
                       where d.company_id = :company and d.patient_id = :into and d.state = 'draft'))
              returning id),
     note as (update treatment.note set patient_id = :into where company_id = :company and patient_id = :from returning id),
     visit as (update treatment.visit set patient_id = :into where company_id = :company and patient_id = :from returning id),
     paper as (update treatment.paper set patient_id = :into where company_id = :company and patient_id = :from returning id),
     lab_case as (update treatment.lab_case set patient_id = :into
                   where company_id = :company and patient_id = :from returning id),
     plan as (update treatment.plan p
                 set patient_id = :into,
                     active = p.active and not exists (select from treatment.plan o
                         where o.company_id = :company and o.patient_id = :into and o.active)
               where p.company_id = :company and p.patient_id = :from returning id),
     was as (select p.id from treatment.plan p
              where p.company_id = :company and p.patient_id = :from and p.active
                and exists (select from treatment.plan o
                     where o.company_id = :company and o.patient_id = :into and o.active)),
     recall as (update treatment.recall r set patient_id = :into
                 where r.company_id = :company and r.patient_id = :from
                   and not exists (select from treatment.recall o
                         where o.company_id = :company and o.patient_id = :into
                           and o.rule_id is not distinct from r.rule_id and o.asked = r.asked
                           and o.state in ('pending', 'no_answer', 'scheduled'))
                returning id)
select 'treatment.act' as what, id from act
union all select 'treatment.perio_exam', id from exam
union all select 'treatment.note', id from note
union all select 'treatment.visit', id from visit
union all select 'treatment.paper', id from paper
union all select 'treatment.lab_case', id from lab_case
union all select 'treatment.plan', id from plan
union all select 'treatment.plan_active', id from was
union all select 'treatment.recall', id from recall;

-- query treatment_part(from bigint, into bigint, acts bigint[], exams bigint[], notes bigint[], visits bigint[],
--   papers bigint[], cases bigint[], plans bigint[], recalls bigint[]) exec
with act as (update treatment.act set patient_id = :from
              where company_id = :company and patient_id = :into and id = any(:acts)),
     exam as (update treatment.perio_exam set patient_id = :from
               where company_id = :company and patient_id = :into and id = any(:exams)),
     note as (update treatment.note set patient_id = :from
               where company_id = :company and patient_id = :into and id = any(:notes)),
     visit as (update treatment.visit set patient_id = :from
                where company_id = :company and patient_id = :into and id = any(:visits)),
     paper as (update treatment.paper set patient_id = :from
                where company_id = :company and patient_id = :into and id = any(:papers)),
     lab_case as (update treatment.lab_case set patient_id = :from
                   where company_id = :company and patient_id = :into and id = any(:cases)),
     plan as (update treatment.plan set patient_id = :from
               where company_id = :company and patient_id = :into and id = any(:plans))
update treatment.recall set patient_id = :from
 where company_id = :company and patient_id = :into and id = any(:recalls);

-- The plan that was the active one before it came along is so again, unless somebody chose another of theirs meanwhile.
-- query treatment_part_active(plans bigint[]) exec
update treatment.plan p set active = true, version = version + 1
 where p.company_id = :company and p.id = any(:plans) and p.state not in ('refused', 'cancelled')
   and not exists (select from treatment.plan o
        where o.company_id = :company and o.patient_id = p.patient_id and o.active);
