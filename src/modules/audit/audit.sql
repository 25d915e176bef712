-- Queries of audit. account.member is read for the names of people: it is account's one table that
-- other modules may join.

-- query audit_add_change(user bigint?, action text, subject text?, subject_id bigint?, diff jsonb?, reason text?,
--   request_id text?, peer text?) exec
insert into audit.change (company_id, user_id, action, subject, subject_id, diff, reason, request_id, peer)
values (:company, :user, :action, :subject, :subject_id, :diff, :reason, :request_id, :peer);

-- query audit_add_changes(user bigint?, action text, subject text, subjects bigint[], diff jsonb?, reason text?,
--   request_id text?, peer text?) exec
insert into audit.change (company_id, user_id, action, subject, subject_id, diff, reason, request_id, peer)
select :company, :user, :action, :subject, s, :diff, :reason, :request_id, :peer
  from unnest(:subjects) with ordinality as r (s, place) order by place;

-- query audit_add_event(at timestamptz, subject text, subject_id bigint, kind text, title text, body text?,
--   user bigint?, data jsonb?) exec
insert into audit.event (company_id, at, subject, subject_id, kind, title, body, user_id, data)
values (:company, :at, :subject, :subject_id, :kind, :title, :body, :user, :data);

-- query audit_add_events(at timestamptz, subject text, subjects bigint[], kind text, title text, body text?,
--   user bigint?, data jsonb?) exec
insert into audit.event (company_id, at, subject, subject_id, kind, title, body, user_id, data)
select :company, :at, :subject, s, :kind, :title, :body, :user, :data
  from unnest(:subjects) with ordinality as r (s, place) order by place;

-- row event_row (id bigint, at timestamptz, subject text, subject_id bigint, kind text, title text, body text?, user_id bigint?,
--   user_name text?, data jsonb?)

-- The timelines that were carried over (audit.link) are walked first: a lead merged into a lead that
-- became a patient shows on the patient.
-- part event_things
thing(subject, subject_id) as (
    select :subject, :subject_id
    union
    select l.from_subject, l.from_id
      from thing t
      join audit.link l on l.company_id = :company and l.subject = t.subject and l.subject_id = t.subject_id)
;
-- part event_columns
e.id, e.at, e.subject, e.subject_id, e.kind, e.title, e.body, e.user_id, m.name as user_name, e.data
;
-- part event_order
  left join account.member m on m.company_id = :company and m.user_id = e.user_id
 order by e.at desc, e.id desc limit :n
;

-- What was written in the last year: the months before are left out before they are opened, which is most of the cost of a
-- timeline where there are a hundred of them. The year and the inner limit (EVENTS_MAX) are literal: with parameters the planner
-- thinks better of a plan for each call, and makes one each time.
-- query audit_events_newest(subject text, subject_id bigint, n int) many event_row
with recursive {event_things}
select {event_columns}
  from thing t
 cross join lateral (
       select x.* from audit.event x
        where x.company_id = :company and x.subject = t.subject and x.subject_id = t.subject_id
          and x.made_at >= now() - interval '1 year'
        order by x.at desc, x.id desc limit 100) e
{event_order};

-- query audit_events_all(subject text, subject_id bigint, n int) many event_row
with recursive {event_things}
select {event_columns}
  from thing t
 cross join lateral (
       select x.* from audit.event x
        where x.company_id = :company and x.subject = t.subject and x.subject_id = t.subject_id
        order by x.at desc, x.id desc limit 100) e
{event_order};

-- May there be anything older than a year? Nothing is older than its subject, but for what was carried over to it.
-- query audit_is_old(subject text, subject_id bigint, born timestamptz?) one (since timestamptz, old bool)
select y.since, coalesce((select c.created_at < y.since from company.company c where c.id = :company), true)
       and (coalesce(:born < y.since, true)
            or exists (select from audit.link l
                        where l.company_id = :company and l.subject = :subject and l.subject_id = :subject_id)) as old
  from (select now() - interval '1 year' as since) y;

