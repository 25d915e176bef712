-- The forecast reads an index alone: removed_at stands in it, because the policy asks for it.
create index lead_forecast on crm.lead (company_id, pipeline_id, expected_on, stage_id) include (value_cents, removed_at)
 where status = 'open' and merged_into is null;
drop index crm.lead_expected;
