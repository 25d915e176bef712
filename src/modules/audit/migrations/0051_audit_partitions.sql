-- 0051 audit: the months of the books. Safe while running: new, empty partitions only.

-- Make the partitions of last month, this one and the `ahead` next ones that are not there yet; how many were
-- made. Takes numbers only and creates only tables of this shape: that is why it may run with the
-- owner's rights (a partition belongs to the owner of its table).
create function audit.add_months(ahead int) returns int language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
    book text;
    first date;
    part text;
    made int := 0;
begin
    if ahead not between 0 and 24 then
        raise exception 'months ahead: %', ahead;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('audit.add_months', 0));
    foreach book in array array['change', 'event', 'read'] loop
        for i in -1..ahead loop
            first := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => i))::date;
            part := format('%s_%s', book, to_char(first, 'YYYYMM'));
            continue when to_regclass(format('audit.%I', part)) is not null;
            execute format('create table audit.%I partition of audit.%I for values from (%L) to (%L)', part, book,
                first || ' 00:00:00+00', (first + interval '1 month')::date || ' 00:00:00+00');
            -- nobody is granted the partition by name; the wall stands all the same
            execute format('call siso.tenant_wall(%L, %L)', 'audit.' || part, 'select');
            made := made + 1;
        end loop;
    end loop;
    return made;
end $$;
revoke all on function audit.add_months(int) from public;
grant execute on function audit.add_months(int) to siso_app;

select audit.add_months(3);
