-- 0134 visit: who came without an appointment on a day; and which sessions of the plan were done in it, in words of that day ("Coroa em zircônia, 26, sessão 2 de 3").
-- Safe while running: a column with a constant default.
create index visit_walk_in on treatment.visit (company_id, dentist_id, started_at) where appointment_id is null;
alter table treatment.visit add column done text[] not null default '{}' check (cardinality(done) <= 100);
