-- How policy changes: what was proposed with the report that it rests on, and which version came into force when.
create table countersign.proposals (
    case_id             text primary key references countersign.cases (id),
    kind                text not null,   -- of the book
    action              text not null check (action in ('publish', 'rollback')),
    version             text not null,   -- of the candidate
    source              text not null,   -- YAML as it was proposed
    source_sha256       text not null,
    replaces            text not null,   -- the version that was live
    replaces_n          bigint not null, -- its publication; 0: it came with the software
    report              jsonb not null,  -- of the simulation
    report_digest       text not null,
    not_primary         text not null,   -- digest of the rows whose source is not primary, acknowledged
    reason              text not null,
    proposed_by         text not null,
    proposed_at         timestamptz not null
);
create index proposals_by_version on countersign.proposals (version);
create table countersign.publications (
    n            bigint generated always as identity primary key,
    kind         text not null,
    version      text not null references countersign.books (version),
    replaces     text not null,
    case_id      text not null unique references countersign.proposals (case_id),
    order_key    text not null unique,
    published_at timestamptz not null
);
create index publications_by_kind on countersign.publications (kind, n desc);
create function countersign.policy_append_only() returns trigger language plpgsql as $$
begin raise exception 'what was proposed and published is never changed'; end $$;
create trigger proposals_append_only before update or delete on countersign.proposals
    for each row execute function countersign.policy_append_only();
create trigger publications_append_only before update or delete on countersign.publications
    for each row execute function countersign.policy_append_only();
create trigger books_append_only before update or delete on countersign.books
    for each row execute function countersign.policy_append_only();
