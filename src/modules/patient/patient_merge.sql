-- Two records that were one person, and back.

-- The patient, and the answers by channel.
-- query merge_row_json(id bigint) one (json jsonb)
select to_jsonb(p) || jsonb_build_object('consents', coalesce(
           (select jsonb_agg(to_jsonb(c)) from patient.consent c where c.company_id = :company and c.patient_id = p.id), '[]'))
  from patient.patient p where p.company_id = :company and p.id = :id;

-- query merge_insert(from_id bigint, into_id bigint, user_id bigint?, before jsonb) one (id bigint)
insert into patient.merge (company_id, from_id, into_id, user_id, before, after)
values (:company, :from_id, :into_id, :user_id, :before, '{}') returning id;

-- query merge_after(id bigint, after jsonb) exec
update patient.merge set after = :after where company_id = :company and id = :id;

-- query merge_mark(from_id bigint, into_id bigint?) exec
update patient.patient set merged_into = :into_id, updated_at = now(), version = version + 1
 where company_id = :company and id = :from_id;

-- query merge_by_id(id bigint) one (id bigint, from_id bigint, into_id bigint, at timestamptz, undone bool)
select id, from_id, into_id, at, undone_at is not null as undone from patient.merge
 where company_id = :company and id = :id for update;

-- What can still be undone, newest first.
-- query merge_recent(into_id bigint, since timestamptz) many (id bigint, from_id bigint, name text, at timestamptz,
--   user_name text?)
select m.id, m.from_id, p.name, m.at, a.name as user_name
  from patient.merge m
  join patient.patient p on p.company_id = :company and p.id = m.from_id
  left join account.member a on a.company_id = :company and a.user_id = m.user_id
 where m.company_id = :company and m.into_id = :into_id and m.undone_at is null and m.at > :since
 order by m.id desc limit 10;

-- Merges into `id` that came later hold rows on top of it: the last one is undone first.
-- query merge_later(id bigint, into_id bigint) one (n bigint)
select count(*) from patient.merge
 where company_id = :company and into_id = :into_id and id > :id and undone_at is null;

-- query merge_undone(id bigint, user_id bigint?) exec
update patient.merge set undone_at = now(), undone_by = :user_id where company_id = :company and id = :id;

-- Each field that is still as the merge left it becomes what it was before.
-- query merge_restore(id bigint) exec
update patient.patient p
   set name = case when p.name is not distinct from a.name then b.name else p.name end,
       social_name = case when p.social_name is not distinct from a.social_name then b.social_name else p.social_name end,
       birth = case when p.birth is not distinct from a.birth then b.birth else p.birth end,
       cpf = case when p.cpf is not distinct from a.cpf then b.cpf else p.cpf end,
       rg = case when p.rg is not distinct from a.rg then b.rg else p.rg end,
       occupation = case when p.occupation is not distinct from a.occupation then b.occupation else p.occupation end,
       sex = case when p.sex is not distinct from a.sex then b.sex else p.sex end,
       gender = case when p.gender is not distinct from a.gender then b.gender else p.gender end,
       phone = case when p.phone is not distinct from a.phone then b.phone else p.phone end,
       phone_key = case when p.phone is not distinct from a.phone then b.phone_key else p.phone_key end,
       phone_whatsapp = case when p.phone is not distinct from a.phone then b.phone_whatsapp else p.phone_whatsapp end,
       phone2 = case when p.phone2 is not distinct from a.phone2 then b.phone2 else p.phone2 end,
       phone2_key = case when p.phone2 is not distinct from a.phone2 then b.phone2_key else p.phone2_key end,
       phone2_note = case when p.phone2 is not distinct from a.phone2 then b.phone2_note else p.phone2_note end,
       phone2_whatsapp = case when p.phone2 is not distinct from a.phone2 then b.phone2_whatsapp
                              else p.phone2_whatsapp end,
       email = case when p.email is not distinct from a.email then b.email else p.email end,
       cep = case when p.cep is not distinct from a.cep then b.cep else p.cep end,
       street = case when p.street is not distinct from a.street then b.street else p.street end,
       number = case when p.number is not distinct from a.number then b.number else p.number end,
       complement = case when p.complement is not distinct from a.complement then b.complement else p.complement end,
       district = case when p.district is not distinct from a.district then b.district else p.district end,
       city = case when p.city is not distinct from a.city then b.city else p.city end,
       uf = case when p.uf is not distinct from a.uf then b.uf else p.uf end,
       channel = case when p.channel is not distinct from a.channel then b.channel else p.channel end,
       times = case when p.times is not distinct from a.times then b.times else p.times end,
       tags = case when p.tags is not distinct from a.tags then b.tags else p.tags end,
       source = case when p.source is not distinct from a.source then b.source else p.source end,
       lead_id = case when p.lead_id is not distinct from a.lead_id then b.lead_id else p.lead_id end,
       notes = case when p.notes is not distinct from a.notes then b.notes else p.notes end,
       photo = case when p.photo is not distinct from a.photo then b.photo else p.photo end,
       updated_at = now(), version = p.version + 1
  from patient.merge m, jsonb_populate_record(null::patient.patient, m.before) b,
       jsonb_populate_record(null::patient.patient, m.after) a
 where m.company_id = :company and m.id = :id and p.company_id = :company and p.id = m.into_id;

