-- query webhook_endpoints() many (id bigint, title text, url text, events text[], active bool, last_state text?,
--   last_at timestamptz?)
select e.id, e.title, e.url, e.events, e.active, d.state, d.created_at
  from webhook.endpoint e
  left join lateral (select state, created_at from webhook.delivery
    where company_id = e.company_id and endpoint_id = e.id order by id desc limit 1) d on true
 where e.company_id = :company order by e.active desc, e.id limit 100;

-- query webhook_endpoint(id bigint) one (id bigint, title text, url text, secret text, events text[], active bool)
select id, title, url, secret, events, active from webhook.endpoint where company_id = :company and id = :id;

-- query webhook_insert(title text, url text, secret text, events text[]) one (id bigint)
insert into webhook.endpoint (company_id, title, url, secret, events)
values (:company, :title, :url, :secret, :events) returning id;

-- query webhook_update(id bigint, title text, url text, events text[], active bool) exec
update webhook.endpoint set title = :title, url = :url, events = :events, active = :active
 where company_id = :company and id = :id;

-- query webhook_remove(id bigint) exec
delete from webhook.endpoint where company_id = :company and id = :id;

-- query webhook_listeners(event text) many (id bigint)
select id from webhook.endpoint
 where company_id = :company and active and (events = '{}' or :event = any (events)) order by id;

-- query webhook_add_delivery(endpoint_id bigint, event text, body text) one (id bigint)
insert into webhook.delivery (company_id, endpoint_id, event, body)
values (:company, :endpoint_id, :event, :body) returning id;

-- query webhook_delivery(id bigint) find (id bigint, endpoint_id bigint, event text, body text, state text, url text,
--   secret text, active bool, failures int, silent_until timestamptz?)
select d.id, d.endpoint_id, d.event, d.body, d.state, e.url, e.secret, e.active, e.failures, e.silent_until
  from webhook.delivery d join webhook.endpoint e on e.company_id = d.company_id and e.id = d.endpoint_id
 where d.company_id = :company and d.id = :id;

-- query webhook_note_try(id bigint, state text, status int?, error text?, duration_ms int) exec
update webhook.delivery
   set state = :state, status = :status, error = :error, duration_ms = :duration_ms, attempts = attempts + 1,
       tried_at = now()
 where company_id = :company and id = :id;

-- An endpoint that did not answer is left alone: 5 s, 10 s, … up to two minutes.
-- query webhook_note_silence(id bigint, silent bool) exec
update webhook.endpoint
   set failures = case when :silent then least(failures + 1, 1000) else 0 end,
       silent_until = case when :silent then now() + make_interval(secs => least(120, 5 * power(2, least(failures, 5)))) end
 where company_id = :company and id = :id;

-- query webhook_wait_again(endpoint_id bigint, id bigint) find (attempts int)
update webhook.delivery set state = 'waiting'
 where company_id = :company and id = :id and endpoint_id = :endpoint_id returning attempts;

-- query webhook_log(endpoint_id bigint, before bigint?, n int) many (id bigint, event text, state text, attempts int,
--   status int?, error text?, duration_ms int?, created_at timestamptz, body text)
select id, event, state, attempts, status, error, duration_ms, created_at, body
  from webhook.delivery
 where company_id = :company and endpoint_id = :endpoint_id and (:before::bigint is null or id < :before)
 order by id desc limit :n;

-- query webhook_forget() exec
delete from webhook.delivery where company_id = :company and created_at < now() - interval '30 days';
