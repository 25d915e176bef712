-- no transaction
-- 0012 outbox_given: the reconciler finds the waiting rows that Redis was given without reading the
-- finished ones (355 000 rows: 453 ms without it, 13 ms with it). Safe while running: concurrently.
drop index concurrently if exists siso.outbox_given;
create index concurrently outbox_given on siso.outbox (id) where state = 'queued' and relayed_at is not null;
