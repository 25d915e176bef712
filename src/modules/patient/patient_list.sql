-- Lists of patients: by name both ways, the newest first, and those of a search. No notes: opening a chart is recorded,
-- listing is not.

-- row brief_row (id bigint, name text, called text, social_name text?, birth date?, cpf text?, phone text?, email text?,
--   insurance text?, photo text?, tags text[], alert bool, alert_text text?, lead_id bigint?, last_visit_at timestamptz?,
--   next_visit_at timestamptz?, created_at timestamptz, version int)
-- part brief_columns
p.id, p.name, b.name as called, p.social_name, p.birth, p.cpf, p.phone, p.email, b.insurance, p.photo, p.tags, b.alert,
       b.alert_text, p.lead_id, b.last_visit_at, b.next_visit_at, p.created_at, p.version
;
-- A filter that is not asked stands in a `case`, of which the planner expects half of the rows: of `:tag is null or …` it
-- expects none, and as soon reads the company's patients whole and sorts them.
-- part brief_where
  from patient.patient p
  join patient.brief b on b.company_id = :company and b.patient_id = p.id
 where p.company_id = :company and p.merged_into is null
   and case when :word1::text is null then true else p.search like :word1 end
   and case when :word2::text is null then true else p.search like :word2 end
   and case when :word3::text is null then true else p.search like :word3 end
   and case when :tag::text is null then true else :tag = any (p.tags) end
   and case when :insurer::text is null then true else exists (select from patient.insurance i
          where i.company_id = :company and i.patient_id = p.id and i.insurer = :insurer and i.removed_at is null) end
   and case when :month::int is null then true else p.birth_month = :month end
   and case when :away::timestamptz is null then true
            else coalesce(b.last_visit_at, p.created_at) < :away and b.next_visit_at is null end
;

-- The row of a cursor need not be in the list any more; it only says where. plan: whole (any of seven filters may find nobody;
-- usual ones end early, and words alone are asked of words_forward)
-- query list_forward(word1 text?, word2 text?, word3 text?, tag text?, insurer text?, month int?, away timestamptz?,
--   after bigint?, n int) many brief_row
select {brief_columns} {brief_where}
   and (:after::bigint is null or (p.search, p.id) >
        ((select e.search from patient.patient e where e.company_id = :company and e.id = :after), :after))
 order by p.search, p.id limit :n;

-- query list_backward(word1 text?, word2 text?, word3 text?, tag text?, insurer text?, month int?, away timestamptz?,
--   before bigint, n int) many brief_row
select {brief_columns} {brief_where}
   and (p.search, p.id) < ((select e.search from patient.patient e where e.company_id = :company and e.id = :before), :before)
 order by p.search desc, p.id desc limit :n;

-- plan: whole (as list_forward)
-- query list_newest(word1 text?, word2 text?, word3 text?, tag text?, insurer text?, month int?, away timestamptz?,
--   after bigint?, n int) many brief_row
select {brief_columns} {brief_where}
   and (:after::bigint is null or p.id < :after)
 order by p.id desc limit :n;

-- query list_newer(word1 text?, word2 text?, word3 text?, tag text?, insurer text?, month int?, away timestamptz?,
--   before bigint, n int) many brief_row
select {brief_columns} {brief_where} and p.id > :before order by p.id limit :n;

-- A question of words alone is answered by an index that holds all it asks for; the rows come by list_these.
-- part words_where
  from patient.patient p
 where p.company_id = :company and p.merged_into is null and p.search like :word1
   and (:word2::text is null or p.search like :word2) and (:word3::text is null or p.search like :word3)
;

-- plan: whole (a word may stand anywhere in the text: an index alone is read until there are enough)
-- query words_forward(word1 text, word2 text?, word3 text?, after bigint?, n int) many (id bigint)
select p.id {words_where}
   and (:after::bigint is null or (p.search, p.id) >
        ((select e.search from patient.patient e where e.company_id = :company and e.id = :after), :after))
 order by p.search, p.id limit :n;

-- query words_backward(word1 text, word2 text?, word3 text?, before bigint, n int) many (id bigint)
select p.id {words_where}
   and (p.search, p.id) < ((select e.search from patient.patient e where e.company_id = :company and e.id = :before), :before)
 order by p.search desc, p.id desc limit :n;

-- As in patient_find_words, `offset 0` keeps the order of the index.
-- plan: whole (as words_forward)
-- query words_newest(word1 text, word2 text?, word3 text?, after bigint?, n int) many (id bigint)
select newest.id
  from (select p.id, p.search from patient.patient p
         where p.company_id = :company and p.merged_into is null and (:after::bigint is null or p.id < :after)
         order by p.id desc offset 0) newest
 where newest.search like :word1 and (:word2::text is null or newest.search like :word2)
   and (:word3::text is null or newest.search like :word3)
 limit :n;

-- query list_these(ids bigint[]) many brief_row
select {brief_columns}
  from unnest(:ids) with ordinality as asked (id, n)
  join patient.patient p on p.company_id = :company and p.id = asked.id
  join patient.brief b on b.company_id = :company and b.patient_id = p.id
 order by asked.n;

-- plan: whole (a count, of an index alone)
-- query list_count() one (n bigint)
select count(*) from patient.patient where company_id = :company and merged_into is null;

-- Tags and convênios in use.
-- query list_words() many (kind text, text text)
select kind, text from patient.word where company_id = :company order by kind, text limit 300;

-- query list_learn(kind text, words text[]) exec
insert into patient.word (company_id, kind, text)
select :company, :kind, w from unnest(:words) w
on conflict do nothing;

-- A tag that was taken off its last patient is offered no more.
-- query list_forget_tag(tag text) exec
delete from patient.word
 where company_id = :company and kind = 'tag' and text = :tag
   and not exists (select from patient.patient p
                    where p.company_id = :company and p.merged_into is null and :tag = any (p.tags));
