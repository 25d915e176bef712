-- The figures of a funnel over a period. Each reads the leads or the moves of its period once. `before` is where the
-- period before begins: it ends where this one begins, unless its own end is given.

-- Leads that came in a period, by where they came from and who has them; what has become of them until today. part:
-- 'all', 'source', 'campaign', 'owner'; at most 200 of each, the largest first.
-- query figure_cohort(pipeline_id bigint, before timestamptz, before_end timestamptz, since timestamptz,
--   until timestamptz) many (part text, id bigint?, name text?, leads bigint, leads_before bigint, won bigint,
--   won_cents bigint, lost bigint, patients bigint, patients_before bigint, won_before bigint, active bool)
select g.part, g.id, g.name, g.leads, g.leads_before, g.won, g.won_cents, g.lost, g.patients, g.patients_before,
       g.won_before, g.active
  from (
    select case f.g when 7 then 'all' when 3 then 'source' when 5 then 'campaign' else 'owner' end as part,
           case f.g when 3 then f.source_id when 6 then f.owner_id end as id,
           case f.g when 3 then o.name when 5 then f.utm_campaign when 6 then m.name end as name,
           f.leads, f.leads_before, f.won, f.won_cents, f.lost, f.patients, f.patients_before, f.won_before,
           coalesce(case f.g when 6 then m.active end, true) as active,
           row_number() over (partition by f.g order by f.leads desc, f.leads_before desc, f.source_id, f.utm_campaign,
             f.owner_id) as place
      from (
        select grouping(l.source_id, l.utm_campaign, l.owner_id) as g, l.source_id, l.utm_campaign, l.owner_id,
               count(*) filter (where l.created_at >= :since) as leads,
               count(*) filter (where l.created_at < :before_end) as leads_before,
               count(*) filter (where l.created_at >= :since and l.status = 'won') as won,
               coalesce(sum(l.value_cents) filter (where l.created_at >= :since and l.status = 'won'), 0)::bigint as won_cents,
               count(*) filter (where l.created_at >= :since and l.status = 'lost') as lost,
               count(*) filter (where l.created_at >= :since and l.patient_id is not null) as patients,
               count(*) filter (where l.created_at < :before_end and l.patient_id is not null) as patients_before,
               count(*) filter (where l.created_at < :before_end and l.status = 'won') as won_before
          from crm.lead l
         where l.company_id = :company and l.pipeline_id = :pipeline_id and l.merged_into is null
           and l.created_at >= :before and l.created_at < :until
           and (l.created_at < :before_end or l.created_at >= :since)
         group by grouping sets ((), (l.source_id), (l.utm_campaign), (l.owner_id))) f
      left join crm.source o on o.company_id = :company and o.id = f.source_id and f.g = 3
      left join account.member m on m.company_id = :company and m.user_id = f.owner_id and f.g = 6) g
 where g.place <= 200
 order by g.part, g.place;

-- Won and lost: how many and how much, by slice of the period. edges are moments (seconds); slice 0 is before the
-- first edge, which the caller leaves empty.
-- query figure_ended(pipeline_id bigint, since timestamptz, until timestamptz, edges bigint[]) many (slice int,
--   status text, n bigint, cents bigint)
select width_bucket(extract(epoch from l.ended_at)::bigint, :edges), l.status, count(*), sum(l.value_cents)::bigint
  from crm.lead l
 where l.company_id = :company and l.pipeline_id = :pipeline_id and l.merged_into is null and l.status <> 'open'
   and l.ended_at >= :since and l.ended_at < :until
 group by 1, 2;

-- Days from coming to being won, the middle one; wins of the period that are nobody's patient yet.
-- query figure_cycle(pipeline_id bigint, before timestamptz, before_end timestamptz, since timestamptz,
--   until timestamptz) one (days double?, days_before double?, no_patient bigint)
select percentile_cont(0.5) within group (order by extract(epoch from l.ended_at - l.created_at) / 86400)
         filter (where l.ended_at >= :since),
       percentile_cont(0.5) within group (order by extract(epoch from l.ended_at - l.created_at) / 86400)
         filter (where l.ended_at < :before_end),
       count(*) filter (where l.ended_at >= :since and l.patient_id is null)
  from crm.lead l
 where l.company_id = :company and l.pipeline_id = :pipeline_id and l.merged_into is null and l.status = 'won'
   and l.ended_at >= :before and l.ended_at < :until;