-- query audit_events(subject text, subject_id bigint, before bigint, n int) many event_row
with recursive {event_things},
edge as (
    select b.at, b.id from audit.event b where b.company_id = :company and b.id = :before)
select {event_columns}
  from thing t
 cross join lateral (
       select x.* from audit.event x
        where x.company_id = :company and x.subject = t.subject and x.subject_id = t.subject_id
          and (x.at, x.id) < (select edge.at, edge.id from edge)
        order by x.at desc, x.id desc limit 100) e
{event_order};

-- query audit_join(subject text, subject_id bigint, from_subject text, from_id bigint) exec
insert into audit.link (company_id, subject, subject_id, from_subject, from_id)
values (:company, :subject, :subject_id, :from_subject, :from_id)
on conflict do nothing;

-- query audit_part(subject text, subject_id bigint, from_subject text, from_id bigint) exec
delete from audit.link
 where company_id = :company and subject = :subject and subject_id = :subject_id and from_subject = :from_subject
   and from_id = :from_id;

-- age: seconds between the reading and this insert, so that only PostgreSQL's clock counts.
-- query audit_add_reads(age bigint[], user bigint[], subject text[], subject_id bigint[], request_id text[],
--   peer text[]) exec
insert into audit.read (company_id, at, user_id, subject, subject_id, request_id, peer)
select :company, now() - make_interval(secs => r.age), r.user_id, r.subject, r.subject_id, r.request_id, r.peer
  from unnest(:age, :user, :subject, :subject_id, :request_id, :peer)
       as r(age, user_id, subject, subject_id, request_id, peer);

-- query audit_changes(before bigint?, user bigint?, action text?, subject text?, subject_id bigint?,
--   since timestamptz?, till timestamptz?, n int) many (id bigint, at timestamptz, user_id bigint?, user_name text?,
--   action text, subject text?, subject_id bigint?, diff jsonb?, reason text?, peer text?)
select c.id, c.at, c.user_id, m.name as user_name, c.action, c.subject, c.subject_id, c.diff, c.reason, c.peer
  from audit.change c
  left join account.member m on m.company_id = :company and m.user_id = c.user_id
 where c.company_id = :company
   and (:before is null or c.id < :before)
   and (:user is null or c.user_id = :user)
   and (:action is null or starts_with(c.action, :action))
   and (:subject is null or c.subject = :subject)
   and (:subject_id is null or c.subject_id = :subject_id)
   and (:since is null or c.at >= :since)
   and (:till is null or c.at < :till)
 order by c.id desc limit :n;

-- Whom the books may be asked about: also those who left, behind the others.
-- query audit_people() many (user_id bigint, name text)
select user_id, name from account.member where company_id = :company order by active desc, name, user_id limit 500;

-- query audit_reads(before bigint?, user bigint?, since timestamptz?, till timestamptz?, n int) many (id bigint,
--   at timestamptz, user_id bigint, user_name text?, subject text, subject_id bigint, peer text?)
select r.id, r.at, r.user_id, m.name as user_name, r.subject, r.subject_id, r.peer
  from audit.read r
  left join account.member m on m.company_id = :company and m.user_id = r.user_id
 where r.company_id = :company
   and (:before is null or r.id < :before)
   and (:user is null or r.user_id = :user)
   and (:since is null or r.at >= :since)
   and (:till is null or r.at < :till)
 order by r.id desc limit :n;

-- query audit_seal() one (n bigint)
select audit.seal_changes();

-- query audit_last_seal() find (seq bigint, at timestamptz, hash text)
select seq, at, encode(hash, 'hex') from audit.seal where company_id = :company order by seq desc limit 1;

-- query audit_broken_seal() one (seq bigint)
select audit.first_broken_seal();

-- query audit_add_months(ahead int) one (made int)
select audit.add_months(:ahead);
