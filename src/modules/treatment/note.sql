-- row note_row (id bigint, patient_id bigint, visit_id bigint?, dentist_id bigint, dentist text, no int, signed_no int?,
--   signed_at timestamptz?, created_at timestamptz, text text, teeth bigint[], reason text?, written_at timestamptz,
--   writer text, hash text)

-- part note_from
select n.id, n.patient_id, n.visit_id, n.dentist_id, d.name as dentist, n.last_no as no, n.signed_no, n.signed_at,
       n.created_at, v.text, v.teeth, v.reason, v.written_at, w.name as writer, v.hash
  from treatment.note n
  join treatment.note_version v on v.company_id = n.company_id and v.note_id = n.id and v.no = n.last_no
  join account.member d on d.company_id = n.company_id and d.user_id = n.dentist_id
  join account.member w on w.company_id = v.company_id and w.user_id = v.written_by
;

-- query note_by_id(id bigint) one note_row
{note_from}
 where n.company_id = :company and n.id = :id;

-- The notes first, then their texts: of hundreds only those that are shown.
-- query note_list(patient bigint, visit bigint?, before bigint?, n int) many note_row
select n.id, n.patient_id, n.visit_id, n.dentist_id, d.name as dentist, n.last_no as no, n.signed_no, n.signed_at,
       n.created_at, v.text, v.teeth, v.reason, v.written_at, w.name as writer, v.hash
  from (select * from treatment.note
         where company_id = :company and patient_id = :patient and (:visit::bigint is null or visit_id = :visit)
           and (:before::bigint is null or id < :before)
         order by id desc limit :n) n
  join treatment.note_version v on v.company_id = :company and v.note_id = n.id and v.no = n.last_no
  join account.member d on d.company_id = :company and d.user_id = n.dentist_id
  join account.member w on w.company_id = :company and w.user_id = v.written_by
 order by n.id desc;

-- query note_insert(patient bigint, visit bigint?, dentist bigint, hash text) one (id bigint)
insert into treatment.note (company_id, patient_id, visit_id, dentist_id, last_hash)
values (:company, :patient, :visit, :dentist, :hash)
returning id;

-- query note_insert_version(note bigint, no int, text text, teeth bigint[], reason text?, at timestamptz, user_id bigint,
--   hash text) exec
insert into treatment.note_version (company_id, note_id, no, text, teeth, reason, written_at, written_by, hash)
values (:company, :note, :no, :text, :teeth, :reason, :at, :user_id, :hash);

-- No row: somebody wrote a version since the one that was seen.
-- query note_raise(id bigint, seen int, hash text) exec
update treatment.note set last_no = last_no + 1, last_hash = :hash
 where company_id = :company and id = :id and last_no = :seen;

-- No row: it is another's, or not at this version, or signed already.
-- query note_sign(id bigint, no int, dentist bigint, at timestamptz) exec
update treatment.note set signed_no = :no, signed_at = :at
 where company_id = :company and id = :id and last_no = :no and dentist_id = :dentist
   and (signed_no is null or signed_no < :no);

-- query note_versions(id bigint) many (no int, text text, teeth bigint[], reason text?, written_at timestamptz,
--   written_by bigint, writer text, hash text)
select v.no, v.text, v.teeth, v.reason, v.written_at, v.written_by, w.name as writer, v.hash
  from treatment.note_version v
  join account.member w on w.company_id = v.company_id and w.user_id = v.written_by
 where v.company_id = :company and v.note_id = :id
 order by v.no desc limit 200;

-- query note_templates(active bool?) many (id bigint, title text, text text, active bool, version int)
select id, title, text, active, version from treatment.note_template
 where company_id = :company and (:active::bool is null or active = :active)
 order by active desc, title limit 200;

-- query note_template_by_id(id bigint) one (id bigint, title text, text text, active bool, version int)
select id, title, text, active, version from treatment.note_template where company_id = :company and id = :id;

-- query note_template_insert(title text, text text) find (id bigint)
insert into treatment.note_template (company_id, title, text) values (:company, :title, :text)
on conflict (company_id, title) do nothing
returning id;

-- query note_template_update(id bigint, title text, text text, active bool) exec
update treatment.note_template set title = :title, text = :text, active = :active, version = version + 1
 where company_id = :company and id = :id;
