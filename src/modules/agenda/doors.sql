-- The doors of the agenda: Configurações › Agenda, the feed, the kiosk, the print of the day.

-- ---- rules ----

-- row door_rule_row (online bool, notice_minutes int, horizon_days int, cancel_minutes int, step_minutes int,
--   open_minute int, close_minute int, welcome text?, has_kiosk bool, offer_auto bool, offer_count int,
--   offer_minutes int, version int)

-- query door_rule() find door_rule_row
select online, notice_minutes, horizon_days, cancel_minutes, step_minutes, open_minute, close_minute, welcome,
       kiosk_hash is not null, offer_auto, offer_count, offer_minutes, version
  from agenda.rule where company_id = :company;

-- The row of a company that has none yet, with the usual rules.
-- query door_rule_begin() exec
insert into agenda.rule (company_id) values (:company) on conflict (company_id) do nothing;

-- query door_rule_save_screen(step_minutes int, open_minute int, close_minute int, offer_auto bool, offer_count int,
--   offer_minutes int, version int) exec
update agenda.rule
   set step_minutes = :step_minutes, open_minute = :open_minute, close_minute = :close_minute, offer_auto = :offer_auto,
       offer_count = :offer_count, offer_minutes = :offer_minutes, version = version + 1
 where company_id = :company and version = :version;

-- query door_rule_save_online(online bool, notice_minutes int, horizon_days int, cancel_minutes int, welcome text?,
--   version int) exec
update agenda.rule
   set online = :online, notice_minutes = :notice_minutes, horizon_days = :horizon_days,
       cancel_minutes = :cancel_minutes, welcome = :welcome, version = version + 1
 where company_id = :company and version = :version;

-- query door_rule_set_kiosk(hash text?) exec
update agenda.rule set kiosk_hash = :hash, version = version + 1 where company_id = :company;

-- query door_kiosk_known(hash text) find (yes bool)
select true from agenda.rule where company_id = :company and kiosk_hash = :hash;

-- ---- chairs ----

-- query door_chairs() many (id bigint, branch_id bigint, branch text, name text, active bool, version int,
--   dentists int)
select c.id, c.branch_id, b.name, c.name, c.active, c.version,
       (select count(*)::int from agenda.dentist d
         where d.company_id = c.company_id and d.chair_id = c.id and d.active)
  from agenda.chair c
  join company.branch b on b.company_id = c.company_id and b.id = c.branch_id
 where c.company_id = :company
 order by c.active desc, b.name, c.position, c.name
 limit 200;

-- query door_chair_add(branch_id bigint, name text) find (id bigint)
insert into agenda.chair (company_id, branch_id, name, position)
select :company, :branch_id, :name, coalesce((select max(position) + 1 from agenda.chair where company_id = :company), 1)
 where (select count(*) from agenda.chair where company_id = :company) < 200
returning id;

-- query door_chair_named(branch_id bigint, name text, but bigint) find (id bigint)
select id from agenda.chair
 where company_id = :company and branch_id = :branch_id and lower(name) = lower(:name) and active and id <> :but limit 1;

-- query door_chair_save(id bigint, name text, active bool, version int) exec
update agenda.chair set name = :name, active = :active, version = version + 1
 where company_id = :company and id = :id and version = :version;

-- ---- dentists ----

-- part door_dentist_name
coalesce(d.prefix || ' ', '') || m.name
;

-- query door_dentists() many (user_id bigint, name text, prefix text?, specialty text?, tone text, chair_id bigint?, chair text?,
--   buffer_minutes int, online bool, active bool, has_feed bool, feed_names bool, version int, shifts int,
--   member_active bool)
select d.user_id, {door_dentist_name} as name, d.prefix, d.specialty, d.tone, d.chair_id, c.name, d.buffer_minutes, d.online, d.active,
       d.feed_hash is not null, d.feed_names, d.version,
       (select count(*)::int from agenda.shift s where s.company_id = d.company_id and s.user_id = d.user_id), m.active
  from agenda.dentist d
  join account.member m on m.company_id = d.company_id and m.user_id = d.user_id
  left join agenda.chair c on c.company_id = d.company_id and c.id = d.chair_id
 where d.company_id = :company
 order by d.active desc, d.position, m.name
 limit 200;

