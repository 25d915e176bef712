-- 0076 patient import: patients from a spreadsheet, and the way back. Safe while running: new tables and grants.
create table patient.import (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    file         text collate "C" not null check (file ~ '^[0-9a-f]{64}$'),
    file_name    text not null check (length(file_name) between 1 and 200),
    targets      text[] not null,                       -- of the columns in their order; '': left out
    headings     boolean not null default true,
    twins        text not null default 'skip' check (twins in ('skip', 'create')),
    state        text not null default 'mapping'
                 check (state in ('mapping', 'waiting', 'running', 'done', 'failed', 'undoing', 'undone')),
    row_count    int not null check (row_count >= 0),
    done_count   int not null default 0,
    added_count  int not null default 0,
    twin_count   int not null default 0,
    bad_count    int not null default 0,
    kept_count   int not null default 0,                -- not taken back: somebody had worked on them
    created_at   timestamptz not null default now(),
    user_id      bigint not null,
    primary key (company_id, id)
);
call siso.tenant_wall('patient.import', 'select,insert,update');

-- What a row became. Of those that did not come in, the cells as they were, for the sheet to mend.
create table patient.import_row (
    company_id  bigint not null references company.company,
    import_id   bigint not null,
    number      int not null,                           -- as the spreadsheet shows it
    patient_id  bigint,
    problem     text check (length(problem) <= 300),
    cells       text[],
    primary key (company_id, import_id, number),
    foreign key (company_id, import_id) references patient.import (company_id, id)
);
create index import_row_bad on patient.import_row (company_id, import_id, number) where problem is not null;
call siso.tenant_wall('patient.import_row', 'select,insert,update');

-- Taking an import back deletes patients whom nobody has touched since, with what the import wrote around them.
grant delete on patient.brief, patient.consent, patient.insurance to siso_app;
