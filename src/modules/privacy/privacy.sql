-- Answers, requests and readings stay with the record they were of; a patient's are those of all records that became it.
-- part privacy_records
(select p.id from patient.patient p where p.company_id = :company and (p.id = :patient or p.merged_into = :patient))
;

-- query privacy_text_current() many (id bigint, purpose text, version int, title text, body text, created_at timestamptz)
select distinct on (purpose) id, purpose, version, title, body, created_at
  from privacy.text where company_id = :company
 order by purpose, version desc;

-- query privacy_text_insert(purpose text, title text, body text, user_id bigint?) one (id bigint, version int)
insert into privacy.text (company_id, purpose, version, title, body, created_by)
select :company, :purpose, coalesce(max(version), 0) + 1, :title, :body, :user_id
  from privacy.text where company_id = :company and purpose = :purpose
returning id, version;

-- row privacy_consent_row (purpose text, granted bool, at timestamptz, channel text, evidence text?, who text?,
--   text_id bigint, version int)

-- part privacy_consent_from
c.purpose, c.granted, c.at, c.channel, c.evidence, m.name as who, c.text_id, t.version
  from privacy.consent c
  join privacy.text t on t.company_id = c.company_id and t.id = c.text_id
  left join account.member m on m.company_id = c.company_id and m.user_id = c.user_id
 where c.company_id = :company and c.patient_id in {privacy_records}
;

-- query privacy_consent_current(patient bigint) many privacy_consent_row
select distinct on (c.purpose) {privacy_consent_from} order by c.purpose, c.id desc;

-- query privacy_consent_log(patient bigint) many privacy_consent_row
select {privacy_consent_from} order by c.id desc limit 200;

-- query privacy_consent_insert(patient bigint, text bigint, granted bool, channel text, evidence text?, at timestamptz,
--   user_id bigint?) find (purpose text)
insert into privacy.consent (company_id, patient_id, text_id, purpose, granted, channel, evidence, at, user_id)
select :company, :patient, t.id, t.purpose, :granted, :channel, :evidence, :at, :user_id
  from privacy.text t where t.company_id = :company and t.id = :text
returning purpose;

-- row privacy_request_row (id bigint, patient_id bigint, patient text, kind text, text text?, due_on date, state text, answer text?,
--   asked_at timestamptz, answered_at timestamptz?, version int)

-- part privacy_request_from
select r.id, b.patient_id, b.name as patient, r.kind, r.text, r.due_on, r.state, r.answer, r.asked_at, r.answered_at,
       r.version
  from privacy.request r
  join patient.patient x on x.company_id = r.company_id and x.id = r.patient_id
  join patient.brief b on b.company_id = r.company_id
   and b.patient_id = case when x.merged_into is null then x.id else x.merged_into end
;

-- query privacy_request_by_id(id bigint) one privacy_request_row
{privacy_request_from}
 where r.company_id = :company and r.id = :id;

-- query privacy_request_list(open bool, n int) many privacy_request_row
{privacy_request_from}
 where r.company_id = :company and (r.state = 'open') = :open
 order by case when :open then r.due_on end, r.id desc limit :n;

-- query privacy_request_of_patient(patient bigint) many privacy_request_row
{privacy_request_from}
 where r.company_id = :company and r.patient_id in {privacy_records}
 order by r.id desc limit 100;

-- query privacy_request_insert(patient bigint, kind text, text text?, due date, user_id bigint?) one (id bigint)
insert into privacy.request (company_id, patient_id, kind, text, due_on, user_id)
values (:company, :patient, :kind, :text, :due, :user_id)
returning id;

-- query privacy_request_answer(id bigint, state text, answer text, at timestamptz) find (patient_id bigint)
update privacy.request set state = :state, answer = :answer, answered_at = :at, version = version + 1
 where company_id = :company and id = :id and state = 'open'
returning patient_id;

