-- Plans and their lines.

-- row plan_row (id bigint, patient_id bigint, name text, state text, active bool, price_table_id bigint?,
--   price_table text?, discount_cents bigint, note text?, dentist_id bigint?, dentist text?, refusal text?,
--   refusal_note text?, refused_at timestamptz?, approved_at timestamptz?, approved_via text?, presented_at timestamptz?,
--   followed_at timestamptz?, follow_note text?, cancel_reason text?, created_at timestamptz, version int)

-- part plan_columns
p.id, p.patient_id, p.name, p.state, p.active, p.price_table_id, t.name, p.discount_cents, p.note, p.dentist_id,
       m.name, p.refusal, p.refusal_note, p.refused_at, p.approved_at, p.approved_via, p.presented_at, p.followed_at,
       p.follow_note, p.cancel_reason, p.created_at, p.version
;

-- part plan_from
from treatment.plan p
  left join treatment.price_table t on t.company_id = p.company_id and t.id = p.price_table_id
  left join account.member m on m.company_id = p.company_id and m.user_id = p.dentist_id
;

-- row plan_line_row (id bigint, plan_id bigint, act_id bigint, procedure_id bigint, dentist_id bigint?, dentist text?,
--   appointment_id bigint?, booked_at timestamptz?, name text, layman text?, specialty text, needs_lab bool, state text,
--   area text, tooth int?, surfaces int, region text?, teeth bigint[], price_cents bigint, discount_cents bigint,
--   done_at timestamptz?, approved_at timestamptz?, cancel_reason text?, sessions int, sessions_done int, position int,
--   version int)

-- part plan_line_columns
l.id, l.plan_id, l.act_id, l.procedure_id, l.dentist_id, m.name, v.id, v.starts_at, l.name, c.layman, c.specialty,
       c.needs_lab, l.state, a.area, a.tooth::int, a.surfaces::int, a.region,
       coalesce((select array_agg(t.tooth::bigint order by t.place) from treatment.act_tooth t
                  where t.company_id = a.company_id and t.act_id = a.id), '{}'),
       l.price_cents, l.discount_cents, l.done_at, l.approved_at, l.cancel_reason, l.sessions::int,
       l.sessions_done::int, l.position, l.version
;

-- A visit that was called off or missed leaves the line to be booked again.
-- part plan_line_from
from treatment.plan_line l
  join treatment.act a on a.company_id = l.company_id and a.id = l.act_id
  join treatment.procedure c on c.company_id = l.company_id and c.id = l.procedure_id
  left join account.member m on m.company_id = l.company_id and m.user_id = l.dentist_id
  left join agenda.appointment v on v.company_id = l.company_id and v.id = l.appointment_id
       and v.presence not in ('held', 'no_show', 'cancelled')
;

-- query plan_by_id(id bigint) one plan_row
select {plan_columns} {plan_from} where p.company_id = :company and p.id = :id;

-- query plan_of_patient(patient bigint) many plan_row
select {plan_columns} {plan_from}
 where p.company_id = :company and p.patient_id = :patient
 order by p.active desc, p.state in ('refused', 'cancelled'), p.id limit 50;

-- query plan_lines(plan bigint) many plan_line_row
select {plan_line_columns} {plan_line_from}
 where l.company_id = :company and l.plan_id = :plan order by l.position, l.id limit 501;

-- query plan_lines_of_patient(patient bigint) many plan_line_row
select {plan_line_columns} {plan_line_from}
  join treatment.plan p on p.company_id = l.company_id and p.id = l.plan_id
 where l.company_id = :company and p.patient_id = :patient order by l.plan_id, l.position, l.id limit 2000;

-- query plan_lines_open(patient bigint) many plan_line_row
select {plan_line_columns} {plan_line_from}
  join treatment.plan p on p.company_id = l.company_id and p.id = l.plan_id
 where l.company_id = :company and p.patient_id = :patient and p.active and l.state not in ('done', 'cancelled')
 order by l.position, l.id limit 501;

-- query plan_line_by_id(id bigint) one plan_line_row
select {plan_line_columns} {plan_line_from} where l.company_id = :company and l.id = :id;

