-- Quotes: plans as they were presented.

-- row quote_row (id bigint, plan_id bigint, patient_id bigint, number int, frozen text, frozen_hash text,
--   total_cents bigint, valid_until date, linked bool, state text, presented_at timestamptz, presented_by text?,
--   opened_at timestamptz?, answered_at timestamptz?, expires_at timestamptz?, tries int, sent_to text?,
--   sent_at timestamptz?, refusal text?, refusal_note text?, pdf_hash text?, evidence jsonb?)

-- part quote_columns
q.id, q.plan_id, p.patient_id, q.number, q.frozen, q.frozen_hash, q.total_cents, q.valid_until,
       q.token_hash is not null, q.state, q.presented_at, m.name, q.opened_at, q.answered_at, q.expires_at,
       q.tries::int, q.sent_to, q.sent_at, q.refusal, q.refusal_note, q.pdf_hash, q.evidence
;

-- part quote_from
from treatment.quote q
  join treatment.plan p on p.company_id = q.company_id and p.id = q.plan_id
  left join account.member m on m.company_id = q.company_id and m.user_id = q.presented_by
;

-- query quote_by_id(id bigint) one quote_row
select {quote_columns} {quote_from} where q.company_id = :company and q.id = :id;

-- query quote_by_token(hash text) find quote_row
select {quote_columns} {quote_from} where q.company_id = :company and q.token_hash = :hash;

-- query quote_of_plan(plan bigint) many quote_row
select {quote_columns} {quote_from} where q.company_id = :company and q.plan_id = :plan order by q.id desc limit 20;

-- Locked until the transaction ends; the plan is locked before it, always.
-- query quote_lock(id bigint) one (state text, tries int, expires_at timestamptz?, plan_id bigint)
select state, tries::int, expires_at, plan_id from treatment.quote where company_id = :company and id = :id for update;

-- query quote_open_of_plan(plan bigint) find (id bigint)
select id from treatment.quote where company_id = :company and plan_id = :plan and state = 'open'
 order by id desc limit 1;

-- query quote_replace(plan bigint) exec
update treatment.quote set state = 'replaced', answered_at = now()
 where company_id = :company and plan_id = :plan and state = 'open';

-- The next number; the row is locked until the transaction ends, so none is lost.
-- query quote_next_number() one (n int)
insert into treatment.counter (company_id, kind, n) values (:company, 'quote', 1)
on conflict (company_id, kind) do update set n = treatment.counter.n + 1
returning n;

-- query quote_insert(plan bigint, number int, frozen text, hash text, total bigint, valid_until date,
--   expires_at timestamptz, at timestamptz, user_id bigint?) one (id bigint)
insert into treatment.quote (company_id, plan_id, number, frozen, frozen_hash, total_cents, valid_until, expires_at,
       presented_at, presented_by)
values (:company, :plan, :number, :frozen, :hash, :total, :valid_until, :expires_at, :at, :user_id)
returning id;

-- query quote_set_link(id bigint, hash text, to text?, at timestamptz) exec
update treatment.quote set token_hash = :hash, tries = 0, sent_to = coalesce(:to, sent_to), sent_at = :at
 where company_id = :company and id = :id and state = 'open';

-- query quote_set_opened(id bigint, at timestamptz) exec
update treatment.quote set opened_at = coalesce(opened_at, :at), tries = 0
 where company_id = :company and id = :id;

-- query quote_count_try(id bigint) exec
update treatment.quote set tries = tries + 1 where company_id = :company and id = :id and tries < 100;

-- query quote_set_accepted(id bigint, at timestamptz, evidence jsonb) exec
update treatment.quote set state = 'accepted', answered_at = :at, evidence = :evidence
 where company_id = :company and id = :id and state = 'open';

-- query quote_set_refused(id bigint, at timestamptz, refusal text, note text?, evidence jsonb) exec
update treatment.quote
   set state = 'refused', answered_at = :at, refusal = :refusal, refusal_note = :note, evidence = :evidence
 where company_id = :company and id = :id and state = 'open';

-- query quote_set_pdf(id bigint, hash text) exec
update treatment.quote set pdf_hash = :hash where company_id = :company and id = :id and pdf_hash is null;

-- For whom it was, who said yes and from which machine; the paper goes with it, and is made anew without the name.
-- query quote_forget(patient bigint, name text) many (pdf_hash text?)
with old as (
    select q.id, q.pdf_hash, jsonb_set(q.frozen::jsonb, '{patient}', to_jsonb(:name::text))::text as frozen
      from treatment.quote q join treatment.plan p on p.company_id = :company and p.id = q.plan_id
     where q.company_id = :company and p.patient_id = :patient limit 10000)
update treatment.quote q
   set frozen = old.frozen, frozen_hash = encode(sha256(convert_to(old.frozen, 'UTF8')), 'hex'), pdf_hash = null,
       sent_to = null, token_hash = null, evidence = q.evidence - array['name', 'ip', 'user_agent']
  from old
 where q.company_id = :company and q.id = old.id
returning old.pdf_hash;
