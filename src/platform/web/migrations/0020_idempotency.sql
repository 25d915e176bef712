-- 0020 idempotency: what an API client was answered under its Idempotency-Key, so that the same request
-- sent again does nothing twice. Safe while running: new table only.
create table siso.idempotency (
    company_id   bigint not null,
    user_id      bigint not null,
    key          text not null check (length(key) between 1 and 200),
    request_hash text not null,
    status       int not null check (status between 200 and 399),
    content_type text not null,
    location     text,
    body         text not null,
    expires_at   timestamptz not null,
    primary key (company_id, user_id, key)
);
create index idempotency_expired on siso.idempotency (company_id, expires_at);

call siso.tenant_wall('siso.idempotency');
