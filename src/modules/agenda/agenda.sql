-- The frame (who works when and where) and the visits. A visit takes at most 24 hours, so every "overlaps" is bounded
-- by starts_at.

-- row visit_row (id bigint, branch_id bigint, dentist_id bigint, chair_id bigint?, patient_id bigint?,
--   visit_type_id bigint?, series_id bigint?, patient_name text, patient_alert bool, title text, note text?,
--   dentist_name text, chair_name text?, visit_type text?, origin text, encaixe bool, starts_at timestamptz,
--   ends_at timestamptz, busy_to timestamptz, presence text, confirmation text, asked_at timestamptz?,
--   arrived_at timestamptz?, seated_at timestamptz?, dismissed_at timestamptz?, cancelled_by text?, cancel_reason text?,
--   no_show_permille int?, version int)

-- part visit_columns
a.id, a.branch_id, a.dentist_id, a.chair_id, a.patient_id, a.visit_type_id, a.series_id, a.patient_name,
       a.patient_alert, a.title, a.note, {dentist_name}, c.name, t.name, a.origin, a.encaixe, a.starts_at, a.ends_at,
       a.busy_to, a.presence, a.confirmation, a.asked_at, a.arrived_at, a.seated_at, a.dismissed_at, a.cancelled_by,
       a.cancel_reason, a.no_show_permille, a.version
;

-- The same without the names of dentist, chair and type, which the program knows for all visits of a list: three
-- look-ups a visit less.
-- part visit_bare
a.id, a.branch_id, a.dentist_id, a.chair_id, a.patient_id, a.visit_type_id, a.series_id, a.patient_name,
       a.patient_alert, a.title, a.note, '', null::text, null::text, a.origin, a.encaixe, a.starts_at, a.ends_at,
       a.busy_to, a.presence, a.confirmation, a.asked_at, a.arrived_at, a.seated_at, a.dismissed_at, a.cancelled_by,
       a.cancel_reason, a.no_show_permille, a.version
;

-- part dentist_name
case when d.prefix is null then m.name else d.prefix || ' ' || m.name end
;

-- part visit_joins
join agenda.dentist d on d.company_id = a.company_id and d.user_id = a.dentist_id
  join account.member m on m.company_id = a.company_id and m.user_id = a.dentist_id
  left join agenda.chair c on c.company_id = a.company_id and c.id = a.chair_id
  left join agenda.visit_type t on t.company_id = a.company_id and t.id = a.visit_type_id
;

-- query agenda_visit(id bigint) one visit_row
select {visit_columns} from agenda.appointment a {visit_joins} where a.company_id = :company and a.id = :id;

-- query agenda_visits(from timestamptz, to timestamptz, branch_id bigint?, dentist_id bigint?, chair_id bigint?,
--   visit_type_id bigint?, cancelled bool) many visit_row
select {visit_bare} from agenda.appointment a
 where a.company_id = :company and a.starts_at > :from::timestamptz - interval '24 hours' and a.starts_at < :to
   and a.ends_at > :from and a.presence <> 'held' and a.patient_id is not null
   and (:cancelled or a.presence <> 'cancelled')
   and (:branch_id::bigint is null or a.branch_id = :branch_id)
   and (:dentist_id::bigint is null or a.dentist_id = :dentist_id)
   and (:chair_id::bigint is null or a.chair_id = :chair_id)
   and (:visit_type_id::bigint is null or a.visit_type_id = :visit_type_id)
 order by a.starts_at, a.id limit 2000;

-- query agenda_patient_visits(patient_id bigint, from timestamptz, to timestamptz, cancelled bool) many visit_row
select {visit_columns} from agenda.appointment a {visit_joins}
 where a.company_id = :company and a.patient_id = :patient_id and a.starts_at < :to
   and a.starts_at > :from::timestamptz - interval '24 hours' and a.ends_at > :from and a.presence <> 'held'
   and (:cancelled or a.presence <> 'cancelled')
 order by a.starts_at, a.id limit 2000;

