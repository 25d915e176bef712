-- 0127 privacy company: the copy of a clinic holds the clinic's own row too (its name, CNPJ, plan and theme), which is
-- known by id and not by company_id. Safe while running: functions only.
-- The tables that hold what a clinic owns, and that the caller may read. Partitions stand under their parent.
create or replace function privacy.tables() returns table (rel regclass)
language sql stable set search_path = pg_catalog, pg_temp as $$
    select c.oid::regclass
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where (c.oid = 'company.company'::regclass
            or exists (select from pg_attribute a
                        where a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped))
       and c.relkind in ('r', 'p') and not c.relispartition
       and n.nspname not in ('siso', 'webhook', 'notice', 'pg_catalog', 'information_schema')
       and (n.nspname <> 'account' or c.relname = 'member')
       and (n.nspname <> 'audit' or c.relname in ('event', 'read', 'change'))
       and has_table_privilege(c.oid, 'select')
     order by n.nspname, c.relname
$$;

-- One page of a table by its primary key: the row as above, and its key, which is `after` for the page behind it.
create or replace function privacy.page(rel regclass, after jsonb, n int) returns table (line jsonb, key jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    cols text;
    vals text;
    pairs text;
begin
    if not exists (select from privacy.tables() x where x.rel = page.rel) then
        raise exception '% is no table of a clinic', rel using errcode = '42501';
    end if;
    select string_agg(format('r.%I', a.attname), ', ' order by k.place),
           string_agg(format('($2->>%L)::%s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by k.place),
           string_agg(format('%L, r.%I', a.attname, a.attname), ', ' order by k.place)
      into cols, vals, pairs
      from pg_index i
      cross join lateral unnest(i.indkey::smallint[]) with ordinality k (num, place)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num
     where i.indrelid = rel and i.indisprimary and a.attname <> 'company_id';
    if cols is null or rel = 'company.company'::regclass then -- the company is the key: one row
        return query execute format('select privacy.plain(to_jsonb(r)), ''{}''::jsonb from %s r
            where r.%I = $1 and $2 is null', rel,
            case when rel = 'company.company'::regclass then 'id' else 'company_id' end)
            using current_setting('app.company_id')::bigint, after;
        return;
    end if;
    return query execute format('select privacy.plain(to_jsonb(r)), jsonb_build_object(%s) from %s r
        where r.company_id = $1 %s order by %s limit $3', pairs, rel,
        case when after is null then '' else format('and (%s) > (%s)', cols, vals) end, cols)
        using current_setting('app.company_id')::bigint, after, n;
end $$;
