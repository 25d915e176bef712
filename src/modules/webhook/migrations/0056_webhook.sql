-- 0056 webhook: other systems that want to know, and what was sent to them. Safe while running: new
-- tables only.
create schema webhook;
grant usage on schema webhook to siso_app, siso_ro;

create table webhook.endpoint (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    title       text not null check (length(title) between 1 and 80),
    url         text not null check (url ~ '^https?://' and length(url) <= 500),
    secret      text not null check (length(secret) between 10 and 400), -- sealed
    events      text[] not null default '{}',                          -- empty: all
    active      boolean not null default true,
    created_at  timestamptz not null default now(),
    primary key (company_id, id)
);
call siso.tenant_wall('webhook.endpoint');

-- One event for one endpoint. The body is kept as sent, so that a resend is the same.
create table webhook.delivery (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    endpoint_id  bigint not null,
    event        text not null check (event ~ '^[a-z]+\.[a-z_]+$'),
    body         text not null check (length(body) <= 100000),
    state        text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
    attempts     int not null default 0,
    status       int,           -- HTTP status of the last answer
    error        text check (length(error) <= 200),
    duration_ms  int,
    created_at   timestamptz not null default now(),
    tried_at     timestamptz,
    primary key (company_id, id),
    foreign key (company_id, endpoint_id) references webhook.endpoint (company_id, id) on delete cascade
);
create index delivery_log on webhook.delivery (company_id, endpoint_id, id);
call siso.tenant_wall('webhook.delivery');