-- The visits of a repetition from one on that are still to come: what "this and the following" means.
-- query agenda_following(series_id bigint, from timestamptz) many visit_row
select {visit_columns} from agenda.appointment a {visit_joins}
 where a.company_id = :company and a.series_id = :series_id and a.starts_at >= :from and a.presence = 'scheduled'
 order by a.starts_at, a.id limit 200;

-- ---- writing visits ----

-- One writer a company and day (of UTC): two exclusion constraints deadlock without it. Days in ascending order. A
-- statement of its own, so that the snapshot of the next comes after the lock.
-- query agenda_lock_days(days bigint[]) one (n bigint)
select count(pg_advisory_xact_lock(hashtextextended('agenda:' || :company, d))) from unnest(:days::bigint[]) d;

-- query agenda_lock_visit(id bigint) one (version int, starts_at timestamptz)
select version, starts_at from agenda.appointment where company_id = :company and id = :id for update;

-- All that a booking must know of what it names; nulls where there is no such thing.
-- query agenda_facts(dentist_id bigint, visit_type_id bigint, chair_id bigint, patient_id bigint) one
--   (dentist_name text?, dentist_buffer int?, minutes int?, type_buffer int?, offered bool?, type_name text?,
--   chair_branch bigint?, chair_name text?, patient_name text?, patient_alert bool?, home_branch bigint?)
select {dentist_name}, d.buffer_minutes, coalesce(td.minutes, t.minutes), t.buffer_minutes, coalesce(td.offered, true),
       t.name, c.branch_id, c.name, b.name, b.alert,
       (select s.branch_id from agenda.shift s where s.company_id = :company and s.user_id = :dentist_id
         order by s.weekday, s.from_minute limit 1)
  from (select 1) one
  left join agenda.dentist d on d.company_id = :company and d.user_id = :dentist_id and d.active
  left join account.member m on m.company_id = :company and m.user_id = d.user_id
  left join agenda.visit_type t on t.company_id = :company and t.id = :visit_type_id
  left join agenda.visit_type_dentist td on td.company_id = :company and td.visit_type_id = t.id
   and td.user_id = :dentist_id
  left join agenda.chair c on c.company_id = :company and c.id = :chair_id and c.active
  left join patient.brief b on b.company_id = :company and b.patient_id = :patient_id;

-- What stands in the way of visits [froms[i], tos[i]) of a dentist, or in a chair; the ids in `except` do not count.
-- query agenda_overlaps(dentist_id bigint, chair_id bigint?, froms bigint[], tos bigint[], except bigint[], now timestamptz)
--   many (n bigint, by_dentist bool, starts_at timestamptz, ends_at timestamptz, busy_to timestamptz)
select * from (
select s.n, true as by_dentist, a.starts_at, a.ends_at, a.busy_to
  from unnest(:froms::bigint[], :tos::bigint[]) with ordinality s(f, t, n)
  join lateral (select * from agenda.appointment v
         where v.company_id = :company and v.dentist_id = :dentist_id and v.presence not in ('cancelled', 'no_show')
           and not v.encaixe and v.starts_at < to_timestamp(s.t) and v.busy_to > to_timestamp(s.f)
           and v.starts_at > to_timestamp(s.f) - interval '24 hours' and v.id <> all (:except::bigint[])
           and (v.held_until is null or v.held_until > :now)
         order by v.starts_at limit 1) a on true
union all
select s.n, false, a.starts_at, a.ends_at, a.busy_to
  from unnest(:froms::bigint[], :tos::bigint[]) with ordinality s(f, t, n)
  join lateral (select * from agenda.appointment v
         where v.company_id = :company and v.chair_id = :chair_id and v.presence not in ('cancelled', 'no_show')
           and not v.encaixe and v.starts_at < to_timestamp(s.t) and v.busy_to > to_timestamp(s.f)
           and v.starts_at > to_timestamp(s.f) - interval '24 hours' and v.id <> all (:except::bigint[])
           and (v.held_until is null or v.held_until > :now)
         order by v.starts_at limit 1) a on true
 where :chair_id::bigint is not null) o
 order by o.n, o.by_dentist desc, o.starts_at limit 200;

