-- 0094 lines to book: work that must be done again waits for a date too. Takes a moment on large tables: an index.
drop index treatment.plan_line_to_book;
create index plan_line_to_book on treatment.plan_line (company_id, approved_at)
    where state in ('approved', 'in_progress', 'redo') and appointment_id is null;
