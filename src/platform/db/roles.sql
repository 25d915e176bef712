-- The roles, run by a superuser in any database; what is there already is put right. `siso up` and
-- test/cluster.sh run it each time. Passwords, where a server wants them, are set by whoever runs it.
begin;
select pg_advisory_xact_lock(hashtextextended('siso roles', 0));

do $$
declare r text;
begin
    foreach r in array array['siso_owner', 'siso_app', 'siso_ro', 'siso_operator', 'siso_queue', 'siso_backup',
                             'siso_search', 'siso_door'] loop
        if not exists (select from pg_roles where rolname = r) then
            execute format('create role %I', r);
        end if;
        execute format('alter role %I nosuperuser nobypassrls nocreatedb nocreaterole noreplication', r);
    end loop;
end $$;

-- Owns the database and every table; nobody but `siso migrate` may be it.
alter role siso_owner login;
alter role siso_owner set lock_timeout = '2s';
alter role siso_owner set statement_timeout = 0;

-- The program. Owns nothing.
alter role siso_app login;
alter role siso_app set statement_timeout = '5s';
alter role siso_app set lock_timeout = '3s';
alter role siso_app set idle_in_transaction_session_timeout = '10s';

-- Reports and replicas, behind the same wall.
alter role siso_ro login;
alter role siso_ro set default_transaction_read_only = on;
alter role siso_ro set statement_timeout = '60s';
alter role siso_ro set idle_in_transaction_session_timeout = '60s';

-- The operator of the service: the catalogue of companies only.
alter role siso_operator login;
alter role siso_operator set statement_timeout = '30s';
alter role siso_operator set lock_timeout = '3s';
alter role siso_operator set idle_in_transaction_session_timeout = '60s';

-- The relay and the worker's book-keeping: the outbox of all companies and nothing else.
alter role siso_queue login;
alter role siso_queue set statement_timeout = '30s';
alter role siso_queue set lock_timeout = '3s';
alter role siso_queue set idle_in_transaction_session_timeout = '60s';

-- Logical backups: reads everything through the policies backup_all. Never set app.company_id for it.
alter role siso_backup login;
alter role siso_backup set default_transaction_read_only = on;
alter role siso_backup set statement_timeout = 0;
grant pg_read_all_data to siso_backup;

-- Owners of reviewed security definer functions, never logged in as: siso_search finds people by index,
-- siso_door tells which company a host name is.
alter role siso_search nologin;
alter role siso_door nologin;

-- So that migrations can hand such functions over.
do $$
begin
    if current_setting('server_version_num')::int >= 160000 then
        execute 'grant siso_search, siso_door to siso_owner with inherit false, set true';
    else
        grant siso_search, siso_door to siso_owner;
    end if;
end $$;
commit;
