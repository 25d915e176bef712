-- Queries of account. What is nobody's row (identities, resets, attempts) answers through the doors of
-- 0041_account_doors.sql.

-- ---- members ----

-- query member_by_id(id bigint) one (user_id bigint, name text, email text, role text, cro text?, active bool,
--   seen_at timestamptz?, role_title text?, version int)
select m.user_id, m.name, m.email, m.role, m.cro, m.active, m.seen_at, r.title as role_title, m.version
  from account.member m
  left join account.role r on r.company_id = :company and r.name = m.role
 where m.company_id = :company and m.user_id = :id;

-- query member_list(role text?, with_inactive bool) many (user_id bigint, name text, email text, role text, cro text?,
--   active bool, seen_at timestamptz?, role_title text?)
select m.user_id, m.name, m.email, m.role, m.cro, m.active, m.seen_at, r.title as role_title
  from account.member m
  left join account.role r on r.company_id = :company and r.name = m.role
 where m.company_id = :company and (m.active or :with_inactive) and (:role is null or m.role = :role)
 order by m.active desc, m.name, m.user_id limit 500;

-- query member_page(after_name text?, after_id bigint?, n int) many (user_id bigint, name text, email text, role text,
--   cro text?, active bool, seen_at timestamptz?)
select user_id, name, email, role, cro, active, seen_at
  from account.member
 where company_id = :company and (:after_name is null or (name, user_id) > (:after_name, :after_id))
 order by name, user_id limit :n;

-- query member_count_active() one (n bigint)
select (select count(*) from account.member where company_id = :company and active) +
       (select count(*) from account.invitation
         where company_id = :company and accepted_at is null and revoked_at is null and expires_at > now());

-- query member_count_owners(but bigint) one (n bigint)
select count(*) from account.member where company_id = :company and role = 'owner' and active and user_id <> :but;

-- query member_add(user bigint, name text, email text, role text) find (user_id bigint)
insert into account.member (company_id, user_id, name, email, role)
values (:company, :user, :name, :email, :role)
on conflict (company_id, user_id) do nothing
returning user_id;

-- query member_revive(user bigint, role text) exec
update account.member set active = true, role = :role, version = version + 1
 where company_id = :company and user_id = :user and not active;

-- query member_save(user bigint, role text, cro text?, active bool, version int) exec
update account.member set role = :role, cro = :cro, active = :active, version = version + 1
 where company_id = :company and user_id = :user and version = :version;

-- query member_seen(user bigint, at timestamptz) exec
update account.member set seen_at = :at where company_id = :company and user_id = :user;

-- ---- roles and permissions ----

-- query role_list() many (name text, title text, base text, members bigint)
select r.name, r.title, r.base,
       (select count(*) from account.member m where m.company_id = :company and m.role = r.name) as members
  from account.role r where r.company_id = :company order by r.title limit 50;

-- query role_find(name text) find (title text, base text)
select title, base from account.role where company_id = :company and name = :name;

-- query role_add(name text, title text, base text) find (name text)
insert into account.role (company_id, name, title, base) values (:company, :name, :title, :base)
on conflict do nothing returning name;

-- query role_remove(name text) exec
delete from account.role r
 where r.company_id = :company and r.name = :name
   and not exists (select from account.member m where m.company_id = :company and m.role = :name)
   and not exists (select from account.invitation i
                    where i.company_id = :company and i.role = :name and i.accepted_at is null and i.revoked_at is null);

-- query role_perms(role text?) many (role text, perm text, held bool)
select role, perm, held from account.role_perm
 where company_id = :company and (:role is null or role = :role) order by role, perm limit 5000;

-- query role_perm_set(role text, perm text, held bool) exec
insert into account.role_perm (company_id, role, perm, held) values (:company, :role, :perm, :held)
on conflict (company_id, role, perm) do update set held = excluded.held;

-- query role_perm_clear(role text, perm text?) exec
delete from account.role_perm where company_id = :company and role = :role and (:perm is null or perm = :perm);

-- ---- sessions ----

-- query auth_version() one (version bigint)
select auth_version from company.company where id = :company;

-- query session_add(user bigint, how text, kept bool, user_agent text?, peer text?, ticket text?, at timestamptz,
--   expires_at timestamptz) find (id bigint)
insert into account.session (company_id, user_id, how, kept, user_agent, peer, ticket, created_at, seen_at, expires_at)
values (:company, :user, :how, :kept, :user_agent, :peer, :ticket, :at, :at, :expires_at)
on conflict (company_id, ticket) where ticket is not null do nothing
returning id;

-- query session_by_id(id bigint) find (user_id bigint, how text, ended bool)
select user_id, how, ended_at is not null as ended from account.session where company_id = :company and id = :id;

-- query session_list(user bigint, at timestamptz) many (id bigint, how text, user_agent text?, peer text?,
--   created_at timestamptz, seen_at timestamptz)
select id, how, user_agent, peer, created_at, seen_at from account.session
 where company_id = :company and user_id = :user and ended_at is null and expires_at > :at
 order by seen_at desc, id desc limit 100;

