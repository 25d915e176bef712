-- The clinic's catalogue, its price tables and the TUSS table.

-- row procedure_row (id bigint, code text?, name text, layman text?, specialty text, area text, surfaces_min int,
--   surfaces_max int, dentition text, paint text, minutes int, sessions int, price_cents bigint, cost_cents bigint,
--   needs_lab bool, active bool, version int)

-- part procedure_columns
p.id, p.code, p.name, p.layman, p.specialty, p.area, p.surfaces_min::int, p.surfaces_max::int, p.dentition, p.paint,
       p.minutes, p.sessions::int, coalesce(x.cents, p.price_cents), p.cost_cents, p.needs_lab, p.active, p.version
;

-- part procedure_priced
from treatment.procedure p
  left join treatment.price x on x.company_id = p.company_id and x.price_table_id = :price_table
       and x.procedure_id = p.id
;

-- query procedure_by_id(id bigint, price_table bigint?) one procedure_row
select {procedure_columns} {procedure_priced} where p.company_id = :company and p.id = :id;

-- The picker: a code that is the question itself first, then those with the words as they were typed, those that
-- begin with the first one, the most used.
-- query procedure_pick(word1 text?, word2 text?, word3 text?, head text, code text, price_table bigint?, n int)
--   many procedure_row
select {procedure_columns} {procedure_priced}
 where p.company_id = :company and p.active and (:word1::text is null or p.search like :word1)
   and (:word2::text is null or p.search like :word2) and (:word3::text is null or p.search like :word3)
 order by p.code is not distinct from :code desc, position(:code in p.search) > 0 desc, p.search like :head desc, p.uses desc, p.name limit :n;

-- One statement for the whole list; names that are there already stay as they are.
-- query catalogue_fill(code text[], name text[], layman text[], specialty text[], area text[], dentition text[],
--   paint text[], search text[], surfaces_min bigint[], surfaces_max bigint[], minutes bigint[], sessions bigint[],
--   price bigint[], cost bigint[], lab bigint[], uses bigint[]) exec
insert into treatment.procedure (company_id, code, name, layman, specialty, area, dentition, paint, search,
       surfaces_min, surfaces_max, minutes, sessions, price_cents, cost_cents, needs_lab, uses)
select :company, nullif(t.code, ''), t.name, nullif(t.layman, ''), t.specialty, t.area, t.dentition, t.paint, t.search,
       t.smin::smallint, t.smax::smallint, t.minutes::int, t.sessions::smallint, t.price, t.cost, t.lab = 1,
       t.uses::int
  from unnest(:code::text[], :name::text[], :layman::text[], :specialty::text[], :area::text[], :dentition::text[],
       :paint::text[], :search::text[], :surfaces_min::bigint[], :surfaces_max::bigint[], :minutes::bigint[],
       :sessions::bigint[], :price::bigint[], :cost::bigint[], :lab::bigint[], :uses::bigint[])
       as t(code, name, layman, specialty, area, dentition, paint, search, smin, smax, minutes, sessions, price, cost,
       lab, uses)
on conflict (company_id, name) do nothing;

-- query procedure_list(word1 text?, word2 text?, word3 text?, specialty text?, active bool, price_table bigint?)
--   many procedure_row
select {procedure_columns} {procedure_priced}
 where p.company_id = :company and p.active = :active and (:word1::text is null or p.search like :word1)
   and (:word2::text is null or p.search like :word2) and (:word3::text is null or p.search like :word3)
   and (:specialty::text is null or p.specialty = :specialty)
 order by p.specialty, p.name limit 2000;

-- query procedure_specialties() many (name text)
select distinct specialty from treatment.procedure where company_id = :company order by specialty limit 60;

-- query procedure_kit(id bigint) one (kit jsonb?)
select kit from treatment.procedure where company_id = :company and id = :id;

-- One with nothing but its name, for procedure_update to fill. A name that is taken gives no row.
-- query procedure_insert(name text, area text) find (id bigint)
insert into treatment.procedure (company_id, name, area, version) values (:company, :name, :area, 0)
on conflict (company_id, name) do nothing
returning id;

-- query procedure_named(name text, except bigint) find (id bigint)
select id from treatment.procedure where company_id = :company and name = :name and id <> :except;

-- query procedure_update(id bigint, version int, code text?, name text, layman text?, specialty text, area text,
--   surfaces_min int, surfaces_max int, dentition text, paint text, minutes int, sessions int, price bigint, cost bigint,
--   lab bool, kit jsonb?, search text) exec
update treatment.procedure
   set code = :code, name = :name, layman = :layman, specialty = :specialty, area = :area,
       surfaces_min = :surfaces_min::int::smallint, surfaces_max = :surfaces_max::int::smallint,
       dentition = :dentition, paint = :paint, minutes = :minutes, sessions = :sessions::int::smallint,
       price_cents = :price, cost_cents = :cost, needs_lab = :lab, kit = :kit, search = :search, version = version + 1
 where company_id = :company and id = :id and version = :version;

