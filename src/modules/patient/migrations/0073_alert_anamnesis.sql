-- 0073 alerts and anamneses: what to know before touching a patient, and the questionnaires that ask for it. Safe while
-- running: new tables; one nullable column without default.

-- A warning. Never deleted: ended, with a reason. One from an anamnesis warns from the moment the answers come in, and is
-- confirmed by the dentist afterwards.
create table patient.alert (
    company_id    bigint not null references company.company,
    id            bigint generated always as identity,
    patient_id    bigint not null,
    kind          text not null check (kind in ('allergy', 'disease', 'medication', 'pregnancy', 'anticoagulant', 'other')),
    text          text not null check (length(text) between 1 and 200),
    text_key      text collate "C" not null,            -- text folded: "LÁTEX" is "latex"
    severe        boolean not null default false,
    source        text not null check (source in ('anamnesis', 'hand')),
    anamnesis_id  bigint,                               -- the answers that it comes from
    question_key  text collate "C" check (length(question_key) <= 40),
    noted_at      timestamptz not null default now(),
    noted_by      bigint,                               -- null: the patient, by a link
    confirmed_at  timestamptz,
    confirmed_by  bigint,
    ended_at      timestamptz,
    ended_by      bigint,
    end_reason    text check (length(end_reason) between 1 and 200),
    primary key (company_id, id),
    check ((ended_at is null) = (end_reason is null)),
    foreign key (company_id, patient_id) references patient.patient (company_id, id)
);
create index alert_patient on patient.alert (company_id, patient_id, id);
-- the same warning does not stand twice
create unique index alert_standing on patient.alert (company_id, patient_id, kind, text_key) where ended_at is null;
call siso.tenant_wall('patient.alert', 'select,insert,update');

-- A questionnaire of the clinic. Its questions belong to versions; each filled one keeps the version that it answered.
create table patient.questionnaire (
    company_id  bigint not null references company.company,
    id          bigint generated always as identity,
    name        text not null check (length(name) between 1 and 80),
    name_key    text collate "C" not null,              -- folded
    specialty   text check (length(specialty) <= 60),
    intro       text check (length(intro) <= 600),      -- read before the first question
    declares    text not null check (length(declares) between 1 and 600), -- what the signature stands under
    months      int not null default 6 check (months between 1 and 60),   -- older answers are asked for again
    position    int not null default 0,
    active      boolean not null default true,
    created_at  timestamptz not null default now(),
    version     int not null default 1,
    primary key (company_id, id)
);
create unique index questionnaire_name on patient.questionnaire (company_id, name_key) where active;
call siso.tenant_wall('patient.questionnaire', 'select,insert,update');

-- published_at null: a draft, at most one of a questionnaire. A published version does not change any more.
create table patient.questionnaire_version (
    company_id        bigint not null references company.company,
    id                bigint generated always as identity,
    questionnaire_id  bigint not null,
    number            int not null check (number > 0),
    created_at        timestamptz not null default now(),
    created_by        bigint,
    published_at      timestamptz,
    published_by      bigint,
    primary key (company_id, id),
    unique (company_id, questionnaire_id, number),
    foreign key (company_id, questionnaire_id) references patient.questionnaire (company_id, id)
);
create unique index questionnaire_draft on patient.questionnaire_version (company_id, questionnaire_id)
    where published_at is null;
call siso.tenant_wall('patient.questionnaire_version');

create table patient.question (
    company_id   bigint not null references company.company,
    id           bigint generated always as identity,
    version_id   bigint not null,
    key          text collate "C" not null check (key ~ '^[a-z0-9_]{1,40}$'), -- the same question in every version
    position     int not null,
    section      text not null default '' check (length(section) <= 80),
    text         text not null check (length(text) between 1 and 300),
    hint         text check (length(hint) <= 200),
    kind         text not null check (kind in ('yesno', 'choice', 'choices', 'text', 'number', 'date')),
    required     boolean not null default false,
    detail       text check (length(detail) <= 120),    -- what is asked beside a "yes": "Qual?"
    options      text[] not null default '{}' check (cardinality(options) <= 20), -- at most 100 characters each
    alert_kind   text check (alert_kind in ('allergy', 'disease', 'medication', 'pregnancy', 'anticoagulant', 'other')),
    alert_on     text[] not null default '{}' check (cardinality(alert_on) <= 20), -- answers that warn: yes, no, an option
    alert_text   text check (length(alert_text) <= 80), -- null: the detail or the option itself
    alert_severe boolean not null default false,
    primary key (company_id, id),
    unique (company_id, version_id, key),
    check (kind in ('choice', 'choices') or cardinality(options) = 0),
    check (kind not in ('choice', 'choices') or cardinality(options) > 0),
    check (alert_kind is not null or cardinality(alert_on) = 0),
    foreign key (company_id, version_id) references patient.questionnaire_version (company_id, id)
);
create index question_version on patient.question (company_id, version_id, position, id);
call siso.tenant_wall('patient.question');

