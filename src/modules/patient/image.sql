-- Images of patients, and the mounts of a full mouth series.

-- row image_row (id bigint, patient_id bigint, visit_id bigint?, category text, taken_on date, teeth bigint[], note text?,
--   file text, type text, size_bytes bigint, state text, fail text?, view text?, thumb text?, width int?, height int?,
--   full_width int?, full_height int?, mm_per_px double?, added_at timestamptz, added_by bigint?, voided_at timestamptz?,
--   void_reason text?, version int)

-- part image_columns
id, patient_id, visit_id, category, taken_on, teeth, note, file, type, size_bytes, state, fail, view, thumb, width, height,
       full_width, full_height, mm_per_px, added_at, added_by, voided_at, void_reason, version
;

-- query image_by_id(id bigint) one image_row
select {image_columns} from patient.image where company_id = :company and id = :id;

-- Standing ones, the newest first; by category, tooth or visit. voided: those that do not stand, instead.
-- query image_list(patient_id bigint, category text?, tooth bigint?, visit_id bigint?, voided bool, n int) many image_row
select {image_columns} from patient.image
 where company_id = :company and patient_id = :patient_id and (voided_at is not null) = :voided
   and (:category::text is null or category = :category)
   and (:tooth::bigint is null or :tooth = any (teeth))
   and (:visit_id::bigint is null or visit_id = :visit_id)
 order by taken_on desc, id desc limit :n;

-- query image_counts(patient_id bigint) many (category text, count bigint, waiting bigint)
select category, count(*) as count, count(*) filter (where state = 'waiting') as waiting from patient.image
 where company_id = :company and patient_id = :patient_id and voided_at is null group by category;

-- query image_voided_count(patient_id bigint) one (count bigint)
select count(*) as count from patient.image
 where company_id = :company and patient_id = :patient_id and voided_at is not null;

-- query image_insert(patient_id bigint, visit_id bigint?, category text, taken_on date, file text, type text,
--   size_bytes bigint, state text, user_id bigint?) one (id bigint)
insert into patient.image (company_id, patient_id, visit_id, category, taken_on, file, type, size_bytes, state, added_by)
values (:company, :patient_id, :visit_id, :category, :taken_on, :file, :type, :size_bytes, :state, :user_id)
returning id;

-- query image_ready(id bigint, view text, thumb text, width int, height int, full_width int, full_height int) exec
update patient.image
   set state = 'ready', fail = null, view = :view, thumb = :thumb, width = :width, height = :height,
       full_width = :full_width, full_height = :full_height
 where company_id = :company and id = :id and state = 'waiting';

-- query image_failed(id bigint, fail text) exec
update patient.image set state = 'failed', fail = :fail where company_id = :company and id = :id and state = 'waiting';

-- query image_update(id bigint, version int, category text, taken_on date, teeth bigint[], note text?, visit_id bigint?) exec
update patient.image
   set category = :category, taken_on = :taken_on, teeth = :teeth, note = :note, visit_id = :visit_id,
       version = version + 1
 where company_id = :company and id = :id and version = :version and voided_at is null;

-- query image_calibrate(id bigint, mm_per_px double, user_id bigint?) exec
update patient.image set mm_per_px = :mm_per_px, calibrated_by = :user_id
 where company_id = :company and id = :id and voided_at is null and state = 'ready';

-- query image_void(id bigint, reason text, user_id bigint?) exec
update patient.image set voided_at = now(), voided_by = :user_id, void_reason = :reason
 where company_id = :company and id = :id and voided_at is null;

-- What does not stand is in no mount.
-- query image_leave_mounts(id bigint) exec
delete from patient.mount_slot where company_id = :company and image_id = :id;

-- query image_count(patient_id bigint) one (count bigint)
select count(*) as count from patient.image
 where company_id = :company and patient_id = :patient_id and voided_at is null;

-- ---- mounts ----

-- query mount_list(patient_id bigint) many (id bigint, taken_on date, filled bigint)
select m.id, m.taken_on, (select count(*) from patient.mount_slot s where s.company_id = :company and s.mount_id = m.id) as filled
  from patient.mount m where m.company_id = :company and m.patient_id = :patient_id
 order by m.taken_on desc, m.id desc limit 50;

-- query mount_by_id(id bigint) one (id bigint, patient_id bigint, taken_on date)
select id, patient_id, taken_on from patient.mount where company_id = :company and id = :id;

-- query mount_insert(patient_id bigint, taken_on date, user_id bigint?) one (id bigint)
insert into patient.mount (company_id, patient_id, taken_on, created_by)
values (:company, :patient_id, :taken_on, :user_id) returning id;

-- query mount_slots(mount_id bigint) many (slot int, image_id bigint, thumb text?, view text?, taken_on date, category text)
select s.slot::int as slot, s.image_id, i.thumb, i.view, i.taken_on, i.category
  from patient.mount_slot s join patient.image i on i.company_id = :company and i.id = s.image_id
 where s.company_id = :company and s.mount_id = :mount_id order by s.slot;

-- One at a time in a mount.
-- query mount_lock(id bigint) one (patient_id bigint)
select patient_id from patient.mount where company_id = :company and id = :id for update;

-- query mount_clear(mount_id bigint, slot int, image_id bigint?) exec
delete from patient.mount_slot
 where company_id = :company and mount_id = :mount_id and (slot = :slot or image_id = :image_id);

-- query mount_put(mount_id bigint, slot int, image_id bigint) exec
insert into patient.mount_slot (company_id, mount_id, slot, image_id) values (:company, :mount_id, :slot, :image_id);