-- query session_end(id bigint, user bigint, why text, at timestamptz) exec
update account.session set ended_at = :at, ended_why = :why
 where company_id = :company and id = :id and user_id = :user and ended_at is null;

-- query session_end_of(user bigint, but bigint, why text, at timestamptz) exec
update account.session set ended_at = :at, ended_why = :why
 where company_id = :company and user_id = :user and id <> :but and ended_at is null;

-- query session_saw(id bigint, at timestamptz, peer text?) exec
update account.session set seen_at = :at, peer = coalesce(:peer, peer) where company_id = :company and id = :id;

-- query session_sweep(before timestamptz) exec
delete from account.session where company_id = :company and coalesce(ended_at, expires_at) < :before;

-- The refresh token with all that a new access token must know; the rows stay locked, so that parallel
-- requests with one token are answered one after the other.
-- query refresh_lock(hash text) find (session_id bigint, created_at timestamptz, expires_at timestamptz,
--   used_at timestamptz?, user_id bigint, kept bool, session_expires_at timestamptz, ended bool, name text, email text,
--   role text, active bool, auth_version bigint)
select r.session_id, r.created_at, r.expires_at, r.used_at, s.user_id, s.kept, s.expires_at as session_expires_at,
       s.ended_at is not null as ended, m.name, m.email, m.role, m.active,
       (select c.auth_version from company.company c where c.id = :company) as auth_version
  from account.refresh r
  join account.session s on s.company_id = :company and s.id = r.session_id
  join account.member m on m.company_id = :company and m.user_id = s.user_id
 where r.company_id = :company and r.hash = :hash
   for update of r, s;

-- query refresh_add(hash text, session bigint, at timestamptz, expires_at timestamptz) exec
insert into account.refresh (company_id, hash, session_id, created_at, expires_at)
values (:company, :hash, :session, :at, :expires_at);

-- query refresh_use(hash text, at timestamptz) exec
update account.refresh set used_at = :at where company_id = :company and hash = :hash and used_at is null;

-- A used token is remembered for a week: presented again within it, the session ends (reuse).
-- query refresh_sweep(at timestamptz, used_before timestamptz) exec
delete from account.refresh where company_id = :company and (expires_at < :at or used_at < :used_before);

-- ---- identities (doors) ----

-- query identity_by_email(email text) find (id bigint, name text, email text, password text?, totp text?,
--   totp_step bigint)
select id, name, email, password, totp, totp_step from account.identity_by_email(:email);

-- query identity_by_id(id bigint) one (id bigint, name text, email text, password text?, totp text?, totp_step bigint)
select id, name, email, password, totp, totp_step from account.identity_by_id(:id);

-- query identity_add(email text, name text, password text?, at timestamptz) one (id bigint?)
select account.identity_add(:email, :name, :password, :at);

-- query identity_set_password(id bigint, password text, at timestamptz) exec
select account.identity_set_password(:id, :password, :at);

-- query identity_rehash(id bigint, old text, new text) exec
select account.identity_rehash(:id, :old, :new);

-- query identity_set_name(id bigint, name text) exec
select account.identity_set_name(:id, :name);

-- query identity_set_email(id bigint, old text, email text) one (done bool)
select account.identity_set_email(:id, :old, :email) as done;

-- query identity_set_totp(id bigint, sealed text?, step bigint) exec
select account.identity_set_totp(:id, :sealed, :step);

-- query identity_take_step(id bigint, step bigint) one (taken bool)
select account.identity_take_step(:id, :step);

-- query recovery_put(id bigint, hash text[]) exec
select account.recovery_put(:id, :hash);

-- query recovery_take(id bigint, hash text, at timestamptz) one (taken bool)
select account.recovery_take(:id, :hash, :at);

-- query recovery_left(id bigint) one (n int)
select account.recovery_left(:id);

-- query reset_add(hash text, id bigint, at timestamptz, till timestamptz) exec
select account.reset_add(:hash, :id, :at, :till);

-- query reset_count(id bigint, since timestamptz) one (n int)
select account.reset_count(:id, :since);

-- query reset_find(hash text, at timestamptz) one (user_id bigint?)
select account.reset_find(:hash, :at);

-- query reset_take(hash text, at timestamptz) one (user_id bigint?)
select account.reset_take(:hash, :at);

-- query end_sessions(id bigint, but_session bigint?, why text, at timestamptz) one (n int)
select account.end_sessions(:id, :company, :but_session, :why, :at);

-- query companies_of(id bigint) many (company_id bigint, name text, host text)
select company_id, name, host from account.companies_of(:id);

-- query attempt_of(key text) find (failures int, last_at timestamptz)
select failures, last_at from account.attempt_of(:key);

-- query attempt_fail(key text, at timestamptz, since timestamptz) one (failures int)
select account.attempt_fail(:key, :at, :since);

