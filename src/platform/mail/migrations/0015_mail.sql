-- 0015 mail: letters to be sent and sent. The queue carries the row's id; addresses and text stay here.
-- Safe while running: new table only.
create table siso.mail (
    company_id  bigint not null,
    id          bigint generated always as identity,
    message_id  text not null check (length(message_id) between 16 and 64), -- of every try: a resend is the same letter
    to_email    text not null check (length(to_email) between 3 and 254),
    to_name     text check (length(to_name) <= 200),
    from_name   text check (length(from_name) <= 200),
    reply_to    text check (length(reply_to) <= 254),
    subject     text not null check (length(subject) between 1 and 300),
    text        text not null check (length(text) <= 100000),
    html        text check (length(html) <= 1000000),
    state       text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
    error       text check (length(error) <= 40),
    created_at  timestamptz not null default now(),
    sent_at     timestamptz,
    primary key (company_id, id)
);
create index mail_created on siso.mail (company_id, created_at);

call siso.tenant_wall('siso.mail');
