-- 0050 audit: what happened. Three books, append-only (select and insert are all that the program may),
-- partitioned by the month of writing. Safe while running: new tables only.
create schema audit;
grant usage on schema audit to siso_app, siso_ro;

-- Who changed what: for the law and the owner. Sealed afterwards (audit.seal).
create table audit.change (
    company_id  bigint not null,
    at          timestamptz not null default now(),
    id          bigint not null,
    user_id     bigint,            -- null: the program, the public or an API key
    action      text not null check (length(action) between 3 and 60),
    subject     text check (length(subject) between 1 and 40),
    subject_id  bigint,
    diff        jsonb check (octet_length(diff::text) <= 65536),
    reason      text check (length(reason) <= 500),
    request_id  text check (length(request_id) <= 64),
    peer        text check (length(peer) <= 60),
    xid         xid8 not null default pg_current_xact_id(),
    primary key (company_id, at, id)
) partition by range (at);
create sequence audit.change_id as bigint owned by audit.change.id;
alter table audit.change alter column id set default nextval('audit.change_id');
create index change_newest on audit.change (company_id, id);
create index change_subject on audit.change (company_id, subject, subject_id, id);
create index change_seal on audit.change (company_id, xid, id);

-- The timeline that people read on a lead or a patient. at is when it happened, made_at when it was
-- written: an imported history keeps its own dates.
create table audit.event (
    company_id  bigint not null,
    made_at     timestamptz not null default now(),
    id          bigint not null,
    at          timestamptz not null,
    subject     text not null check (length(subject) between 1 and 40),
    subject_id  bigint not null,
    kind        text not null check (length(kind) between 2 and 60),
    title       text not null check (length(title) between 1 and 300),
    body        text check (length(body) <= 20000),
    user_id     bigint,
    data        jsonb check (octet_length(data::text) <= 65536),
    primary key (company_id, made_at, id)
) partition by range (made_at);
create sequence audit.event_id as bigint owned by audit.event.id;
alter table audit.event alter column id set default nextval('audit.event_id');
create index event_timeline on audit.event (company_id, subject, subject_id, at desc, id desc);
create index event_by_id on audit.event (company_id, id);

-- Who opened a chart.
create table audit.read (
    company_id  bigint not null,
    at          timestamptz not null,
    id          bigint not null,
    user_id     bigint not null,
    subject     text not null check (length(subject) between 1 and 40),
    subject_id  bigint not null,
    request_id  text check (length(request_id) <= 64),
    peer        text check (length(peer) <= 60),
    primary key (company_id, at, id)
) partition by range (at);
create sequence audit.read_id as bigint owned by audit.read.id;
alter table audit.read alter column id set default nextval('audit.read_id');
create index read_subject on audit.read (company_id, subject, subject_id, id);

-- Timelines that were carried over (merge, conversion): what stands under (from_subject, from_id) is
-- also shown under (subject, subject_id).
create table audit.link (
    company_id    bigint not null references company.company,
    subject       text not null check (length(subject) between 1 and 40),
    subject_id    bigint not null,
    from_subject  text not null check (length(from_subject) between 1 and 40),
    from_id       bigint not null,
    at            timestamptz not null default now(),
    primary key (company_id, subject, subject_id, from_subject, from_id),
    check ((subject, subject_id) is distinct from (from_subject, from_id))
);

-- The chain over audit.change: each seal hashes the rows of the transactions in [since, upto) after the
-- seal before. A logical restore begins a new epoch, because transaction numbers begin again.
create table audit.seal (
    company_id  bigint not null references company.company,
    seq         bigint not null,
    epoch       int not null,
    floor_id    bigint not null, -- rows up to this id belong to earlier epochs
    since       xid8 not null,
    upto        xid8 not null,
    n           bigint not null,
    hash        bytea not null check (octet_length(hash) = 32),
    at          timestamptz not null default now(),
    primary key (company_id, seq)
);

grant usage on sequence audit.change_id, audit.event_id, audit.read_id to siso_app;
call siso.tenant_wall('audit.change', 'select,insert');
call siso.tenant_wall('audit.event', 'select,insert');
call siso.tenant_wall('audit.read', 'select,insert');
call siso.tenant_wall('audit.link', 'select,insert');
call siso.tenant_wall('audit.seal', 'select,insert');
