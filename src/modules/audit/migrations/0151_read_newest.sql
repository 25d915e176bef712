-- The book of readings, newest first, over all its months.
create index read_newest on audit.read (company_id, id);
