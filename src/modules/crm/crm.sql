-- Leads. `merged_into is null` leaves out leads that another took over.

-- row lead_row (id bigint, pipeline_id bigint, stage_id bigint, pipeline text, stage text, stage_color text,
--   stage_kind text, status text, name text, phone text?, phone2 text?, email text?, cpf text?, interest text?,
--   value_cents bigint, source_id bigint?, source text?, source_icon text?, utm_source text?, utm_medium text?,
--   utm_campaign text?, utm_term text?, utm_content text?, owner_id bigint?, owner text?, tags text[],
--   expected_on date?, hot bool, consent bool, custom jsonb, stage_since timestamptz, stalled_days int,
--   next_task_id bigint?, next_due timestamptz?, next_title text?, touched_at timestamptz, ended_at timestamptz?,
--   loss_reason_id bigint?, loss_reason text?, loss_note text?, patient_id bigint?, created_at timestamptz,
--   updated_at timestamptz, version int, merged_into bigint?)

-- part lead_columns
l.id, l.pipeline_id, l.stage_id, p.name, s.name, s.color, s.kind, l.status, l.name, l.phone, l.phone2,
       l.email, l.cpf, l.interest, l.value_cents, l.source_id, o.name, o.icon, l.utm_source, l.utm_medium,
       l.utm_campaign, l.utm_term, l.utm_content, l.owner_id, m.name, l.tags, l.expected_on, l.hot, l.consent,
       l.custom, l.stage_since, s.stalled_days, l.next_task_id, l.next_due, l.next_title, l.touched_at, l.ended_at,
       l.loss_reason_id, r.name, l.loss_note, l.patient_id, l.created_at, l.updated_at, l.version, l.merged_into
;

-- part lead_joins
join crm.stage s on s.company_id = l.company_id and s.id = l.stage_id
  join crm.pipeline p on p.company_id = l.company_id and p.id = l.pipeline_id
  left join crm.source o on o.company_id = l.company_id and o.id = l.source_id
  left join crm.loss_reason r on r.company_id = l.company_id and r.id = l.loss_reason_id
  left join account.member m on m.company_id = l.company_id and m.user_id = l.owner_id
;

-- query crm_lead(id bigint) one lead_row
select {lead_columns} from crm.lead l {lead_joins} where l.company_id = :company and l.id = :id;

-- What a change of a lead must know, locked until the transaction ends.
-- query crm_lock_lead(id bigint) one (stage_id bigint, pipeline_id bigint, status text, stage_since timestamptz,
--   owner_id bigint?, patient_id bigint?, rank bigint, version int, merged_into bigint?)
select stage_id, pipeline_id, status, stage_since, owner_id, patient_id, rank, version, merged_into
  from crm.lead where company_id = :company and id = :id for update;

-- query crm_insert_lead(pipeline_id bigint, stage_id bigint, name text, phone text?, phone2 text?, email text?,
--   cpf text?, interest text?, value_cents bigint, source_id bigint?, utm_source text?, utm_medium text?,
--   utm_campaign text?, utm_term text?, utm_content text?, owner_id bigint?, tags text[], expected_on date?, hot bool,
--   consent bool, custom jsonb, search text, phone_key text?, phone2_key text?, user_id bigint?,
--   import_id bigint?) one (id bigint, stage_since timestamptz)
insert into crm.lead (company_id, pipeline_id, stage_id, name, phone, phone2, email, cpf, interest, value_cents,
       source_id, utm_source, utm_medium, utm_campaign, utm_term, utm_content, owner_id, tags, expected_on, hot,
       consent, consent_at, custom, search, phone_key, phone2_key, created_by, import_id, rank)
select :company, :pipeline_id, :stage_id, :name, :phone, :phone2, :email, :cpf, :interest, :value_cents,
       :source_id, :utm_source, :utm_medium, :utm_campaign, :utm_term, :utm_content, :owner_id, :tags, :expected_on,
       :hot, :consent, case when :consent then now() end, :custom, :search, :phone_key, :phone2_key, :user_id,
       :import_id, coalesce((select rank from crm.lead where company_id = :company and stage_id = :stage_id
         and status <> 'lost' and merged_into is null order by rank, id limit 1), 0) - 1024
returning id, stage_since;

