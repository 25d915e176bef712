-- The public capture form: its settings, and what becomes of what people write into it.

-- row form_row (id bigint, token text, title text, text text?, thanks text, stage_id bigint?, source_id bigint?,
--   owner_id bigint?, ask_email bool, ask_interest bool, consent_text text, active bool)

-- part form_columns
f.id, f.token, f.title, f.text, f.thanks, f.stage_id, f.source_id, f.owner_id, f.ask_email, f.ask_interest,
       f.consent_text, f.active
;

-- query form_of_token(token text) find form_row
select {form_columns} from crm.form f where f.company_id = :company and f.token = :token;

-- query form_by_id(id bigint) one form_row
select {form_columns} from crm.form f where f.company_id = :company and f.id = :id;

-- All forms, those in use first, with the leads that came since a moment.
-- query form_list(since timestamptz) many (id bigint, token text, title text, active bool, source text?,
--   stage text?, owner text?, lead_count bigint, last_at timestamptz?)
select f.id, f.token, f.title, f.active, o.name, s.name, m.name,
       (select count(*) from crm.lead l where l.company_id = f.company_id and l.form_id = f.id and l.created_at >= :since),
       (select max(l.created_at) from crm.lead l where l.company_id = f.company_id and l.form_id = f.id)
  from crm.form f
  left join crm.source o on o.company_id = f.company_id and o.id = f.source_id
  left join crm.stage s on s.company_id = f.company_id and s.id = f.stage_id
  left join account.member m on m.company_id = f.company_id and m.user_id = f.owner_id
 where f.company_id = :company
 order by f.active desc, f.id
 limit 100;

-- query form_insert(token text, title text, text text?, thanks text, stage_id bigint?, source_id bigint?,
--   owner_id bigint?, ask_email bool, ask_interest bool, consent_text text, active bool) one (id bigint)
insert into crm.form (company_id, token, title, text, thanks, stage_id, source_id, owner_id, ask_email, ask_interest,
       consent_text, active)
values (:company, :token, :title, :text, :thanks, :stage_id, :source_id, :owner_id, :ask_email, :ask_interest,
       :consent_text, :active)
returning id;

-- query form_update(id bigint, title text, text text?, thanks text, stage_id bigint?, source_id bigint?,
--   owner_id bigint?, ask_email bool, ask_interest bool, consent_text text, active bool) exec
update crm.form
   set title = :title, text = :text, thanks = :thanks, stage_id = :stage_id, source_id = :source_id,
       owner_id = :owner_id, ask_email = :ask_email, ask_interest = :ask_interest, consent_text = :consent_text,
       active = :active
 where company_id = :company and id = :id;

-- One capture at a time in a company: a form sent twice at once must not make two leads.
-- query capture_lock() one (locked bool)
select true as locked from pg_advisory_xact_lock(hashtextextended('crm.capture', :company));

-- The lead that somebody who writes again may be: an open one before a lost one, the newest first. Leads lost
-- before `lost_since` are another story.
-- query capture_known(phone_key text?, email text?, lost_since timestamptz) find (id bigint, status text,
--   created_at timestamptz)
select id, status, created_at from (
    select id, status, created_at, ended_at from crm.lead
     where company_id = :company and merged_into is null and phone_key = :phone_key
    union all
    select id, status, created_at, ended_at from crm.lead
     where company_id = :company and merged_into is null and phone2_key = :phone_key
    union all
    select id, status, created_at, ended_at from crm.lead
     where company_id = :company and merged_into is null and email = :email) l
 where status = 'open' or status = 'lost' and ended_at >= :lost_since
 order by status = 'open' desc, id desc limit 1;

-- What was not known of the lead is filled in; what was known stays. The stored phone tells whether the typed one is
-- another.
-- query capture_fill(id bigint, phone text?, phone_key text?, email text?, interest text?, consent bool, search text) exec
update crm.lead
   set phone = coalesce(phone, :phone), phone_key = coalesce(phone_key, :phone_key),
       phone2 = case when phone is not null and phone_key is distinct from :phone_key then coalesce(phone2, :phone) else phone2 end,
       phone2_key = case when phone is not null and phone_key is distinct from :phone_key then coalesce(phone2_key, :phone_key)
         else phone2_key end,
       email = coalesce(email, :email), interest = coalesce(interest, :interest), consent = consent or :consent,
       consent_at = case when :consent and not consent then now() else consent_at end,
       search = case when position(:search in search) > 0 then search else left(search || ' ' || :search, 600) end, touched_at = now(), updated_at = now(), version = version + 1
 where company_id = :company and id = :id;

-- query capture_mark(id bigint, form_id bigint) exec
update crm.lead set form_id = :form_id where company_id = :company and id = :id;
