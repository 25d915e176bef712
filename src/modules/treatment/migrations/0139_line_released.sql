-- 0139 line released: which visit a line of a plan lost when it was called off or missed, so that taking that back gives it the
-- visit again. Safe while running: a column that may be null, and an index over none of the rows yet.
alter table treatment.plan_line add column released_id bigint;
create index plan_line_released on treatment.plan_line (company_id, released_id) where released_id is not null;
