-- Finding people: digits by b-trees, words by LIKE over the covering index patient_find. Under row-level security only
-- leakproof operators use an index, so prefixes are ranges; limits are literal, because a planner that does not know them
-- expects thousands of rows and joins accordingly.

-- row hit_row (id bigint, name text, called text, phone text?, cpf text?, birth date?, alert bool)
-- part hit_columns
p.id, p.name, b.name as called, p.phone, p.cpf, p.birth, b.alert
;
-- part hit_join
  join patient.patient p on p.company_id = :company and p.id = f.id
  join patient.brief b on b.company_id = :company and b.patient_id = f.id
;

-- A CPF by its beginning, a phone by its end (the ranges are of the reversed number), both from what was typed; :key is
-- the phone's key, for numbers without the ninth digit.
-- query patient_find_digits(cpf text, cpf_end text, rev text, rev_end text, key text?, n int) many hit_row
select {hit_columns} from (
    (select id from patient.patient
      where company_id = :company and cpf >= :cpf and cpf < :cpf_end and merged_into is null order by cpf limit 20)
    union
    (select id from patient.patient
      where company_id = :company and phone_rev >= :rev and phone_rev < :rev_end and merged_into is null
      order by phone_rev limit 20)
    union
    (select id from patient.patient
      where company_id = :company and phone2_rev >= :rev and phone2_rev < :rev_end and merged_into is null
      order by phone2_rev limit 20)
    union
    (select id from patient.patient where company_id = :company and phone_key = :key and merged_into is null limit 20)
    order by id desc limit :n) f
{hit_join} order by p.id desc;

-- query patient_find_birth(birth date, n int) many hit_row
select {hit_columns} from (
    select id from patient.patient
     where company_id = :company and birth = :birth and merged_into is null order by id desc limit 20) f
{hit_join} order by p.id desc limit :n;

-- The newest first, until there are enough: `offset 0` keeps the words out of the estimate. Expecting no row of them, the planner
-- would as soon read the company's patients whole and sort. plan: whole (words that nobody has)
-- query patient_find_words(word1 text, word2 text?, word3 text?) many hit_row
select {hit_columns} from (
    select id from (
        select id, search from patient.patient
         where company_id = :company and merged_into is null order by id desc offset 0) newest
     where search like :word1 and (:word2::text is null or search like :word2) and (:word3::text is null or search like :word3)
     limit 40) f
{hit_join} order by p.id desc;

-- Who has this phone, by the name as it is folded.
-- query patient_find_known(key text) many (id bigint, name text, social_name text?)
select id, name, social_name from patient.patient
 where company_id = :company and phone_key = :key and merged_into is null
union
select id, name, social_name from patient.patient
 where company_id = :company and phone2_key = :key and merged_into is null
 order by id limit 20;
