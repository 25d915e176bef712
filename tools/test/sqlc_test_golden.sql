-- The golden file of sqlc: what stands beside it, in .h.txt and .c.txt, is what comes out.

-- part open_leads
from crm.lead l where l.company_id = :company and l.status = 'open';
-- row lead_row (id bigint, name text, email text?)

-- One lead, */ whole.
-- Second line of the comment.
-- query lead_by_id(id bigint) one (id bigint, name text, score int?, level smallint, hot bool?, rate double,
--   at timestamptz, born date?, custom jsonb?, tags text[], kin bigint[])
select id, name, score, level, hot, rate, at, born, custom, tags, kin -- all of it
  from crm.lead
 where company_id = :company and id = :id;

-- query lead_find_phone(key text, mail text?) find lead_row
select l.id, l.name, l.email {open_leads} and (l.phone_key = :key or l.email = :mail);

-- query lead_list(stage bigint?, before timestamptz?, day date, ids bigint[], words text[], n int) many lead_row
select l.id, l.name, l.email {open_leads}
   and (:stage::bigint is null or l.stage_id = :stage) and l.at < :before and l.on_day = :day
   and l.id = any(:ids) and l.word = any(:words) and l.note <> ':n "' limit :n;

-- query lead_add(name text, email text?, value bigint, hot bool, at timestamptz?, born date?, custom jsonb) one (id bigint)
insert into crm.lead (company_id, name, email, value, hot, at, born, custom)
values (:company, :name, :email, :value, :hot, :at, :born, :custom)
returning id;

-- query lead_forget() exec
delete from crm.lead where note = $q$it's :no parameter; $q$ and other = E'\':neither' and company_id = :company;

-- query clock() one (now double)
select extract(epoch from now())::double precision as now;
