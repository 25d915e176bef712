-- The public booking page and the patient's own link of a visit.

-- part booking_dentist_name
coalesce(d.prefix || ' ', '') || m.name
;

-- A dentist of the public page who does the type: the type's number stands outside.
-- part booking_offers
d.company_id = :company and d.online and d.active and m.active
   and exists (select from agenda.shift s where s.company_id = d.company_id and s.user_id = d.user_id)
   and not exists (select from agenda.visit_type_dentist x where x.company_id = d.company_id
          and x.visit_type_id = t.id and x.user_id = d.user_id and not x.offered)
;

-- query booking_types() many (id bigint, name text, minutes int, dentists int)
select t.id, t.name, t.minutes,
       (select count(*)::int from agenda.dentist d
          join account.member m on m.company_id = d.company_id and m.user_id = d.user_id where {booking_offers})
  from agenda.visit_type t
 where t.company_id = :company and t.online and t.active
 order by t.position, t.name limit 100;

-- Where an online dentist who does the type works.
-- query booking_branches(type_id bigint) many (id bigint, name text, address text?)
select b.id, b.name, nullif(concat_ws(', ', b.street, b.number, b.district, b.city), '') as address
  from company.branch b
  join agenda.visit_type t on t.company_id = b.company_id
 where b.company_id = :company and b.active and t.id = :type_id and t.online and t.active
   and exists (select from agenda.dentist d
          join account.member m on m.company_id = d.company_id and m.user_id = d.user_id
          join agenda.shift w on w.company_id = d.company_id and w.user_id = d.user_id and w.branch_id = b.id
         where {booking_offers})
 order by b.position, b.id limit 100;

-- branch_id 0: any.
-- query booking_dentists(type_id bigint, branch_id bigint) many (user_id bigint, name text, specialty text?, minutes int)
select d.user_id, {booking_dentist_name} as name, d.specialty, coalesce(y.minutes, t.minutes)
  from agenda.visit_type t
  join agenda.dentist d on d.company_id = t.company_id
  join account.member m on m.company_id = d.company_id and m.user_id = d.user_id
  left join agenda.visit_type_dentist y
    on y.company_id = d.company_id and y.visit_type_id = t.id and y.user_id = d.user_id
 where t.company_id = :company and t.id = :type_id and t.online and t.active and {booking_offers}
   and (:branch_id = 0 or exists (select from agenda.shift w where w.company_id = d.company_id
          and w.user_id = d.user_id and w.branch_id = :branch_id))
 order by d.position, m.name limit 100;

-- ---- what a visitor holds ----

-- query online_insert(appointment_id bigint, token_hash text, peer text, visit_type_id bigint, dentist_id bigint,
--   branch_id bigint, starts_at timestamptz, ends_at timestamptz, any_dentist bool, held_until timestamptz,
--   now timestamptz) one (id bigint)
insert into agenda.online (company_id, appointment_id, token_hash, peer, visit_type_id, dentist_id, branch_id, starts_at,
       ends_at, any_dentist, held_until, created_at)
values (:company, :appointment_id, :token_hash, :peer, :visit_type_id, :dentist_id, :branch_id, :starts_at, :ends_at,
       :any_dentist, :held_until, :now)
returning id;

-- row online_row (id bigint, appointment_id bigint?, state text, visit_type_id bigint, visit_type text, dentist_id bigint,
--   dentist text, branch_id bigint, branch text, address text?, branch_phone text?, zone text, starts_at timestamptz,
--   ends_at timestamptz, any_dentist bool, held_until timestamptz, name text?, phone text?, email text?, code_hash text?,
--   code_until timestamptz?, codes smallint, attempts smallint, asked_at timestamptz?)

-- part online_from
select o.id, o.appointment_id, o.state, o.visit_type_id, t.name, o.dentist_id, {booking_dentist_name}, o.branch_id, b.name,
       nullif(concat_ws(', ', b.street, b.number, b.city), ''), b.phone, b.zone, o.starts_at, o.ends_at, o.any_dentist,
       o.held_until, o.name, o.phone, o.email, o.code_hash, o.code_until, o.codes, o.attempts, o.asked_at
  from agenda.online o
  join agenda.visit_type t on t.company_id = o.company_id and t.id = o.visit_type_id
  join agenda.dentist d on d.company_id = o.company_id and d.user_id = o.dentist_id
  join account.member m on m.company_id = o.company_id and m.user_id = o.dentist_id
  join company.branch b on b.company_id = o.company_id and b.id = o.branch_id
 where o.company_id = :company
