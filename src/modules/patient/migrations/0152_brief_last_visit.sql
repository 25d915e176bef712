-- Who was not seen for long, the latest first.
create index brief_last_visit on patient.brief (company_id, last_visit_at) where last_visit_at is not null;
