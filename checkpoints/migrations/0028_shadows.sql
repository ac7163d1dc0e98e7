-- Shadows: candidate books that run beside the live one on new cases, and what they would have decided.
create table countersign.shadows (
    id         text primary key,
    kind       text not null,
    version    text not null,
    source     text not null,   -- YAML
    reason     text not null,
    started_by text not null,
    started_at timestamptz not null,
    ended_by   text,
    ended_at   timestamptz
);
create unique index shadows_running on countersign.shadows (kind) where ended_at is null;
create table countersign.shadow_decisions (
    shadow_id text not null references countersign.shadows (id),
    case_id   text not null,
    decision  bigint not null,       -- its place in the ledger of the case
    live      text,                  -- outcome of the case's own book; none where it could not be compared
    shadow    text,                  -- outcome of the candidate
    rows      text[] not null default '{}',  -- of either book that turned it
    other     boolean not null default false, -- same outcome, but other conditions, reasons or people
    reason    text not null default '',       -- why it could not be compared
    seen_at   timestamptz not null,
    primary key (shadow_id, case_id, decision)
);