-- Of each channel the answer that was given last counts, whichever record it was given to.
-- query merge_carry_consents(from_id bigint, into_id bigint) exec
insert into patient.consent as c (company_id, patient_id, channel, granted, at, user_id)
select :company, :into_id, f.channel, f.granted, f.at, f.user_id
  from patient.consent f where f.company_id = :company and f.patient_id = :from_id
on conflict (company_id, patient_id, channel) do update
   set granted = excluded.granted, at = excluded.at, user_id = excluded.user_id where c.at < excluded.at;

-- Answers that are still as the merge left them go, and those of before come back where none was given since.
-- query merge_drop_consents(id bigint) exec
delete from patient.consent c
 using patient.merge m, jsonb_populate_recordset(null::patient.consent, coalesce(m.after -> 'consents', '[]')) a
 where m.company_id = :company and m.id = :id and c.company_id = :company and c.patient_id = m.into_id
   and c.channel = a.channel and c.granted = a.granted and c.at = a.at;

-- query merge_bring_consents(id bigint) exec
insert into patient.consent (company_id, patient_id, channel, granted, at, user_id)
select :company, m.into_id, b.channel, b.granted, b.at, b.user_id
  from patient.merge m, jsonb_populate_recordset(null::patient.consent, coalesce(m.before -> 'consents', '[]')) b
 where m.company_id = :company and m.id = :id
on conflict do nothing;

-- query merge_settle_consent(id bigint) exec
update patient.patient p
   set (consent, consent_at) = (select count(*) > 0, max(c.at) from patient.consent c
                                 where c.company_id = :company and c.patient_id = p.id and c.granted)
 where p.company_id = :company and p.id = :id;

-- query merge_set_lead(id bigint, lead_id bigint) exec
update patient.patient set lead_id = coalesce(lead_id, :lead_id) where company_id = :company and id = :id;

-- query merge_set_search(id bigint, search text) exec
update patient.patient set search = :search where company_id = :company and id = :id;

-- Those who were merged into `from` before point straight at `into`.
-- query merge_carry_chain(from_id bigint, into_id bigint) many (id bigint)
update patient.patient set merged_into = :into_id
 where company_id = :company and merged_into = :from_id
returning id;

-- query merge_back_chain(rows bigint[], to_id bigint) exec
update patient.patient set merged_into = :to_id where company_id = :company and id = any (:rows);

-- query merge_carry_cards(from_id bigint, into_id bigint) many (id bigint)
update patient.insurance set patient_id = :into_id
 where company_id = :company and patient_id = :from_id
returning id;

-- query merge_back_cards(rows bigint[], to_id bigint) exec
update patient.insurance set patient_id = :to_id where company_id = :company and id = any (:rows);

