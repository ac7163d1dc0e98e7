-- Exceptions of operations: what failed that is no case of its own, each with an owner and a due time.
create table countersign.incidents (
    id           text primary key,
    kind         text not null,         -- IncidentKind
    subject      text not null,         -- what failed, without identity
    what         text not null,         -- what is known of it
    owners       text[] not null,       -- groups that may settle it
    escalates_to text not null,
    opened_at    timestamptz not null,
    due_at       timestamptz not null,
    seen_at      timestamptz not null,  -- when it happened last
    times        int not null,          -- how often it happened since it was opened
    settled_by   text,
    reason       text,
    settled_at   timestamptz
);
create unique index incidents_open on countersign.incidents (kind, subject) where settled_at is null;
create index incidents_queue on countersign.incidents (due_at, id) where settled_at is null;