-- Who opened the chart: people and keys, the newest first.
-- query privacy_chart_reads(patient bigint, n int) many (at timestamptz, who text?, peer text?)
select r.at, case when r.user_id < 0 then 'Chave de API' else m.name end as who, r.peer
  from audit.read r
  left join account.member m on m.company_id = r.company_id and m.user_id = r.user_id
 where r.company_id = :company and r.subject = 'patient' and r.subject_id in {privacy_records}
 order by r.at desc limit :n;

-- query privacy_closing_insert(patient bigint, kind text, reason text, retain date?, user_id bigint?) exec
insert into privacy.closing (company_id, patient_id, kind, reason, retain_until, user_id)
values (:company, :patient, :kind, :reason, :retain, :user_id);

-- query privacy_closing_last(patient bigint) find (kind text, reason text, retain_until date?, at timestamptz, who text?)
select c.kind, c.reason, c.retain_until, c.at, m.name as who
  from privacy.closing c
  left join account.member m on m.company_id = c.company_id and m.user_id = c.user_id
 where c.company_id = :company and c.patient_id = :patient
 order by c.id desc limit 1;

-- row privacy_export_row (id bigint, patient_id bigint?, state text, step text, done_count int, total int, file text?,
--   size_bytes bigint?, asked_at timestamptz, asked_by bigint?, finished_at timestamptz?)

-- part privacy_export_columns
id, patient_id, state, step, done_count, total, file, size_bytes, asked_at, asked_by, finished_at
;

-- query privacy_export_insert(patient bigint?, at timestamptz, user_id bigint?) one (id bigint)
insert into privacy.export (company_id, patient_id, asked_at, asked_by) values (:company, :patient, :at, :user_id)
returning id;

-- query privacy_export_by_id(id bigint) one privacy_export_row
select {privacy_export_columns} from privacy.export where company_id = :company and id = :id;

-- query privacy_export_last(patient bigint?) find privacy_export_row
select {privacy_export_columns} from privacy.export
 where company_id = :company and patient_id is not distinct from :patient
 order by id desc limit 1;

-- One worker makes it: no row when it is made already.
-- query privacy_export_begin(id bigint) find privacy_export_row
update privacy.export set state = 'running', done_count = 0
 where company_id = :company and id = :id and state in ('waiting', 'running')
returning {privacy_export_columns};

-- query privacy_export_progress(id bigint, step text, done int, total int) exec
update privacy.export set step = :step, done_count = :done, total = :total
 where company_id = :company and id = :id and state = 'running';

-- query privacy_export_done(id bigint, file text, size bigint, at timestamptz) exec
update privacy.export set state = 'done', step = '', file = :file, size_bytes = :size, finished_at = :at
 where company_id = :company and id = :id and state = 'running';

-- query privacy_export_failed(id bigint, at timestamptz) exec
update privacy.export set state = 'failed', finished_at = :at
 where company_id = :company and id = :id and state = 'running';

-- query privacy_export_old(before timestamptz) many (id bigint, file text)
select id, coalesce(file, '') as file from privacy.export
 where company_id = :company and file is not null and finished_at < :before limit 100;

-- query privacy_export_gone(id bigint) exec
update privacy.export set state = 'gone', file = null where company_id = :company and id = :id;

-- query privacy_export_everything(patient bigint) many (source text, line jsonb)
select source, line from privacy.everything(:patient) limit 400000;

-- query privacy_export_tables() many (name text)
select rel::text as name from privacy.tables() limit 500;

-- query privacy_export_page(name text, after jsonb?, n int) many (line jsonb, key jsonb)
select line, key from privacy.page(:name::text::regclass, :after, :n);

-- query privacy_last_entry(patient bigint) one (clinical bigint, last_at timestamptz?, birth date?)
select (select count(*) from privacy.everything(:patient) e
         where e.source ~ '^(treatment\.(act|note|visit|paper|perio|lab_case|plan)|patient\.(anamnesis|image|alert))')
       + b.visits as clinical,
       greatest(b.last_visit_at, (select max(e.at) from audit.event e
         where e.company_id = :company and e.subject = 'patient' and e.subject_id in {privacy_records}
           and e.kind !~ '^(privacy|consent|patient)')) as last_at,
       b.birth
  from patient.brief b
 where b.company_id = :company and b.patient_id = :patient;
