-- 0040 account: who signs in, what they may do, and how it is proven. Safe while running: new tables
-- only. Three tables and their helpers are not a company's: identity, recovery, reset, login_attempt
-- have no company_id, no grant for siso_app, and are reached only by the doors in 0041.
create schema account;
grant usage on schema account to siso_app, siso_ro, siso_door;

-- ---- people, for all companies ----

create table account.identity (
    id           bigint generated always as identity primary key,
    email        text collate "C" not null check (email = lower(email) and length(email) between 3 and 254),
    name         text not null check (length(name) between 1 and 120),
    password     text check (password like '$argon2id$%'), -- null: signs in elsewhere (OIDC)
    password_at  timestamptz,
    totp         text,                                     -- sealed seed; null: no second factor
    totp_step    bigint not null default 0,                -- last time step used: a code is good once
    created_at   timestamptz not null default now()
);
create unique index identity_email on account.identity (email);

create table account.recovery (
    user_id  bigint not null references account.identity,
    hash     text not null check (hash ~ '^[0-9a-f]{64}$'),
    used_at  timestamptz,
    primary key (user_id, hash)
);

create table account.reset (
    hash        text primary key check (hash ~ '^[0-9a-f]{64}$'),
    user_id     bigint not null references account.identity,
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    used_at     timestamptz
);
create index reset_user on account.reset (user_id);

-- Failed sign-ins: key is a hash of the e-mail, a user id, or an address.
create table account.login_attempt (
    key       text primary key check (length(key) between 3 and 120),
    failures  int not null check (failures >= 0),
    last_at   timestamptz not null
);

-- ---- people in a company ----

create table account.member (
    company_id  bigint not null references company.company,
    user_id     bigint not null references account.identity,
    name        text not null check (length(name) between 1 and 120), -- copy of identity.name
    email       text not null check (length(email) between 3 and 254), -- copy of identity.email
    role        text not null check (role ~ '^[a-z][a-z0-9_]{0,29}$'),
    cro         text check (cro ~ '^[A-Z]{2} [0-9]{1,6}$'),
    active      boolean not null default true,
    seen_at     timestamptz,
    created_at  timestamptz not null default now(),
    version     int not null default 1,
    primary key (company_id, user_id)
);
create index member_name on account.member (company_id, active, name);
create index member_user on account.member (user_id); -- companies_of
call siso.tenant_wall('account.member', 'select,insert,update');

-- Roles that a company made beside the six built in; base says which of the six it started from.
create table account.role (
    company_id  bigint not null references company.company,
    name        text not null check (name ~ '^[a-z][a-z0-9_]{0,29}$'),
    title       text not null check (length(title) between 1 and 40),
    base        text not null check (base in ('manager', 'dentist', 'reception', 'finance', 'assistant')),
    created_at  timestamptz not null default now(),
    primary key (company_id, name)
);
create unique index role_title on account.role (company_id, title);
call siso.tenant_wall('account.role');

-- Where the company's matrix differs from what the modules declare.
create table account.role_perm (
    company_id  bigint not null references company.company,
    role        text not null check (role ~ '^[a-z][a-z0-9_]{0,29}$' and role <> 'owner'),
    perm        text not null check (length(perm) between 3 and 60),
    held        boolean not null,
    primary key (company_id, role, perm)
);
call siso.tenant_wall('account.role_perm');

create table account.session (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    user_id     bigint not null,
    how         text not null check (how in ('password', 'oidc', 'switch', 'api')),
    kept        boolean not null default false, -- "manter conectado": survives the browser's end
    user_agent  text check (length(user_agent) <= 400),
    peer        text check (length(peer) <= 60),
    ticket      text check (length(ticket) <= 60), -- of a switch: good once
    created_at  timestamptz not null,
    seen_at     timestamptz not null,
    expires_at  timestamptz not null, -- at the latest, however often refreshed
    ended_at    timestamptz,
    ended_why   text check (ended_why in ('sign_out', 'revoked', 'reuse', 'password', 'deactivated', 'expired')),
    primary key (company_id, id),
    foreign key (company_id, user_id) references account.member (company_id, user_id),
    check ((ended_at is null) = (ended_why is null))
);
create index session_open on account.session (company_id, user_id, id) where ended_at is null;
create unique index session_ticket on account.session (company_id, ticket) where ticket is not null;
create index session_everywhere on account.session (user_id) where ended_at is null; -- end_sessions
call siso.tenant_wall('account.session');

-- Refresh tokens; a family is a session. Only hashes: a stolen table signs nobody in.
create table account.refresh (
    company_id  bigint not null references company.company,
    hash        text not null check (hash ~ '^[0-9a-f]{64}$'),
    session_id  bigint not null,
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    used_at     timestamptz, -- rotated: presenting it later than the grace ends the session
    primary key (company_id, hash),
    foreign key (company_id, session_id) references account.session (company_id, id) on delete cascade
);
create index refresh_session on account.refresh (company_id, session_id);
call siso.tenant_wall('account.refresh');

create table account.invitation (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    email        text not null check (email = lower(email) and length(email) between 3 and 254),
    name         text check (length(name) between 1 and 120),
    role         text not null check (role ~ '^[a-z][a-z0-9_]{0,29}$'),
    token_hash   text not null check (token_hash ~ '^[0-9a-f]{64}$'),
    invited_by   bigint,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    accepted_at  timestamptz,
    revoked_at   timestamptz,
    primary key (company_id, id)
);
create unique index invitation_token on account.invitation (company_id, token_hash);
create unique index invitation_open on account.invitation (company_id, email)
    where accepted_at is null and revoked_at is null;
call siso.tenant_wall('account.invitation', 'select,insert,update');

create table account.api_key (
    company_id    bigint not null references company.company,
    id            bigint generated always as identity,
    name          text not null check (length(name) between 1 and 60),
    prefix        text collate "C" not null check (prefix ~ '^[A-Za-z0-9]{8}$'),
    secret_hash   text not null check (secret_hash ~ '^[0-9a-f]{64}$'),
    scopes        text[] not null,
    created_by    bigint not null,
    created_at    timestamptz not null,
    expires_at    timestamptz,
    last_used_at  timestamptz,
    revoked_at    timestamptz,
    primary key (company_id, id)
);
create unique index api_key_prefix on account.api_key (company_id, prefix);
call siso.tenant_wall('account.api_key', 'select,insert,update');

-- Sign-in by the company's own identity provider.
create table account.oidc (
    company_id     bigint not null references company.company,
    title          text not null check (length(title) between 1 and 40), -- "Google", on the button
    issuer         text not null check (length(issuer) between 8 and 500),
    client_id      text not null check (length(client_id) between 1 and 300),
    client_secret  text, -- sealed; null: public client
    active         boolean not null default true,
    version        int not null default 1,
    primary key (company_id)
);
call siso.tenant_wall('account.oidc');

create table account.oidc_link (
    company_id  bigint not null references company.company,
    issuer      text not null check (length(issuer) between 8 and 500),
    subject     text not null check (length(subject) between 1 and 255),
    user_id     bigint not null,
    created_at  timestamptz not null default now(),
    primary key (company_id, issuer, subject),
    foreign key (company_id, user_id) references account.member (company_id, user_id)
);
call siso.tenant_wall('account.oidc_link');

-- Reports have no use for what proves a sign-in.
revoke select on account.refresh, account.api_key, account.oidc, account.invitation from siso_ro;
