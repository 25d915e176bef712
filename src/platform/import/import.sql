-- Plans that were made while the tables were nearly empty (also those of foreign keys) read all of a company's rows for
-- each one once the tables are full, until statistics are gathered: a minute that an import fills.
-- query import_forget_plans() exec
discard plans;