-- query attempt_clear(key text) exec
select account.attempt_clear(:key);

-- query account_sweep(before timestamptz) exec
select account.sweep(:before);

-- ---- invitations ----

-- query invitation_add(email text, name text?, role text, token_hash text, at timestamptz, expires_at timestamptz,
--   invited_by bigint?) find (id bigint)
insert into account.invitation (company_id, email, name, role, token_hash, invited_by, created_at, expires_at)
values (:company, :email, :name, :role, :token_hash, :invited_by, :at, :expires_at)
on conflict (company_id, email) where accepted_at is null and revoked_at is null do nothing
returning id;

-- query invitation_list(at timestamptz) many (id bigint, email text, name text?, role text, created_at timestamptz,
--   expires_at timestamptz, expired bool)
select id, email, name, role, created_at, expires_at, expires_at <= :at as expired from account.invitation
 where company_id = :company and accepted_at is null and revoked_at is null order by id desc limit 200;

-- query invitation_open(token_hash text, at timestamptz) find (id bigint, email text, name text?, role text)
select id, email, name, role from account.invitation
 where company_id = :company and token_hash = :token_hash and accepted_at is null and revoked_at is null
   and expires_at > :at;

-- query invitation_by_id(id bigint) one (id bigint, email text, name text?, role text)
select id, email, name, role from account.invitation
 where company_id = :company and id = :id and accepted_at is null and revoked_at is null;

-- query invitation_accept(id bigint, at timestamptz) exec
update account.invitation set accepted_at = :at
 where company_id = :company and id = :id and accepted_at is null and revoked_at is null and expires_at > :at;

-- query invitation_renew(id bigint, token_hash text, at timestamptz, expires_at timestamptz) exec
update account.invitation set token_hash = :token_hash, created_at = :at, expires_at = :expires_at
 where company_id = :company and id = :id and accepted_at is null and revoked_at is null;

-- query invitation_revoke(id bigint, at timestamptz) exec
update account.invitation set revoked_at = :at
 where company_id = :company and id = :id and accepted_at is null and revoked_at is null;

-- ---- API keys ----

-- query api_key_add(name text, prefix text, secret_hash text, scopes text[], created_by bigint, at timestamptz,
--   expires_at timestamptz?) one (id bigint)
insert into account.api_key (company_id, name, prefix, secret_hash, scopes, created_by, created_at, expires_at)
values (:company, :name, :prefix, :secret_hash, :scopes, :created_by, :at, :expires_at)
returning id;

-- query api_key_list() many (id bigint, name text, prefix text, scopes text[], created_by_name text?,
--   created_at timestamptz, expires_at timestamptz?, last_used_at timestamptz?, revoked bool)
select k.id, k.name, k.prefix, k.scopes, m.name as created_by_name, k.created_at, k.expires_at, k.last_used_at,
       k.revoked_at is not null as revoked
  from account.api_key k
  left join account.member m on m.company_id = :company and m.user_id = k.created_by
 where k.company_id = :company order by k.revoked_at is not null, k.id desc limit 100;

-- query api_key_find(prefix text) find (id bigint, name text, secret_hash text, scopes text[],
--   expires_at timestamptz?, revoked bool, last_used_at timestamptz?)
select id, name, secret_hash, scopes, expires_at, revoked_at is not null as revoked, last_used_at
  from account.api_key where company_id = :company and prefix = :prefix;

-- query api_key_used(id bigint, at timestamptz) exec
update account.api_key set last_used_at = :at where company_id = :company and id = :id;

-- query api_key_revoke(id bigint, at timestamptz) exec
update account.api_key set revoked_at = :at where company_id = :company and id = :id and revoked_at is null;

-- ---- OIDC ----

-- query oidc_find() find (title text, issuer text, client_id text, client_secret text?, active bool, version int)
select title, issuer, client_id, client_secret, active, version from account.oidc where company_id = :company;

-- query oidc_save(title text, issuer text, client_id text, client_secret text?, active bool) exec
insert into account.oidc (company_id, title, issuer, client_id, client_secret, active)
values (:company, :title, :issuer, :client_id, :client_secret, :active)
on conflict (company_id) do update set title = excluded.title, issuer = excluded.issuer,
    client_id = excluded.client_id, client_secret = excluded.client_secret, active = excluded.active,
    version = account.oidc.version + 1;

-- query oidc_link_find(issuer text, subject text) find (user_id bigint, active bool)
select l.user_id, m.active from account.oidc_link l
  join account.member m on m.company_id = :company and m.user_id = l.user_id
 where l.company_id = :company and l.issuer = :issuer and l.subject = :subject;

-- query oidc_link_add(issuer text, subject text, user bigint) exec
insert into account.oidc_link (company_id, issuer, subject, user_id) values (:company, :issuer, :subject, :user)
on conflict (company_id, issuer, subject) do nothing;

-- query member_by_email(email text) find (user_id bigint, role text, name text, active bool)
select user_id, role, name, active from account.member where company_id = :company and email = :email;
