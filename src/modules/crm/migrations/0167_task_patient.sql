-- 0167 crm: a task's patient is whom its lead became; the column beside it was never filled. Stop the program: a column
-- goes.
alter table crm.task drop column patient_id;