-- query crm_update_lead(id bigint, version int, name text, phone text?, phone2 text?, email text?, cpf text?,
--   interest text?, value_cents bigint, source_id bigint?, utm_source text?, utm_medium text?, utm_campaign text?,
--   utm_term text?, utm_content text?, owner_id bigint?, tags text[], expected_on date?, hot bool, consent bool,
--   custom jsonb, search text, phone_key text?, phone2_key text?) exec
update crm.lead
   set name = :name, phone = :phone, phone2 = :phone2, email = :email, cpf = :cpf, interest = :interest,
       value_cents = :value_cents, source_id = :source_id, utm_source = :utm_source, utm_medium = :utm_medium,
       utm_campaign = :utm_campaign, utm_term = :utm_term, utm_content = :utm_content, owner_id = :owner_id,
       tags = :tags, expected_on = :expected_on, hot = :hot, consent = :consent,
       consent_at = case when :consent and not consent then now() when :consent then consent_at end,
       custom = :custom, search = :search, phone_key = :phone_key, phone2_key = :phone2_key, updated_at = now(),
       version = version + 1
 where company_id = :company and id = :id and version = :version and merged_into is null;

-- query crm_set_stage(id bigint, pipeline_id bigint, stage_id bigint, status text, rank bigint, same_stage bool) exec
update crm.lead
   set pipeline_id = :pipeline_id, stage_id = :stage_id, status = :status, rank = :rank,
       stage_since = case when :same_stage then stage_since else now() end,
       ended_at = case when :status = 'open' then null when status = :status then ended_at else now() end,
       loss_reason_id = case when :status = 'lost' then loss_reason_id end,
       loss_note = case when :status = 'lost' then loss_note end,
       touched_at = now(), updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query crm_lose(id bigint, reason bigint, note text?) exec
update crm.lead
   set status = 'lost', ended_at = now(), loss_reason_id = :reason, loss_note = :note, touched_at = now(),
       updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query crm_set_patient(id bigint, patient_id bigint) exec
update crm.lead set patient_id = :patient_id, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query crm_follow_merge(gone_id bigint, kept_id bigint) many (id bigint)
update crm.lead set patient_id = :kept_id, updated_at = now(), version = version + 1
 where company_id = :company and patient_id = :gone_id returning id;

-- Only what is still the other's: somebody may have worked on the lead meanwhile.
-- query crm_part_merge(ids bigint[], gone_id bigint, kept_id bigint) exec
update crm.lead set patient_id = :gone_id, updated_at = now(), version = version + 1
 where company_id = :company and id = any (:ids::bigint[]) and patient_id = :kept_id;

-- What says who it was; also of the leads that were joined with it. The figures (origin, stage, value) stay.
-- query crm_forget_patient(patient_id bigint, name text) many (id bigint)
with recursive of_patient as (
    select id from crm.lead where company_id = :company and patient_id = :patient_id
    union
    select l.id from crm.lead l join of_patient p on l.merged_into = p.id where l.company_id = :company)
update crm.lead
   set name = :name, phone = null, phone2 = null, phone_key = null, phone2_key = null, email = null, cpf = null,
       interest = null, tags = '{}', custom = '{}', search = '', consent = false, consent_at = null, loss_note = null,
       next_title = case when next_task_id is null then null else 'Tarefa' end,
       updated_at = now(), version = version + 1
 where company_id = :company and id in (select id from of_patient)
returning id;

-- query crm_forget_tasks(lead_ids bigint[]) exec
update crm.task set title = 'Tarefa', note = null, version = version + 1
 where company_id = :company and lead_id = any (:lead_ids::bigint[]);

-- query crm_set_owner(id bigint, owner_id bigint?) exec
update crm.lead set owner_id = :owner_id, updated_at = now(), version = version + 1
 where company_id = :company and id = :id and owner_id is distinct from :owner_id;

-- query crm_add_tags(id bigint, tags text[]) exec
update crm.lead
   set tags = (select array_agg(distinct t order by t) from unnest(tags || :tags) t), updated_at = now(),
       version = version + 1
 where company_id = :company and id = :id;

-- query crm_touch_lead(id bigint) exec
update crm.lead set touched_at = now() where company_id = :company and id = :id;

-- query crm_insert_move(lead_id bigint, from_stage bigint?, to_stage bigint, from_status text?, to_status text,
--   seconds bigint, user_id bigint?, at timestamptz) exec
insert into crm.move (company_id, lead_id, from_stage, to_stage, from_status, to_status, seconds, user_id, at)
values (:company, :lead_id, :from_stage, :to_stage, :from_status, :to_status, :seconds, :user_id, :at);

-- The stage a lost or won lead was in before: where reopening puts it.
-- query crm_last_open_stage(lead_id bigint) find (stage_id bigint)
select v.to_stage
  from crm.move v join crm.stage s on s.company_id = v.company_id and s.id = v.to_stage
 where v.company_id = :company and v.lead_id = :lead_id and v.to_status = 'open' and s.kind = 'open' and s.active
 order by v.id desc limit 1;

