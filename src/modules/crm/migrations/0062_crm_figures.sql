-- 0062 crm: which form a lead came by, whom a rule chose, and the indexes that the figures read. Safe while
-- running: columns without a default; the indexes hold writers for about a second on 60 000 leads.
alter table crm.lead add column form_id bigint;
alter table crm.lead add foreign key (company_id, form_id) references crm.form (company_id, id);
create index lead_form on crm.lead (company_id, form_id, created_at) where form_id is not null;

-- Whose turn it was: a rule that assigns by turns asks who has waited longest.
alter table crm.rule_run add column user_id bigint;
create index rule_run_newest on crm.rule_run (company_id, rule_id, at);
create index rule_run_turn on crm.rule_run (company_id, rule_id, user_id, at) where user_id is not null;

-- Forecast: open leads by the month in which they are expected.
create index lead_expected on crm.lead (company_id, pipeline_id, expected_on, stage_id) include (value_cents)
    where status = 'open' and merged_into is null;
-- The figures look at what came after a move without opening the table.
create index move_next on crm.move (company_id, lead_id, id) include (to_stage, to_status);
drop index crm.move_lead;
