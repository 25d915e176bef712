-- query test_brief(patient_id bigint) one (alert bool, alert_text text?, anamnesis_at timestamptz?)
select alert, alert_text, anamnesis_at from patient.brief where company_id = :company and patient_id = :patient_id;

-- query test_delete_alert(id bigint) exec
delete from patient.alert where company_id = :company and id = :id;

-- query test_close_chart(patient_id bigint) exec
update patient.patient set restricted = true where company_id = :company and id = :patient_id;