-- The ranks around the place before lead `before` in a column.
-- query crm_ranks_before(stage_id bigint, before bigint) one (rank bigint, prev bigint?)
select b.rank,
       (select l.rank from crm.lead l where l.company_id = :company and l.stage_id = :stage_id and l.status <> 'lost'
           and l.merged_into is null and (l.rank, l.id) < (b.rank, b.id) order by l.rank desc, l.id desc limit 1)
  from crm.lead b where b.company_id = :company and b.id = :before and b.stage_id = :stage_id;

-- query crm_rank_ends(stage_id bigint) one (first bigint?, last bigint?)
select (select rank from crm.lead where company_id = :company and stage_id = :stage_id and status <> 'lost'
           and merged_into is null order by rank, id limit 1),
       (select rank from crm.lead where company_id = :company and stage_id = :stage_id and status <> 'lost'
           and merged_into is null order by rank desc, id desc limit 1);

-- No whole number is left between two ranks: spread the column out again.
-- query crm_spread_ranks(stage_id bigint) exec
update crm.lead l set rank = o.n * 1024
  from (select id, row_number() over (order by rank, id) as n from crm.lead
         where company_id = :company and stage_id = :stage_id and status <> 'lost' and merged_into is null) o
 where l.company_id = :company and l.id = o.id;

-- ---- twins and merging ----

-- query crm_lead_twins(key text?, email text?, cpf text?, except bigint) many (id bigint, name text, phone text?,
--   email text?, status text, why text)
select * from (
    select id, name, phone, email, status, 'phone' as why from crm.lead
     where company_id = :company and merged_into is null and phone_key = :key
    union all
    select id, name, phone, email, status, 'phone' from crm.lead
     where company_id = :company and merged_into is null and phone2_key = :key
    union all
    select id, name, phone, email, status, 'email' from crm.lead
     where company_id = :company and merged_into is null and email = :email
    union all
    select id, name, phone, email, status, 'cpf' from crm.lead
     where company_id = :company and merged_into is null and cpf = :cpf) t
 where id <> :except limit 20;

-- query crm_merge_into(kept bigint, gone bigint) exec
update crm.lead k
   set phone = coalesce(k.phone, g.phone), phone2 = coalesce(k.phone2, case when g.phone is distinct from k.phone then g.phone else g.phone2 end),
       phone_key = coalesce(k.phone_key, g.phone_key),
       phone2_key = coalesce(k.phone2_key, case when g.phone is distinct from k.phone then g.phone_key else g.phone2_key end),
       email = coalesce(k.email, g.email), cpf = coalesce(k.cpf, g.cpf), interest = coalesce(k.interest, g.interest),
       value_cents = greatest(k.value_cents, g.value_cents), source_id = coalesce(k.source_id, g.source_id),
       utm_source = coalesce(k.utm_source, g.utm_source), utm_medium = coalesce(k.utm_medium, g.utm_medium),
       utm_campaign = coalesce(k.utm_campaign, g.utm_campaign), utm_term = coalesce(k.utm_term, g.utm_term),
       utm_content = coalesce(k.utm_content, g.utm_content), owner_id = coalesce(k.owner_id, g.owner_id),
       tags = (select coalesce(array_agg(t order by t), '{}') from (select distinct unnest(k.tags || g.tags) t limit 20) x),
       expected_on = coalesce(k.expected_on, g.expected_on), hot = k.hot or g.hot,
       consent = k.consent or g.consent, consent_at = coalesce(k.consent_at, g.consent_at),
       custom = g.custom || k.custom, patient_id = coalesce(k.patient_id, g.patient_id),
       search = left(k.search || ' ' || g.search, 600), touched_at = greatest(k.touched_at, g.touched_at),
       updated_at = now(), version = k.version + 1
  from crm.lead g
 where k.company_id = :company and k.id = :kept and g.company_id = :company and g.id = :gone;

-- query crm_mark_merged(kept bigint, gone bigint) exec
update crm.lead set merged_into = :kept, updated_at = now(), version = version + 1
 where company_id = :company and id = :gone and merged_into is null;

-- query crm_carry_tasks(kept bigint, gone bigint) exec
update crm.task set lead_id = :kept where company_id = :company and lead_id = :gone and done_at is null;

-- ---- stages ---- (all pipelines in one go; totals from stage_total)

-- query crm_stages() many (pipeline_id bigint, pipeline text, pipeline_position int, pipeline_version int, id bigint,
--   name text, color text, kind text, position int, probability int, stalled_days int, version int,
--   lead_count bigint, value_cents bigint)
select p.id, p.name, p.position, p.version, s.id, s.name, s.color, s.kind, s.position, s.probability,
       s.stalled_days, s.version, coalesce(t.lead_count, 0), coalesce(t.value_cents, 0)
  from crm.pipeline p
  join crm.stage s on s.company_id = p.company_id and s.pipeline_id = p.id
  left join crm.stage_total t on t.company_id = s.company_id and t.stage_id = s.id
 where p.company_id = :company and p.active and s.active
 order by p.position, p.id, s.kind = 'won', s.position, s.id
 limit 400;

