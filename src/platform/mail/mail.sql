-- query mail_add(message_id text, to_email text, to_name text?, from_name text?, reply_to text?,
--   subject text, body text, html text?) one (id bigint)
insert into siso.mail (company_id, message_id, to_email, to_name, from_name, reply_to, subject, text, html)
values (:company, :message_id, :to_email, :to_name, :from_name, :reply_to, :subject, :body, :html)
returning id;

-- row mail_row (id bigint, message_id text, to_email text, to_name text?, from_name text?,
--   reply_to text?, subject text, body text, html text?, state text, error text?,
--   created_at timestamptz, sent_at timestamptz?)

-- query mail_by_id(id bigint) find mail_row
select id, message_id, to_email, to_name, from_name, reply_to, subject, text as body, html, state, error,
       created_at, sent_at
  from siso.mail
 where company_id = :company and id = :id;

-- Newest first, below id `before`.
-- query mail_page(before bigint?, n int) many mail_row
select id, message_id, to_email, to_name, from_name, reply_to, subject, text as body, html, state, error,
       created_at, sent_at
  from siso.mail
 where company_id = :company and id < coalesce(:before, 9223372036854775807)
 order by id desc limit :n;

-- query mail_sent(id bigint) exec
update siso.mail set state = 'sent', error = null, sent_at = now()
 where company_id = :company and id = :id and state = 'queued';

-- query mail_trouble(id bigint, error text, final bool) exec
update siso.mail set error = :error, state = case when :final then 'failed' else state end
 where company_id = :company and id = :id and state = 'queued';

-- query mail_again(id bigint) exec
update siso.mail set state = 'queued', error = null
 where company_id = :company and id = :id and state = 'failed';

-- query mail_purge(before timestamptz, n int) exec
delete from siso.mail
 where company_id = :company
   and id in (select id from siso.mail
               where company_id = :company and created_at < :before and state <> 'queued'
               order by created_at limit :n);
