-- Automations: their settings, whose turn it is, and what came of each run.

-- row rule_row (id bigint, stage_id bigint, after_days int, action text, params jsonb, active bool, position int)

-- query rule_list(stage_id bigint) many (id bigint, stage_id bigint, after_days int, action text, params jsonb,
--   active bool, position int, run_count bigint, last_at timestamptz?, last_result text?)
select r.id, r.stage_id, r.after_days, r.action, r.params, r.active, r.position,
       (select count(*) from crm.rule_run x where x.company_id = r.company_id and x.rule_id = r.id
           and x.at > now() - interval '30 days'), last.at, last.result
  from crm.rule r
  left join lateral (
    select x.at, x.result from crm.rule_run x where x.company_id = r.company_id and x.rule_id = r.id
     order by x.at desc limit 1) last on true
 where r.company_id = :company and r.stage_id = :stage_id
 order by r.position, r.id
 limit 50;

-- query rule_by_id(id bigint) one rule_row
select id, stage_id, after_days, action, params, active, position from crm.rule
 where company_id = :company and id = :id;

-- How many rules each stage has.
-- query rule_counts() many (stage_id bigint, n bigint)
select stage_id, count(*) from crm.rule where company_id = :company group by stage_id;

-- query rule_insert(stage_id bigint, after_days int, action text, params jsonb) one (id bigint)
insert into crm.rule (company_id, stage_id, after_days, action, params, position)
select :company, :stage_id, :after_days, :action, :params, coalesce(max(position), 0) + 1
  from crm.rule where company_id = :company and stage_id = :stage_id
returning id;

-- query rule_update(id bigint, after_days int, action text, params jsonb) exec
update crm.rule set after_days = :after_days, action = :action, params = :params
 where company_id = :company and id = :id;

-- query rule_activate(id bigint, active bool) exec
update crm.rule set active = :active where company_id = :company and id = :id;

-- query rule_order(stage_id bigint, ids bigint[]) exec
update crm.rule r set position = o.place
  from unnest(:ids) with ordinality as o (id, place)
 where r.company_id = :company and r.stage_id = :stage_id and r.id = o.id;

-- query rule_forget_runs(id bigint) exec
delete from crm.rule_run where company_id = :company and rule_id = :id;

-- query rule_delete(id bigint) exec
delete from crm.rule where company_id = :company and id = :id;

-- query rule_runs(rule_id bigint, n int) many (lead_id bigint, lead text, at timestamptz, result text, assignee text?)
select x.lead_id, l.name, x.at, x.result, m.name
  from crm.rule_run x
  join crm.lead l on l.company_id = x.company_id and l.id = x.lead_id
  left join account.member m on m.company_id = x.company_id and m.user_id = x.user_id
 where x.company_id = :company and x.rule_id = :rule_id
 order by x.at desc, x.lead_id desc limit :n;

-- Leads that a rule of days would act on at once: they have been there for longer already.
-- query rule_waiting(stage_id bigint, before timestamptz) one (n bigint)
select count(*) from crm.lead
 where company_id = :company and stage_id = :stage_id and status <> 'lost' and merged_into is null
   and stage_since < :before;

-- ---- running ----

-- What came of the run that was claimed for this stay.
-- query rule_note_run(rule_id bigint, lead_id bigint, stay timestamptz, result text, user_id bigint?) exec
update crm.rule_run set result = :result, user_id = :user_id
 where company_id = :company and rule_id = :rule_id and lead_id = :lead_id and stay = :stay;

-- Has the rule run for this lead in this very transaction (a circle), and how often in the last 30 days?
-- query rule_ran(rule_id bigint, lead_id bigint) one (now_count bigint, month_count bigint)
select count(*) filter (where at = now()), count(*) from crm.rule_run
 where company_id = :company and rule_id = :rule_id and lead_id = :lead_id and at > now() - interval '30 days'
   and result <> 'skipped';

-- Of the people of a rule, the one who has waited longest since the rule last chose them; who was never chosen comes
-- first, then who was chosen less often in this very transaction.
-- query rule_next_by_turns(rule_id bigint, users bigint[]) find (user_id bigint)
select m.user_id from account.member m
 where m.company_id = :company and m.active and m.user_id = any (:users)
 order by (select max(x.at) from crm.rule_run x where x.company_id = m.company_id and x.rule_id = :rule_id
             and x.user_id = m.user_id) nulls first,
   (select count(*) from crm.rule_run x where x.company_id = m.company_id and x.rule_id = :rule_id
       and x.user_id = m.user_id and x.at = now()),
   array_position(:users, m.user_id) limit 1;

-- The one with the fewest open leads.
-- query rule_next_by_load(users bigint[]) find (user_id bigint)
select m.user_id from account.member m
 where m.company_id = :company and m.active and m.user_id = any (:users)
 order by (select count(*) from crm.lead l where l.company_id = m.company_id and l.owner_id = m.user_id
             and l.status = 'open' and l.merged_into is null), array_position(:users, m.user_id) limit 1;
