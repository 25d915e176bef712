-- Queries of the outbox. Those that name :company run as siso_app behind the tenant wall; the others run
-- as siso_queue, which sees every company's rows of these two tables and nothing else.

-- Behind the wall, company 0 is the program's own rows and nobody's: for jobs without a company.
-- query outbox_program() one (company text)
select set_config('app.company_id', '0', true) as company;

-- The same work not yet done (by name and key) is not added twice.
-- query outbox_add(name text, data jsonb, due timestamptz?, priority int, dedupe_key text?,
--   request_id text?) exec
insert into siso.outbox (company_id, name, data, due, priority, dedupe_key, request_id)
values (:company, :name, :data, coalesce(:due, now()), :priority, :dedupe_key, :request_id)
on conflict (company_id, name, dedupe_key)
      where dedupe_key is not null and state in ('queued', 'running')
do nothing;

-- row claimed_row (company_id bigint, id bigint, name text, data jsonb, attempts int, claims bigint,
--   request_id text?)

-- The next due row of any company, claimed. Usual rows (priority 0) go first, each by its own index.
-- A company that already has `most` rows running is passed over.
-- query outbox_claim_next(lease_s int, most int) find claimed_row
with busy as (
    select company_id from siso.outbox
     where state = 'running' and lease_until > now()
     group by company_id having count(*) >= :most
), usual as (
    select company_id, id from siso.outbox
     where state = 'queued' and priority = 0 and due <= now()
       and company_id <> all (array(select company_id from busy))
     order by due, id limit 1 for update skip locked
), later as (
    select company_id, id from siso.outbox
     where state = 'queued' and priority > 0 and due <= now() and not exists (select from usual)
       and company_id <> all (array(select company_id from busy))
     order by priority, due, id limit 1 for update skip locked
), next as (
    select company_id, id from usual union all select company_id, id from later
)
update siso.outbox o
   set state = 'running', attempts = o.attempts + 1, claims = o.claims + 1,
       started_at = clock_timestamp(), lease_until = clock_timestamp() + make_interval(secs => :lease_s)
  from next
 where o.company_id = next.company_id and o.id = next.id
returning o.company_id, o.id, o.name, o.data, o.attempts, o.claims, o.request_id;

-- This row, claimed, when it may run now: it waits and is due (clocks of two hosts may differ by two
-- seconds), or its worker died, or it failed and an operator asked for it again (revive); unless its
-- company already has `most` rows running.
-- query outbox_claim(id bigint, lease_s int, revive bool, most int) find claimed_row
update siso.outbox o
   set state = 'running', attempts = case state when 'failed' then 1 else attempts + 1 end,
       claims = claims + 1, finished_at = null,
       started_at = clock_timestamp(), lease_until = clock_timestamp() + make_interval(secs => :lease_s)
 where id = :id
   and (state = 'queued' and due <= now() + interval '2 seconds'
        or state = 'running' and lease_until < now()
        or state = 'failed' and :revive)
   and (select count(*) from siso.outbox r
         where r.state = 'running' and r.lease_until > now() and r.company_id = o.company_id) < :most
returning company_id, id, name, data, attempts, claims, request_id;

-- Why a row could not be claimed: how long until it may be; no row when it never will.
-- query outbox_wait(id bigint) find (wait_ms bigint)
select greatest(0, ceil(extract(epoch from greatest(due, lease_until) - now()) * 1000))::bigint as wait_ms
  from siso.outbox
 where id = :id and state in ('queued', 'running');

-- The last statement of a job's transaction. No row: the lease was lost, all must be rolled back.
-- query outbox_done(id bigint, claims bigint) exec
update siso.outbox
   set state = 'done', finished_at = clock_timestamp(), lease_until = null, last_error = null
 where company_id = :company and id = :id and state = 'running' and claims = :claims;

-- Try again later. rearm: Redis knows nothing of this run, so the relay shall give it a new job.
-- query outbox_again(id bigint, claims bigint, delay_ms bigint, error text, rearm bool) exec
update siso.outbox
   set state = 'queued', due = clock_timestamp() + make_interval(secs => :delay_ms / 1000.0),
       lease_until = null, last_error = :error,
       relayed_at = case when :rearm then null else relayed_at end,
       relay_count = relay_count + (relayed_at is not null and :rearm)::int
 where company_id = :company and id = :id and state = 'running' and claims = :claims;

-- query outbox_failed(id bigint, claims bigint, error text) exec
update siso.outbox
   set state = 'failed', finished_at = clock_timestamp(), lease_until = null, last_error = :error
 where company_id = :company and id = :id and state = 'running' and claims = :claims;

-- Still at it: the rows' leases begin anew.
-- query outbox_heartbeat(ids bigint[], claims bigint[], lease_s int) exec
update siso.outbox o
   set lease_until = clock_timestamp() + make_interval(secs => :lease_s)
  from unnest(:ids, :claims) as mine (id, claims)
 where o.id = mine.id and o.claims = mine.claims and o.state = 'running';

-- Rows whose worker died wait again.
-- query outbox_sweep() exec
update siso.outbox
   set state = 'queued', lease_until = null, last_error = 'crashed', relayed_at = null,
       relay_count = relay_count + (relayed_at is not null)::int
 where state = 'running' and lease_until < now();