-- A link that `into` has already, or that would tie it to itself, stays where it is.
-- query merge_carry_kin(from_id bigint, into_id bigint) many (id bigint)
update patient.kin k set patient_id = :into_id
 where k.company_id = :company and k.patient_id = :from_id and k.other_id is distinct from :into_id
   and not exists (select from patient.kin o where o.company_id = :company and o.patient_id = :into_id
                      and o.other_id = k.other_id)
returning k.id;

-- query merge_back_kin(rows bigint[], to_id bigint) exec
update patient.kin set patient_id = :to_id where company_id = :company and id = any (:rows);

-- query merge_carry_kin_of(from_id bigint, into_id bigint) many (id bigint)
update patient.kin k set other_id = :into_id
 where k.company_id = :company and k.other_id = :from_id and k.patient_id <> :into_id
   and not exists (select from patient.kin o where o.company_id = :company and o.patient_id = k.patient_id
                      and o.other_id = :into_id)
returning k.id;

-- query merge_back_kin_of(rows bigint[], to_id bigint) exec
update patient.kin set other_id = :to_id where company_id = :company and id = any (:rows);

-- A warning that stands for `into` already stays where it is.
-- query merge_carry_alerts(from_id bigint, into_id bigint) many (id bigint)
update patient.alert a set patient_id = :into_id
 where a.company_id = :company and a.patient_id = :from_id
   and not exists (select from patient.alert o
                    where o.company_id = :company and o.patient_id = :into_id and o.kind = a.kind
                      and o.text_key = a.text_key and o.ended_at is null and a.ended_at is null)
returning a.id;

-- query merge_back_alerts(rows bigint[], to_id bigint) exec
update patient.alert set patient_id = :to_id where company_id = :company and id = any (:rows);

-- An open one of a questionnaire that `into` has open as well stays where it is.
-- query merge_carry_anamneses(from_id bigint, into_id bigint) many (id bigint)
update patient.anamnesis a set patient_id = :into_id
 where a.company_id = :company and a.patient_id = :from_id
   and not exists (select from patient.anamnesis o
                    where o.company_id = :company and o.patient_id = :into_id
                      and o.questionnaire_id = a.questionnaire_id and o.state = 'open' and a.state = 'open')
returning a.id;

-- query merge_back_anamneses(rows bigint[], to_id bigint) exec
update patient.anamnesis set patient_id = :to_id where company_id = :company and id = any (:rows);

-- query merge_carry_images(from_id bigint, into_id bigint) many (id bigint)
update patient.image set patient_id = :into_id where company_id = :company and patient_id = :from_id
returning id;

-- query merge_back_images(rows bigint[], to_id bigint) exec
update patient.image set patient_id = :to_id where company_id = :company and id = any (:rows);

-- query merge_carry_mounts(from_id bigint, into_id bigint) many (id bigint)
update patient.mount set patient_id = :into_id where company_id = :company and patient_id = :from_id
returning id;

-- query merge_back_mounts(rows bigint[], to_id bigint) exec
update patient.mount set patient_id = :to_id where company_id = :company and id = any (:rows);

-- What heads and lists show of alerts, anamneses and images, after they moved.
-- query merge_brief(patient_id bigint) exec
update patient.brief b
   set (alert, alert_text) = (select count(*) > 0, string_agg(a.text, ', ' order by a.severe desc, a.id)
                                from patient.alert a
                               where a.company_id = :company and a.patient_id = :patient_id and a.ended_at is null),
       anamnesis_at = (select max(a.sent_at) from patient.anamnesis a
                        where a.company_id = :company and a.patient_id = :patient_id and a.state = 'sent'),
       images = (select count(*) from patient.image i
                  where i.company_id = :company and i.patient_id = :patient_id and i.voided_at is null)
 where b.company_id = :company and b.patient_id = :patient_id;

-- query merge_note(merge bigint, what text, rows bigint[]) exec
insert into patient.merge_row (company_id, merge_id, what, row_id)
select :company, :merge, :what, r from unnest(:rows) r
on conflict do nothing;

-- query merge_noted(merge bigint, what text) many (id bigint)
select row_id from patient.merge_row where company_id = :company and merge_id = :merge and what = :what order by row_id;
