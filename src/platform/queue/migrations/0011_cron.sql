-- 0011 cron: the last tick of each schedule, so that of several workers one alone adds its job, and a
-- tick missed while the program was off is made up for once. Safe while running: new table only.
create table siso.cron (
    company_id bigint not null,
    name       text not null check (length(name) between 1 and 100),
    tick       timestamptz not null,
    primary key (company_id, name)
) with (fillfactor = 50);

call siso.tenant_wall('siso.cron', 'select');
grant select, insert, update, delete on siso.cron to siso_queue;
create policy queue_all on siso.cron to siso_queue using (true) with check (true);
