-- The waiting list, the slots that were freed, and their offers.

-- row waiting_row (id bigint, patient_id bigint, patient text, phone text?, alert bool, dentist_id bigint?, dentist text?,
--   branch_id bigint?, branch text?, visit_type_id bigint?, visit_type text?, minutes int, weekdays smallint,
--   from_minute int, to_minute int, from_date date?, to_date date?, priority smallint, note text?,
--   appointment_id bigint?, appointment_at timestamptz?, state text, created_at timestamptz, version int,
--   offers_open int, offers_no int)

-- part waiting_dentist_name
coalesce(d.prefix || ' ', '') || m.name
;

-- part waiting_from
select w.id, w.patient_id, coalesce(f.name, p.name), coalesce(f.phone, p.phone), coalesce(f.alert, false), w.dentist_id,
       {waiting_dentist_name}, w.branch_id, b.name, w.visit_type_id, t.name, w.minutes, w.weekdays, w.from_minute,
       w.to_minute, w.from_date, w.to_date, w.priority, w.note, w.appointment_id, a.starts_at, w.state, w.created_at,
       w.version,
       (select count(*)::int from agenda.offer o where o.company_id = w.company_id and o.waiting_id = w.id
           and o.state in ('open', 'viewed') and o.expires_at > now()),
       (select count(*)::int from agenda.offer o where o.company_id = w.company_id and o.waiting_id = w.id
           and o.state = 'declined')
  from agenda.waiting w
  join patient.patient p on p.company_id = w.company_id and p.id = w.patient_id
  left join patient.brief f on f.company_id = w.company_id and f.patient_id = w.patient_id
  left join agenda.dentist d on d.company_id = w.company_id and d.user_id = w.dentist_id
  left join account.member m on m.company_id = w.company_id and m.user_id = w.dentist_id
  left join company.branch b on b.company_id = w.company_id and b.id = w.branch_id
  left join agenda.visit_type t on t.company_id = w.company_id and t.id = w.visit_type_id
  left join agenda.appointment a on a.company_id = w.company_id and a.id = w.appointment_id
 where w.company_id = :company
;

-- Those who wait, the urgent and the longest first; filters 0: all. Entries for anybody fit every dentist.
-- query waiting_open(dentist_id bigint, visit_type_id bigint) many waiting_row
{waiting_from} and w.state = 'open' and (:dentist_id = 0 or w.dentist_id is null or w.dentist_id = :dentist_id)
   and (:visit_type_id = 0 or w.visit_type_id = :visit_type_id)
 order by w.priority desc, w.created_at, w.id limit 300;

-- query waiting_by_id(id bigint) one waiting_row
{waiting_from} and w.id = :id;

-- query waiting_of_patient(patient_id bigint) many waiting_row
{waiting_from} and w.patient_id = :patient_id and w.state = 'open' order by w.id limit 20;

-- query waiting_insert(patient_id bigint, dentist_id bigint?, branch_id bigint?, visit_type_id bigint?, minutes int,
--   weekdays smallint, from_minute int, to_minute int, from_date date?, to_date date?, priority smallint, note text?,
--   appointment_id bigint?, created_by bigint?) one (id bigint)
insert into agenda.waiting (company_id, patient_id, dentist_id, branch_id, visit_type_id, minutes, weekdays, from_minute,
       to_minute, from_date, to_date, priority, note, appointment_id, created_by)
values (:company, :patient_id, :dentist_id, :branch_id, :visit_type_id, :minutes, :weekdays, :from_minute, :to_minute,
       :from_date, :to_date, :priority, :note, :appointment_id, :created_by)
returning id;

-- query waiting_update(id bigint, dentist_id bigint?, branch_id bigint?, visit_type_id bigint?, minutes int,
--   weekdays smallint, from_minute int, to_minute int, from_date date?, to_date date?, priority smallint, note text?,
--   version int) exec
update agenda.waiting
   set dentist_id = :dentist_id, branch_id = :branch_id, visit_type_id = :visit_type_id, minutes = :minutes,
       weekdays = :weekdays, from_minute = :from_minute, to_minute = :to_minute, from_date = :from_date,
       to_date = :to_date, priority = :priority, note = :note, version = version + 1
 where company_id = :company and id = :id and version = :version and state = 'open';

-- Later visits of the patient that an earlier slot could take the place of.
-- query waiting_visits(patient_id bigint, now timestamptz) many (id bigint, starts_at timestamptz, zone text, dentist text,
--   visit_type text?)
select a.id, a.starts_at, b.zone, {waiting_dentist_name}, t.name
  from agenda.appointment a
  join company.branch b on b.company_id = a.company_id and b.id = a.branch_id
  join agenda.dentist d on d.company_id = a.company_id and d.user_id = a.dentist_id
  join account.member m on m.company_id = a.company_id and m.user_id = a.dentist_id
  left join agenda.visit_type t on t.company_id = a.company_id and t.id = a.visit_type_id
 where a.company_id = :company and a.patient_id = :patient_id and a.starts_at > :now and a.presence = 'scheduled'
 order by a.starts_at limit 20;

