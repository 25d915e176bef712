-- 0166 patient: imports of patients go the way of those of leads: rows that stay out are read again from the file, which
-- is let go of after a month; one that was never begun can be discarded. Stop the program: columns go.
alter table patient.import alter file drop not null, drop column twin_count;
alter table patient.import_row
    drop column cells,                                  -- what strangers typed is kept once, in the file
    drop constraint import_row_problem_check,
    add constraint import_row_problem_check check (length(problem) <= 4000);
grant delete on patient.import to siso_app;
