-- The numbers that the shell shows on every page: one query, one row.
-- query chrome(user_id bigint, now timestamptz) one (unit text?, unread bigint, late bigint, open_leads bigint)
select (select name from company.branch where company_id = :company and active order by position, id limit 1),
       (select count(*) from (select 1 from notice.notice
          where company_id = :company and user_id = :user_id and read_at is null limit 99) n),
       (select count(*) from (select 1 from crm.task where company_id = :company and assignee_id = :user_id
          and done_at is null and due_at < :now limit 99) t),
       (select coalesce(sum(t.lead_count), 0)::bigint from crm.stage_total t
          join crm.stage s on s.company_id = t.company_id and s.id = t.stage_id
         where t.company_id = :company and s.kind = 'open');

-- May this role serve? One that could look over the wall may not.
-- query app_role() one (name text?, looks_over bool?)
select r.rolname::text,
       r.rolsuper or r.rolbypassrls or pg_has_role(r.oid, 'siso_owner', 'member') or
       pg_has_role(r.oid, 'siso_search', 'member') or pg_has_role(r.oid, 'siso_door', 'member') or
       exists (select from pg_class c where c.relowner = r.oid)
  from pg_roles r where r.rolname = current_user;