-- query waiting_lock(id bigint) one (state text, patient_id bigint, visit_type_id bigint?, appointment_id bigint?,
--   minutes int, note text?)
select state, patient_id, visit_type_id, appointment_id, minutes, note from agenda.waiting
 where company_id = :company and id = :id for no key update;

-- query waiting_finish(id bigint, state text, appointment_id bigint?) exec
update agenda.waiting
   set state = :state, appointment_id = coalesce(:appointment_id, appointment_id), version = version + 1,
       booked_change = (select max(c.id) from agenda.change c
                         where c.company_id = :company and c.appointment_id = :appointment_id)
 where company_id = :company and id = :id;

-- What gave the person this visit was taken back: they wait again. unbooked: the visit was booked by mistake.
-- query waiting_give_back(appointment_id bigint, unbooked bool) many (id bigint)
update agenda.waiting w
   set state = 'open', booked_change = null, version = w.version + 1,
       appointment_id = case when c.axis = 'made' then null else w.appointment_id end
  from agenda.change c
 where w.company_id = :company and w.appointment_id = :appointment_id and w.state = 'booked'
   and c.company_id = w.company_id and c.id = w.booked_change
   and (c.undone_by is not null or :unbooked and c.axis = 'made')
returning w.id;

-- query waiting_reopen(id bigint) exec
update agenda.waiting set state = 'open', version = version + 1
 where company_id = :company and id = :id and state = 'closed';

-- Who would take a slot: weekday bit (1 << 0 Monday), minutes of the day and date are those of the branch's zone.
-- Left out: who has an offer that stands, who has said no to this slot, who has another visit then, whose own visit is
-- earlier already, whose type this dentist does not do.
-- query waiting_matches(dentist_id bigint, branch_id bigint, starts_at timestamptz, ends_at timestamptz, weekday int,
--   minute int, on_date date, now timestamptz) many waiting_row
{waiting_from} and w.state = 'open' and (w.dentist_id is null or w.dentist_id = :dentist_id)
   and (w.branch_id is null or w.branch_id = :branch_id)
   and w.minutes * interval '1 minute' <= :ends_at::timestamptz - :starts_at::timestamptz
   and (w.weekdays & :weekday) <> 0 and w.from_minute <= :minute and :minute + w.minutes <= w.to_minute
   and (w.from_date is null or w.from_date <= :on_date) and (w.to_date is null or w.to_date >= :on_date)
   and (a.id is null or a.presence <> 'scheduled' or a.starts_at > :starts_at)
   and not exists (select from agenda.offer o where o.company_id = w.company_id and o.waiting_id = w.id
          and (o.state in ('open', 'viewed') and o.expires_at > :now
            or o.dentist_id = :dentist_id and o.starts_at = :starts_at and o.state in ('declined', 'accepted')))
   and not exists (select from agenda.appointment v where v.company_id = w.company_id and v.patient_id = w.patient_id
          and v.presence not in ('cancelled', 'no_show') and v.starts_at < :ends_at and v.ends_at > :starts_at)
   and not exists (select from agenda.visit_type_dentist x where x.company_id = w.company_id
          and x.visit_type_id = w.visit_type_id and x.user_id = :dentist_id and not x.offered)
 order by w.priority desc, w.created_at, w.id limit 50;

-- ---- freed slots ----

-- query freed_note(appointment_id bigint, branch_id bigint, dentist_id bigint, chair_id bigint?, starts_at timestamptz,
--   ends_at timestamptz) one (id bigint)
insert into agenda.freed (company_id, appointment_id, branch_id, dentist_id, chair_id, starts_at, ends_at)
values (:company, :appointment_id, :branch_id, :dentist_id, :chair_id, :starts_at, :ends_at)
on conflict (company_id, dentist_id, starts_at) do update
   set appointment_id = excluded.appointment_id, branch_id = excluded.branch_id, chair_id = excluded.chair_id,
       ends_at = excluded.ends_at, freed_at = now()
returning id;

-- row freed_row (id bigint, branch_id bigint, branch text, zone text, dentist_id bigint, dentist text, chair_id bigint?,
--   starts_at timestamptz, ends_at timestamptz, freed_at timestamptz, offers_open int, offers int)

-- part freed_from
select z.id, z.branch_id, b.name, b.zone, z.dentist_id, {waiting_dentist_name}, z.chair_id, z.starts_at, z.ends_at,
       z.freed_at,
       (select count(*)::int from agenda.offer o where o.company_id = z.company_id and o.dentist_id = z.dentist_id
           and o.starts_at = z.starts_at and o.state in ('open', 'viewed') and o.expires_at > now()),
       (select count(*)::int from agenda.offer o where o.company_id = z.company_id and o.dentist_id = z.dentist_id
           and o.starts_at = z.starts_at)
  from agenda.freed z
  join company.branch b on b.company_id = z.company_id and b.id = z.branch_id
  join agenda.dentist d on d.company_id = z.company_id and d.user_id = z.dentist_id
  join account.member m on m.company_id = z.company_id and m.user_id = z.dentist_id
 where z.company_id = :company
;

