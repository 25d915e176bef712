-- 0008 file: what each company has in the store, how many rows hold each file, and the sum for its
-- quota. Safe while running: new tables only.
create table siso.file (
    company_id bigint not null,
    hash       text not null check (hash ~ '^[0-9a-f]{64}$'),
    type       text not null check (length(type) between 3 and 100),
    size_bytes bigint not null check (size_bytes > 0),
    holders    int not null default 1 check (holders >= 0), -- rows that name the hash
    idle_since timestamptz,                                 -- when the last holder went
    created_at timestamptz not null default now(),
    primary key (company_id, hash),
    check ((holders = 0) = (idle_since is not null))
);
create index file_idle on siso.file (company_id, idle_since) where holders = 0;

create table siso.file_use (
    company_id bigint not null primary key,
    files      bigint not null check (files >= 0),
    size_bytes bigint not null check (size_bytes >= 0)
) with (fillfactor = 50);

call siso.tenant_wall('siso.file');
call siso.tenant_wall('siso.file_use', 'select,insert,update');