-- What a change of a plan must know, locked until the transaction ends: lines are changed under their plan's lock.
-- query plan_lock(id bigint) one (patient_id bigint, state text, active bool, price_table_id bigint?,
--   discount_cents bigint, dentist_id bigint?, version int, restricted bool)
select patient_id, state, active, price_table_id, discount_cents, dentist_id, version,
       (select w.restricted from patient.patient w where w.company_id = :company and w.id = p.patient_id)
  from treatment.plan p where company_id = :company and id = :id for update;

-- query plan_of_line(line bigint) one (plan_id bigint)
select plan_id from treatment.plan_line where company_id = :company and id = :line;

-- query plan_line_of_act(act bigint) find (id bigint, plan_id bigint, state text)
select id, plan_id, state from treatment.plan_line
 where company_id = :company and act_id = :act and state <> 'cancelled';

-- query plan_active(patient bigint) find (id bigint, state text, price_table_id bigint?, dentist_id bigint?,
--   approved_at timestamptz?)
select id, state, price_table_id, dentist_id, approved_at from treatment.plan
 where company_id = :company and patient_id = :patient and active for update;

-- query plan_set_active(id bigint, active bool) exec
update treatment.plan set active = :active, updated_at = now(), version = version + 1
 where company_id = :company and id = :id and active <> :active;

-- query plan_clear_active(patient bigint) exec
update treatment.plan set active = false, updated_at = now(), version = version + 1
 where company_id = :company and patient_id = :patient and active;

-- query plan_count(patient bigint) one (n bigint)
select count(*) from treatment.plan where company_id = :company and patient_id = :patient;

-- Nobody gets two active plans: the second of two at once gives no row.
-- query plan_insert(patient bigint, name text, active bool, price_table bigint?, dentist bigint?, note text?,
--   user_id bigint?) find (id bigint)
insert into treatment.plan (company_id, patient_id, name, active, price_table_id, dentist_id, note, created_by)
values (:company, :patient, :name, :active, :price_table, :dentist, :note, :user_id)
on conflict (company_id, patient_id) where active do nothing
returning id;

-- query plan_line_count(plan bigint) one (n bigint, last int)
select count(*), coalesce(max(position), 0) from treatment.plan_line
 where company_id = :company and plan_id = :plan;

-- query plan_line_insert(plan bigint, act bigint, procedure bigint, position int, name text, price bigint,
--   sessions int, dentist bigint?) one (id bigint)
insert into treatment.plan_line (company_id, plan_id, act_id, procedure_id, position, name, price_cents, sessions,
       dentist_id)
values (:company, :plan, :act, :procedure, :position, :name, :price, :sessions::int::smallint, :dentist)
returning id;

-- query plan_touch(id bigint) exec
update treatment.plan set updated_at = now(), version = version + 1 where company_id = :company and id = :id;

-- query plan_save(id bigint, version int, name text, dentist bigint?, note text?, price_table bigint?) exec
update treatment.plan
   set name = :name, dentist_id = :dentist, note = :note, price_table_id = :price_table, updated_at = now(),
       version = version + 1
 where company_id = :company and id = :id and version = :version;

-- Lines that nobody approved yet are priced by another table from now on; what was taken off them is gone with the
-- old price.
-- query plan_reprice(plan bigint, price_table bigint?) exec
update treatment.plan_line l
   set price_cents = coalesce(x.cents, c.price_cents), discount_cents = 0, version = l.version + 1
  from treatment.procedure c
  left join treatment.price x on x.company_id = c.company_id and x.price_table_id = :price_table
       and x.procedure_id = c.id
 where l.company_id = :company and l.plan_id = :plan and l.state in ('planned', 'presented')
   and c.company_id = l.company_id and c.id = l.procedure_id;

-- query plan_set_whole(id bigint, cents bigint) exec
update treatment.plan set discount_cents = :cents, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query plan_set_state(id bigint, state text) exec
update treatment.plan set state = :state, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query plan_set_presented(id bigint, at timestamptz) exec
update treatment.plan
   set state = case when state in ('planned', 'refused') then 'presented' else state end, presented_at = :at,
       refusal = null, refusal_note = null, refused_at = null, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query plan_set_approved(id bigint, via text, at timestamptz, whole bigint) exec
