-- 0096 lab, recall: work that a laboratory makes, and patients who should come back. Safe while running: new tables.

create table treatment.laboratory (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    name        text not null check (length(name) between 1 and 80),
    phone       text check (phone ~ '^\+[0-9]{8,15}$'),
    email       text check (length(email) <= 254),
    days        int not null default 7 check (days between 0 and 120), -- promised turnaround
    active      boolean not null default true,
    version     int not null default 1,
    primary key (company_id, id)
);
create unique index laboratory_name on treatment.laboratory (company_id, name);
call siso.tenant_wall('treatment.laboratory', 'select,insert,update');

-- A case: what is made, for whom, and where it is: written → sent → received → checked; sent back begins again.
create table treatment.lab_case (
    company_id      bigint not null references company.company,
    id              bigint generated always as identity,
    patient_id      bigint not null,
    laboratory_id   bigint not null,
    dentist_id      bigint not null,
    plan_line_id    bigint,
    work            text not null check (length(work) between 1 and 120),
    teeth           bigint[] not null default '{}',
    shade           text check (length(shade) <= 40),
    instructions    text check (length(instructions) <= 2000),
    cost_cents      bigint not null default 0 check (cost_cents >= 0),
    expected_on     date,
    sent_at         timestamptz,
    received_at     timestamptz,
    checked_at      timestamptz,
    sent_back       int not null default 0 check (sent_back >= 0), -- how often it had to be made again
    cancelled_at    timestamptz,
    reason          text check (length(reason) <= 200),            -- why sent back or cancelled, the last time
    warned_for      bigint,                                        -- appointment that was already warned of
    created_at      timestamptz not null default now(),
    created_by      bigint,
    version         int not null default 1,
    primary key (company_id, id),
    check (received_at is null or sent_at is not null),
    check (checked_at is null or received_at is not null),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, laboratory_id) references treatment.laboratory (company_id, id),
    foreign key (company_id, plan_line_id) references treatment.plan_line (company_id, id)
);
create index lab_case_open on treatment.lab_case (company_id, expected_on, id)
    where checked_at is null and cancelled_at is null;
create index lab_case_patient on treatment.lab_case (company_id, patient_id, id);
call siso.tenant_wall('treatment.lab_case', 'select,insert,update');

-- After one of these procedures the patient should be back in so many months.
create table treatment.recall_rule (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    name         text not null check (length(name) between 1 and 80),
    words        text not null check (length(words) between 1 and 200), -- folded; a procedure whose name holds one
    months       int not null check (months between 1 and 60),
    active       boolean not null default true,
    version      int not null default 1,
    primary key (company_id, id)
);
create unique index recall_rule_name on treatment.recall_rule (company_id, name);
call siso.tenant_wall('treatment.recall_rule', 'select,insert,update');

-- A patient who should be back. due_calc follows from the rule; due_on is what counts and may be set by hand.
create table treatment.recall (
    company_id      bigint not null references company.company,
    id              bigint generated always as identity,
    patient_id      bigint not null,
    rule_id         bigint,                                 -- null: reactivation, nobody has seen them for long
    previous_on     date,
    due_calc        date not null,
    due_on          date not null,
    state           text not null default 'pending'
                    check (state in ('pending', 'no_answer', 'scheduled', 'declined', 'done', 'cancelled')),
    hidden_until    date,
    appointment_id  bigint,
    attempts        int not null default 0 check (attempts >= 0),
    note            text check (length(note) <= 300),
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    version         int not null default 1,
    primary key (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, rule_id) references treatment.recall_rule (company_id, id),
    foreign key (company_id, appointment_id) references agenda.appointment (company_id, id)
);
create unique index recall_open on treatment.recall (company_id, patient_id, rule_id) nulls not distinct
    where state in ('pending', 'no_answer', 'scheduled');
create index recall_due on treatment.recall (company_id, due_on, id) where state in ('pending', 'no_answer');
create index recall_appointment on treatment.recall (company_id, appointment_id) where appointment_id is not null;
create index recall_patient on treatment.recall (company_id, patient_id, id);
call siso.tenant_wall('treatment.recall', 'select,insert,update');

create table treatment.recall_attempt (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    recall_id   bigint not null,
    at          timestamptz not null default now(),
    user_id     bigint,
    channel     text not null check (channel in ('whatsapp', 'phone', 'email', 'sms', 'counter')),
    outcome     text not null check (outcome in ('no_answer', 'voicemail', 'will_think', 'scheduled', 'declined', 'wrong_number')),
    note        text check (length(note) <= 300),
    primary key (company_id, id),
    foreign key (company_id, recall_id) references treatment.recall (company_id, id)
);
create index recall_attempt_of on treatment.recall_attempt (company_id, recall_id, id);
call siso.tenant_wall('treatment.recall_attempt', 'select,insert');
