-- 0110 privacy: what the LGPD (Lei 13.709/2018) asks of a clinic: consents by purpose and version, requests of patients,
-- copies of what is kept. Safe while running: new tables and functions only.
create schema privacy;
grant usage on schema privacy to siso_app, siso_ro;

-- What is asked, word for word. A change is a new version; old consents keep pointing at what was read.
create table privacy.text (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    purpose     text not null check (purpose in ('treatment', 'marketing', 'images', 'research', 'ai')),
    version     int not null check (version >= 1),
    title       text not null check (length(title) between 1 and 80),
    body        text not null check (length(body) between 1 and 8000),
    created_at  timestamptz not null default now(),
    created_by  bigint,
    primary key (company_id, id)
);
create unique index text_version on privacy.text (company_id, purpose, version);
call siso.tenant_wall('privacy.text', 'select,insert');

-- Given or taken back: append-only, the last row of a purpose counts.
create table privacy.consent (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    patient_id  bigint not null,
    text_id     bigint not null,
    purpose     text not null,
    granted     boolean not null,
    channel     text not null check (channel in ('counter', 'paper', 'phone', 'whatsapp', 'email')),
    evidence    text check (length(evidence) <= 300),       -- "termo assinado na pasta"
    at          timestamptz not null default now(),
    user_id     bigint,
    primary key (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, text_id) references privacy.text (company_id, id)
);
create index consent_patient on privacy.consent (company_id, patient_id, purpose, id);
call siso.tenant_wall('privacy.consent', 'select,insert');