-- Still to come and still free of visits.
-- query freed_open(now timestamptz) many freed_row
{freed_from} and z.starts_at > :now and d.active
   and not exists (select from agenda.appointment v where v.company_id = z.company_id and v.dentist_id = z.dentist_id
          and v.presence not in ('cancelled', 'no_show') and v.starts_at < z.ends_at and v.busy_to > z.starts_at
          and v.starts_at > z.starts_at - interval '24 hours')
 order by z.starts_at limit 30;

-- query freed_by_id(id bigint) one freed_row
{freed_from} and z.id = :id;

-- query freed_forget(id bigint) exec
delete from agenda.freed where company_id = :company and id = :id;

-- query freed_sweep(before timestamptz) exec
delete from agenda.freed where company_id = :company and starts_at < :before;

-- ---- offers ----

-- query offer_insert(waiting_id bigint, branch_id bigint, dentist_id bigint, chair_id bigint?, starts_at timestamptz,
--   ends_at timestamptz, token_hash text, expires_at timestamptz, created_by bigint?) one (id bigint)
insert into agenda.offer (company_id, waiting_id, branch_id, dentist_id, chair_id, starts_at, ends_at, token_hash, expires_at,
       created_by)
values (:company, :waiting_id, :branch_id, :dentist_id, :chair_id, :starts_at, :ends_at, :token_hash, :expires_at,
       :created_by)
returning id;

-- row offer_row (id bigint, waiting_id bigint, state text, branch_id bigint, branch text, zone text, address text?,
--   phone text?, dentist_id bigint, dentist text, chair_id bigint?, starts_at timestamptz, ends_at timestamptz,
--   expires_at timestamptz, created_at timestamptz, answered_at timestamptz?, patient text, visit_type_id bigint?,
--   visit_type text?, appointment_id bigint?, waiting_state text)

-- part offer_from
select o.id, o.waiting_id, o.state, o.branch_id, b.name, b.zone, nullif(concat_ws(', ', b.street, b.number, b.city), ''),
       b.phone, o.dentist_id, {waiting_dentist_name}, o.chair_id, o.starts_at, o.ends_at, o.expires_at, o.created_at,
       o.answered_at, coalesce(f.name, p.name), w.visit_type_id, t.name, w.appointment_id, w.state
  from agenda.offer o
  join agenda.waiting w on w.company_id = o.company_id and w.id = o.waiting_id
  join patient.patient p on p.company_id = o.company_id and p.id = w.patient_id
  left join patient.brief f on f.company_id = o.company_id and f.patient_id = w.patient_id
  join company.branch b on b.company_id = o.company_id and b.id = o.branch_id
  join agenda.dentist d on d.company_id = o.company_id and d.user_id = o.dentist_id
  join account.member m on m.company_id = o.company_id and m.user_id = o.dentist_id
  left join agenda.visit_type t on t.company_id = o.company_id and t.id = w.visit_type_id
 where o.company_id = :company
;

-- query offer_of_token(token_hash text) find offer_row
{offer_from} and o.token_hash = :token_hash;

-- query offer_of_waiting(waiting_id bigint) many offer_row
{offer_from} and o.waiting_id = :waiting_id order by o.id desc limit 30;

-- query offer_of_slot(dentist_id bigint, starts_at timestamptz) many offer_row
{offer_from} and o.dentist_id = :dentist_id and o.starts_at = :starts_at order by o.id desc limit 50;

-- Everybody who answers an offer of one slot waits here for the one before.
-- query offer_lock_slot(dentist_id bigint, starts_at timestamptz) one (locked bool)
select true from pg_advisory_xact_lock(hashtextextended(
       'agenda.offer ' || :dentist_id::text || ' ' || extract(epoch from :starts_at::timestamptz)::bigint::text, :company));

-- query offer_answer(id bigint, state text, now timestamptz) exec
update agenda.offer set state = :state, answered_at = :now
 where company_id = :company and id = :id and state in ('open', 'viewed');

-- query offer_view(id bigint) exec
update agenda.offer set state = 'viewed' where company_id = :company and id = :id and state = 'open';

-- The slot is taken: the others who were offered it.
-- query offer_lose(dentist_id bigint, starts_at timestamptz, ends_at timestamptz, but bigint, now timestamptz) exec
update agenda.offer set state = 'lost', answered_at = :now
 where company_id = :company and dentist_id = :dentist_id and starts_at < :ends_at and ends_at > :starts_at
   and id <> :but and state in ('open', 'viewed');

-- Who has a visit now needs no other slot.
-- query offer_withdraw(waiting_id bigint, but bigint, now timestamptz) exec
update agenda.offer set state = 'expired', answered_at = :now
 where company_id = :company and waiting_id = :waiting_id and id <> :but and state in ('open', 'viewed');

-- query offer_expire(now timestamptz) exec
update agenda.offer set state = 'expired' where company_id = :company and state in ('open', 'viewed') and expires_at <= :now;

-- query offer_renew(id bigint, token_hash text) exec
update agenda.offer set token_hash = :token_hash
 where company_id = :company and id = :id and state in ('open', 'viewed');
