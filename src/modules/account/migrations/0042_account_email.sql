-- 0042 account_email: a person changes the own e-mail, in every clinic at once. False: it is not the old one any more,
-- or somebody has the new one. Safe while running: a function only.
grant update (email) on account.member to siso_door;
create function account.identity_set_email(who bigint, old_email text, new_email text) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
    with u as (
        update account.identity set email = new_email
         where id = who and email = old_email and not exists (select from account.identity where email = new_email)
        returning id),
    m as (update account.member set email = new_email where user_id in (select id from u) returning 1)
    select exists (select from u) $$;
revoke all on function account.identity_set_email(bigint, text, text) from public;
grant execute on function account.identity_set_email(bigint, text, text) to siso_app;
grant create on schema account to siso_door;
alter function account.identity_set_email(bigint, text, text) owner to siso_door;
revoke create on schema account from siso_door;
