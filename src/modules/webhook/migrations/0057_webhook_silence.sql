-- 0057 webhook: an endpoint that does not answer is left alone for a while, so that its deliveries do not
-- keep the workers from those of others. Safe while running: columns with constant defaults.
alter table webhook.endpoint add column failures int not null default 0;
alter table webhook.endpoint add column silent_until timestamptz;
