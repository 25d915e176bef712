-- Queries of db_test.c; its tables live in the schema db_test, made and removed by the test.

-- query t_add(name text, cents bigint?) one (id bigint)
insert into db_test.thing (company_id, name, cents) values (:company, :name, :cents) returning id;

-- query t_add_for(company_of bigint, name text) exec
insert into db_test.thing (company_id, name) values (:company_of, :name);

-- query t_get(id bigint) one (name text, cents bigint?)
select name, cents from db_test.thing where company_id = :company and id = :id;

-- query t_find(name text) find (id bigint)
select id from db_test.thing where company_id = :company and name = :name;

-- query t_list() many (id bigint, name text)
select id, name from db_test.thing where company_id = :company order by id limit 1000;

-- query t_every() many (id bigint, name text)
select id, name from db_test.thing order by id limit 1000;

-- query t_rename(id bigint, name text) exec
update db_test.thing set name = :name where company_id = :company and id = :id;

-- query t_remove(id bigint) exec
delete from db_test.thing where company_id = :company and id = :id;

-- query t_part_add(thing_id bigint) exec
insert into db_test.part (company_id, thing_id) values (:company, :thing_id);

-- query t_books(a timestamptz, b timestamptz) exec
insert into db_test.slot (company_id, during) values (:company, tstzrange(:a, :b));

-- query t_later(name text) exec
insert into db_test.later (company_id, name) values (:company, :name);

-- query t_wrong() one (n bigint)
select no_such_column from db_test.thing;

-- query t_check(cents bigint) exec
insert into db_test.thing (company_id, name, cents) values (:company, 'x', :cents);

-- query t_null() one (n bigint)
select null::bigint as n;

-- query t_one_of_many() one (n bigint)
select n::bigint from generate_series(1, 3) n;

-- query t_sleep(seconds double) one (n bigint)
select 1::bigint as n from pg_sleep(:seconds);

-- query t_lock() one (id bigint)
select id from db_test.thing where company_id = :company order by id limit 1 for update;

-- query t_pid() one (pid bigint)
select pg_backend_pid()::bigint as pid;

-- query t_setting(name text) one (value text?)
select current_setting(:name, true) as value;

-- query t_now() one (at timestamptz)
select now() as at;

-- query t_big(n int) many (n int, text text)
select n, repeat('x', 1000) as text from generate_series(1, :n) n;

-- All types there and back.
-- query t_types(a bigint?, b int?, c smallint?, d bool?, e text?, f double?, g timestamptz?, h date?, i jsonb?,
--   j text[], k bigint[]) one (a bigint?, b int?, c smallint?, d bool?, e text?, f double?, g timestamptz?, h date?,
--   i jsonb?, j text[], k bigint[])
select :a as a, :b as b, :c as c, :d as d, :e as e, :f as f, :g as g, :h as h, :i as i, :j as j, :k as k;