-- Slots that the public page kept too long stand in the constraints' way: away with them, inside the lock.
-- query agenda_drop_holds(dentist_id bigint, chair_id bigint?, from timestamptz, to timestamptz, now timestamptz) exec
delete from agenda.appointment
 where company_id = :company and held_until is not null and held_until <= :now
   and (dentist_id = :dentist_id or chair_id = :chair_id)
   and starts_at > :from::timestamptz - interval '24 hours' and starts_at < :to;

-- query agenda_insert_series(rrule text, user_id bigint?) one (id bigint)
insert into agenda.series (company_id, rrule, created_by) values (:company, :rrule, :user_id) returning id;

-- query agenda_insert_visit(branch_id bigint, dentist_id bigint, chair_id bigint?, patient_id bigint, patient_name text,
--   patient_alert bool, visit_type_id bigint?, title text, starts_at timestamptz, ends_at timestamptz,
--   busy_to timestamptz, encaixe bool, origin text, asked_at timestamptz?, note text?, series_id bigint?,
--   user_id bigint?) one (id bigint)
insert into agenda.appointment (company_id, branch_id, dentist_id, chair_id, patient_id, patient_name, patient_alert,
       visit_type_id, title, starts_at, ends_at, busy_to, encaixe, origin, asked_at, note, series_id, created_by)
values (:company, :branch_id, :dentist_id, :chair_id, :patient_id, :patient_name, :patient_alert, :visit_type_id,
       :title, :starts_at, :ends_at, :busy_to, :encaixe, :origin, :asked_at, :note, :series_id, :user_id)
returning id;

-- A slot that the public page keeps while somebody types the name.
-- query agenda_insert_hold(branch_id bigint, dentist_id bigint, chair_id bigint?, visit_type_id bigint?,
--   starts_at timestamptz, ends_at timestamptz, busy_to timestamptz, until timestamptz) one (id bigint)
insert into agenda.appointment (company_id, branch_id, dentist_id, chair_id, visit_type_id, starts_at, ends_at,
       busy_to, presence, held_until, origin)
values (:company, :branch_id, :dentist_id, :chair_id, :visit_type_id, :starts_at, :ends_at, :busy_to, 'held', :until,
       'public')
returning id;

-- query agenda_take_hold(id bigint, patient_id bigint, patient_name text, patient_alert bool, note text?, title text,
--   user_id bigint?) exec
update agenda.appointment
   set presence = 'scheduled', held_until = null, patient_id = :patient_id, patient_name = :patient_name,
       patient_alert = :patient_alert, note = :note, title = :title, created_by = :user_id, updated_at = now(),
       version = version + 1
 where company_id = :company and id = :id and presence = 'held';

-- query agenda_drop_hold(id bigint) exec
delete from agenda.appointment where company_id = :company and id = :id and presence = 'held';

-- query agenda_update_visit(id bigint, branch_id bigint, dentist_id bigint, chair_id bigint?, patient_id bigint,
--   patient_name text, patient_alert bool, visit_type_id bigint?, title text, starts_at timestamptz,
--   ends_at timestamptz, busy_to timestamptz, encaixe bool, asked_at timestamptz?, note text?, confirmation text) exec
update agenda.appointment
   set branch_id = :branch_id, dentist_id = :dentist_id, chair_id = :chair_id, patient_id = :patient_id,
       patient_name = :patient_name, patient_alert = :patient_alert, visit_type_id = :visit_type_id, title = :title,
       starts_at = :starts_at, ends_at = :ends_at, busy_to = :busy_to, encaixe = :encaixe, asked_at = :asked_at,
       note = :note, confirmation = :confirmation, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- Times that are set already stay.
-- query agenda_set_presence(id bigint, presence text, chair_id bigint?, now timestamptz) exec
update agenda.appointment
   set presence = :presence, chair_id = coalesce(:chair_id, chair_id),
       arrived_at = case when :presence = 'arrived' then coalesce(arrived_at, :now) else arrived_at end,
       seated_at = case when :presence = 'in_chair' then coalesce(seated_at, :now) else seated_at end,
       dismissed_at = case when :presence = 'done' then coalesce(dismissed_at, :now) else dismissed_at end,
       updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query agenda_set_confirmation(id bigint, confirmation text) exec