-- query crm_stage(id bigint) one (pipeline_id bigint, name text, kind text)
select pipeline_id, name, kind from crm.stage where company_id = :company and id = :id and active;

-- The stage new leads enter: the first open one of the first pipeline.
-- query crm_first_stage() one (id bigint, pipeline_id bigint)
select s.id, s.pipeline_id
  from crm.stage s join crm.pipeline p on p.company_id = s.company_id and p.id = s.pipeline_id
 where s.company_id = :company and s.active and p.active and s.kind = 'open'
 order by p.position, p.id, s.position, s.id limit 1;

-- query crm_won_stage(pipeline_id bigint) find (id bigint)
select id from crm.stage
 where company_id = :company and pipeline_id = :pipeline_id and active and kind = 'won' order by position, id limit 1;

-- query crm_source_named(name text) find (id bigint)
select id from crm.source where company_id = :company and lower(name) = lower(:name);

-- query crm_insert_source(name text, icon text) find (id bigint)
insert into crm.source (company_id, name, icon, position)
select :company, :name, :icon, coalesce(max(position), 0) + 1 from crm.source where company_id = :company
on conflict (company_id, name) do nothing returning id;

-- query crm_has_source(id bigint) find (id bigint)
select id from crm.source where company_id = :company and id = :id;

-- query crm_loss_reason(id bigint) one (name text)
select name from crm.loss_reason where company_id = :company and id = :id;

-- query crm_loss_reasons() many (id bigint, name text, active bool)
select id, name, active from crm.loss_reason where company_id = :company order by active desc, position, id limit 200;

-- query crm_sources() many (id bigint, name text, icon text, active bool)
select id, name, icon, active from crm.source where company_id = :company order by active desc, position, id limit 200;

-- ---- the board ----

-- row card_row (id bigint, stage_id bigint, name text, interest text?, value_cents bigint, phone text?, source text?,
--   source_icon text?, owner_id bigint?, owner text?, hot bool, stage_since timestamptz, next_due timestamptz?,
--   next_title text?, rank bigint, status text, ended_at timestamptz?, version int)

-- part card_columns
l.id, l.stage_id, l.name, l.interest, l.value_cents, l.phone, o.name, o.icon, l.owner_id, m.name, l.hot,
       l.stage_since, l.next_due, l.next_title, l.rank, l.status, l.ended_at, l.version
;

-- part card_joins
left join crm.source o on o.company_id = l.company_id and o.id = l.source_id
  left join account.member m on m.company_id = l.company_id and m.user_id = l.owner_id
;

-- part card_filter
(:owner_id::bigint is null or l.owner_id = :owner_id) and (:word::text is null or l.search like :word)
;

-- The top of every open column.
-- plan: whole (a word may stand anywhere in the text, and an owner may have no lead at all: then all open leads are
-- looked at, in the order of the board)
-- query crm_board(pipeline_id bigint, n int, owner_id bigint?, word text?) many card_row
select {card_columns}
  from crm.stage s
 cross join lateral (
    select * from crm.lead l
     where l.company_id = :company and l.stage_id = s.id and l.status <> 'lost' and l.merged_into is null
       and {card_filter}
     order by l.rank, l.id limit :n) l
  {card_joins}
 where s.company_id = :company and s.pipeline_id = :pipeline_id and s.active and s.kind = 'open'
 order by s.position, s.id, l.rank, l.id;

-- The rest of one column, below a card.
-- query crm_board_column(stage_id bigint, rank bigint, id bigint, n int, owner_id bigint?, word text?) many card_row
select {card_columns}
  from (select * from crm.lead l
         where l.company_id = :company and l.stage_id = :stage_id and l.status <> 'lost' and l.merged_into is null
           and (l.rank, l.id) > (:rank, :id) and {card_filter}
         order by l.rank, l.id limit :n) l
  {card_joins}
 order by l.rank, l.id;

-- Won since a moment, newest first: the last column.
-- query crm_board_won(pipeline_id bigint, since timestamptz, n int, owner_id bigint?, word text?) many card_row
select {card_columns}
  from (select * from crm.lead l
         where l.company_id = :company and l.pipeline_id = :pipeline_id and l.status = 'won' and l.merged_into is null
           and l.ended_at >= :since and {card_filter}
         order by l.ended_at desc, l.id desc limit :n) l
  {card_joins}
 order by l.ended_at desc, l.id desc;