update treatment.plan
   set state = case when state in ('planned', 'presented', 'refused') then 'approved' else state end,
       approved_at = coalesce(approved_at, :at), approved_via = coalesce(approved_via, :via), refusal = null,
       refusal_note = null, refused_at = null, discount_cents = :whole, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query plan_set_refused(id bigint, refusal text, note text?, at timestamptz) exec
update treatment.plan
   set state = 'refused', refusal = :refusal, refusal_note = :note, refused_at = :at, updated_at = now(),
       version = version + 1
 where company_id = :company and id = :id;

-- query plan_set_cancelled(id bigint, reason text) exec
update treatment.plan
   set state = 'cancelled', active = false, cancel_reason = :reason, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- Back to what it was before it was refused, called off or approved.
-- query plan_set_open(id bigint, state text) exec
update treatment.plan
   set state = :state, refusal = null, refusal_note = null, refused_at = null, cancel_reason = null,
       approved_at = null, approved_via = null, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- What the lines say of the plan: all of them done, some begun, or none.
-- query plan_settle(id bigint) exec
update treatment.plan p
   set state = case when n.live > 0 and n.done = n.live then 'done'
                    when n.begun > 0 and n.approved > 0 then 'in_progress'
                    when p.state in ('in_progress', 'done') and n.approved > 0 then 'approved'
                    when p.state in ('in_progress', 'done') then 'planned'
                    else p.state end,
       updated_at = now(), version = version + 1
  from (select count(*) as live, count(*) filter (where state = 'done') as done,
               count(*) filter (where state in ('done', 'in_progress', 'redo')) as begun,
               count(*) filter (where approved_at is not null) as approved
          from treatment.plan_line
         where company_id = :company and plan_id = :id and state <> 'cancelled') n
 where p.company_id = :company and p.id = :id and p.state not in ('refused', 'cancelled');

-- query plan_line_save(id bigint, version int, price bigint, discount bigint, sessions int, dentist bigint?) exec
update treatment.plan_line
   set price_cents = :price, discount_cents = :discount, sessions = :sessions::int::smallint, dentist_id = :dentist,
       version = version + 1
 where company_id = :company and id = :id and version = :version;

-- query plan_line_order(plan bigint, ids bigint[]) exec
update treatment.plan_line l set position = o.n::int
  from unnest(:ids::bigint[]) with ordinality o(id, n)
 where l.company_id = :company and l.plan_id = :plan and l.id = o.id;

-- query plan_line_ids(plan bigint) many (id bigint)
select id from treatment.plan_line where company_id = :company and plan_id = :plan order by position, id;

-- query plan_line_lock(id bigint) one (plan_id bigint, act_id bigint, state text, sessions int, sessions_done int,
--   approved_at timestamptz?, version int)
select plan_id, act_id, state, sessions::int, sessions_done::int, approved_at, version
  from treatment.plan_line where company_id = :company and id = :id for update;

-- What is left to do waits for a date of its own.
-- query plan_line_set_sessions(id bigint, done int, state text) exec
update treatment.plan_line
   set sessions_done = :done::int::smallint, state = :state, done_at = null, done_by = null, appointment_id = null,
       version = version + 1
 where company_id = :company and id = :id;

-- query plan_line_set_done(id bigint, at timestamptz, user_id bigint?) exec
update treatment.plan_line l
   set state = 'done', sessions_done = sessions, dentist_id = coalesce(dentist_id, :user_id), done_by = :user_id,
       done_at = coalesce((select a.done_at from treatment.act a
                            where a.company_id = l.company_id and a.id = l.act_id), :at), version = version + 1
 where company_id = :company and id = :id and state not in ('done', 'cancelled');

-- query plan_line_set_cancelled(id bigint, reason text?) exec
update treatment.plan_line
   set state = 'cancelled', cancel_reason = :reason, done_at = null, done_by = null, version = version + 1
 where company_id = :company and id = :id and state <> 'cancelled';

-- query plan_line_set_redo(id bigint, reason text) exec
update treatment.plan_line
   set state = 'redo', sessions_done = 0, cancel_reason = :reason, done_at = null, done_by = null,
       appointment_id = null, version = version + 1
 where company_id = :company and id = :id;

