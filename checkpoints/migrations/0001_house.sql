-- The house: cases, leases, journal, ledger, vault, source records, approvals, outbox, timers, breakers.
create schema countersign;
create schema source;

create table countersign.cases (
    id               text primary key,
    kind             text not null,
    status           text not null,
    policy_version   text not null,
    application_date date not null,
    opened_at        timestamptz not null,
    maker            text not null,
    amount_cents     bigint not null default 0,
    product          text not null default '*',
    content_digest   text not null,
    application      jsonb not null,              -- tokenised: no identity in it
    simulation       boolean not null default false,
    parent           text references countersign.cases (id),
    outcome          text,
    closed_at        timestamptz,
    idempotency_key  text,
    unique (maker, idempotency_key)
);
create index cases_by_status on countersign.cases (status, opened_at);

create table countersign.leases (
    case_id  text primary key,
    epoch    bigint not null,
    runner   text not null,
    taken_at timestamptz not null
);

-- Opens every transaction of a runner: raises CS001 when another runner took the case. The share
-- lock makes a takeover wait for transactions that are under way.
create function countersign.fence(of_case text, with_epoch bigint) returns void language plpgsql as $$
declare held bigint;
begin
    select epoch into held from countersign.leases where case_id = of_case for share;
    if held is distinct from with_epoch then
        raise exception 'case % is held with epoch %, not %', of_case, held, with_epoch using errcode = 'CS001';
    end if;
end $$;

create table countersign.journal (
    case_id      text not null,
    assignment   text not null,
    attempt      int  not null,
    digest       text not null,   -- of the canonical request
    n            int  not null,   -- n-th occurrence of the same request
    gateway      text not null,   -- model or tool
    target       text not null,   -- which model or tool
    request      bytea not null,  -- encrypted with the case key
    response     bytea,           -- encrypted; null until it was answered
    requested_at timestamptz not null,
    answered_at  timestamptz,
    primary key (case_id, assignment, attempt, digest, n)
);
create index journal_by_time on countersign.journal (requested_at);

create table countersign.ledger (
    stream         text not null,
    seq            bigint not null,
    key            text not null,  -- deterministic: a re-run appends nothing
    kind           text not null,
    schema_version int not null,
    at             text not null,
    actor          text not null,
    body           jsonb not null,
    prev           text not null,
    hash           text not null,
    primary key (stream, seq),
    unique (stream, key)
);
create index ledger_by_kind on countersign.ledger (kind, at);
create table countersign.ledger_heads (
    stream text primary key,
    seq    bigint not null,
    hash   text not null
);
create function countersign.append_only() returns trigger language plpgsql as $$
begin raise exception 'the ledger is append-only'; end $$;
create trigger ledger_append_only before update or delete on countersign.ledger
    for each row execute function countersign.append_only();

create table countersign.case_keys (
    case_id text primary key,
    wrapped bytea not null        -- the case key, encrypted with the key file
);
create table countersign.vault (
    case_id text not null,
    token   text not null,
    kind    text not null,
    value   bytea not null,       -- encrypted with the case key
    primary key (case_id, token)
);
create table countersign.blind_index (
    kind    text not null,
    mark    bytea not null,       -- keyed hash of the normalised value
    case_id text not null,
    token   text not null,
    primary key (kind, mark, case_id, token)
);

create table source.records (
    id          bigint generated always as identity primary key,
    case_id     text not null,
    kind        text not null,
    party       text,
    body        jsonb not null,   -- tokenised
    digest      text not null,
    event_id    text not null,
    received_at timestamptz not null,
    unique (case_id, event_id)
);
create index records_by_kind on source.records (case_id, kind);

create table countersign.approvals (
    id         text primary key,
    case_id    text not null references countersign.cases (id),
    boundary   text not null,
    request    jsonb not null,    -- ApprovalRequest as it was opened
    digest     text not null,
    status     text not null,
    groups     text[] not null,
    quorum     int not null,
    claimed_by text,
    claimed_at timestamptz,
    opened_at  timestamptz not null,
    due_at     timestamptz not null
);
create index approvals_inbox on countersign.approvals using gin (groups) where status = 'pending';
create index approvals_due on countersign.approvals (due_at, id) where status = 'pending';
create index approvals_by_case on countersign.approvals (case_id);
create table countersign.approval_decisions (
    approval_id text not null references countersign.approvals (id),
    person      text not null,
    decision    jsonb not null,
    at          timestamptz not null,
    primary key (approval_id, person)
);
create index decisions_by_time on countersign.approval_decisions (at);

create table countersign.standing_uses (
    id           text primary key,      -- case and step
    boundary     text not null,
    day          date not null,
    case_id      text not null,
    digest       text not null,
    amount_cents bigint not null,
    sampled      boolean not null
);
create index standing_by_day on countersign.standing_uses (boundary, day);

create table countersign.effects (
    key        text primary key,        -- idempotency key: case, step, action
    case_id    text not null,
    step       text not null,
    effect     text not null,
    action     jsonb not null,
    authority  text not null,
    status     text not null,
    receipt    text,
    read_back  jsonb,
    updated_at timestamptz not null
);
create index effects_by_case on countersign.effects (case_id);
create table countersign.notices (
    case_id    text not null,
    notice     text not null,
    key        text not null unique,
    due_on     date not null,
    body       jsonb not null,
    written_at timestamptz not null,
    primary key (case_id, notice)
);

create table countersign.books (
    version text primary key,           -- kind@version:digest
    kind    text not null,
    source  text not null,              -- YAML as it was read
    kept_at timestamptz not null
);

create table countersign.timers (
    case_id  text not null,
    name     text not null,
    due_at   timestamptz not null,
    fired_at timestamptz,
    primary key (case_id, name)
);
create index timers_due on countersign.timers (due_at) where fired_at is null;

create table countersign.halts (
    target text primary key,            -- everything, effect:<name>, tool:<name>, model, case:<id>
    by     text not null,
    reason text not null,
    at     timestamptz not null
);
create table countersign.breakers (
    name      text primary key,
    failures  int not null default 0,
    opened_at timestamptz,
    probe_at  timestamptz
);

do $$ begin
    create role countersign_reader nologin;  -- a role belongs to the whole server
exception when duplicate_object then null;
end $$;
grant usage on schema source to countersign_reader;
grant select on source.records to countersign_reader;
grant countersign_reader to current_user;