-- Rows due soon that Redis has not been given, at most n; of each company as many as keep `room` rows of
-- it there. From company to company by the smallest due of each, never through a company's rows.
-- query outbox_near(ahead_s int, room int, n int) many (company_id bigint, id bigint, name text,
--   priority int, relay_count int, delay_ms bigint)
with recursive first as (
    (select company_id, due from siso.outbox
      where state = 'queued' and relayed_at is null
      order by company_id, due limit 1)
    union all
    select next.company_id, next.due
      from first
     cross join lateral (select company_id, due from siso.outbox o
                          where o.state = 'queued' and o.relayed_at is null and o.company_id > first.company_id
                          order by o.company_id, o.due limit 1) as next
), due_company as (
    select f.company_id,
           :room - (select count(*) from siso.outbox g
                     where g.company_id = f.company_id and g.relayed_at is not null
                       and g.state in ('queued', 'running')) as room
      from first f
     where f.due <= now() + make_interval(secs => :ahead_s)
)
select company_id, id, name, priority, relay_count,
       greatest(0, ceil(extract(epoch from due - clock_timestamp()) * 1000))::bigint as delay_ms
  from (select near.*
          from due_company c
         cross join lateral (select o.company_id, o.id, o.name, o.priority, o.relay_count, o.due
                               from siso.outbox o
                              where o.company_id = c.company_id and o.state = 'queued'
                                and o.relayed_at is null
                                and o.due <= now() + make_interval(secs => :ahead_s)
                              order by o.due, o.id
                              limit greatest(c.room, 0) for update skip locked) as near
         limit :n) as taken
 order by due, id;

-- query outbox_relayed(companies bigint[], ids bigint[]) exec
update siso.outbox o
   set relayed_at = clock_timestamp()
  from unnest(:companies, :ids) as sent (company_id, id)
 where o.company_id = sent.company_id and o.id = sent.id;

-- Waiting rows that Redis was given at least age_s ago: does it still have them? Page by id.
-- query outbox_given(after bigint, age_s int, n int) many (company_id bigint, id bigint,
--   relay_count int)
select company_id, id, relay_count
  from siso.outbox
 where state = 'queued' and id > :after and relayed_at <= clock_timestamp() - make_interval(secs => :age_s)
 order by id limit :n;

-- Redis lost them: the relay shall give them again, as another job.
-- query outbox_rearm(companies bigint[], ids bigint[]) exec
update siso.outbox o
   set relayed_at = null, relay_count = o.relay_count + 1
  from unnest(:companies, :ids) as lost (company_id, id)
 where o.company_id = lost.company_id and o.id = lost.id
   and o.state = 'queued' and o.relayed_at is not null;

-- query outbox_purge(done_s bigint, failed_s bigint, n int) exec
delete from siso.outbox o
 using (select company_id, id from siso.outbox
         where finished_at < now() - make_interval(secs => :done_s)
           and (state = 'done' or finished_at < now() - make_interval(secs => :failed_s))
         order by finished_at limit :n for update skip locked) as old
 where o.company_id = old.company_id and o.id = old.id;

-- The company's jobs, newest first. state null: all that are not done.
-- query outbox_list(state text?, before bigint?, n int) many (id bigint, name text, state text,
--   due timestamptz, attempts int, last_error text?, created_at timestamptz, finished_at timestamptz?)
select id, name, state, due, attempts, last_error, created_at, finished_at
  from siso.outbox
 where company_id = :company and id < coalesce(:before, 9223372036854775807)
   and case when :state::text is null then state <> 'done' else state = :state end
 order by id desc limit :n;

-- query outbox_counts() many (state text, n bigint)
select state, count(*) as n
  from siso.outbox
 where company_id = :company and state <> 'done'
 group by state;

-- query outbox_retry(id bigint) exec
update siso.outbox
   set state = 'queued', due = now(), attempts = 0, finished_at = null, relayed_at = null,
       relay_count = relay_count + (relayed_at is not null)::int
 where company_id = :company and id = :id and state = 'failed';

-- Given up by a person: it goes the way of what was done.
-- query outbox_discard(id bigint) exec
update siso.outbox set state = 'done' where company_id = :company and id = :id and state = 'failed';

-- Of all companies, for the metrics page.
-- query outbox_totals() one (queued bigint, overdue bigint, running bigint, failed bigint,
--   oldest_s bigint)
select count(*) filter (where state = 'queued') as queued,
       count(*) filter (where state = 'queued' and due < now()) as overdue,
       count(*) filter (where state = 'running') as running,
       count(*) filter (where state = 'failed') as failed,
       coalesce(extract(epoch from now() - min(due) filter (where state = 'queued' and due < now())), 0)::bigint
           as oldest_s
  from siso.outbox
 where state in ('queued', 'running', 'failed');

-- query cron_list() many (company_id bigint, name text, tick timestamptz)
select company_id, name, tick from siso.cron order by company_id, name collate "C";

-- A schedule seen for the first time begins now: no tick before it counts.
-- query cron_begin(companies bigint[], name text, tick timestamptz) exec
insert into siso.cron (company_id, name, tick)
select company_id, :name, :tick from unnest(:companies) as new (company_id)
on conflict do nothing;

-- For each company whose last tick is still the one we saw, this tick is ours: note it and add the job.
-- query cron_fire(companies bigint[], seen bigint[], name text, tick timestamptz, job text) exec
with mine as (
    update siso.cron c
       set tick = :tick
      from unnest(:companies, :seen) as last (company_id, tick)
     where c.company_id = last.company_id and c.name = :name and c.tick = to_timestamp(last.tick)
    returning c.company_id
)
insert into siso.outbox (company_id, name, data, dedupe_key)
select company_id, :job, '{}', 'cron:' || :name from mine
on conflict (company_id, name, dedupe_key)
      where dedupe_key is not null and state in ('queued', 'running')
do nothing;