-- What the head of the board says. Lost and won since a moment; late tasks now.
-- query crm_board_figures(pipeline_id bigint, since timestamptz, now timestamptz) one (won_count bigint,
--   won_cents bigint, lost_count bigint, days double, late bigint)
select count(*) filter (where status = 'won'), coalesce(sum(value_cents) filter (where status = 'won'), 0)::bigint,
       count(*) filter (where status = 'lost'),
       coalesce(avg(extract(epoch from ended_at - created_at)) filter (where status = 'won') / 86400, 0)::double precision,
       (select count(*) from (select from crm.task t where t.company_id = :company and t.done_at is null
          and t.due_at < :now limit 1000) late)
  from crm.lead
 where company_id = :company and ended_at >= :since and pipeline_id = :pipeline_id and merged_into is null;

-- Totals of the columns under a filter; without one stage_total answers.
-- plan: whole (sums over what a person filtered)
-- query crm_filtered_totals(pipeline_id bigint, owner_id bigint?, word text?) many (stage_id bigint, lead_count bigint,
--   value_cents bigint)
select l.stage_id, count(*), sum(l.value_cents)::bigint
  from crm.lead l join crm.stage s on s.company_id = l.company_id and s.id = l.stage_id
 where l.company_id = :company and l.status <> 'lost' and l.merged_into is null and s.pipeline_id = :pipeline_id
   and {card_filter}
 group by l.stage_id;

-- ---- the list ----

-- part lead_where
l.company_id = :company and l.merged_into is null
   and (:status = 'all' or l.status = :status)
   and (:pipeline_id::bigint is null or l.pipeline_id = :pipeline_id)
   and (:stage_id::bigint is null or l.stage_id = :stage_id)
   and (:source_id::bigint is null or l.source_id = :source_id)
   and (:owner_id::bigint is null or l.owner_id = :owner_id)
   and (:loss_reason_id::bigint is null or l.loss_reason_id = :loss_reason_id)
   and (:campaign::text is null or l.utm_campaign = :campaign)
   and (:tag::text is null or :tag = any (l.tags))
   and (:word1::text is null or l.search like :word1)
   and (:word2::text is null or l.search like :word2)
   and (:word3::text is null or l.search like :word3)
   and (:created_from::timestamptz is null or l.created_at >= :created_from)
   and (:created_to::timestamptz is null or l.created_at < :created_to)
   and (:ended_from::timestamptz is null or l.ended_at >= :ended_from)
   and (:ended_to::timestamptz is null or l.ended_at < :ended_to)
   and (not :overdue or l.next_due < :now)
   and (not :no_task or l.next_task_id is null)
   and (not :stalled or l.stage_id in (select id from crm.stage where company_id = :company and stalled_days > 0
         and l.stage_since < :now::timestamptz - make_interval(days => stalled_days)))
   and (:reached_id::bigint is null or exists (select from crm.move v
         where v.company_id = :company and v.lead_id = l.id and v.to_stage = :reached_id and v.to_status <> 'lost'
           and v.from_stage is distinct from v.to_stage
           and (:reached_from::timestamptz is null or v.at >= :reached_from)
           and (:reached_to::timestamptz is null or v.at < :reached_to)))
   and (:expected_from::date is null or l.expected_on >= :expected_from)
   and (:expected_to::date is null or l.expected_on < :expected_to)
   and (:patient::text is null or (l.patient_id is not null) = (:patient = 'yes'))
   and (:without::text is null or case :without when 'source' then l.source_id is null
         when 'campaign' then l.utm_campaign is null when 'owner' then l.owner_id is null
         when 'expected' then l.expected_on is null end)
;

-- The list. plan: whole (any of twenty-six filters may find nothing; the newest come first, so usual ones end early)
-- query crm_leads(status text, pipeline_id bigint?, stage_id bigint?, source_id bigint?, owner_id bigint?,
--   loss_reason_id bigint?, campaign text?, tag text?, word1 text?, word2 text?, word3 text?,
--   created_from timestamptz?, created_to timestamptz?, ended_from timestamptz?, ended_to timestamptz?, overdue bool,
--   no_task bool, stalled bool, now timestamptz, reached_id bigint?, reached_from timestamptz?, reached_to timestamptz?,
--   expected_from date?, expected_to date?, patient text?, without text?, after bigint?, n int) many lead_row
select {lead_columns} from (
    select * from crm.lead l where {lead_where} and (:after::bigint is null or l.id < :after)
     order by l.id desc limit :n) l
  {lead_joins} order by l.id desc;

