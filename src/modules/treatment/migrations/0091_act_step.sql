-- 0091 act_step: what an act was, from when on, and who said so. The chart of any day follows from it. Safe while running: new table only.
create table treatment.act_step (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    act_id      bigint not null,
    kind        text not null check (kind in ('finding', 'existing', 'planned', 'done', 'referred', 'void')),
    at          timestamptz not null,                        -- in the mouth, not on the screen: done yesterday, written today
    written_at  timestamptz not null default now(),
    user_id     bigint,
    reason      text check (length(reason) <= 200),          -- of void and of planned again
    primary key (company_id, id),
    foreign key (company_id, act_id) references treatment.act (company_id, id)
);
create index act_step_act on treatment.act_step (company_id, act_id, id);
call siso.tenant_wall('treatment.act_step', 'select,insert');