-- Why leads were lost.
-- query figure_reasons(pipeline_id bigint, before timestamptz, before_end timestamptz, since timestamptz,
--   until timestamptz) many (id bigint, name text, n bigint, n_before bigint, cents bigint)
select r.id, r.name, f.n, f.n_before, f.cents
  from (
    select l.loss_reason_id, count(*) filter (where l.ended_at >= :since) as n,
           count(*) filter (where l.ended_at < :before_end) as n_before,
           coalesce(sum(l.value_cents) filter (where l.ended_at >= :since), 0)::bigint as cents
      from crm.lead l
     where l.company_id = :company and l.pipeline_id = :pipeline_id and l.merged_into is null and l.status = 'lost'
       and l.ended_at >= :before and l.ended_at < :until
     group by 1) f
  join crm.loss_reason r on r.company_id = :company and r.id = f.loss_reason_id
 order by f.n desc, f.n_before desc, r.id;

-- Of the leads that entered a stage in the period: how many went further until today, how many were lost out of it.
-- And the seconds that leads spent in a stage which they left in the period, lost ones too. The moves since the
-- period's beginning are read once, lead by lead: what came after a move stands behind it. `is true` makes the leads a
-- hashed set: behind the wall the planner takes them for few, and would look up each.
-- plan: whole (all moves of the period and what came after them)
-- query figure_stages(pipeline_id bigint, since timestamptz, until timestamptz) many (stage_id bigint, reached bigint,
--   further bigint, lost bigint, left_count bigint, median double?, p90 double?)
with stage as materialized (
    select id, row_number() over (order by kind = 'won', position, id) as place from crm.stage
     where company_id = :company and pipeline_id = :pipeline_id),
move as materialized (
    select v.lead_id, v.id, v.at, v.from_stage, v.to_stage, v.from_status, v.to_status, v.seconds,
           case when v.to_status <> 'lost' then (select place from stage where id = v.to_stage) end as place
      from crm.move v
     where v.company_id = :company and v.at >= :since
       and (v.lead_id in (select id from crm.lead where company_id = :company and merged_into is null)) is true),
seen as (
    select lead_id, at, from_stage, to_stage, place, lead(to_status) over lead_moves = 'lost' as lost,
           max(place) over later > place or bool_or(to_status = 'won') over later as further
      from move
    window lead_moves as (partition by lead_id order by id),
           later as (partition by lead_id order by id rows between 1 following and unbounded following)),
entry as (
    select to_stage, bool_or(further) as further, bool_or(lost) as lost
      from seen
     where at < :until and place is not null and from_stage is distinct from to_stage
     group by to_stage, lead_id),
reached as (
    select to_stage, count(*) as n, count(*) filter (where further) as further,
           count(*) filter (where lost and further is not true) as lost
      from entry group by 1),
gone as (
    select from_stage, count(*) as n, percentile_cont(0.5) within group (order by seconds) as median,
           percentile_cont(0.9) within group (order by seconds) as p90
      from move
     where at < :until and from_status = 'open' and from_stage in (select id from stage)
     group by 1)
select s.id, coalesce(r.n, 0), coalesce(r.further, 0), coalesce(r.lost, 0), coalesce(g.n, 0), g.median, g.p90
  from stage s left join reached r on r.to_stage = s.id left join gone g on g.from_stage = s.id;

-- What is expected of open leads, by month; weighted by the chance of the stage. Null: no month was said.
-- plan: whole (a sum over all open leads, from an index alone)
-- query figure_forecast(pipeline_id bigint) many (month date?, n bigint, cents bigint, weighted_cents bigint)
select date_trunc('month', f.expected_on::timestamp)::date, sum(f.n)::bigint, sum(f.cents)::bigint,
       sum(f.cents::bigint * s.probability / 100)::bigint
  from (select l.expected_on, l.stage_id, count(*) as n, sum(l.value_cents) as cents
          from crm.lead l
         where l.company_id = :company and l.pipeline_id = :pipeline_id and l.status = 'open' and l.merged_into is null
         group by 1, 2) f
  join crm.stage s on s.company_id = :company and s.id = f.stage_id
 group by 1 order by 1;