update agenda.appointment set confirmation = :confirmation, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query agenda_cancel_visit(id bigint, by text, reason text?) exec
update agenda.appointment
   set presence = 'cancelled', cancelled_by = :by, cancel_reason = :reason, updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query agenda_insert_change(appointment_id bigint, user_id bigint?, by_patient bool, axis text, before text?, after text?,
--   reason text?, undo jsonb?, batch bigint?) one (id bigint)
insert into agenda.change (company_id, appointment_id, user_id, by_patient, axis, before, after, reason, undo, batch)
values (:company, :appointment_id, :user_id, :by_patient, :axis, :before, :after, :reason, :undo, :batch)
returning id;

-- The last change that still stands; what undid another one has nothing to take back itself.
-- row change_row (id bigint, appointment_id bigint, axis text, before text?, after text?, undo jsonb?, batch bigint?,
--   starts_at timestamptz?, busy_to timestamptz?)

-- query agenda_last_change(appointment_id bigint) find change_row
select id, appointment_id, axis, before, after, undo, batch, (undo->>'starts_at')::timestamptz,
       (undo->>'busy_to')::timestamptz
  from agenda.change
 where company_id = :company and appointment_id = :appointment_id and undone_by is null
   and (undo is not null or axis = 'made')
 order by id desc limit 1;

-- What was changed in one go and is still the last that happened to each visit; newest first.
-- query agenda_batch(batch bigint) many change_row
select c.id, c.appointment_id, c.axis, c.before, c.after, c.undo, c.batch, (c.undo->>'starts_at')::timestamptz,
       (c.undo->>'busy_to')::timestamptz
  from agenda.change c
 where c.company_id = :company and c.batch = :batch and c.undone_by is null and c.undo is not null
   and not exists (select 1 from agenda.change l
        where l.company_id = :company and l.appointment_id = c.appointment_id and l.id > c.id and l.undone_by is null
          and l.undo is not null)
 order by c.id desc limit 200;

-- query agenda_begin_batch(id bigint) exec
update agenda.change set batch = id where company_id = :company and id = :id;

-- query agenda_mark_undone(id bigint, undone_by bigint) exec
update agenda.change set undone_by = :undone_by where company_id = :company and id = :id;

-- Of the patient only who it is comes back, under today's name; who was merged away is whom the merge kept.
-- query agenda_restore(id bigint, undo jsonb) exec
update agenda.appointment a
   set (branch_id, dentist_id, chair_id, patient_id, patient_name, patient_alert, visit_type_id, title, starts_at,
        ends_at, busy_to, presence, confirmation, encaixe, asked_at, arrived_at, seated_at, dismissed_at, cancelled_by,
        cancel_reason, note) = (
       select r.branch_id, r.dentist_id, r.chair_id, b.patient_id, b.name, b.alert, r.visit_type_id,
              r.title, r.starts_at, r.ends_at, r.busy_to, r.presence, r.confirmation, r.encaixe, r.asked_at,
              r.arrived_at, r.seated_at, r.dismissed_at, r.cancelled_by, r.cancel_reason, r.note
         from jsonb_populate_record(a, :undo::jsonb) r
         join patient.patient p on p.company_id = a.company_id and p.id = r.patient_id
         join patient.brief b on b.company_id = a.company_id and b.patient_id = coalesce(p.merged_into, p.id)),
       updated_at = now(), version = version + 1
 where a.company_id = :company and a.id = :id;

-- query agenda_changes(appointment_id bigint) many (id bigint, at timestamptz, user_id bigint?, user_name text?,
--   by_patient bool, axis text, before text?, after text?, reason text?, undone bool)
select c.id, c.at, c.user_id, m.name, c.by_patient, c.axis, c.before, c.after, c.reason, c.undone_by is not null
  from agenda.change c left join account.member m on m.company_id = c.company_id and m.user_id = c.user_id
 where c.company_id = :company and c.appointment_id = :appointment_id
 order by c.id desc limit 200;

-- ---- patients ----

-- row figures_row (visits int, no_shows int, first_at timestamptz?, last_at timestamptz?, next_at timestamptz?)

