-- What was done in a visit is asked when it is opened and when it ends; how long a laboratory takes, by its page.
create index act_visit on treatment.act (company_id, visit_id) where visit_id is not null;
create index lab_case_back on treatment.lab_case (company_id, laboratory_id, received_at) where received_at is not null;
