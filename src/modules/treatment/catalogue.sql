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
