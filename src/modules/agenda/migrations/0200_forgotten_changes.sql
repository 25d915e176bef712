-- 0200 forgotten changes: of who is anonymous already, the history of visits keeps neither reasons nor notes, as it does
-- not from now on of who becomes it. Safe while running: few rows.
update agenda.change c
   set reason = null, undo = undo - array['note', 'cancel_reason', 'patient_name']
  from agenda.appointment a
  join patient.patient p on p.company_id = a.company_id and p.id = a.patient_id
 where p.restricted and p.name = 'Paciente anonimizado'
   and c.company_id = a.company_id and c.appointment_id = a.id;
