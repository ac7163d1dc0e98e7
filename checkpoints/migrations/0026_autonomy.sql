-- Autonomy below the book's: one row for each specialist and workflow whose level a monitor or a person lowered.
create table countersign.autonomy (
    specialist text not null,
    workflow   text not null,               -- kind of case
    level      text not null check (level in ('act', 'sampled', 'advise', 'shadow')),
    since      timestamptz not null,
    reason     text not null,
    by         text not null,               -- a monitor, a person, or the approval that raised it
    primary key (specialist, workflow)
);
-- Whose findings a use of standing authority rests on; of uses from before it is not known.
alter table countersign.standing_uses add column specialists text[] not null default '{}';
