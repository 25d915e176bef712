-- query notice_insert(user_id bigint, title text, body text?, url text?, icon text, key text?) exec
insert into notice.notice (company_id, user_id, title, body, url, icon, key)
values (:company, :user_id, left(:title, 200), left(:body, 2000), :url, :icon, :key)
on conflict (company_id, user_id, key) where key is not null do nothing;

-- query notice_unread(user_id bigint) one (n bigint)
select count(*) from (select 1 from notice.notice
  where company_id = :company and user_id = :user_id and read_at is null limit 99) n;

-- query notice_list(user_id bigint, before bigint?, n int) many (id bigint, title text, body text?, url text?, icon text,
--   created_at timestamptz, read_at timestamptz?)
select id, title, body, url, icon, created_at, read_at from notice.notice
 where company_id = :company and user_id = :user_id and (:before::bigint is null or id < :before)
 order by id desc limit :n;

-- query notice_read_all(user_id bigint) exec
update notice.notice set read_at = now() where company_id = :company and user_id = :user_id and read_at is null;

-- query notice_read(user_id bigint, id bigint) find (url text?)
update notice.notice set read_at = coalesce(read_at, now())
 where company_id = :company and user_id = :user_id and id = :id returning url;

-- query notice_forget(page text) exec
delete from notice.notice where company_id = :company and (url = :page or starts_with(url, :page || '/'));
