-- 0165 crm: an import keeps what its columns mean as a list, as patient imports do. Stop the program: a column goes.
alter table crm.import
    add targets  text[] not null default '{}',          -- of the columns in their order; '': left out
    add headings boolean not null default true;
update crm.import i
   set targets = array(select coalesce(c.name, '')
                         from jsonb_array_elements_text(case jsonb_typeof(i.mapping -> 'columns')
                                                        when 'array' then i.mapping -> 'columns' else '[]' end)
                              with ordinality as c (name, position)
                        order by c.position),
       headings = coalesce((i.options ->> 'headings')::boolean, true),
       options = i.options - 'headings';
alter table crm.import drop column mapping, drop column ended_at;
alter table crm.import_error drop column field;
