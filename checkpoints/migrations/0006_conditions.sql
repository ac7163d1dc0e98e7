-- Conditions of an approval, tracked until met, and what an applicant was asked to send.
create table countersign.conditions (
    case_id      text not null references countersign.cases (id),
    code         text not null,
    text         text not null,
    stage        text not null,           -- prior_to_documents, prior_to_funding
    satisfied_by text not null,           -- kind of record, person, countersignature
    approval     text not null,           -- what it is a condition of: approval id, or use of standing authority
    before       int not null,            -- records of the kind that were there when it was opened
    opened_at    timestamptz not null,
    due_at       timestamptz not null,
    met_at       timestamptz,
    met_by       text,                    -- event id of the record, or the approval
    primary key (case_id, code)
);
create index conditions_open on countersign.conditions (due_at) where met_at is null;

create table countersign.information_requests (
    case_id     text not null references countersign.cases (id),
    name        text not null,            -- of the wait
    needs       text[] not null,          -- kinds of record
    body        jsonb not null,           -- what is asked, in words
    send_by     date not null,
    answer_by   date not null,
    asked_at    timestamptz not null,
    answered_at timestamptz,
    lapsed_at   timestamptz,
    primary key (case_id, name)
);