-- part figures_columns
count(*) filter (where a.presence = 'done')::int, count(*) filter (where a.presence = 'no_show')::int,
       min(a.starts_at) filter (where a.presence not in ('cancelled', 'no_show')),
       max(a.starts_at) filter (where a.presence = 'done'),
       min(a.starts_at) filter (where a.starts_at > :now and a.presence = 'scheduled')
;

-- query agenda_patient_figures(patient_id bigint, now timestamptz) one figures_row
select {figures_columns} from agenda.appointment a where a.company_id = :company and a.patient_id = :patient_id;

-- The same of the patient of a visit.
-- query agenda_visit_figures(id bigint, now timestamptz) one figures_row
select {figures_columns} from agenda.appointment a
 where a.company_id = :company and a.patient_id = (select v.patient_id from agenda.appointment v
                                                    where v.company_id = :company and v.id = :id);

-- query agenda_rename_patient(patient_id bigint, from timestamptz) exec
update agenda.appointment a set patient_name = b.name, patient_alert = b.alert, version = a.version + 1, updated_at = now()
  from patient.brief b
 where b.company_id = :company and b.patient_id = :patient_id and a.company_id = :company
   and a.patient_id = :patient_id and a.starts_at > :from
   and (a.patient_name <> b.name or a.patient_alert <> b.alert);

-- What was written beside a visit, and by whom it was booked from outside. The visit itself stays, without a name.
-- query agenda_forget_patient(patient_id bigint) exec
with visit as (
    update agenda.appointment set note = null, cancel_reason = null
     where company_id = :company and patient_id = :patient_id returning id),
change as (
    update agenda.change set reason = null, undo = undo - array['note', 'cancel_reason', 'patient_name']
     where company_id = :company and appointment_id in (select id from visit) returning id),
waiting as (
    update agenda.waiting set note = null where company_id = :company and patient_id = :patient_id returning id)
update agenda.online set name = null, phone = null, phone_key = null, email = null, peer = ''
 where company_id = :company and appointment_id in (select id from visit);

-- row agenda_carry_row (id bigint)

-- query agenda_carry_visits(gone_id bigint, kept_id bigint) many agenda_carry_row
update agenda.appointment a
   set patient_id = :kept_id, patient_name = b.name, patient_alert = b.alert, version = a.version + 1, updated_at = now()
  from patient.brief b
 where b.company_id = :company and b.patient_id = :kept_id and a.company_id = :company and a.patient_id = :gone_id
returning a.id;

-- query agenda_carry_waiting(gone_id bigint, kept_id bigint) many agenda_carry_row
update agenda.waiting set patient_id = :kept_id where company_id = :company and patient_id = :gone_id returning id;

-- Back to the patient who came back, unless somebody has changed the patient since.
-- query agenda_part_visits(ids bigint[], gone_id bigint, kept_id bigint) exec
update agenda.appointment a
   set patient_id = :gone_id, patient_name = b.name, patient_alert = b.alert, version = a.version + 1, updated_at = now()
  from patient.brief b
 where b.company_id = :company and b.patient_id = :gone_id and a.company_id = :company and a.id = any (:ids::bigint[])
   and a.patient_id = :kept_id;

-- query agenda_part_waiting(ids bigint[], gone_id bigint, kept_id bigint) exec
update agenda.waiting set patient_id = :gone_id
 where company_id = :company and id = any (:ids::bigint[]) and patient_id = :kept_id;

-- ---- the frame ----

-- query agenda_dentists() many (user_id bigint, name text, prefix text?, specialty text?, tone text, chair_id bigint?,
--   buffer_minutes int, online bool, active bool, version int)
select d.user_id, {dentist_name}, d.prefix, d.specialty, d.tone, d.chair_id, d.buffer_minutes, d.online,
       d.active and m.active, d.version
  from agenda.dentist d join account.member m on m.company_id = d.company_id and m.user_id = d.user_id
 where d.company_id = :company
 order by d.active and m.active desc, d.position, m.name, d.user_id limit 200;

-- query agenda_chairs() many (id bigint, branch_id bigint, name text, active bool, version int)
select id, branch_id, name, active, version from agenda.chair
 where company_id = :company order by active desc, branch_id, position, name, id limit 200;