-- query plan_line_book(id bigint, appointment bigint?) exec
update treatment.plan_line set appointment_id = :appointment, version = version + 1
 where company_id = :company and id = :id and state in ('approved', 'in_progress', 'redo');

-- Booked together with the visit. Rows 0: another patient's, or no longer to be booked.
-- query plan_line_book_asked(id bigint, appointment bigint, patient bigint) exec
update treatment.plan_line l set appointment_id = :appointment, version = l.version + 1
  from treatment.plan p
 where l.company_id = :company and l.id = :id and l.state in ('approved', 'in_progress', 'redo')
   and p.company_id = l.company_id and p.id = l.plan_id and p.patient_id = :patient;

-- query plan_line_unbook(appointment bigint) exec
update treatment.plan_line set appointment_id = null, released_id = :appointment, version = version + 1
 where company_id = :company and appointment_id = :appointment and state in ('approved', 'in_progress', 'redo');

-- The visit stands again. Rows 0: another was booked meanwhile.
-- query plan_line_rebook(appointment bigint) exec
update treatment.plan_line set appointment_id = :appointment, released_id = null, version = version + 1
 where company_id = :company and released_id = :appointment and appointment_id is null
   and state in ('approved', 'in_progress', 'redo');

-- query plan_present_lines(plan bigint) exec
update treatment.plan_line set state = 'presented', version = version + 1
 where company_id = :company and plan_id = :plan and state = 'planned';

-- What a line got of the whole's discount becomes its own when it is approved.
-- query plan_approve_lines(plan bigint, ids bigint[], prices bigint[], discounts bigint[], at timestamptz) exec
update treatment.plan_line l
   set state = 'approved', price_cents = d.price, discount_cents = d.discount, approved_at = :at,
       version = l.version + 1
  from unnest(:ids::bigint[], :prices::bigint[], :discounts::bigint[]) d(id, price, discount)
 where l.company_id = :company and l.plan_id = :plan and l.id = d.id and l.state in ('planned', 'presented');

-- query plan_unapprove_lines(plan bigint) exec
update treatment.plan_line set state = 'presented', approved_at = null, version = version + 1
 where company_id = :company and plan_id = :plan and state = 'approved';

-- What was accepted at the clinic by mistake is open again; what the patient accepted by link stays.
-- query plan_reopen_quote(plan bigint) exec
update treatment.quote set state = 'open', answered_at = null
 where company_id = :company and plan_id = :plan and state = 'accepted' and evidence ->> 'via' = 'clinic';

-- query plan_limit(role text) find (percent int)
select percent::int from treatment.discount_limit where company_id = :company and role = :role;

-- query plan_limits() many (role text, percent int)
select role, percent::int from treatment.discount_limit where company_id = :company order by role;

-- query plan_set_limit(role text, percent int) exec
insert into treatment.discount_limit (company_id, role, percent) values (:company, :role, :percent::int::smallint)
on conflict (company_id, role) do update set percent = excluded.percent;

-- query plan_set_followed(id bigint, at timestamptz, note text) exec
update treatment.plan set followed_at = :at, follow_note = :note where company_id = :company and id = :id;

-- ---- Tratamentos ----

-- query plan_to_book(n int) many (id bigint, plan_id bigint, patient_id bigint, patient text, phone text?, name text,
--   tooth int?, surfaces int, region text?, dentist text?, total bigint, approved_at timestamptz, sessions int,
--   sessions_done int)
select l.id, l.plan_id, p.patient_id, b.name, b.phone, l.name, a.tooth::int, a.surfaces::int, a.region, m.name,
       l.price_cents - l.discount_cents, l.approved_at, l.sessions::int, l.sessions_done::int
  from treatment.plan_line l
  join treatment.plan p on p.company_id = l.company_id and p.id = l.plan_id
  join treatment.act a on a.company_id = l.company_id and a.id = l.act_id
  join patient.brief b on b.company_id = p.company_id and b.patient_id = p.patient_id
  left join account.member m on m.company_id = l.company_id and m.user_id = l.dentist_id
 where l.company_id = :company and l.state in ('approved', 'in_progress', 'redo') and l.appointment_id is null
   and l.approved_at is not null
 order by l.approved_at, l.id limit :n;

