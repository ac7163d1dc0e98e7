-- The queue of referrals: cases that left the automatic path, each with an owner and a due time.
create table countersign.referrals (
    case_id      text primary key references countersign.cases (id),
    kind         text not null,         -- ReferralKind
    missing      text[] not null,       -- what it needs, without identity
    owners       text[] not null,       -- groups that may settle it
    escalates_to text not null,
    opened_at    timestamptz not null,
    due_at       timestamptz not null,
    settled_by   text,
    settled_as   text,                  -- Settlement
    reason       text,
    settled_at   timestamptz
);
create index referrals_queue on countersign.referrals (due_at, case_id) where settled_at is null;
