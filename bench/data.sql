-- The data set of the figures: 200 companies, 60 000 leads in the first, 2 million rows in all. Run as the
-- schema's owner; fixed seed, so that two runs measure the same. About two minutes. Smaller (script/test plans):
-- psql -v companies=10 -v leads=60000 -v each=100.
\set ON_ERROR_STOP on
\if :{?companies}
\else
\set companies 198
\endif
\if :{?leads}
\else
\set leads 60000
\endif
\if :{?each}
\else
\set each 700
\endif
set client_min_messages = warning;
select setseed(0.42);

insert into company.company (name, short_name, hue)
select 'Clínica ' || n, 'Clínica ' || n, (n * 37) % 360 from generate_series(1, :companies) n;
insert into company.domain (company_id, host, main)
select id, 'c' || id || '.localhost', true from company.company c
 where not exists (select from company.domain d where d.company_id = c.id);
insert into company.branch (company_id, name)
select id, 'Unidade Centro' from company.company c
 where not exists (select from company.branch b where b.company_id = c.id);

-- Pipelines and stages like the first company's.
insert into crm.pipeline (company_id, name, position)
select c.id, 'Tratamentos particulares', 1 from company.company c
 where not exists (select from crm.pipeline p where p.company_id = c.id);
insert into crm.stage (company_id, pipeline_id, name, color, position, probability, stalled_days, kind)
select p.company_id, p.id, s.name, s.color, s.position, s.probability, s.stalled_days, s.kind
  from crm.pipeline p
 cross join (values ('Novo contato', 'slate', 1, 10, 2, 'open'), ('Em conversa', 'blue', 2, 25, 5, 'open'),
   ('Avaliação', 'violet', 3, 50, 7, 'open'), ('Orçamento', 'amber', 4, 70, 10, 'open'),
   ('Fechado', 'green', 5, 100, 0, 'won')) s (name, color, position, probability, stalled_days, kind)
 where not exists (select from crm.stage x where x.company_id = p.company_id and x.pipeline_id = p.id);
insert into crm.source (company_id, name)
select c.id, s from company.company c cross join unnest(array['Indicação', 'Instagram', 'Google']) s
on conflict do nothing;

-- Leads: 60 000 in the first company, 700 in each other.
create temp table wanted as
select c.id as company_id, case when c.id = 1 then :leads else :each end as n from company.company c;
insert into crm.lead (company_id, pipeline_id, stage_id, status, name, phone, email, interest, value_cents, source_id,
       owner_id, rank, stage_since, touched_at, ended_at, search, phone_key, created_at)
select w.company_id, p.id, st.ids[k], case when k = 5 then 'won' else 'open' end, full_name,
       '+55119' || lpad(i::text, 8, '0'), 'pessoa' || i || '@exemplo.com', 'Implante', (random() * 2000000)::bigint,
       (select min(id) from crm.source s where s.company_id = w.company_id), null, i * 1024, now() - random() * interval '20 days',
       now() - random() * interval '20 days', case when k = 5 then now() - random() * interval '200 days' end,
       lower(full_name) || ' pessoa' || i || '@exemplo.com 55119' || lpad(i::text, 8, '0'),
       '11' || lpad(i::text, 8, '0'), now() - random() * interval '300 days'
  from wanted w
  join crm.pipeline p on p.company_id = w.company_id and p.position = 1
  join lateral (select array_agg(id order by position) as ids from crm.stage s
                 where s.company_id = w.company_id and s.pipeline_id = p.id) st on true
 cross join lateral (select i, 1 + (i % 5) as k,
     (array['Ana','Bruno','Carla','Diego','Elisa','Fabio','Gina','Hugo','Iara','Joao'])[1 + i % 10] || ' ' ||
     (array['Silva','Souza','Lima','Costa','Rocha','Alves','Pinto','Reis','Dias','Melo'])[1 + i / 10 % 10] || ' ' || i as full_name
   from generate_series(1, w.n) i) x;

-- Their history: moves, events of the timeline, tasks.
insert into crm.move (company_id, lead_id, from_stage, to_stage, from_status, to_status, seconds, at)
select company_id, id, null, stage_id, null, status, 0, created_at from crm.lead where email like 'pessoa%@exemplo.com'
union all
select company_id, id, stage_id, stage_id, 'open', status, 86400, stage_since from crm.lead where email like 'pessoa%@exemplo.com';
insert into crm.task (company_id, lead_id, type, title, due_at, done_at)
select company_id, id, 'call', 'Ligar', now() + (random() - 0.3) * interval '10 days',
       case when id % 3 > 0 then now() end
  from crm.lead where email like 'pessoa%@exemplo.com';
insert into audit.event (company_id, at, subject, subject_id, kind, title)
select l.company_id, date_trunc('month', now()) + random() * (now() - date_trunc('month', now())), 'lead', l.id,
       (array['note','call','lead.stage','lead.updated','task.done','lead.created'])[k], 'Registro ' || k
  from crm.lead l cross join generate_series(1, 6) k where l.email like 'pessoa%@exemplo.com';
insert into patient.patient (company_id, name, phone, search, phone_key)
select company_id, name, phone, search, phone_key from crm.lead where email like 'pessoa%@exemplo.com' and status = 'won';

update crm.lead l set next_task_id = t.id, next_due = t.due_at, next_title = t.title
  from (select distinct on (company_id, lead_id) company_id, lead_id, id, due_at, title from crm.task
         where done_at is null order by company_id, lead_id, due_at) t
 where l.company_id = t.company_id and l.id = t.lead_id;
vacuum analyze crm.lead, crm.move, crm.task, audit.event, patient.patient, crm.stage_total;
select (select count(*) from crm.lead) + (select count(*) from crm.move) + (select count(*) from crm.task)
     + (select count(*) from audit.event) + (select count(*) from patient.patient) as rows;
\ir agenda.sql
