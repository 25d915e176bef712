-- Ten years of one patient: 240 visits, 500 notes, 300 procedures done, 200 images, and the timeline they left, spread over 120 months
-- with a partition each, as a clinic has them that long. Run as the schema's owner behind agenda.sql, or
-- alone on the demonstration (test/scenario/figures.test.mjs). Prints the patient's number. Images have no bytes behind them.
\set ON_ERROR_STOP on
set client_min_messages = warning;
begin;

do $$ declare first date; begin
    for i in 2..121 loop
        first := (date_trunc('month', now() at time zone 'UTC') - make_interval(months => i))::date;
        continue when to_regclass(format('audit.%I', 'event_' || to_char(first, 'YYYYMM'))) is not null;
        execute format('create table audit.%I partition of audit.event for values from (%L) to (%L)', 'event_' || to_char(first, 'YYYYMM'),
            first || ' 00:00:00+00', (first + interval '1 month')::date || ' 00:00:00+00');
        execute format('call siso.tenant_wall(%L, %L)', 'audit.event_' || to_char(first, 'YYYYMM'), 'select');
    end loop;
end $$;

update company.company set created_at = now() - interval '11 years' where id = 1;
create temp table who as
with born as (
    insert into patient.patient (company_id, name, birth, cpf, phone, search, phone_key)
    values (1, 'Marta Dez Anos', date '1971-05-04', '52998224725', '+5511977776666', 'marta dez anos 52998224725 5511977776666 04051971',
            '1177776666') returning id)
select born.id as patient_id, (select min(user_id) from agenda.dentist where company_id = 1) as dentist_id,
       (select min(id) from agenda.visit_type where company_id = 1) as type_id,
       (select min(id) from company.branch where company_id = 1) as branch_id,
       (select array_agg(id order by id) from treatment.procedure where company_id = 1) as procedures
  from born;
insert into patient.brief (company_id, patient_id, name, phone, birth, visits, images)
select 1, patient_id, 'Marta Dez Anos', '+5511977776666', date '1971-05-04', 240, 200 from who;
insert into patient.alert (company_id, patient_id, kind, text, text_key, severe, source)
select 1, patient_id, a.kind, a.text, lower(a.text), true, 'hand' from who
 cross join (values ('allergy', 'Penicilina'), ('anticoagulant', 'Varfarina'), ('disease', 'Diabetes')) a (kind, text);

-- A visit every 15 days, at night: no clinic of the demonstration works then.
insert into agenda.appointment (company_id, branch_id, dentist_id, patient_id, patient_name, visit_type_id, title, starts_at, ends_at, busy_to,
       presence, confirmation)
select 1, branch_id, dentist_id, patient_id, 'Marta Dez Anos', type_id, 'Manutenção', at, at + interval '1 hour', at + interval '1 hour', 'done',
       'confirmed'
  from who cross join lateral (select current_date - 15 * n + interval '2 hours' as at from generate_series(1, 240) n) v;
insert into treatment.visit (company_id, patient_id, dentist_id, appointment_id, started_at, ended_at)
select a.company_id, a.patient_id, a.dentist_id, a.id, a.starts_at, a.ends_at
  from agenda.appointment a join who on who.patient_id = a.patient_id where a.company_id = 1;
create temp table sat as
select id, started_at, row_number() over (order by started_at) - 1 as n
  from treatment.visit where company_id = 1 and patient_id = (select patient_id from who);

-- What was done, on teeth and faces; then the notes, two of five in a second version; then the images.
insert into treatment.act (company_id, patient_id, kind, procedure_id, paint, area, tooth, surfaces, recorded_at, done_at, done_by, visit_id)
select 1, patient_id, 'done', procedures[1 + i % cardinality(procedures)], 'filling', 'surface',
       (array[11,12,13,14,15,16,17,21,22,23,24,25,26,27,31,32,33,34,35,36,37,41,42,43,44,45,46,47])[1 + i % 28], 1 << (i % 5),
       s.started_at, s.started_at, dentist_id, s.id
  from who cross join generate_series(0, 299) g(i) join sat s on s.n = i % 240;
insert into treatment.note (company_id, patient_id, visit_id, dentist_id, last_no, last_hash, signed_no, signed_at, created_at)
select 1, patient_id, s.id, dentist_id, 1 + (i % 5 < 2)::int, repeat('a', 64), 1, s.started_at + interval '1 hour', s.started_at
  from who cross join generate_series(0, 499) g(i) join sat s on s.n = i % 240 order by s.started_at;
