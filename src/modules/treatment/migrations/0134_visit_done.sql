-- 0134 visit: which sessions of the plan were done in it, in words of that day ("Coroa em zircônia, 26, sessão 2 de 3").
-- Safe while running: a column with a constant default.
alter table treatment.visit add column done text[] not null default '{}' check (cardinality(done) <= 100);
