-- 0121 waiting change: which change of the visit took somebody off the waiting list, so that taking that change back puts
-- them on it again. Safe while running: a column that may be null.
alter table agenda.waiting
    add column booked_change bigint,                     -- null: it waits, was closed, or was booked before this column
    add foreign key (company_id, booked_change) references agenda.change (company_id, id);
