-- 0052 audit: sealing the book of changes. Safe while running: new functions only.
--
-- The watermark is the transaction number, not the id: a row with a smaller id may still be uncommitted
-- when a larger one is sealed. Below pg_snapshot_xmin every transaction is over, so the set of rows in a
-- range [since, upto) can never change again, unless somebody changes it.

-- Hash of the rows of the running company in a range, chained to the hash before; null when there are none.
create function audit.hash_of(before bytea, floor_id bigint, ceiling_id bigint, since xid8, upto xid8,
    out n bigint, out hash bytea)
language sql stable set search_path = pg_catalog, pg_temp as $$
    select count(*), sha256(coalesce(before, '\x00') || string_agg(sha256(convert_to(
               jsonb_build_array(c.company_id, c.id, extract(epoch from c.at), c.user_id, c.action, c.subject,
                   c.subject_id, c.diff, c.reason, c.request_id, c.peer, c.xid::text)::text,
               'UTF8')), ''::bytea order by c.xid, c.id))
      from audit.change c
     where c.company_id = current_setting('app.company_id')::bigint
       and c.xid >= since and c.xid < upto and c.id > floor_id and c.id <= ceiling_id $$;

-- Seal what is over; how many rows. Called by the job audit.seal for one company.
create function audit.seal_changes() returns bigint language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
    company constant bigint := current_setting('app.company_id')::bigint;
    high constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
    last audit.seal;
    part record;
begin
    perform pg_advisory_xact_lock(hashtextextended('audit.seal', company));
    select * into last from audit.seal s where s.company_id = company order by s.seq desc limit 1;
    if last.seq is null then
        last := row(company, 0, 1, 0, '0'::xid8, '0'::xid8, 0, null, now());
    elsif last.upto > high then -- numbers began again: restored from a logical dump
        last.epoch := last.epoch + 1;
        last.floor_id := (select coalesce(max(c.id), 0) from audit.change c
                           where c.company_id = company and c.xid >= high);
        last.upto := '0'::xid8;
    end if;
    select * into part from audit.hash_of(last.hash, last.floor_id, 9223372036854775807, last.upto, high);
    if part.n > 0 then
        insert into audit.seal (company_id, seq, epoch, floor_id, since, upto, n, hash)
        values (company, last.seq + 1, last.epoch, last.floor_id, last.upto, high, part.n, part.hash);
    end if;
    return part.n;
end $$;

-- The first seal that no longer fits its rows, or 0 when the whole chain holds.
create function audit.first_broken_seal() returns bigint language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
    s audit.seal;
    part record;
    before bytea;
    ceiling bigint;
    expected bigint := 1;
begin
    for s in select * from audit.seal x where x.company_id = current_setting('app.company_id')::bigint order by x.seq loop
        select min(x.floor_id) into ceiling from audit.seal x
         where x.company_id = s.company_id and x.epoch > s.epoch;
        select * into part from audit.hash_of(before, s.floor_id, coalesce(ceiling, 9223372036854775807), s.since, s.upto);
        if s.seq <> expected or part.n <> s.n or part.hash is distinct from s.hash then
            return s.seq;
        end if;
        before := s.hash;
        expected := expected + 1;
    end loop;
    return 0;
end $$;
revoke all on function audit.hash_of(bytea, bigint, bigint, xid8, xid8), audit.seal_changes(),
    audit.first_broken_seal() from public;
grant execute on function audit.hash_of(bytea, bigint, bigint, xid8, xid8), audit.seal_changes(),
    audit.first_broken_seal() to siso_app;
