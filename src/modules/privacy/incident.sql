-- row incident_row (id bigint, version int, title text, what text, happened_at timestamptz?, known_at timestamptz, data text,
--   people bigint?, criteria text[], risk text, risk_why text?, measures text?, anpd_on date?, anpd_protocol text?,
--   complement_on date?, people_on date?, people_how text?, ended_on date?, due_on date, complement_due_on date?,
--   at timestamptz, who text?)

-- part incident_columns
v.incident_id as id, v.version, v.title, v.what, v.happened_at, v.known_at, v.data, v.people, v.criteria, v.risk, v.risk_why,
       v.measures, v.anpd_on, v.anpd_protocol, v.complement_on, v.people_on, v.people_how, v.ended_on, v.due_on,
       v.complement_due_on, v.at, m.name as who
  from privacy.incident_version v
  left join account.member m on m.company_id = v.company_id and m.user_id = v.user_id
;

-- All incidents as they stand, the newest first.
-- query incident_list(n int) many incident_row
select * from (select distinct on (v.incident_id) {incident_columns}
 where v.company_id = :company
 order by v.incident_id, v.version desc) x
 order by x.known_at desc, x.id desc limit :n;

-- query incident_by_id(id bigint) one incident_row
select {incident_columns}
 where v.company_id = :company and v.incident_id = :id
 order by v.version desc limit 1;

-- query incident_versions(id bigint) many incident_row
select {incident_columns}
 where v.company_id = :company and v.incident_id = :id
 order by v.version desc limit 500;

-- query incident_insert(at timestamptz, user_id bigint?) one (id bigint)
insert into privacy.incident (company_id, created_at, created_by) values (:company, :at, :user_id)
returning id;

-- Nothing when somebody else wrote this version, or it does not follow the last.
-- query incident_version_insert(id bigint, version int, title text, what text, happened timestamptz?, known timestamptz,
--   data text, people bigint?, criteria text[], risk text, risk_why text?, measures text?, anpd_on date?,
--   anpd_protocol text?, complement_on date?, people_on date?, people_how text?, ended_on date?, due date,
--   complement_due date?, at timestamptz, user_id bigint?) exec
insert into privacy.incident_version (company_id, incident_id, version, title, what, happened_at, known_at, data, people,
       criteria, risk, risk_why, measures, anpd_on, anpd_protocol, complement_on, people_on, people_how, ended_on, due_on,
       complement_due_on, at, user_id)
select :company, :id, :version, :title, :what, :happened, :known, :data, :people, :criteria, :risk, :risk_why, :measures,
       :anpd_on, :anpd_protocol, :complement_on, :people_on, :people_how, :ended_on, :due, :complement_due, :at, :user_id
 where :version = 1 + (select coalesce(max(v.version), 0) from privacy.incident_version v
                        where v.company_id = :company and v.incident_id = :id)
on conflict do nothing;

-- Of a pair that was merged afterwards, the record that is left; the last line about either counts.
-- query incident_patients(id bigint) many (patient_id bigint, name text)
select x.patient_id, b.name
  from (select distinct on (1) coalesce(y.merged_into, y.id) as patient_id, p.affected
          from privacy.incident_patient p
          join patient.patient y on y.company_id = :company and y.id = p.patient_id
         where p.company_id = :company and p.incident_id = :id
         order by 1, p.id desc) x
  join patient.brief b on b.company_id = :company and b.patient_id = x.patient_id
 where x.affected
 order by b.name limit 1000;

-- query incident_patient_insert(id bigint, patient bigint, affected bool, at timestamptz, user_id bigint?) exec
insert into privacy.incident_patient (company_id, incident_id, patient_id, affected, at, user_id)
values (:company, :id, :patient, :affected, :at, :user_id);

-- Nothing when it was reminded of before.
-- query incident_remind(id bigint, what text, stage text, due date, at timestamptz) exec
insert into privacy.incident_reminder (company_id, incident_id, what, stage, due_on, at)
values (:company, :id, :what, :stage, :due, :at)
on conflict do nothing;

-- query privacy_profile() find (small_agent bool, officer_name text?, officer_email text?, officer_phone text?, version int)
select small_agent, officer_name, officer_email, officer_phone, version from privacy.profile where company_id = :company;

-- query privacy_profile_save(small bool, name text?, email text?, phone text?) exec
insert into privacy.profile as p (company_id, small_agent, officer_name, officer_email, officer_phone)
values (:company, :small, :name, :email, :phone)
on conflict (company_id) do update
   set small_agent = excluded.small_agent, officer_name = excluded.officer_name, officer_email = excluded.officer_email,
       officer_phone = excluded.officer_phone, version = p.version + 1;
