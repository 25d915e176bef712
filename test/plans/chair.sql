-- Behind bench/data.sql, so that no table of the chair is small either: what 6 000 patients of the first company left behind.
-- Run as the schema's owner.
\set ON_ERROR_STOP on
set client_min_messages = warning;
select setseed(0.42);

create temp table who as
select id as patient_id, row_number() over (order by id) as n, (select min(user_id) from agenda.dentist where company_id = 1) as dentist_id,
       now() - random() * interval '700 days' as at
  from (select id from patient.patient where company_id = 1 and merged_into is null order by id limit 6000) p;
create temp table tool as
select array_agg(id order by id) as procedures from treatment.procedure where company_id = 1 and area in ('mouth', 'arch', 'range', 'region', 'tooth', 'surface');
create temp table hash as select repeat('a', 64) as h;

-- Two visits each; the last few are under way.
insert into treatment.visit (company_id, patient_id, dentist_id, started_at, ended_at)
select 1, patient_id, dentist_id, at + k * interval '7 days', case when n > 5 then at + k * interval '7 days' + interval '1 hour' end
  from who cross join generate_series(0, 1) k;

-- Four acts: seen, there before, planned, done; with their steps; a plan of two lines and its quote.
insert into treatment.act (company_id, patient_id, kind, condition, procedure_id, paint, area, tooth, recorded_at, done_at, done_by, visit_id)
select 1, w.patient_id, k.kind, case when k.kind in ('finding', 'existing') then 'caries' end,
       case when k.kind in ('planned', 'done') then procedures[1 + w.n % cardinality(procedures)] end, 'filling', 'tooth',
       11 + (w.n % 7), w.at, case when k.kind = 'done' then w.at end, case when k.kind = 'done' then w.dentist_id end,
       case when k.kind = 'done' then (select min(v.id) from treatment.visit v where v.company_id = 1 and v.patient_id = w.patient_id) end
  from who w cross join tool cross join unnest(array['finding', 'existing', 'planned', 'done']) k (kind);
insert into treatment.act_step (company_id, act_id, kind, at, user_id)
select 1, a.id, a.kind, a.recorded_at, 2 from treatment.act a join who w on w.patient_id = a.patient_id where a.company_id = 1;
insert into treatment.plan (company_id, patient_id, name, state, dentist_id, created_at, presented_at, refused_at, approved_at)
select 1, patient_id, 'Orçamento', s.state, dentist_id, at, at, case when s.state = 'refused' then at end, case when s.state = 'approved' then at end
  from who cross join lateral (select (array['presented', 'approved', 'refused', 'done', 'planned'])[1 + n % 5] as state) s;
insert into treatment.plan_line (company_id, plan_id, act_id, procedure_id, position, name, price_cents, state, dentist_id, done_at, approved_at)
select 1, p.id, a.id, a.procedure_id, 1, 'Restauração', 25000, case when a.kind = 'done' then 'done' when p.state = 'approved' then 'approved'
       else 'planned' end, p.dentist_id, a.done_at, p.approved_at
  from treatment.plan p join who w on w.patient_id = p.patient_id
  join treatment.act a on a.company_id = 1 and a.patient_id = p.patient_id and a.procedure_id is not null
 where p.company_id = 1 and p.name = 'Orçamento' and not exists (select from treatment.plan_line l where l.company_id = 1 and l.act_id = a.id);
insert into treatment.quote (company_id, plan_id, number, frozen, frozen_hash, total_cents, valid_until, token_hash, state, presented_at)
select 1, p.id, 100000 + row_number() over (order by p.id), '{}', h, 50000, (p.created_at + interval '30 days')::date,
       encode(sha256(('quote ' || p.id)::bytea), 'hex'), case when p.state = 'approved' then 'accepted' else 'open' end, p.created_at
  from treatment.plan p join who w on w.patient_id = p.patient_id cross join hash where p.company_id = 1 and p.name = 'Orçamento';

-- Notes and papers of each visit, an exam, a case at the laboratory, a recall.
insert into treatment.note (company_id, patient_id, visit_id, dentist_id, last_hash, signed_no, signed_at, created_at)
select 1, v.patient_id, v.id, v.dentist_id, h, case when v.ended_at is not null then 1 end, v.ended_at, v.started_at
  from treatment.visit v join who w on w.patient_id = v.patient_id cross join hash where v.company_id = 1;
insert into treatment.note_version (company_id, note_id, no, text, written_at, written_by, hash)
select 1, o.id, 1, 'Profilaxia e orientação de higiene.', o.created_at, o.dentist_id, o.last_hash
  from treatment.note o where o.company_id = 1
   and not exists (select from treatment.note_version v where v.company_id = 1 and v.note_id = o.id);
insert into treatment.paper (company_id, patient_id, visit_id, dentist_id, kind, text, state, issued_at, created_at)
select 1, v.patient_id, v.id, v.dentist_id, 'attendance', 'Esteve aqui.', 'issued', v.started_at, v.started_at
  from treatment.visit v join who w on w.patient_id = v.patient_id where v.company_id = 1;
