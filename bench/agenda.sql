-- The agenda of the figures, behind data.sql: 200 000 patients (50 000 of them in the first company), 2 million visits.
-- Company 1 has 20 dentists whose next 90 days are nearly full, and an ordinary past of 40 visits a day; company 2 and all
-- others have four dentists and 40 visits a day. Loaded in the order of the indexes, which are made afterwards with the
-- constraints: row by row they would take four times as long.
\set ON_ERROR_STOP on
set client_min_messages = warning;
set maintenance_work_mem = '512MB';
select setseed(0.42);

-- ---- patients ----

insert into patient.patient (company_id, name, birth, phone, search, phone_key)
select c.id, full_name, date '1940-01-01' + (i * 7919 % 29000)::int, '+55118' || lpad(i::text, 8, '0'),
       lower(full_name) || ' 55118' || lpad(i::text, 8, '0'), '11' || lpad((80000000 + i)::text, 8, '0')
  from company.company c
  join lateral (select greatest(0, case when c.id = 1 then 50000 else 754 end
         - (select count(*) from patient.patient p where p.company_id = c.id)) as n) w on true
 cross join lateral (select i,
     (array['Ana','Bruno','Carla','Diego','Elisa','Fabio','Gina','Hugo','Iara','Joao'])[1 + i % 10] || ' ' ||
     (array['Silva','Souza','Lima','Costa','Rocha','Alves','Pinto','Reis','Dias','Melo'])[1 + i / 10 % 10] || ' '
     || (array['Moraes','Nunes','Prado','Torres','Vieira','Campos','Freire'])[1 + i % 7] || ' ' || i as full_name
   from generate_series(1, w.n) i) x;
insert into patient.brief (company_id, patient_id, name, phone, birth)
select p.company_id, p.id, p.name, p.phone, p.birth from patient.patient p
 where not exists (select from patient.brief b where b.company_id = p.company_id and b.patient_id = p.id);

-- ---- dentists: 20 in the first company, four in each other ----

insert into account.identity (email, name)
select 'dentista' || c.id || '-' || k || '@exemplo.test', 'Dentista ' || k
  from company.company c
 cross join lateral generate_series(1, case when c.id = 1 then 20 else 4 end
     - (select count(*) from agenda.dentist d where d.company_id = c.id)::int) k;
insert into account.member (company_id, user_id, name, email, role)
select split_part(substr(email, 9), '-', 1)::bigint, id, name, email, 'dentist' from account.identity
 where email like 'dentista%-%@exemplo.test';
insert into agenda.visit_type (company_id, name, minutes)
select c.id, 'Avaliação', 30 from company.company c
 where not exists (select from agenda.visit_type t where t.company_id = c.id);
insert into agenda.rule (company_id) select id from company.company on conflict do nothing;
insert into agenda.dentist (company_id, user_id, position)
select company_id, user_id, 10 from account.member where email like 'dentista%-%@exemplo.test';
insert into agenda.shift (company_id, user_id, branch_id, weekday, from_minute, to_minute, valid_from)
select d.company_id, d.user_id, (select min(id) from company.branch b where b.company_id = d.company_id), w, h.f, h.t,
       case when d.company_id = 1 then current_date end -- a day of the past shows its first four dentists
  from agenda.dentist d cross join generate_series(1, 5) w cross join (values (480, 720), (780, 1080)) h(f, t)
 where not exists (select from agenda.shift s where s.company_id = d.company_id and s.user_id = d.user_id);

insert into agenda.chair (company_id, branch_id, name, position)
select d.company_id, (select min(id) from company.branch b where b.company_id = d.company_id), 'Sala ' || 10 + d.n, 10 + d.n
  from (select company_id, row_number() over (partition by company_id order by user_id) as n from agenda.dentist) d;

-- ---- visits ----

