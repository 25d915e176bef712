-- 0041 account: the doors to what is nobody's row: identities and what proves them. Each answers about
-- one e-mail, one id or one secret; none lists people. Times are given by the caller (its request's
-- now). Safe while running: new functions, policies and grants only.
do $$
declare t text;
begin
    foreach t in array array['identity', 'recovery', 'reset', 'login_attempt'] loop
        execute format('alter table account.%I enable row level security, force row level security', t);
        execute format('create policy owner_all on account.%I to siso_owner using (true) with check (true)', t);
        execute format('create policy door_all on account.%I to siso_door using (true) with check (true)', t);
        execute format('revoke all on account.%I from public', t);
        execute format('grant select, insert, update, delete on account.%I to siso_door', t);
    end loop;
end $$;
revoke delete on account.identity from siso_door;

-- What the doors do in the companies of one person: list them, rename, end the sessions.
create policy door_all on account.member to siso_door using (true) with check (true);
create policy door_all on account.session to siso_door using (true) with check (true);
grant select (company_id, user_id, active, name), update (name) on account.member to siso_door;
grant select (company_id, id, user_id, ended_at), update (ended_at, ended_why) on account.session to siso_door;
create policy door_touch on company.company for update to siso_door using (true) with check (true);
grant select (name), update (auth_version) on company.company to siso_door;
grant select (main) on company.domain to siso_door;

create function account.identity_by_email(e text)
returns table (id bigint, name text, email text, password text, totp text, totp_step bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.id, i.name, i.email, i.password, i.totp, i.totp_step from account.identity i where i.email = e $$;

create function account.identity_by_id(who bigint)
returns table (id bigint, name text, email text, password text, totp text, totp_step bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select i.id, i.name, i.email, i.password, i.totp, i.totp_step from account.identity i where i.id = who $$;

-- Null when the e-mail is taken.
create function account.identity_add(e text, n text, p text, at timestamptz) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
    insert into account.identity (email, name, password, password_at)
    values (e, n, p, case when p is null then null else at end)
    on conflict (email) do nothing returning id $$;

-- A new password also makes every open reset link worthless.
create function account.identity_set_password(who bigint, p text, at timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    update account.identity set password = p, password_at = at where id = who;
    update account.reset set used_at = at where user_id = who and used_at is null $$;

-- The same password under today's parameters: nothing else changes.
create function account.identity_rehash(who bigint, p_old text, p_new text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    update account.identity set password = p_new where id = who and password = p_old $$;

create function account.identity_set_name(who bigint, n text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    update account.identity set name = n where id = who;
    update account.member set name = n where user_id = who $$;

create function account.identity_set_totp(who bigint, sealed text, step bigint) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    update account.identity set totp = sealed, totp_step = step where id = who;
    delete from account.recovery where user_id = who and sealed is null $$;

-- False: the step, or a later one, was used already.
create function account.identity_take_step(who bigint, step bigint) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
    with u as (update account.identity set totp_step = step where id = who and totp_step < step returning 1)
    select exists (select from u) $$;

create function account.recovery_put(who bigint, hashes text[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    delete from account.recovery where user_id = who;
    insert into account.recovery (user_id, hash) select who, h from unnest(hashes) h $$;

create function account.recovery_take(who bigint, h text, at timestamptz) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
    with u as (update account.recovery set used_at = at where user_id = who and hash = h and used_at is null returning 1)
    select exists (select from u) $$;

create function account.recovery_left(who bigint) returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select count(*)::int from account.recovery where user_id = who and used_at is null $$;

create function account.reset_add(h text, who bigint, at timestamptz, till timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    insert into account.reset (hash, user_id, created_at, expires_at) values (h, who, at, till) $$;

-- Links asked for since a moment: a mailbox is not to be flooded.
create function account.reset_count(who bigint, since timestamptz) returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select count(*)::int from account.reset where user_id = who and created_at >= since $$;

create function account.reset_find(h text, at timestamptz) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select user_id from account.reset where hash = h and used_at is null and expires_at > at $$;

create function account.reset_take(h text, at timestamptz) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
    update account.reset set used_at = at where hash = h and used_at is null and expires_at > at returning user_id $$;

-- End what a person has open anywhere (but one session, when given) and make the tokens of those
-- companies ask again.
create function account.end_sessions(who bigint, but_company bigint, but_session bigint, why text, at timestamptz)
returns int language sql security definer set search_path = pg_catalog, pg_temp as $$
    with ended as (
        update account.session set ended_at = at, ended_why = why
         where user_id = who and ended_at is null
           and (company_id, id) is distinct from (but_company, but_session)
        returning company_id),
    touched as (
        update company.company set auth_version = auth_version + 1
         where id in (select company_id from ended) returning id)
    select count(*)::int from ended $$;

create function account.companies_of(who bigint) returns table (company_id bigint, name text, host text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select m.company_id, c.name, d.host
      from account.member m
      join company.company c on c.id = m.company_id
      join company.domain d on d.company_id = m.company_id and d.main
     where m.user_id = who and m.active
     order by c.name limit 100 $$;

create function account.attempt_of(k text) returns table (failures int, last_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select a.failures, a.last_at from account.login_attempt a where a.key = k $$;

-- One failure more; failures older than `since` are forgiven.
create function account.attempt_fail(k text, at timestamptz, since timestamptz) returns int
language sql security definer set search_path = pg_catalog, pg_temp as $$
    insert into account.login_attempt as a (key, failures, last_at) values (k, 1, at)
    on conflict (key) do update set last_at = at,
        failures = case when a.last_at < since then 1 else a.failures + 1 end
    returning a.failures $$;

create function account.attempt_clear(k text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    delete from account.login_attempt where key = k $$;

create function account.sweep(before timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    delete from account.login_attempt where last_at < before;
    delete from account.reset where expires_at < before $$;

do $$
declare f regprocedure;
begin
    grant create on schema account to siso_door;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'account'::regnamespace and p.prosecdef loop
        execute format('revoke all on function %s from public', f);
        execute format('grant execute on function %s to siso_app', f);
        execute format('alter function %s owner to siso_door', f);
    end loop;
    revoke create on schema account from siso_door;
end $$;
