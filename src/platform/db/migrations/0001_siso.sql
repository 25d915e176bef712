-- 0001 siso: the tenant wall. Safe while running: new schema only.
--
-- Rules of a migration (each is one transaction with lock_timeout 2 s, tried again when it must wait):
--   new column: nullable, or with a constant default; nothing else rewrites no rows
--   check, foreign key: `not valid`, then `validate constraint` in a later migration
--   not null: check (x is not null) not valid → validate → set not null → drop the check
--   index on a table with rows: `create index concurrently if not exists` in a file marked
--     `-- no transaction`, behind `drop index concurrently if exists` of an invalid leftover
--   backfill: in a file of its own, by company and a few thousand rows
--   never change a type in place; drop a column one release after the last program that read it
-- siso_owner sees the rows of all companies through the policy owner_all: without it a foreign key
-- would be called valid after looking at one company only.
create schema if not exists siso;
grant usage on schema siso to siso_app, siso_ro, siso_operator, siso_queue, siso_search, siso_door;

-- Put table t behind the wall: after its keys exist, at the end of the migration that makes it.
-- app_privs: what siso_app may do ('select,insert' for what is append-only). Spliced into SQL: for
-- migrations only.
create procedure siso.tenant_wall(t regclass, app_privs text default 'select,insert,update,delete')
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    own_company constant text := 'company_id = current_setting(''app.company_id'')::bigint';
    cid smallint;
    r record;
begin
    select a.attnum into cid from pg_attribute a
     where a.attrelid = t and a.attname = 'company_id' and a.atttypid = 'bigint'::regtype and a.attnotnull
       and not a.attisdropped;
    if not found then
        raise exception '% has no "company_id bigint not null"', t;
    end if;
    if not exists (select from pg_index i where i.indrelid = t and i.indisprimary and i.indkey[0] = cid) then
        raise exception 'primary key of % does not start with company_id', t;
    end if;
    for r in select c.conname, c.conkey, c.confkey, a.attnum as their_cid
               from pg_constraint c
               join pg_attribute a on a.attrelid = c.confrelid and a.attname = 'company_id' and not a.attisdropped
              where c.conrelid = t and c.contype = 'f' loop
        if r.conkey[1] <> cid or r.confkey[1] <> r.their_cid then
            raise exception 'foreign key % of % does not start with company_id', r.conname, t;
        end if;
    end loop;

    execute format('alter table %s enable row level security, force row level security', t);
    execute format('drop policy if exists tenant on %s', t);
    execute format('create policy tenant on %s using (%s) with check (%2$s)', t, own_company);
    execute format('drop policy if exists owner_all on %s', t);
    execute format('create policy owner_all on %s to siso_owner using (true) with check (true)', t);
    execute format('drop policy if exists backup_all on %s', t);
    execute format('create policy backup_all on %s for select to siso_backup using (true)', t);
    execute format('revoke all on %s from public, siso_app, siso_ro', t);
    execute format('grant %s on %s to siso_app', app_privs, t);
    execute format('grant select on %s to siso_ro', t);
end $$;
revoke all on procedure siso.tenant_wall(regclass, text) from public;
