-- query company_id_of_host(host text) find (id bigint?)
select company.id_of_host(:host);

-- query company_versions() many (id bigint, version bigint, auth_version bigint)
select id, version, auth_version from company.versions();

-- query company_active() many (id bigint, zone text)
select id, zone from company.active();

-- query company_own() one (id bigint, name text, short_name text?, legal_name text?, cnpj text?, email text?,
--   phone text?, zone text, status text, hue int, chroma int, lightness int, radius int, logo text?, favicon text?,
--   plan text, users_max int, storage_max bigint, messages_max int, features text, version bigint,
--   auth_version bigint)
select id, name, short_name, legal_name, cnpj, email, phone, zone, status, hue, chroma, lightness, radius, logo,
       favicon, plan, users_max, storage_max, messages_max, features, version, auth_version
  from company.company where id = :company;

-- query company_save(name text, short_name text?, legal_name text?, cnpj text?, email text?, phone text?, zone text,
--   version bigint) find (version bigint)
update company.company
   set name = :name, short_name = :short_name, legal_name = :legal_name, cnpj = :cnpj, email = :email,
       phone = :phone, zone = :zone, version = version + 1, updated_at = now()
 where id = :company and version = :version
returning version;

-- query company_save_theme(hue int, chroma int, lightness int, radius int) exec
update company.company
   set hue = :hue, chroma = :chroma, lightness = :lightness, radius = :radius, version = version + 1,
       updated_at = now()
 where id = :company;

-- query company_save_logo(logo text?) exec
update company.company set logo = :logo, version = version + 1, updated_at = now() where id = :company;

-- query company_save_favicon(favicon text?) exec
update company.company set favicon = :favicon, version = version + 1, updated_at = now() where id = :company;

-- Caches of the site see the new version within a second.
-- query company_save_plan(plan text, users_max int, storage_max bigint, messages_max int, features text) exec
update company.company
   set plan = :plan, users_max = :users_max, storage_max = :storage_max, messages_max = :messages_max,
       features = :features, version = version + 1, updated_at = now()
 where id = :company;

-- query company_touch() exec
update company.company set version = version + 1 where id = :company;

-- query company_touch_auth() exec
update company.company set auth_version = auth_version + 1 where id = :company;

-- query company_branches() many (id bigint, name text, zone text, phone text?, cep text?, street text?, number text?,
--   complement text?, district text?, city text?, uf text?, active bool, version int)
select id, name, zone, phone, cep, street, number, complement, district, city, uf, active, version
  from company.branch where company_id = :company order by active desc, position, id limit 100;

-- query company_add_branch(name text, zone text, phone text?, cep text?, street text?, number text?, complement text?,
--   district text?, city text?, uf text?) find (id bigint)
insert into company.branch (company_id, name, zone, phone, cep, street, number, complement, district, city, uf, position)
select :company, :name, :zone, :phone, :cep, :street, :number, :complement, :district, :city, :uf,
       coalesce(max(position), 0) + 1
  from company.branch where company_id = :company
on conflict (company_id, name) do nothing
returning id;

-- query company_save_branch(id bigint, name text, zone text, phone text?, cep text?, street text?, number text?,
--   complement text?, district text?, city text?, uf text?, active bool, version int) exec
update company.branch
   set name = :name, zone = :zone, phone = :phone, cep = :cep, street = :street, number = :number,
       complement = :complement, district = :district, city = :city, uf = :uf, active = :active,
       version = version + 1
 where company_id = :company and id = :id and version = :version;

-- query company_domains() many (host text, main bool)
select host, main from company.domain where company_id = :company order by main desc, host limit 50;

-- query company_add_domain(host text, main bool) exec
insert into company.domain (company_id, host, main) values (:company, :host, :main) on conflict do nothing;

-- query company_remove_domain(host text) exec
delete from company.domain where company_id = :company and host = :host and not main;

-- query company_unset_main() exec
update company.domain set main = false where company_id = :company and main;

-- query company_set_main(host text) exec
update company.domain set main = true where company_id = :company and host = :host;

-- query company_main_host() find (host text)
select host from company.domain where company_id = :company and main;

-- Counts the use of the month up, unless that would pass the limit.
-- query company_spend_month(kind text, more bigint, most bigint) exec
insert into company.usage as u (company_id, month, kind, n)
select :company, date_trunc('month', now())::date, :kind, :more where :more <= :most
on conflict (company_id, month, kind) do update set n = u.n + excluded.n where u.n + excluded.n <= :most;

-- query company_month_use() many (kind text, n bigint)
select kind, n from company.usage where company_id = :company and month = date_trunc('month', now())::date;

-- Seats and space in use, for the plan's page. Reads two other schemas: numbers only.
-- query company_seats() one (users bigint, storage bigint)
select (select count(*) from account.member where company_id = :company and active)::bigint as users,
       (select coalesce(sum(size_bytes), 0) from siso.file_use where company_id = :company)::bigint as storage;

-- For certificates; asked by the owner of the schema, who sees all companies.
-- query company_all_hosts() many (host text)
select host from company.domain order by host limit 100000;

-- Made by the owner of the schema (`siso company create`, `siso demo`), who sees all companies.
-- query company_insert(name text, short_name text?, zone text, hue int, chroma int, lightness int) one (id bigint)
insert into company.company (name, short_name, zone, hue, chroma, lightness)
values (:name, :short_name, :zone, :hue, :chroma, :lightness) returning id;

-- query company_insert_branch(name text, zone text) exec
insert into company.branch (company_id, name, zone) values (:company, :name, :zone);