insert into treatment.perio_exam (company_id, patient_id, state, begun_at, closed_at)
select 1, patient_id, 'closed', at, at from who;
insert into treatment.laboratory (company_id, name) values (1, 'Laboratório dos planos');
insert into treatment.lab_case (company_id, patient_id, laboratory_id, dentist_id, work, expected_on, sent_at, received_at, checked_at)
select 1, patient_id, (select max(id) from treatment.laboratory where company_id = 1), dentist_id, 'Coroa', at::date, at,
       case when n > 40 then at end, case when n > 40 then at end
  from who;
insert into treatment.recall (company_id, patient_id, rule_id, due_calc, due_on, state)
select 1, patient_id, (select min(id) from treatment.recall_rule where company_id = 1), current_date - 400 + (n % 700)::int,
       current_date - 400 + (n % 700)::int, case when n % 3 = 0 then 'pending' else 'done' end
  from who
 where not exists (select from treatment.recall r where r.company_id = 1 and r.patient_id = who.patient_id);
insert into treatment.tuss (company_id, code, name, search)
select c.id, lpad((10000000 + i)::text, 8, '0'), 'Procedimento ' || i, 'procedimento ' || i
  from company.company c cross join generate_series(1, 4000) i on conflict do nothing;

update patient.brief b set last_visit_at = w.at from who w where b.company_id = 1 and b.patient_id = w.patient_id;

-- Of the patients: alerts, cards, family, consents, answers, images, an import.
insert into patient.alert (company_id, patient_id, kind, text, text_key, source)
select 1, patient_id, 'allergy', 'Látex dos planos', 'latex dos planos', 'hand' from who;
insert into patient.insurance (company_id, patient_id, insurer, number)
select 1, patient_id, 'Convênio ' || n % 5, n::text from who;
insert into patient.kin (company_id, patient_id, kind, name) select 1, patient_id, 'mother', 'Mãe de ' || n from who;
insert into patient.consent (company_id, patient_id, channel, granted) select 1, patient_id, 'email', true from who on conflict do nothing;
insert into patient.anamnesis (company_id, patient_id, questionnaire_id, version_id, way, state, started_at)
select 1, patient_id, v.questionnaire_id, v.id, 'reception', 'open', at
  from who cross join lateral (select * from patient.questionnaire_version where company_id = 1 and published_at is not null order by id limit 1) v
on conflict do nothing;
insert into patient.answer (company_id, anamnesis_id, question_id, value)
select 1, a.id, q.id, 'no'
  from patient.anamnesis a
  join lateral (select id from patient.question q where q.company_id = 1 and q.version_id = a.version_id order by id limit 3) q on true
 where a.company_id = 1 and a.state = 'open'
on conflict do nothing;
insert into patient.anamnesis_link (company_id, anamnesis_id, token_hash, asks_birth, expires_at)
select 1, a.id, encode(sha256(('link ' || a.id)::bytea), 'hex'), true, now() + interval '3 days'
  from patient.anamnesis a where a.company_id = 1 and a.state = 'open';
update patient.anamnesis set state = 'sent', sent_at = started_at, signer = 'Ana', signature_path = 'M0 0', seal = h
  from hash where company_id = 1 and state = 'open';
insert into patient.image (company_id, patient_id, category, taken_on, file, type, size_bytes, state, view, thumb, added_at)
select 1, patient_id, 'intraoral', at::date, encode(sha256(('image ' || n || ' ' || k)::bytea), 'hex'), 'image/jpeg', 2400000, 'ready', h, h, at
  from who cross join hash cross join generate_series(1, 2) k;
insert into patient.import (company_id, file, file_name, targets, state, row_count, user_id) select 1, h, 'a.csv', '{}', 'done', 6000, 2 from hash;
insert into patient.import_row (company_id, import_id, number, patient_id)
select 1, (select max(id) from patient.import where company_id = 1), n, patient_id from who;

-- Of the agenda: what happened to visits, who waits, offers. Of privacy: consents and requests.
insert into agenda.change (company_id, appointment_id, at, user_id, axis, after)
select 1, id, starts_at, 2, 'made', 'x' from (select * from agenda.appointment where company_id = 1 order by id limit 12000) a;
insert into agenda.waiting (company_id, patient_id, state, created_at)
select 1, patient_id, case when n < 200 then 'open' else 'booked' end, at from who;
insert into agenda.offer (company_id, waiting_id, branch_id, dentist_id, starts_at, ends_at, token_hash, state, expires_at)
select 1, w.id, (select min(id) from company.branch where company_id = 1), (select min(user_id) from agenda.dentist where company_id = 1),
       w.created_at, w.created_at + interval '30 minutes', encode(sha256(('offer ' || w.id)::bytea), 'hex'), 'expired', w.created_at
  from agenda.waiting w where w.company_id = 1;
insert into privacy.consent (company_id, patient_id, text_id, purpose, granted, channel)
select 1, patient_id, t.id, t.purpose, true, 'counter'
  from who cross join lateral (select id, purpose from privacy.text where company_id = 1 order by id limit 1) t;
insert into privacy.request (company_id, patient_id, kind, due_on, state, answered_at)
select 1, patient_id, 'access', at::date + 15, case when n < 20 then 'open' else 'done' end, case when n >= 20 then at end from who;
insert into privacy.closing (company_id, patient_id, kind, reason) select 1, patient_id, 'reopened', 'Voltou' from who;
insert into audit.read (company_id, at, user_id, subject, subject_id)
select c.id, now(), 2, 'patient', patient_id from company.company c cross join who;
