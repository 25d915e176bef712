-- Inside the program's database, run by a superuser behind roles.sql; may run again at any time.
begin;
select pg_advisory_xact_lock(hashtextextended('siso database', 0));

create schema if not exists ext;
create extension if not exists btree_gist schema ext;
create extension if not exists btree_gin schema ext;
create extension if not exists pg_trgm schema ext;
grant usage on schema ext to siso_owner, siso_app, siso_ro, siso_operator, siso_queue, siso_backup, siso_search, siso_door;
revoke all on schema public from public;

do $$
begin
    execute format('alter database %I owner to siso_owner', current_database());
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to siso_app, siso_ro, siso_operator, siso_queue, siso_backup',
                   current_database());
end $$;
commit;