-- Other orders: the sort key of every match is computed, so this one is for people, page by page.
-- plan: whole (it sorts what a person filtered)
-- query crm_leads_sorted(status text, pipeline_id bigint?, stage_id bigint?, source_id bigint?, owner_id bigint?,
--   loss_reason_id bigint?, campaign text?, tag text?, word1 text?, word2 text?, word3 text?,
--   created_from timestamptz?, created_to timestamptz?, ended_from timestamptz?, ended_to timestamptz?, overdue bool,
--   no_task bool, stalled bool, now timestamptz, reached_id bigint?, reached_from timestamptz?, reached_to timestamptz?,
--   expected_from date?, expected_to date?, patient text?, without text?, sort text, down bool, skip bigint, n int) many lead_row
select {lead_columns} from (
    select l.id, row_number() over (order by
             case when not :down and :sort = 'name' then l.search end,
             case when :down and :sort = 'name' then l.search end desc,
             case when not :down then case :sort when 'value' then l.value_cents when 'due' then extract(epoch from l.next_due)::bigint
                  when 'stage' then extract(epoch from l.stage_since)::bigint else l.id end end nulls last,
             case when :down then case :sort when 'value' then l.value_cents when 'due' then extract(epoch from l.next_due)::bigint
                  when 'stage' then extract(epoch from l.stage_since)::bigint else l.id end end desc nulls last,
             l.id desc) as place
      from crm.lead l where {lead_where}
     order by place limit :n offset :skip) f
  join crm.lead l on l.company_id = :company and l.id = f.id
  {lead_joins} order by f.place;

-- The list's count and sum. plan: whole (sums over what a person filtered; without a filter crm_count_open answers)
-- query crm_count_leads(status text, pipeline_id bigint?, stage_id bigint?, source_id bigint?, owner_id bigint?,
--   loss_reason_id bigint?, campaign text?, tag text?, word1 text?, word2 text?, word3 text?,
--   created_from timestamptz?, created_to timestamptz?, ended_from timestamptz?, ended_to timestamptz?, overdue bool,
--   no_task bool, stalled bool, now timestamptz, reached_id bigint?, reached_from timestamptz?, reached_to timestamptz?,
--   expected_from date?, expected_to date?, patient text?, without text?) one (n bigint, value_cents bigint)
select count(*), coalesce(sum(l.value_cents), 0)::bigint from crm.lead l where {lead_where};

-- Open leads by the columns' totals.
-- query crm_count_open(pipeline_id bigint?, stage_id bigint?) one (n bigint, value_cents bigint)
select coalesce(sum(t.lead_count), 0)::bigint, coalesce(sum(t.value_cents), 0)::bigint
  from crm.stage s join crm.stage_total t on t.company_id = s.company_id and t.stage_id = s.id
 where s.company_id = :company and s.kind = 'open' and (:pipeline_id::bigint is null or s.pipeline_id = :pipeline_id)
   and (:stage_id::bigint is null or s.id = :stage_id);

-- Hits of the palette: newest first.
-- plan: whole (a word may stand anywhere in the text: an index is read from the newest on until there are enough)
-- query crm_find(word1 text, word2 text?, word3 text?, n int) many (id bigint, name text, phone text?, email text?,
--   status text, stage text)
select l.id, l.name, l.phone, l.email, l.status, s.name
  from (select id from crm.lead
         where company_id = :company and merged_into is null and search like :word1
           and (:word2::text is null or search like :word2) and (:word3::text is null or search like :word3)
         order by id desc limit :n) f
  join crm.lead l on l.company_id = :company and l.id = f.id
  join crm.stage s on s.company_id = l.company_id and s.id = l.stage_id
 order by l.id desc;

-- ---- tasks ----

-- row task_row (id bigint, lead_id bigint?, patient_id bigint?, lead text?, type text, title text, note text?,
--   priority text, rrule text?, due_at timestamptz, done_at timestamptz?, assignee_id bigint?, assignee text?,
--   remind_min int?, version int)

-- The patient of a task is whom its lead became.
-- part task_columns
t.id, t.lead_id, l.patient_id, l.name, t.type, t.title, t.note, t.priority, t.rrule, t.due_at, t.done_at,
       t.assignee_id, m.name, t.remind_min, t.version
;

-- part task_joins
left join crm.lead l on l.company_id = t.company_id and l.id = t.lead_id
  left join account.member m on m.company_id = t.company_id and m.user_id = t.assignee_id
;

-- query crm_task(id bigint) one task_row
select {task_columns} from crm.task t {task_joins} where t.company_id = :company and t.id = :id;

-- query crm_lead_tasks(lead_id bigint) many task_row
select {task_columns} from crm.task t {task_joins}
 where t.company_id = :company and t.lead_id = :lead_id
 order by t.done_at is not null, case when t.done_at is null then t.due_at end, t.done_at desc limit 50;

-- query crm_day(assignee_id bigint?, until timestamptz) many task_row
select {task_columns} from (
    select * from crm.task t
     where t.company_id = :company and t.done_at is null and t.due_at < :until
       and (:assignee_id::bigint is null or t.assignee_id = :assignee_id)
     order by t.due_at, t.id limit 200) t
  {task_joins} order by t.due_at, t.id;

