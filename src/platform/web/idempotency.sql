-- One request with this key at a time: false when another one runs now. Asked twice, because a request
-- that was refused is answered a moment before its rollback arrives here.
-- query idempotency_lock(name text) one (got bool)
select case when pg_try_advisory_xact_lock(hashtextextended(:name, :company)) then true
            else (select pg_try_advisory_xact_lock(hashtextextended(:name, :company)) from pg_sleep(0.1)) end as got;

-- What was answered to this key and is still kept.
-- query idempotency_find(user_id bigint, key text)
--   find (request_hash text, status int, content_type text, location text?, body text)
select request_hash, status, content_type, location, body from siso.idempotency
 where company_id = :company and user_id = :user_id and key = :key and expires_at > now();

-- Keep an answer for a day; what has been out of date for a day goes.
-- query idempotency_add(user_id bigint, key text, request_hash text, status int, content_type text,
--   location text?, body text) exec
with gone as (
    delete from siso.idempotency
     where company_id = :company and expires_at < now() - interval '1 day'
       and (user_id <> :user_id or key <> :key)
)
insert into siso.idempotency (company_id, user_id, key, request_hash, status, content_type, location, body,
                              expires_at)
values (:company, :user_id, :key, :request_hash, :status, :content_type, :location, :body,
        now() + interval '1 day')
on conflict (company_id, user_id, key) do update
   set request_hash = excluded.request_hash, status = excluded.status, content_type = excluded.content_type,
       location = excluded.location, body = excluded.body, expires_at = excluded.expires_at;