-- Plans that wait for an answer, or got a no since a day. Totals are those of the last quote.
-- query plan_waiting(state text, since timestamptz, n int) many (id bigint, patient_id bigint, patient text,
--   phone text?, name text, presented_at timestamptz?, followed_at timestamptz?, follow_note text?, refusal text?,
--   refusal_note text?, refused_at timestamptz?, dentist text?, number int?, total bigint, opened_at timestamptz?,
--   sent_at timestamptz?)
select p.id, p.patient_id, b.name, b.phone, p.name, p.presented_at, p.followed_at, p.follow_note, p.refusal,
       p.refusal_note, p.refused_at, m.name, q.number,
       coalesce(q.total_cents, (select coalesce(sum(l.price_cents - l.discount_cents), 0)::bigint
                                  from treatment.plan_line l where l.company_id = p.company_id and l.plan_id = p.id
                                   and l.state <> 'cancelled')), q.opened_at, q.sent_at
  from treatment.plan p
  join patient.brief b on b.company_id = p.company_id and b.patient_id = p.patient_id
  left join account.member m on m.company_id = p.company_id and m.user_id = p.dentist_id
  left join lateral (select number, total_cents, opened_at, sent_at from treatment.quote q
                      where q.company_id = p.company_id and q.plan_id = p.id order by q.id desc limit 1) q on true
 where p.company_id = :company and p.state = :state and (:state = 'presented' or p.refused_at >= :since)
 order by coalesce(p.refused_at, p.presented_at), p.id limit :n;

-- query plan_figures(since timestamptz) one (to_book bigint, to_book_cents bigint, open bigint, open_cents bigint,
--   approved bigint, approved_cents bigint, refused bigint, refused_cents bigint, price bigint, time bigint, fear bigint,
--   second_opinion bigint, other bigint)
with worth as (
    select p.id, p.state, p.refusal, p.approved_at,
           coalesce((select q.total_cents from treatment.quote q where q.company_id = p.company_id and q.plan_id = p.id
                      order by q.id desc limit 1),
                    (select sum(l.price_cents - l.discount_cents)::bigint from treatment.plan_line l
                      where l.company_id = p.company_id and l.plan_id = p.id and l.state <> 'cancelled'), 0) as cents
      from treatment.plan p
     where p.company_id = :company
       and (p.state = 'presented' or (p.state = 'refused' and p.refused_at >= :since) or p.approved_at >= :since)
), book as (
    select count(*) as n, coalesce(sum(price_cents - discount_cents), 0)::bigint as cents
      from treatment.plan_line
     where company_id = :company and state in ('approved', 'in_progress', 'redo') and appointment_id is null
       and approved_at is not null
)
select (select n from book), (select cents from book),
       count(*) filter (where state = 'presented'),
       coalesce(sum(cents) filter (where state = 'presented'), 0)::bigint,
       count(*) filter (where approved_at is not null and state not in ('presented', 'refused')),
       coalesce(sum(cents) filter (where approved_at is not null and state not in ('presented', 'refused')), 0)::bigint,
       count(*) filter (where state = 'refused'), coalesce(sum(cents) filter (where state = 'refused'), 0)::bigint,
       count(*) filter (where refusal = 'price'), count(*) filter (where refusal = 'time'),
       count(*) filter (where refusal = 'fear'), count(*) filter (where refusal = 'second_opinion'),
       count(*) filter (where refusal = 'other')
  from worth;

-- Roles of the clinic, and what each may take off; null: as the program says.
-- query plan_role_limits() many (role text, title text, percent int?)
select r.role, r.title, d.percent::int
  from (select * from (values ('manager', 'Gerência', 1), ('dentist', 'Dentista', 2), ('reception', 'Recepção', 3),
               ('finance', 'Financeiro', 4), ('assistant', 'Auxiliar', 5)) b(role, title, n)
        union all select name, title, 9 from account.role where company_id = :company) r
  left join treatment.discount_limit d on d.company_id = :company and d.role = r.role
 order by r.n, r.title limit 40;