-- query door_dentist_add(user_id bigint, prefix text?, specialty text?, tone text, chair_id bigint?, buffer_minutes int, online bool) exec
insert into agenda.dentist (company_id, user_id, prefix, specialty, tone, chair_id, buffer_minutes, online, position)
values (:company, :user_id, :prefix, :specialty, :tone, :chair_id, :buffer_minutes, :online,
        coalesce((select max(position) + 1 from agenda.dentist where company_id = :company), 1))
on conflict (company_id, user_id) do nothing;

-- query door_dentist_save(user_id bigint, prefix text?, specialty text?, tone text, chair_id bigint?, buffer_minutes int, online bool,
--   active bool, version int) exec
update agenda.dentist
   set prefix = :prefix, specialty = :specialty, tone = :tone, chair_id = :chair_id, buffer_minutes = :buffer_minutes, online = :online,
       active = :active, version = version + 1
 where company_id = :company and user_id = :user_id and version = :version;

-- query door_dentist_order(ids bigint[]) exec
update agenda.dentist d set position = o.n::int
  from unnest(:ids::bigint[]) with ordinality as o (id, n)
 where d.company_id = :company and d.user_id = o.id;

-- query door_dentist_set_feed(user_id bigint, hash text?, names bool) exec
update agenda.dentist set feed_hash = :hash, feed_names = :names, version = version + 1
 where company_id = :company and user_id = :user_id;

-- ---- visit types ----

-- query door_types() many (id bigint, name text, minutes int, buffer_minutes int, tone text, online bool, active bool,
--   version int, dentists int)
select t.id, t.name, t.minutes, t.buffer_minutes, t.tone, t.online, t.active, t.version,
       (select count(*)::int from agenda.dentist d
         where d.company_id = t.company_id and d.active and not exists (
               select from agenda.visit_type_dentist x where x.company_id = t.company_id and x.visit_type_id = t.id
                  and x.user_id = d.user_id and not x.offered))
  from agenda.visit_type t
 where t.company_id = :company
 order by t.active desc, t.position, t.name
 limit 200;

-- query door_type_named(name text, but bigint) find (id bigint)
select id from agenda.visit_type where company_id = :company and lower(name) = lower(:name) and id <> :but limit 1;

-- query door_type_add(name text, minutes int, buffer_minutes int, tone text, online bool) find (id bigint)
insert into agenda.visit_type (company_id, name, minutes, buffer_minutes, tone, online, position)
select :company, :name, :minutes, :buffer_minutes, :tone, :online,
       coalesce((select max(position) + 1 from agenda.visit_type where company_id = :company), 1)
 where (select count(*) from agenda.visit_type where company_id = :company) < 200
returning id;

-- query door_type_save(id bigint, name text, minutes int, buffer_minutes int, tone text, online bool, active bool,
--   version int) exec
update agenda.visit_type
   set name = :name, minutes = :minutes, buffer_minutes = :buffer_minutes, tone = :tone, online = :online,
       active = :active, version = version + 1
 where company_id = :company and id = :id and version = :version;

-- query door_type_order(ids bigint[]) exec
update agenda.visit_type t set position = o.n::int
  from unnest(:ids::bigint[]) with ordinality as o (id, n)
 where t.company_id = :company and t.id = o.id;

-- How long each dentist takes for the type; minutes null: as the type says.
-- query door_type_dentists(id bigint) many (user_id bigint, name text, minutes int?, offered bool)
select d.user_id, {door_dentist_name}, x.minutes, coalesce(x.offered, true)
  from agenda.dentist d
  join account.member m on m.company_id = d.company_id and m.user_id = d.user_id
  left join agenda.visit_type_dentist x
    on x.company_id = d.company_id and x.user_id = d.user_id and x.visit_type_id = :id
 where d.company_id = :company and d.active
 order by d.position, m.name
 limit 200;

-- query door_type_set_dentist(id bigint, user_id bigint, minutes int?, offered bool) exec
insert into agenda.visit_type_dentist (company_id, visit_type_id, user_id, minutes, offered)
values (:company, :id, :user_id, :minutes, :offered)
on conflict (company_id, visit_type_id, user_id) do update set minutes = excluded.minutes, offered = excluded.offered;

-- ---- hours ----

