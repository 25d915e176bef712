-- 0005 company: the catalogue of companies (tenants), their hosts, branches and use. Safe while
-- running: new tables only.
create schema company;
grant usage on schema company to siso_app, siso_ro, siso_operator, siso_queue;

create table company.company (
    id            bigint generated always as identity primary key,
    name          text not null check (length(name) between 1 and 120),
    short_name    text check (length(short_name) between 1 and 40),
    legal_name    text check (length(legal_name) <= 200),
    cnpj          text check (cnpj ~ '^[0-9A-Z]{12}[0-9]{2}$'),
    email         text check (length(email) <= 254),
    phone         text check (phone ~ '^\+[0-9]{8,15}$'),
    zone          text not null default 'America/Sao_Paulo',
    status        text not null default 'active' check (status in ('trial', 'active', 'past_due', 'lapsed')),
    -- theme: numbers only; /theme.css writes known tokens from them
    hue           int not null default 160 check (hue between 0 and 359),
    chroma        int not null default 90 check (chroma between 0 and 250),     -- thousandths
    lightness     int not null default 430 check (lightness between 300 and 650), -- thousandths, light mode
    radius        int not null default 10 check (radius between 0 and 20),      -- tenths of rem / 16
    logo          text check (logo ~ '^[0-9a-f]{64}$'),
    favicon       text check (favicon ~ '^[0-9a-f]{64}$'),
    -- plan: copied here when chosen, so that later edits of a plan change no existing company
    plan          text not null default 'completo' check (length(plan) <= 40),
    users_max     int not null default 50 check (users_max >= 1),
    storage_max   bigint not null default 53687091200 check (storage_max >= 0),
    messages_max  int not null default 10000 check (messages_max >= 0),
    features      text not null default 'crm patient agenda treatment finance stock message document report',
    version       bigint not null default 1,  -- raised by every edit
    auth_version  bigint not null default 1,  -- raised when a role, permission or session changes
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now()
);
alter table company.company enable row level security, force row level security;
create policy tenant on company.company using (id = current_setting('app.company_id')::bigint)
    with check (id = current_setting('app.company_id')::bigint);
create policy owner_all on company.company to siso_owner using (true) with check (true);
revoke all on company.company from public;
grant select, update on company.company to siso_app;
grant select on company.company to siso_ro;
grant select, insert, update on company.company to siso_operator;
create policy operator_all on company.company to siso_operator using (true) with check (true);

create table company.domain (
    company_id  bigint not null references company.company,
    host        text collate "C" not null check (host ~ '^[a-z0-9.-]{1,253}$'),
    main        boolean not null default false, -- links in e-mails use it
    created_at  timestamptz not null default now(),
    primary key (company_id, host)
);
create unique index domain_host on company.domain (host);
create unique index domain_main on company.domain (company_id) where main;
call siso.tenant_wall('company.domain');

create table company.branch (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    name        text not null check (length(name) between 1 and 80),
    zone        text not null default 'America/Sao_Paulo',
    phone       text check (phone ~ '^\+[0-9]{8,15}$'),
    cep         text check (cep ~ '^[0-9]{8}$'),
    street      text check (length(street) <= 200),
    number      text check (length(number) <= 20),
    complement  text check (length(complement) <= 100),
    district    text check (length(district) <= 100),
    city        text check (length(city) <= 100),
    uf          text check (uf ~ '^[A-Z]{2}$'),
    active      boolean not null default true,
    position    int not null default 0,
    version     int not null default 1,
    primary key (company_id, id)
);
create unique index branch_name on company.branch (company_id, name);
call siso.tenant_wall('company.branch');

-- What a company has used of its plan in a month ('2026-11-01'); counted where it happens.
create table company.usage (
    company_id  bigint not null references company.company,
    month       date not null,
    kind        text not null check (kind in ('message', 'email')),
    n           bigint not null default 0,
    primary key (company_id, month, kind)
);
call siso.tenant_wall('company.usage');

-- The doors in the wall: a host's company, the versions that caches compare, the ids for schedules.
-- They answer numbers and zones only. Their owner sees all companies by its own policy and owns nothing else.
create policy door_all on company.company for select to siso_door using (true);
create policy door_all on company.domain for select to siso_door using (true);
grant usage on schema company to siso_door;
grant select (id, version, auth_version, status, zone) on company.company to siso_door;
grant select (company_id, host) on company.domain to siso_door;

create function company.id_of_host(h text) returns bigint language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
    select d.company_id from company.domain d where d.host = h $$;
create function company.versions() returns table (id bigint, version bigint, auth_version bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select c.id, c.version, c.auth_version from company.company c $$;
create function company.active() returns table (id bigint, zone text) language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
    select c.id, c.zone from company.company c where c.status <> 'lapsed' order by c.id $$;
revoke all on function company.id_of_host(text), company.versions(), company.active() from public;
grant execute on function company.id_of_host(text), company.versions(), company.active()
    to siso_app, siso_queue, siso_operator;
grant create on schema company to siso_door;
alter function company.id_of_host(text) owner to siso_door;
alter function company.versions() owner to siso_door;
alter function company.active() owner to siso_door;
revoke create on schema company from siso_door;