;

-- query online_of_token(token_hash text) find online_row
{online_from} and o.token_hash = :token_hash;

-- query online_by_id(id bigint) find online_row
{online_from} and o.id = :id;

-- One answer at a time of a visitor.
-- query online_lock(token_hash text) find (id bigint)
select id from agenda.online where company_id = :company and token_hash = :token_hash for update;

-- query online_set_person(id bigint, name text, phone text, phone_key text, email text, code_hash text,
--   code_until timestamptz, now timestamptz) exec
update agenda.online
   set name = :name, phone = :phone, phone_key = :phone_key, email = :email, code_hash = :code_hash,
       code_until = :code_until, codes = codes + 1, attempts = 0, asked_at = :now
 where company_id = :company and id = :id;

-- query online_count_attempt(id bigint) exec
update agenda.online set attempts = attempts + 1 where company_id = :company and id = :id and attempts < 20;

-- query online_set_hold(id bigint, appointment_id bigint, held_until timestamptz) exec
update agenda.online set appointment_id = :appointment_id, held_until = :held_until, state = 'held'
 where company_id = :company and id = :id;

-- query online_booked(id bigint, appointment_id bigint) exec
update agenda.online set state = 'booked', appointment_id = :appointment_id, code_hash = null
 where company_id = :company and id = :id;

-- query online_give_back(id bigint) exec
update agenda.online set state = 'given_back', appointment_id = null
 where company_id = :company and id = :id and state = 'held';

-- How much this address asks: slots it holds now, and those of a day.
-- query online_peer(peer text, now timestamptz) one (held bigint, of_day bigint)
select count(*) filter (where state = 'held' and held_until > :now), count(*)
  from agenda.online where company_id = :company and peer = :peer and created_at > :now::timestamptz - interval '24 hours';

-- Codes sent to an address and for a phone lately, and visits to come that were booked with either.
-- query online_person(email text, phone_key text, now timestamptz) one (codes bigint, visits bigint)
select (select coalesce(sum(codes), 0)::bigint from agenda.online where company_id = :company
           and asked_at > :now::timestamptz - interval '1 hour' and (email = :email or phone_key = :phone_key)),
       (select count(*) from agenda.online o
          join agenda.appointment a on a.company_id = o.company_id and a.id = o.appointment_id
         where o.company_id = :company and o.state = 'booked' and (o.email = :email or o.phone_key = :phone_key)
           and a.presence = 'scheduled' and a.starts_at > :now);

-- query online_sweep(before timestamptz) exec
delete from agenda.online where company_id = :company and created_at < :before;

-- ---- the patient's own link ----

-- query link_set(id bigint, token_hash text) exec
update agenda.appointment set token_hash = :token_hash
 where company_id = :company and id = :id and token_hash is distinct from :token_hash;

-- query link_visit(token_hash text) find (id bigint, presence text, confirmation text, starts_at timestamptz,
--   ends_at timestamptz, zone text, branch_id bigint, branch text, address text?, branch_phone text?, dentist_id bigint,
--   dentist text, chair_id bigint?, visit_type_id bigint?, visit_type text?, patient_id bigint?, patient text, email text?,
--   cancelled_by text?, version int)
select a.id, a.presence, a.confirmation, a.starts_at, a.ends_at, b.zone, a.branch_id, b.name,
       nullif(concat_ws(', ', b.street, b.number, b.city), ''), b.phone, a.dentist_id, {booking_dentist_name}, a.chair_id,
       a.visit_type_id, t.name, a.patient_id, a.patient_name,
       coalesce((select o.email from agenda.online o where o.company_id = a.company_id and o.appointment_id = a.id
                    and o.state = 'booked' limit 1), p.email), a.cancelled_by, a.version
  from agenda.appointment a
  join company.branch b on b.company_id = a.company_id and b.id = a.branch_id
  join agenda.dentist d on d.company_id = a.company_id and d.user_id = a.dentist_id
  join account.member m on m.company_id = a.company_id and m.user_id = a.dentist_id
  left join agenda.visit_type t on t.company_id = a.company_id and t.id = a.visit_type_id
  left join patient.patient p on p.company_id = a.company_id and p.id = a.patient_id
 where a.company_id = :company and a.token_hash = :token_hash and a.presence <> 'held';