-- row door_shift_row (id bigint, user_id bigint, branch_id bigint, branch text, chair_id bigint?, chair text?,
--   weekday smallint, from_minute int, to_minute int, valid_from date?, valid_to date?, every smallint)

-- part door_shift_from
select s.id, s.user_id, s.branch_id, b.name, s.chair_id, c.name, s.weekday, s.from_minute, s.to_minute, s.valid_from,
       s.valid_to, s.every
  from agenda.shift s
  join company.branch b on b.company_id = s.company_id and b.id = s.branch_id
  left join agenda.chair c on c.company_id = s.company_id and c.id = s.chair_id
 where s.company_id = :company
;

-- query door_shifts(user_id bigint) many door_shift_row
{door_shift_from} and s.user_id = :user_id
 order by s.weekday, s.from_minute, s.valid_from nulls first
 limit 300;

-- Of all dentists, for the summary in the list.
-- query door_all_shifts() many door_shift_row
{door_shift_from} order by s.user_id, s.weekday, s.from_minute limit 3000;

-- query door_shift(id bigint) one door_shift_row
{door_shift_from} and s.id = :id;

-- query door_shift_add(user_id bigint, branch_id bigint, chair_id bigint?, weekday smallint, from_minute int,
--   to_minute int, valid_from date?, valid_to date?, every smallint) one (id bigint)
insert into agenda.shift (company_id, user_id, branch_id, chair_id, weekday, from_minute, to_minute, valid_from, valid_to,
       every)
values (:company, :user_id, :branch_id, :chair_id, :weekday, :from_minute, :to_minute, :valid_from, :valid_to, :every)
returning id;

-- query door_shift_save(id bigint, branch_id bigint, chair_id bigint?, weekday smallint, from_minute int, to_minute int,
--   valid_from date?, valid_to date?, every smallint) exec
update agenda.shift
   set branch_id = :branch_id, chair_id = :chair_id, weekday = :weekday, from_minute = :from_minute,
       to_minute = :to_minute, valid_from = :valid_from, valid_to = :valid_to, every = :every
 where company_id = :company and id = :id;

-- query door_shift_remove(id bigint) exec
delete from agenda.shift where company_id = :company and id = :id;

-- query door_extras(user_id bigint, since timestamptz) many (id bigint, branch text, zone text, chair text?,
--   starts_at timestamptz, ends_at timestamptz)
select e.id, b.name, b.zone, c.name, e.starts_at, e.ends_at
  from agenda.extra_shift e
  join company.branch b on b.company_id = e.company_id and b.id = e.branch_id
  left join agenda.chair c on c.company_id = e.company_id and c.id = e.chair_id
 where e.company_id = :company and e.user_id = :user_id and e.ends_at > :since
 order by e.starts_at limit 100;

-- query door_extra_overlap(user_id bigint, starts_at timestamptz, ends_at timestamptz) find (id bigint)
select id from agenda.extra_shift
 where company_id = :company and user_id = :user_id and starts_at < :ends_at and ends_at > :starts_at limit 1;

-- query door_extra_add(user_id bigint, branch_id bigint, chair_id bigint?, starts_at timestamptz, ends_at timestamptz)
--   one (id bigint)
insert into agenda.extra_shift (company_id, user_id, branch_id, chair_id, starts_at, ends_at)
values (:company, :user_id, :branch_id, :chair_id, :starts_at, :ends_at)
returning id;

-- query door_extra(id bigint) one (user_id bigint)
select user_id from agenda.extra_shift where company_id = :company and id = :id;

-- query door_extra_remove(id bigint) exec
delete from agenda.extra_shift where company_id = :company and id = :id;

-- Visits that stand from now on and that a change of the frame may leave outside.
-- row door_visit_row (id bigint, starts_at timestamptz, ends_at timestamptz, zone text, branch_id bigint,
--   dentist_id bigint, dentist text, patient_name text, visit_type text?)

-- part door_visit_from
select a.id, a.starts_at, a.ends_at, b.zone, a.branch_id, a.dentist_id, {door_dentist_name}, a.patient_name, t.name
  from agenda.appointment a
  join company.branch b on b.company_id = a.company_id and b.id = a.branch_id
  join agenda.dentist d on d.company_id = a.company_id and d.user_id = a.dentist_id
  join account.member m on m.company_id = a.company_id and m.user_id = a.dentist_id
  left join agenda.visit_type t on t.company_id = a.company_id and t.id = a.visit_type_id
 where a.company_id = :company and a.presence in ('scheduled', 'arrived', 'in_chair')