-- query procedure_set_active(id bigint, active bool) exec
update treatment.procedure set active = :active, version = version + 1
 where company_id = :company and id = :id and active <> :active;

-- query procedure_count_uses(since timestamptz) exec
update treatment.procedure p set uses = n.uses
  from (select l.procedure_id, count(*)::int as uses
          from treatment.plan_line l join treatment.plan t on t.company_id = l.company_id and t.id = l.plan_id
         where l.company_id = :company and t.created_at > :since group by l.procedure_id) n
 where p.company_id = :company and p.id = n.procedure_id and p.uses <> n.uses;

-- row price_table_row (id bigint, name text, insurer text?, active bool, version int, prices bigint)

-- part price_table_from
select t.id, t.name, t.insurer, t.active, t.version,
       (select count(*) from treatment.price x where x.company_id = t.company_id and x.price_table_id = t.id)
  from treatment.price_table t
;

-- query price_table_list() many price_table_row
{price_table_from} where t.company_id = :company order by t.active desc, t.name limit 100;

-- query price_table_by_id(id bigint) one price_table_row
{price_table_from} where t.company_id = :company and t.id = :id;

-- query price_table_insert(name text, insurer text?) find (id bigint)
insert into treatment.price_table (company_id, name, insurer) values (:company, :name, :insurer)
on conflict (company_id, name) do nothing
returning id;

-- query price_table_named(name text, except bigint) find (id bigint)
select id from treatment.price_table where company_id = :company and name = :name and id <> :except;

-- query price_table_update(id bigint, version int, name text, insurer text?, active bool) exec
update treatment.price_table set name = :name, insurer = :insurer, active = :active, version = version + 1
 where company_id = :company and id = :id and version = :version;

-- query price_set_private(id bigint, cents bigint) find (before bigint)
update treatment.procedure p set price_cents = :cents, version = p.version + 1
  from (select price_cents from treatment.procedure where company_id = :company and id = :id for update) o
 where p.company_id = :company and p.id = :id
returning o.price_cents;

-- query price_set(price_table bigint, id bigint, cents bigint) exec
insert into treatment.price (company_id, price_table_id, procedure_id, cents)
values (:company, :price_table, :id, :cents)
on conflict (company_id, price_table_id, procedure_id) do update set cents = excluded.cents;

-- query price_set_many(price_table bigint, ids bigint[], cents bigint[]) exec
insert into treatment.price (company_id, price_table_id, procedure_id, cents)
select :company, :price_table, t.id, t.cents from unnest(:ids::bigint[], :cents::bigint[]) t(id, cents)
on conflict (company_id, price_table_id, procedure_id) do update set cents = excluded.cents;

-- query price_set_private_many(ids bigint[], cents bigint[]) exec
update treatment.procedure p set price_cents = t.cents, version = p.version + 1
  from unnest(:ids::bigint[], :cents::bigint[]) t(id, cents)
 where p.company_id = :company and p.id = t.id and p.price_cents <> t.cents;

-- query tuss_insert_import(hash text, good int, bad int, user_id bigint?) one (id bigint)
insert into treatment.tuss_import (company_id, file_hash, rows_good, rows_bad, created_by)
values (:company, :hash, :good, :bad, :user_id) returning id;

-- query tuss_import_by_id(id bigint) one (file_hash text, taken_at timestamptz?)
select file_hash, taken_at from treatment.tuss_import where company_id = :company and id = :id;

-- query tuss_take_import(id bigint) exec
update treatment.tuss_import set taken_at = now() where company_id = :company and id = :id and taken_at is null;

-- query tuss_put(code text[], name text[], search text[]) exec
insert into treatment.tuss (company_id, code, name, search)
select :company, t.code, t.name, t.search from unnest(:code::text[], :name::text[], :search::text[]) t(code, name, search)
on conflict (company_id, code) do update set name = excluded.name, search = excluded.search;

-- query tuss_find(word1 text, word2 text?, word3 text?, n int) many (code text, name text)
select code, name from treatment.tuss
 where company_id = :company and search like :word1 and (:word2::text is null or search like :word2)
   and (:word3::text is null or search like :word3)
 order by code limit :n;

-- query tuss_total() one (n bigint)
select count(*) from treatment.tuss where company_id = :company;
