-- Nobody else adds or deletes this file of the company until the transaction ends.
-- query file_lock(hash text) one (locked bool)
select true as locked from pg_advisory_xact_lock(hashtextextended('siso.file ' || :hash, :company));

-- One more holder; a new file counts towards the company's use.
-- query file_add(hash text, type text, size_bytes bigint) exec
with added as (
    insert into siso.file as f (company_id, hash, type, size_bytes)
    values (:company, :hash, :type, :size_bytes)
    on conflict (company_id, hash) do update set holders = f.holders + 1, idle_since = null
    returning size_bytes, xmax = 0 as is_new
)
insert into siso.file_use as u (company_id, files, size_bytes)
select :company, 1, size_bytes from added where is_new
on conflict (company_id) do update
   set files = u.files + 1, size_bytes = u.size_bytes + excluded.size_bytes;

-- query file_get(hash text) one (type text, size_bytes bigint)
select type, size_bytes from siso.file where company_id = :company and hash = :hash;

-- query file_keep(hash text) exec
update siso.file set holders = holders + 1, idle_since = null
 where company_id = :company and hash = :hash;

-- query file_drop(hash text) exec
update siso.file
   set holders = holders - 1, idle_since = case when holders = 1 then now() end
 where company_id = :company and hash = :hash and holders > 0;

-- query file_used() find (size_bytes bigint)
select size_bytes from siso.file_use where company_id = :company;

-- query file_idle(before timestamptz, n int) many (hash text)
select hash from siso.file
 where company_id = :company and holders = 0 and idle_since < :before
 order by idle_since limit :n;

-- query file_delete(hash text) exec
with gone as (
    delete from siso.file where company_id = :company and hash = :hash and holders = 0
    returning size_bytes
)
update siso.file_use u
   set files = u.files - 1, size_bytes = u.size_bytes - gone.size_bytes
  from gone
 where u.company_id = :company;

-- query file_known(hashes text[]) many (hash text)
select hash from siso.file where company_id = :company and hash = any (:hashes)
 limit 1000;
