-- 0058 notice: what stands behind the bell. Safe while running: new table only.
create schema notice;
grant usage on schema notice to siso_app, siso_ro;

create table notice.notice (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    user_id     bigint not null,
    title       text not null check (length(title) between 1 and 200),
    body        text check (length(body) <= 2000),
    url         text check (url like '/%' and length(url) <= 300),
    icon        text not null default 'bell' check (icon ~ '^[a-z0-9-]{1,40}$'),
    key         text check (length(key) <= 120),
    created_at  timestamptz not null default now(),
    read_at     timestamptz,
    primary key (company_id, id)
);
create unique index notice_key on notice.notice (company_id, user_id, key) where key is not null;
create index notice_unread on notice.notice (company_id, user_id) where read_at is null;
create index notice_newest on notice.notice (company_id, user_id, id);
call siso.tenant_wall('notice.notice');