;

-- query door_visits_ahead(user_id bigint, since timestamptz, until timestamptz) many door_visit_row
{door_visit_from} and a.dentist_id = :user_id and a.starts_at >= :since and a.starts_at < :until
 order by a.starts_at limit 1000;

-- query door_visits_in_chair(chair_id bigint, since timestamptz, until timestamptz) many door_visit_row
{door_visit_from} and a.chair_id = :chair_id and a.starts_at < :until and a.busy_to > :since
   and a.starts_at > :since::timestamptz - interval '24 hours'
 order by a.starts_at limit 200;

-- Still to come, in the time of a block; repeats: in that of its repetitions too.
-- query door_visits_in_block(id bigint, repeats bool, since timestamptz) many door_visit_row
{door_visit_from} and a.id in (
       select v.id from agenda.block k
         join agenda.appointment v on v.company_id = k.company_id and v.starts_at < k.ends_at
          and v.starts_at > k.starts_at - interval '24 hours' and v.busy_to > greatest(k.starts_at, :since)
          and (k.user_id is null or v.dentist_id = k.user_id) and (k.chair_id is null or v.chair_id = k.chair_id)
          and (k.branch_id is null or v.branch_id = k.branch_id)
        where k.company_id = :company and k.removed_at is null and (k.id = :id or :repeats and k.series_id = :id))
 order by a.starts_at limit 200;

-- ---- blocks ----

-- row door_block_row (id bigint, user_id bigint?, dentist text?, chair_id bigint?, chair text?, branch_id bigint?,
--   branch text?, zone text?, kind text, title text, visit_types bigint[], starts_at timestamptz, ends_at timestamptz,
--   series_id bigint?, series_left int, version int)

-- part door_block_from
select k.id, k.user_id, {door_dentist_name}, k.chair_id, c.name, k.branch_id, b.name, b.zone, k.kind, k.title, k.visit_types, k.starts_at,
       k.ends_at, k.series_id,
       (select count(*)::int from agenda.block n where n.company_id = k.company_id and n.series_id = k.series_id
           and n.removed_at is null and n.starts_at > k.starts_at), k.version
  from agenda.block k
  left join agenda.dentist d on d.company_id = k.company_id and d.user_id = k.user_id
  left join account.member m on m.company_id = k.company_id and m.user_id = k.user_id
  left join agenda.chair c on c.company_id = k.company_id and c.id = k.chair_id
  left join company.branch b on b.company_id = k.company_id and b.id = k.branch_id
 where k.company_id = :company and k.removed_at is null
;

-- The next ones, one row a repetition (its next date).
-- query door_blocks(since timestamptz, user_id bigint) many door_block_row
{door_block_from} and k.ends_at > :since and (:user_id = 0 or k.user_id = :user_id)
   and not exists (select from agenda.block p where p.company_id = k.company_id and p.series_id = k.series_id
                      and p.removed_at is null and p.ends_at > :since
                      and (p.starts_at, p.id) < (k.starts_at, k.id))
 order by k.starts_at, k.id limit 200;

-- query door_block(id bigint) one door_block_row
{door_block_from} and k.id = :id;

-- query door_block_add(user_id bigint?, chair_id bigint?, branch_id bigint?, kind text, title text,
--   visit_types bigint[], starts_at timestamptz, ends_at timestamptz, series_id bigint?, created_by bigint?) one (id bigint)
insert into agenda.block (company_id, user_id, chair_id, branch_id, kind, title, visit_types, starts_at, ends_at, series_id,
       created_by)
values (:company, :user_id, :chair_id, :branch_id, :kind, :title, :visit_types, :starts_at, :ends_at, :series_id,
       :created_by)
returning id;

-- query door_block_join(id bigint, series_id bigint) exec
update agenda.block set series_id = :series_id where company_id = :company and id = :id;

-- query door_block_save(id bigint, user_id bigint?, chair_id bigint?, branch_id bigint?, kind text, title text,
--   visit_types bigint[], starts_at timestamptz, ends_at timestamptz, version int) exec
update agenda.block
   set user_id = :user_id, chair_id = :chair_id, branch_id = :branch_id, kind = :kind, title = :title,
       visit_types = :visit_types, starts_at = :starts_at, ends_at = :ends_at, series_id = null, version = version + 1
 where company_id = :company and id = :id and version = :version and removed_at is null;