-- What the API lists: newest first. plan: whole (filters that find nothing; the newest come first)
-- query crm_tasks(lead_id bigint?, assignee_id bigint?, status text, due_from timestamptz?, due_to timestamptz?,
--   after bigint?, n int) many task_row
select {task_columns} from (
    select * from crm.task t
     where t.company_id = :company and (:lead_id::bigint is null or t.lead_id = :lead_id)
       and (:assignee_id::bigint is null or t.assignee_id = :assignee_id)
       and (:status = 'all' or (t.done_at is null) = (:status = 'open'))
       and (:due_from::timestamptz is null or t.due_at >= :due_from)
       and (:due_to::timestamptz is null or t.due_at < :due_to)
       and (:after::bigint is null or t.id < :after)
     order by t.id desc limit :n) t
  {task_joins} order by t.id desc;

-- query crm_lock_task(id bigint) one (version int)
select version from crm.task where company_id = :company and id = :id for update;

-- query crm_insert_task(lead_id bigint?, type text, title text, note text?, due_at timestamptz,
--   priority text, assignee_id bigint?, remind_min int?, rrule text?, rule_id bigint?, user_id bigint?) one (id bigint)
insert into crm.task (company_id, lead_id, type, title, note, due_at, priority, assignee_id, remind_min,
       rrule, rule_id, created_by)
values (:company, :lead_id, :type, :title, :note, :due_at, :priority, :assignee_id, :remind_min, :rrule,
       :rule_id, :user_id)
returning id;

-- query crm_update_task(id bigint, type text, title text, note text?, due_at timestamptz, priority text,
--   assignee_id bigint?, remind_min int?, rrule text?) exec
update crm.task
   set type = :type, title = :title, note = :note, due_at = :due_at, priority = :priority,
       assignee_id = :assignee_id, remind_min = :remind_min, rrule = :rrule, version = version + 1
 where company_id = :company and id = :id and done_at is null;

-- query crm_finish_task(id bigint, user_id bigint?) exec
update crm.task set done_at = now(), done_by = :user_id, version = version + 1
 where company_id = :company and id = :id and done_at is null;

-- query crm_undo_task(id bigint) exec
update crm.task set done_at = null, done_by = null, version = version + 1
 where company_id = :company and id = :id and done_at is not null;

-- The lead shows its open task that is due first.
-- query crm_next_task(lead_id bigint) exec
update crm.lead l
   set next_task_id = n.id, next_due = n.due_at, next_title = n.title, touched_at = now()
  from (select 1) one
  left join lateral (
    select id, due_at, title from crm.task
     where company_id = :company and lead_id = :lead_id and done_at is null order by due_at, id limit 1) n on true
 where l.company_id = :company and l.id = :lead_id;

-- query crm_fields() many (id bigint, key text, title text, type text, choices text[], required bool, active bool)
select id, key, title, type, choices, required, active
  from crm.field where company_id = :company order by active desc, position, id limit 100;

-- query crm_one_card(id bigint) many card_row
select {card_columns} from crm.lead l {card_joins} where l.company_id = :company and l.id = :id;

-- ---- automations ----

-- query crm_stage_rules(stage_id bigint, after_days int) many (id bigint, action text, params jsonb)
select id, action, params from crm.rule
 where company_id = :company and stage_id = :stage_id and active and after_days = :after_days
 order by position, id limit 20;

-- Claims one run for one stay of a lead in a stage: no row, it has run already.
-- query crm_claim_rule(rule_id bigint, lead_id bigint, stay timestamptz, result text) exec
insert into crm.rule_run (company_id, rule_id, lead_id, stay, result)
values (:company, :rule_id, :lead_id, :stay, :result) on conflict do nothing;

-- Runs of this very transaction: now() is its beginning.
-- query crm_rules_run_now(lead_id bigint) one (n bigint)
select count(*) from crm.rule_run where company_id = :company and lead_id = :lead_id and at = now();

-- Leads that have stayed long enough for a rule of days, and have not been through it in this stay.
-- query crm_rules_due(now timestamptz, n int) many (rule_id bigint, lead_id bigint, stay timestamptz, action text,
--   params jsonb)
select r.id, l.id, l.stage_since, r.action, r.params
  from crm.rule r
  join crm.lead l on l.company_id = r.company_id and l.stage_id = r.stage_id and l.status <> 'lost'
   and l.merged_into is null and l.stage_since < :now::timestamptz - make_interval(days => r.after_days)
 where r.company_id = :company and r.active and r.after_days > 0
   and not exists (select from crm.rule_run x where x.company_id = r.company_id and x.rule_id = r.id
         and x.lead_id = l.id and x.stay = date_trunc('second', l.stage_since)) -- stays are whole seconds
 order by r.position, r.id, l.id limit :n;