-- Without its foreign keys, exclusion constraints and indexes while it is filled; the same ones afterwards.
create temp table aside as
select conname as name, pg_get_constraintdef(oid) as definition, true as is_constraint from pg_constraint
 where conrelid = 'agenda.appointment'::regclass and contype in ('f', 'x')
union all
select c.relname, pg_get_indexdef(i.indexrelid), false from pg_index i join pg_class c on c.oid = i.indexrelid
 where i.indrelid = 'agenda.appointment'::regclass and not i.indisprimary and not i.indisexclusion;
do $$ declare a record; begin
    for a in select * from aside where is_constraint loop
        execute format('alter table agenda.appointment drop constraint %I', a.name);
    end loop;
    for a in select * from aside where not is_constraint loop
        execute format('drop index agenda.%I', a.name);
    end loop;
end $$;
-- who works (n from 0), which patients and type each company has, once
create temp table worker as
select d.company_id, d.user_id, d.n,
       (select min(id) from company.branch b where b.company_id = d.company_id) as branch_id,
       (select c.id from agenda.chair c where c.company_id = d.company_id and c.position > 10 order by c.id
        offset d.n limit 1) as chair_id,
       (select min(id) from agenda.visit_type t where t.company_id = d.company_id and t.minutes = 30) as type_id
  from (select *, row_number() over (partition by company_id order by position, user_id) - 1 as n from agenda.dentist) d;
create temp table pool as
select company_id, patient_id, name, row_number() over (partition by company_id order by patient_id) - 1 as n from patient.brief;
create unique index on pool (company_id, n);
analyze worker, pool;

-- Past days, weekends too: ten visits a dentist and day, of four dentists. -11 and before: the demonstration's own days
-- come after. Company 1's next 90 working days: 17 of 18 half hours of each of its 20.
insert into agenda.appointment (company_id, branch_id, dentist_id, chair_id, patient_id, patient_name, visit_type_id, title, starts_at,
       ends_at, busy_to, presence, confirmation)
select w.company_id, w.branch_id, w.user_id, w.chair_id, p.patient_id, p.name, w.type_id, 'Manutenção', v.at, v.at + interval '30 minutes',
       v.at + interval '30 minutes', v.presence, 'confirmed'
  from worker w
 cross join lateral (
     select (current_date - g / 10 - 11) + interval '11 hours' + (g % 10) * interval '45 minutes' as at, g as k,
            case when g % 23 = 0 then 'no_show' when g % 17 = 0 then 'cancelled' else 'done' end as presence
       from generate_series(0, 2479) g where w.n < 4
     union all
     select d + interval '11 hours' + h * interval '30 minutes', h + extract(doy from d)::int * 20, 'scheduled'
       from generate_series(current_date + 15, current_date + 105, interval '1 day') d cross join generate_series(0, 19) h
      where w.company_id = 1 and extract(isodow from d) < 6 and h not in (8, 9) and (h + w.n + extract(doy from d)::int) % 18 > 0) v
  join pool p on p.company_id = w.company_id
   and p.n = (v.k * 7919 + w.n * 104729) % case when w.company_id = 1 then 50000 else 754 end
 order by w.company_id, w.user_id, v.at;
do $$ declare a record; begin
    for a in select * from aside where is_constraint loop
        execute format('alter table agenda.appointment add constraint %I %s', a.name, a.definition);
    end loop;
    for a in select * from aside where not is_constraint loop
        execute a.definition;
    end loop;
end $$;
update patient.brief b set first_visit_at = a.first_at, last_visit_at = a.last_at
  from (select company_id, patient_id, min(starts_at) as first_at, max(starts_at) filter (where presence = 'done') as last_at
          from agenda.appointment where presence not in ('cancelled', 'no_show') group by company_id, patient_id) a
 where b.company_id = a.company_id and b.patient_id = a.patient_id;
vacuum analyze patient.patient, patient.brief, agenda.appointment, agenda.dentist, agenda.shift, account.member;
select (select count(*) from patient.patient) as patients, (select count(*) from agenda.appointment) as visits;