-- query door_block_remove(id bigint) exec
update agenda.block set removed_at = now(), version = version + 1
 where company_id = :company and id = :id and removed_at is null;

-- This one and those behind it in its repetition.
-- query door_block_remove_following(series_id bigint, since timestamptz) exec
update agenda.block set removed_at = now(), version = version + 1
 where company_id = :company and series_id = :series_id and starts_at >= :since and removed_at is null;

-- ---- holidays ----

-- query door_holidays() many (id bigint, on_date date, name text, branch_id bigint?, branch text?, yearly bool, works bool)
select h.id, h.on_date, h.name, h.branch_id, b.name, h.yearly, h.works
  from agenda.holiday h
  left join company.branch b on b.company_id = h.company_id and b.id = h.branch_id
 where h.company_id = :company
 order by h.on_date, h.id limit 500;

-- query door_holiday_add(on_date date, name text, branch_id bigint?, yearly bool, works bool) one (id bigint)
insert into agenda.holiday (company_id, on_date, name, branch_id, yearly, works)
values (:company, :on_date, :name, :branch_id, :yearly, :works)
returning id;

-- query door_holiday_remove(id bigint) exec
delete from agenda.holiday where company_id = :company and id = :id;

-- The clinic works on this national holiday, or no longer does.
-- query door_holiday_forget_works(on_date date) exec
delete from agenda.holiday where company_id = :company and on_date = :on_date and works;

-- ---- feed ----

-- query door_feed(hash text) find (user_id bigint, name text, feed_names bool, zone text)
select d.user_id, {door_dentist_name}, d.feed_names, c.zone
  from agenda.dentist d
  join account.member m on m.company_id = d.company_id and m.user_id = d.user_id
  join company.company c on c.id = d.company_id
 where d.company_id = :company and d.feed_hash = :hash and d.active and m.active;

-- query door_feed_visits(user_id bigint, since timestamptz, until timestamptz) many (id bigint, starts_at timestamptz,
--   ends_at timestamptz, presence text, confirmation text, patient_name text, visit_type text?, branch text,
--   address text?, updated_at timestamptz, version int)
select a.id, a.starts_at, a.ends_at, a.presence, a.confirmation, a.patient_name, t.name, b.name,
       nullif(concat_ws(', ', b.street, b.number, b.city), ''), a.updated_at, a.version
  from agenda.appointment a
  join company.branch b on b.company_id = a.company_id and b.id = a.branch_id
  left join agenda.visit_type t on t.company_id = a.company_id and t.id = a.visit_type_id
 where a.company_id = :company and a.dentist_id = :user_id and a.starts_at >= :since and a.starts_at < :until
   and a.presence <> 'held'
 order by a.starts_at, a.id limit 2000;

-- ---- kiosk ----

-- query door_kiosk_visits(birth date, since timestamptz, until timestamptz) many (id bigint, patient_id bigint,
--   name text, legal text, starts_at timestamptz, presence text, dentist text)
select a.id, f.patient_id, f.name, p.name, a.starts_at, a.presence, {door_dentist_name}
  from agenda.appointment a
  join patient.brief f on f.company_id = a.company_id and f.patient_id = a.patient_id
  join patient.patient p on p.company_id = a.company_id and p.id = a.patient_id
  join agenda.dentist d on d.company_id = a.company_id and d.user_id = a.dentist_id
  join account.member m on m.company_id = a.company_id and m.user_id = a.dentist_id
 where a.company_id = :company and a.starts_at >= :since and a.starts_at < :until and f.birth = :birth
   and a.presence in ('scheduled', 'arrived')
 order by a.starts_at limit 20;

-- ---- print ----

-- Of who comes in the range, or came the day before and is still there.
-- query door_phones(from timestamptz, to timestamptz) many (patient_id bigint, phone text?)
select f.patient_id, f.phone from patient.brief f
 where f.company_id = :company
   and f.patient_id in (select a.patient_id from agenda.appointment a
                         where a.company_id = :company and a.starts_at >= :from - interval '1 day' and a.starts_at < :to)
 limit 2000;