-- Tasks whose reminder is due and whose assignee was not told yet (the notice's key sees to that).
-- query crm_reminders(now timestamptz) many (id bigint, lead_id bigint?, title text, assignee_id bigint,
--   due_at timestamptz)
select id, lead_id, title, assignee_id, due_at from crm.task
 where company_id = :company and done_at is null and remind_min is not null and assignee_id is not null
   and due_at > :now::timestamptz - interval '1 day'
   and due_at - make_interval(mins => remind_min) <= :now
 order by due_at limit 200;

-- ---- what a company starts with ----

-- query crm_add_pipeline(name text, position int) one (id bigint)
insert into crm.pipeline (company_id, name, position) values (:company, :name, :position) returning id;

-- query crm_add_stage(pipeline_id bigint, name text, color text, position int, probability int, stalled_days int,
--   kind text) one (id bigint)
insert into crm.stage (company_id, pipeline_id, name, color, position, probability, stalled_days, kind)
values (:company, :pipeline_id, :name, :color, :position, :probability, :stalled_days, :kind) returning id;

-- query crm_add_reason(name text, position int) exec
insert into crm.loss_reason (company_id, name, position) values (:company, :name, :position) on conflict do nothing;

-- query crm_add_form(token text, title text) exec
insert into crm.form (company_id, token, title) values (:company, :token, :title);

-- For the demonstration: history that began before today.
-- query crm_backdate(id bigint, created_at timestamptz, stage_since timestamptz, ended_at timestamptz?) exec
update crm.lead set created_at = :created_at, stage_since = :stage_since, touched_at = :stage_since,
       ended_at = case when ended_at is not null then coalesce(:ended_at, ended_at) end
 where company_id = :company and id = :id;

-- ---- settings ----

-- query crm_rename_pipeline(id bigint, name text) exec
update crm.pipeline set name = :name, version = version + 1 where company_id = :company and id = :id;

-- query crm_pipeline(id bigint) one (active bool)
select active from crm.pipeline where company_id = :company and id = :id;

-- query crm_archive_pipeline(id bigint) exec
update crm.pipeline set active = false, version = version + 1
 where company_id = :company and id = :id
   and (select count(*) from crm.pipeline where company_id = :company and active) > 1
   and not exists (select from crm.lead where company_id = :company and pipeline_id = :id and status = 'open' and merged_into is null);

-- query crm_last_positions(pipeline_id bigint) one (pipeline int, stage int)
select (select coalesce(max(position), 0) from crm.pipeline where company_id = :company),
       (select coalesce(max(position), 0) from crm.stage where company_id = :company and pipeline_id = :pipeline_id);

-- query crm_update_stage(id bigint, name text, color text, probability int, stalled_days int) exec
update crm.stage set name = :name, color = :color, probability = :probability, stalled_days = :stalled_days,
       version = version + 1
 where company_id = :company and id = :id and active;

-- A stage with leads stays, and so does the last open one and the last won one.
-- query crm_archive_stage(id bigint) exec
update crm.stage s set active = false, version = version + 1
 where s.company_id = :company and s.id = :id
   and not exists (select from crm.lead where company_id = :company and stage_id = :id and status = 'open' and merged_into is null)
   and exists (select from crm.stage o where o.company_id = :company and o.pipeline_id = s.pipeline_id and o.active
         and o.kind = s.kind and o.id <> s.id);

-- query crm_order_stages(pipeline_id bigint, ids bigint[]) exec
update crm.stage s set position = o.place
  from unnest(:ids) with ordinality as o (id, place)
 where s.company_id = :company and s.pipeline_id = :pipeline_id and s.id = o.id;

-- query crm_rename_source(id bigint, name text, icon text, active bool) exec
update crm.source set name = :name, icon = :icon, active = :active where company_id = :company and id = :id
   and not exists (select from crm.source where company_id = :company and name = :name and id <> :id);

-- query crm_rename_reason(id bigint, name text, active bool) exec
update crm.loss_reason set name = :name, active = :active where company_id = :company and id = :id
   and not exists (select from crm.loss_reason where company_id = :company and name = :name and id <> :id);

-- query crm_insert_field(key text, title text, type text, choices text[], required bool) exec
insert into crm.field (company_id, key, title, type, choices, required, position)
select :company, :key, :title, :type, :choices, :required, coalesce(max(position), 0) + 1
  from crm.field where company_id = :company
on conflict (company_id, key) do nothing;

-- query crm_update_field(id bigint, title text, choices text[], required bool, active bool) exec
update crm.field set title = :title, choices = :choices, required = :required, active = :active
 where company_id = :company and id = :id;
