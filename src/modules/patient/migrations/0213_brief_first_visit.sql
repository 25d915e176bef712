-- 0213 first visit: when a patient comes, or came, for the first time; told by the agenda, like the next visit. Safe while
-- running: a column that may be null.
alter table patient.brief add column first_visit_at timestamptz;
