-- no transaction
-- 0192 waiting patient: who waits is found by the patient, as when patients go. Safe while running: concurrently.
drop index concurrently if exists agenda.waiting_patient;
create index concurrently waiting_patient on agenda.waiting (company_id, patient_id);