-- query agenda_visit_types() many (id bigint, name text, tone text, minutes int, buffer_minutes int, online bool,
--   active bool, version int)
select id, name, tone, minutes, buffer_minutes, online, active, version from agenda.visit_type
 where company_id = :company order by active desc, position, name, id limit 200;

-- Those that are good on a day of the range, whatever the zone; weekdays: bit 1 << ISO weekday.
-- query agenda_shifts(dentist_id bigint?, weekdays int, from timestamptz, to timestamptz) many (user_id bigint,
--   branch_id bigint, chair_id bigint?, weekday int, from_minute int, to_minute int, valid_from date?, valid_to date?,
--   every int)
select user_id, branch_id, chair_id, weekday, from_minute, to_minute, valid_from, valid_to, every
  from agenda.shift
 where company_id = :company and (:dentist_id::bigint is null or user_id = :dentist_id)
   and :weekdays >> weekday & 1 = 1
   and (valid_from is null or valid_from <= (:to::timestamptz at time zone 'UTC')::date + 2)
   and (valid_to is null or valid_to >= (:from::timestamptz at time zone 'UTC')::date - 2)
 order by user_id, weekday, from_minute limit 5000;

-- query agenda_extra_shifts(dentist_id bigint?, from timestamptz, to timestamptz) many (user_id bigint, branch_id bigint,
--   chair_id bigint?, starts_at timestamptz, ends_at timestamptz)
select user_id, branch_id, chair_id, starts_at, ends_at
  from agenda.extra_shift
 where company_id = :company and starts_at > :from::timestamptz - interval '24 hours'
   and starts_at < :to and ends_at > :from and (:dentist_id::bigint is null or user_id = :dentist_id)
 order by starts_at limit 5000;

-- query agenda_blocks(from timestamptz, to timestamptz) many (id bigint, user_id bigint?, chair_id bigint?,
--   branch_id bigint?, kind text, title text, visit_types bigint[], starts_at timestamptz, ends_at timestamptz)
select id, user_id, chair_id, branch_id, kind, title, visit_types, starts_at, ends_at
  from agenda.block
 where company_id = :company and removed_at is null and starts_at > :from::timestamptz - interval '60 days'
   and starts_at < :to and ends_at > :from
 order by starts_at, id limit 20000;

-- query agenda_holidays() many (on_date date, name text, branch_id bigint?, yearly bool, works bool)
select on_date, name, branch_id, yearly, works from agenda.holiday
 where company_id = :company order by on_date, id limit 2000;

-- query agenda_type_dentists(visit_type_id bigint) many (user_id bigint, minutes int?, offered bool)
select user_id, minutes, offered from agenda.visit_type_dentist
 where company_id = :company and visit_type_id = :visit_type_id limit 500;

-- query agenda_own_rule() find (online bool, notice_minutes int, horizon_days int, step_minutes int)
select online, notice_minutes, horizon_days, step_minutes from agenda.rule where company_id = :company;

-- What is taken, as seconds: thousands of rows are read here.
-- query agenda_busy(dentists bigint[], from timestamptz, to timestamptz, now timestamptz) many (dentist_id bigint,
--   chair_id bigint?, starts_at bigint, busy_to bigint)
select a.dentist_id, a.chair_id, date_part('epoch', a.starts_at)::bigint, date_part('epoch', a.busy_to)::bigint
  from unnest(:dentists::bigint[]) w(id)
  join lateral (select dentist_id, chair_id, starts_at, busy_to from agenda.appointment
         where company_id = :company and dentist_id = w.id and presence not in ('cancelled', 'no_show')
           and starts_at > :from::timestamptz - interval '24 hours' and starts_at < :to
           and (held_until is null or held_until > :now)
         order by starts_at limit 20000) a on true
 order by 1, 3 limit 100000;

-- The same of one chair.
-- query agenda_chair_busy(chair_id bigint, from timestamptz, to timestamptz, now timestamptz) many (starts_at bigint,
--   busy_to bigint)
select date_part('epoch', starts_at)::bigint, date_part('epoch', busy_to)::bigint from agenda.appointment
 where company_id = :company and chair_id = :chair_id and presence not in ('cancelled', 'no_show')
   and starts_at > :from::timestamptz - interval '24 hours' and starts_at < :to
   and (held_until is null or held_until > :now)
 order by 1 limit 20000;

