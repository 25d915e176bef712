-- 0214 first visits: when every patient came first, as it is told of each from now on. Safe while running: fills a column
-- that nobody reads yet.
update patient.brief b
   set first_visit_at = a.first_at
  from (select company_id, patient_id, min(starts_at) as first_at from agenda.appointment
         where patient_id is not null and presence not in ('held', 'cancelled', 'no_show')
         group by company_id, patient_id) a
 where b.company_id = a.company_id and b.patient_id = a.patient_id;