insert into treatment.note_version (company_id, note_id, no, text, teeth, reason, written_at, written_by, hash)
select 1, o.id, v, 'Profilaxia e orientação de higiene; raspagem no quadrante ' || 1 + o.id % 4 || '. Paciente sem queixas, retorno combinado. '
       || repeat('Sondagem estável, sem sangramento. ', 1 + (o.id % 6)::int), array[11 + o.id % 7, 21 + o.id % 7],
       case when v > 1 then 'Faltava o dente' end, o.created_at, o.dentist_id, repeat('a', 64)
  from treatment.note o cross join generate_series(1, o.last_no) v
 where o.company_id = 1 and o.patient_id = (select patient_id from who);
insert into patient.image (company_id, patient_id, visit_id, category, taken_on, teeth, file, type, size_bytes, state, view, thumb, width, height,
       full_width, full_height, added_at)
select 1, patient_id, s.id, (array['intraoral','extraoral','periapical','panoramic','bitewing'])[1 + i % 5], s.started_at::date, array[11 + i % 7],
       h, 'image/jpeg', 2400000, 'ready', h, h, 1600, 1200, 4000, 3000, s.started_at
  from who cross join generate_series(0, 199) g(i) join sat s on s.n = i
 cross join lateral (select encode(sha256(('history ' || i)::bytea), 'hex') as h) f;

insert into treatment.act_step (company_id, act_id, kind, at, user_id)
select a.company_id, a.id, 'done', a.done_at, a.done_by from treatment.act a join who on who.patient_id = a.patient_id where a.company_id = 1;

-- The same tables as they are in a clinic where others have a history too: two notes, procedures and images each.
create temp table others as
select b.patient_id, row_number() over (order by b.patient_id) as n, who.dentist_id, who.procedures
  from patient.brief b cross join who where b.company_id = 1 and b.patient_id <> who.patient_id;
insert into treatment.act (company_id, patient_id, kind, procedure_id, paint, area, tooth, surfaces, recorded_at, done_at, done_by)
select 1, patient_id, 'done', procedures[1 + (n + k) % cardinality(procedures)], 'filling', 'surface', 11 + (n + k) % 7, 1, now() - n * interval '1 minute',
       now() - n * interval '1 minute', dentist_id from others cross join generate_series(1, 2) k;
insert into treatment.act_step (company_id, act_id, kind, at, user_id)
select a.company_id, a.id, 'done', a.done_at, a.done_by from treatment.act a join others on others.patient_id = a.patient_id
 where a.company_id = 1 and not exists (select from treatment.act_step s where s.company_id = 1 and s.act_id = a.id);
insert into treatment.note (company_id, patient_id, dentist_id, last_hash, signed_no, signed_at)
select 1, patient_id, dentist_id, repeat('a', 64), 1, now() from others cross join generate_series(1, 2);
insert into treatment.note_version (company_id, note_id, no, text, written_at, written_by, hash)
select 1, o.id, 1, 'Profilaxia e orientação de higiene.', now(), o.dentist_id, repeat('a', 64) from treatment.note o
 where o.company_id = 1 and not exists (select from treatment.note_version v where v.company_id = 1 and v.note_id = o.id);
insert into patient.image (company_id, patient_id, category, taken_on, file, type, size_bytes, state, view, thumb, width, height)
select 1, patient_id, 'intraoral', current_date, h, 'image/jpeg', 2400000, 'ready', h, h, 1600, 1200
  from others cross join generate_series(1, 2) k cross join lateral (select encode(sha256(('others ' || n || k)::bytea), 'hex') as h) f;

-- Its timeline: one entry each of what stands above.
insert into audit.event (company_id, made_at, at, subject, subject_id, kind, title, body, user_id)
select 1, at, at, 'patient', patient_id, kind, title, body, dentist_id from who cross join (
    select started_at as at, 'appointment.done' as kind, 'Consulta realizada' as title, null as body from sat
    union all select started_at, 'act.done', 'Procedimento realizado', null from sat cross join generate_series(0, 299) g(i) where n = i % 240
    union all select started_at, 'note.signed', 'Evolução assinada', 'Profilaxia e orientação de higiene'
                from sat cross join generate_series(0, 499) g(i) where n = i % 240
    union all select started_at, 'image.added', 'Imagem adicionada', null from sat where n < 200) e;
analyze audit.event, patient.image, patient.alert, treatment.act, treatment.act_step, treatment.note, treatment.note_version, treatment.visit, agenda.appointment;
commit;
select patient_id from who;