-- ---- what a company starts with ----

-- query agenda_add_type(name text, tone text, minutes int, position int, online bool) exec
insert into agenda.visit_type (company_id, name, tone, minutes, position, online)
values (:company, :name, :tone, :minutes, :position, :online);

-- query agenda_add_rule() exec
insert into agenda.rule (company_id) values (:company) on conflict (company_id) do nothing;

-- query agenda_add_chair(branch_id bigint, name text, position int) exec
insert into agenda.chair (company_id, branch_id, name, position) values (:company, :branch_id, :name, :position);

-- ---- the demonstration ----

-- query agenda_demo_patients() many (patient_id bigint, name text)
select patient_id, name from patient.brief where company_id = :company order by patient_id limit 500;

-- query agenda_demo_dentist(user_id bigint, prefix text, specialty text, tone text, position int, chair_id bigint,
--   online bool) exec
insert into agenda.dentist (company_id, user_id, prefix, specialty, tone, position, chair_id, online)
values (:company, :user_id, :prefix, :specialty, :tone, :position, :chair_id, :online);

-- query agenda_demo_shift(user_id bigint, branch_id bigint, weekday int, from_minute int, to_minute int) exec
insert into agenda.shift (company_id, user_id, branch_id, weekday, from_minute, to_minute)
values (:company, :user_id, :branch_id, :weekday, :from_minute, :to_minute);

-- query agenda_demo_extra(user_id bigint, branch_id bigint, from timestamptz, to timestamptz) exec
insert into agenda.extra_shift (company_id, user_id, branch_id, starts_at, ends_at)
values (:company, :user_id, :branch_id, :from, :to);

-- query agenda_demo_works(on_date date, name text) exec
insert into agenda.holiday (company_id, on_date, name, works) values (:company, :on_date, :name, true);

-- query agenda_demo_block(user_id bigint?, kind text, title text, from timestamptz, to timestamptz) exec
insert into agenda.block (company_id, user_id, kind, title, starts_at, ends_at)
values (:company, :user_id, :kind, :title, :from, :to);

-- query agenda_demo_rule() exec
update agenda.rule set online = true, welcome = 'Escolha o melhor horário. A confirmação chega por e-mail.'
 where company_id = :company;

-- A visit as it stands, with the change that made it; nothing where the time is taken.
-- query agenda_demo_visit(branch_id bigint, dentist_id bigint, chair_id bigint?, patient_id bigint,
--   visit_type_id bigint?, title text, starts_at timestamptz, ends_at timestamptz, presence text, confirmation text,
--   arrived_at timestamptz?, seated_at timestamptz?, dismissed_at timestamptz?, cancelled_by text?,
--   cancel_reason text?, made_at timestamptz) exec
with visit as (
    insert into agenda.appointment (company_id, branch_id, dentist_id, chair_id, patient_id, patient_name,
           patient_alert, visit_type_id, title, starts_at, ends_at, busy_to, presence, confirmation, arrived_at,
           seated_at, dismissed_at, cancelled_by, cancel_reason, created_at)
    select :company, :branch_id, :dentist_id, :chair_id, :patient_id, b.name, b.alert, :visit_type_id, :title,
           :starts_at, :ends_at, :ends_at, :presence, :confirmation, :arrived_at, :seated_at, :dismissed_at,
           :cancelled_by, :cancel_reason, :made_at
      from patient.brief b where b.company_id = :company and b.patient_id = :patient_id
    on conflict do nothing returning id)
insert into agenda.change (company_id, appointment_id, at, axis, after)
select :company, id, :made_at, 'made', 'scheduled' from visit;

-- query agenda_demo_waiting(patient_id bigint, dentist_id bigint?, visit_type_id bigint?, minutes int, weekdays int,
--   from_minute int, to_minute int, priority int, note text) exec
insert into agenda.waiting (company_id, patient_id, dentist_id, visit_type_id, minutes, weekdays, from_minute,
       to_minute, priority, note)
values (:company, :patient_id, :dentist_id, :visit_type_id, :minutes, :weekdays, :from_minute, :to_minute, :priority,
       :note);
