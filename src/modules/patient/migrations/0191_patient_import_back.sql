-- 0191 patient import back: how far the way back has come, so that it goes on behind there and can be seen. Safe while
-- running: a constant default.
alter table patient.import add column undone_line int not null default 0;    -- lines of the sheet gone through