-- What was published stays as it was asked.
create function patient.version_is_kept() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'questionnaire_version' then
        if old.published_at is not null then
            raise exception 'version % is published', old.id using errcode = 'check_violation';
        end if;
    elsif exists (select 1 from patient.questionnaire_version v
                   where v.company_id = coalesce(new.company_id, old.company_id)
                     and v.id = coalesce(new.version_id, old.version_id) and v.published_at is not null) then
        raise exception 'version % is published', coalesce(new.version_id, old.version_id) using errcode = 'check_violation';
    end if;
    return coalesce(new, old);
end $$;
create trigger version_is_kept before update or delete on patient.questionnaire_version
    for each row execute function patient.version_is_kept();
create trigger version_is_kept before insert or update or delete on patient.question
    for each row execute function patient.version_is_kept();

-- One filling. open: being filled (each answer is saved as it is given); sent: signed, and read-only from then on;
-- dropped: begun and given up.
create table patient.anamnesis (
    company_id        bigint not null references company.company,
    id                bigint generated always as identity,
    patient_id        bigint not null,
    questionnaire_id  bigint not null,
    version_id        bigint not null,
    way               text not null check (way in ('reception', 'tablet', 'link')),
    state             text not null default 'open' check (state in ('open', 'sent', 'dropped')),
    started_at        timestamptz not null default now(),
    started_by        bigint,
    saved_at          timestamptz not null default now(),
    sent_at           timestamptz,
    signer            text check (length(signer) between 1 and 120),
    signer_is         text check (signer_is in ('patient', 'guardian')),
    signer_ip         text check (length(signer_ip) <= 60),
    signer_agent      text check (length(signer_agent) <= 300),
    signature_path    text check (length(signature_path) <= 60000),  -- SVG path in a box of 600 × 200
    signature_points  jsonb,                                          -- strokes as drawn: [[x,y,ms,pressure, …], …]
    seal              text collate "C" check (seal ~ '^[0-9a-f]{64}$'), -- SHA-256 of questions, answers and signature
    reviewed_at       timestamptz,
    reviewed_by       bigint,
    primary key (company_id, id),
    check ((state = 'sent') = (sent_at is not null)),
    check (state <> 'sent' or (signer is not null and signature_path is not null and seal is not null)),
    foreign key (company_id, patient_id) references patient.patient (company_id, id),
    foreign key (company_id, questionnaire_id) references patient.questionnaire (company_id, id),
    foreign key (company_id, version_id) references patient.questionnaire_version (company_id, id)
);
create index anamnesis_patient on patient.anamnesis (company_id, patient_id, id);
create unique index anamnesis_open on patient.anamnesis (company_id, patient_id, questionnaire_id) where state = 'open';
call siso.tenant_wall('patient.anamnesis', 'select,insert,update');

-- No row: not answered. It is never read as "no".
create table patient.answer (
    company_id    bigint not null references company.company,
    anamnesis_id  bigint not null,
    question_id   bigint not null,
    value         text not null check (length(value) between 1 and 2400), -- yes, no, unknown; an option or lines of them;
                                                          -- the text; 12,5; 2026-11-22
    detail        text check (length(detail) <= 500),
    primary key (company_id, anamnesis_id, question_id),
    foreign key (company_id, anamnesis_id) references patient.anamnesis (company_id, id),
    foreign key (company_id, question_id) references patient.question (company_id, id)
);
call siso.tenant_wall('patient.answer');

create function patient.answer_is_kept() returns trigger language plpgsql as $$
begin
    if exists (select 1 from patient.anamnesis a
                where a.company_id = coalesce(new.company_id, old.company_id)
                  and a.id = coalesce(new.anamnesis_id, old.anamnesis_id) and a.state <> 'open') then
        raise exception 'anamnesis % is signed', coalesce(new.anamnesis_id, old.anamnesis_id) using errcode = 'check_violation';
    end if;
    return coalesce(new, old);
end $$;
create trigger answer_is_kept before insert or update or delete on patient.answer
    for each row execute function patient.answer_is_kept();

-- The way of a patient to one filling. Only the hash of the token is here.
create table patient.anamnesis_link (
    company_id    bigint not null references company.company,
    id            bigint generated always as identity,
    anamnesis_id  bigint not null,
    token_hash    text collate "C" not null check (token_hash ~ '^[0-9a-f]{64}$'),
    asks_birth    boolean not null,                       -- false: the clinic's tablet, handed over in person
    attempts      int not null default 0 check (attempts >= 0),
    created_at    timestamptz not null default now(),
    created_by    bigint,
    expires_at    timestamptz not null,
    opened_at     timestamptz,
    revoked_at    timestamptz,
    primary key (company_id, id),
    foreign key (company_id, anamnesis_id) references patient.anamnesis (company_id, id)
);
create unique index anamnesis_link_token on patient.anamnesis_link (company_id, token_hash);
create index anamnesis_link_anamnesis on patient.anamnesis_link (company_id, anamnesis_id);
call siso.tenant_wall('patient.anamnesis_link', 'select,insert,update');

alter table patient.brief add column anamnesis_at timestamptz; -- last signed answers; null: never asked
