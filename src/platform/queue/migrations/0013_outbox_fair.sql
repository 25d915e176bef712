-- no transaction
-- 0013 outbox_fair: the relay takes so many rows of each company, not the first of all, so that one
-- company's flood does not keep the others waiting. It steps from company to company in this index, which
-- takes the place of outbox_relay. Safe while running: concurrently.
drop index concurrently if exists siso.outbox_fair;
create index concurrently outbox_fair on siso.outbox (company_id, due, id)
    where state = 'queued' and relayed_at is null;
drop index concurrently if exists siso.outbox_relay;
drop index concurrently if exists siso.outbox_relayed;
create index concurrently outbox_relayed on siso.outbox (company_id)
    where relayed_at is not null and state in ('queued', 'running');
