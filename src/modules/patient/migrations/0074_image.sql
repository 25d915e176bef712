-- 0074 image: photographs, X-rays and scans of a patient. Safe while running: new tables only.

-- The original stays as it was sent; what is shown is made by the worker (state ready). Voided with a reason, never
-- deleted.
create table patient.image (
    company_id    bigint not null references company.company,
    id            bigint generated always as identity,
    patient_id    bigint not null,
    visit_id      bigint,                                -- of treatment.visit
    category      text not null check (category in ('intraoral', 'extraoral', 'periapical', 'panoramic', 'bitewing',
                  'cephalometric', 'tomography', 'document')),
    taken_on      date not null,
    teeth         bigint[] not null default '{}' check (cardinality(teeth) <= 32),  -- FDI
    note          text check (length(note) <= 500),
    file          text collate "C" not null check (file ~ '^[0-9a-f]{64}$'),        -- the original
    type          text not null,
    size_bytes    bigint not null,
    state         text not null check (state in ('waiting', 'ready', 'failed', 'file')), -- file: DICOM, for download only
    fail          text check (length(fail) <= 300),      -- what the reader is told
    view          text collate "C" check (view ~ '^[0-9a-f]{64}$'),
    thumb         text collate "C" check (thumb ~ '^[0-9a-f]{64}$'),
    width         int,                                   -- of the view
    height        int,
    full_width    int,                                   -- of the original
    full_height   int,
    mm_per_px     double precision check (mm_per_px > 0 and mm_per_px < 100), -- of the view, by calibration
    calibrated_by bigint,
    added_at      timestamptz not null default now(),
    added_by      bigint,
    voided_at     timestamptz,
    voided_by     bigint,
    void_reason   text check (length(void_reason) between 1 and 200),
    version       int not null default 1,
    primary key (company_id, id),
    check ((voided_at is null) = (void_reason is null)),
    check (state <> 'ready' or (view is not null and thumb is not null)),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
create index image_patient on patient.image (company_id, patient_id, taken_on, id);
call siso.tenant_wall('patient.image', 'select,insert,update');

-- A full mouth series: slots 1 to 18, from the upper right to the lower left, each with an image or empty.
create table patient.mount (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    patient_id  bigint not null,
    taken_on    date not null,
    created_at  timestamptz not null default now(),
    created_by  bigint,
    primary key (company_id, id),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
create index mount_patient on patient.mount (company_id, patient_id, id);
call siso.tenant_wall('patient.mount', 'select,insert,update');
create table patient.mount_slot (
    company_id  bigint not null references company.company,
    mount_id    bigint not null,
    slot        smallint not null check (slot between 1 and 18),
    image_id    bigint not null,
    primary key (company_id, mount_id, slot),
    foreign key (company_id, mount_id) references patient.mount (company_id, id),
    foreign key (company_id, image_id) references patient.image (company_id, id)
);
create unique index mount_slot_image on patient.mount_slot (company_id, mount_id, image_id);
call siso.tenant_wall('patient.mount_slot');