-- What a patient asked for (LGPD art. 18), and what was answered; 15 days for the full answer (art. 19).
create table privacy.request (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    patient_id  bigint not null,
    kind        text not null check (kind in ('access', 'correction', 'erasure', 'portability', 'sharing', 'other')),
    text        text check (length(text) <= 2000),
    due_on      date not null,
    state       text not null default 'open' check (state in ('open', 'done', 'refused')),
    answer      text check (length(answer) <= 2000),
    asked_at    timestamptz not null default now(),
    answered_at timestamptz,
    user_id     bigint,
    version     int not null default 1,
    primary key (company_id, id),
    check ((state = 'open') = (answered_at is null)),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
create index request_open on privacy.request (company_id, due_on, id) where state = 'open';
create index request_patient on privacy.request (company_id, patient_id, id);
call siso.tenant_wall('privacy.request', 'select,insert,update');

-- Charts that were closed or made anonymous, why, and until when the record must be kept (Lei 13.787/2018, art. 6).
create table privacy.closing (
    company_id    bigint not null references company.company,
    id            bigint generated always as identity,
    patient_id    bigint not null,
    kind          text not null check (kind in ('restricted', 'anonymised', 'reopened')),
    reason        text not null check (length(reason) between 1 and 500),
    retain_until  date,
    at            timestamptz not null default now(),
    user_id       bigint,
    primary key (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
create index closing_patient on privacy.closing (company_id, patient_id, id);
call siso.tenant_wall('privacy.closing', 'select,insert');

-- A copy of everything about one patient (patient_id) or of the whole clinic (null), made by the worker.
create table privacy.export (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    patient_id   bigint,
    state        text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'gone')),
    step         text not null default '' check (length(step) <= 80), -- what is being copied
    done_count   int not null default 0,
    total        int not null default 0,
    file         text collate "C" check (file ~ '^[0-9a-f]{64}$'),
    size_bytes   bigint,
    asked_at     timestamptz not null default now(),
    asked_by     bigint,
    finished_at  timestamptz,
    primary key (company_id, id),
    check ((state = 'done') = (file is not null)),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
create index export_patient on privacy.export (company_id, patient_id, id) where patient_id is not null;
create index export_file on privacy.export (company_id, finished_at) where file is not null;
call siso.tenant_wall('privacy.export', 'select,insert,update');

-- The tables that hold what a clinic owns, and that the caller may read. Partitions stand under their parent.
create function privacy.tables() returns table (rel regclass)
language sql stable set search_path = pg_catalog, pg_temp as $$
    select c.oid::regclass
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and not c.relispartition
       and n.nspname not in ('siso', 'webhook', 'notice', 'pg_catalog', 'information_schema')
       and (n.nspname <> 'account' or c.relname = 'member')
       and (n.nspname <> 'audit' or c.relname in ('event', 'read', 'change'))
       and has_table_privilege(c.oid, 'select')
     order by n.nspname, c.relname
$$;

-- A row as JSON without what is only the program's: keys, hashes, search texts.
create function privacy.plain(line jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(line)
     where key <> 'company_id' and key !~ '(^|_)(hash|token|secret|password|search|rev|key)$' and value <> 'null'
$$;

-- Everything about one patient, under the caller's own row-level security: rows that name the patient, and rows that
-- point at those. A table of a module to come is in it without a word.
create function privacy.everything(who bigint) returns table (source text, line jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    c constant bigint := current_setting('app.company_id')::bigint;
    ids bigint[];
    t record;
    f record;
begin
    select array_agg(p.id) into ids from patient.patient p where p.company_id = c and (p.id = who or p.merged_into = who);
    return query select 'patient.patient', privacy.plain(to_jsonb(p)) from patient.patient p
                  where p.company_id = c and p.id = any(ids) order by p.id;
    for t in select x.rel from privacy.tables() x
              join pg_attribute a on a.attrelid = x.rel and a.attname = 'patient_id' and a.atttypid = 'bigint'::regtype
             where not a.attisdropped
    loop
        return query execute format('select %L::text, privacy.plain(to_jsonb(r)) from %s r
            where r.company_id = $1 and r.patient_id = any($2) limit 100000', t.rel::text, t.rel) using c, ids;
        for f in select k.conrelid::regclass as rel, child.attname as child_key, parent.attname as parent_key
                   from pg_constraint k
                   join pg_attribute child on child.attrelid = k.conrelid and child.attnum = k.conkey[2]
                   join pg_attribute parent on parent.attrelid = k.confrelid and parent.attnum = k.confkey[2]
                  where k.contype = 'f' and k.confrelid = t.rel and cardinality(k.conkey) = 2 and k.conrelid <> t.rel
                    and has_table_privilege(k.conrelid, 'select')
                    and not exists (select from pg_attribute x where x.attrelid = k.conrelid and x.attname = 'patient_id'
                                       and not x.attisdropped)
        loop
            return query execute format('select %L::text, privacy.plain(to_jsonb(r)) from %s r join %s p
                on p.company_id = r.company_id and p.%I = r.%I where r.company_id = $1 and p.patient_id = any($2)
                limit 100000', f.rel::text, f.rel, t.rel, f.parent_key, f.child_key) using c, ids;
        end loop;
    end loop;
    return query select 'audit.event', privacy.plain(to_jsonb(e)) from audit.event e
                  where e.company_id = c and e.subject = 'patient' and e.subject_id = any(ids) limit 100000;
    return query select 'audit.read', privacy.plain(to_jsonb(r)) from audit.read r
                  where r.company_id = c and r.subject = 'patient' and r.subject_id = any(ids) limit 100000;
end $$;

-- One page of a table by its primary key: the row as above, and its key, which is `after` for the page behind it.
create function privacy.page(rel regclass, after jsonb, n int) returns table (line jsonb, key jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    cols text;
    vals text;
    pairs text;
begin
    if not exists (select from privacy.tables() x where x.rel = page.rel) then
        raise exception '% is no table of a clinic', rel using errcode = '42501';
    end if;
    select string_agg(format('r.%I', a.attname), ', ' order by k.place),
           string_agg(format('($2->>%L)::%s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by k.place),
           string_agg(format('%L, r.%I', a.attname, a.attname), ', ' order by k.place)
      into cols, vals, pairs
      from pg_index i
      cross join lateral unnest(i.indkey::smallint[]) with ordinality k (num, place)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num
     where i.indrelid = rel and i.indisprimary and a.attname <> 'company_id';
    if cols is null then -- the company is the key: one row
        return query execute format('select privacy.plain(to_jsonb(r)), ''{}''::jsonb from %s r
            where r.company_id = $1 and $2 is null', rel) using current_setting('app.company_id')::bigint, after;
        return;
    end if;
    return query execute format('select privacy.plain(to_jsonb(r)), jsonb_build_object(%s) from %s r
        where r.company_id = $1 %s order by %s limit $3', pairs, rel,
        case when after is null then '' else format('and (%s) > (%s)', cols, vals) end, cols)
        using current_setting('app.company_id')::bigint, after, n;
end $$;
