-- Legal holds and erasures: what stops erasing, and which cases were erased at whose word.
create table countersign.legal_holds (
    target      text not null,          -- everything, kind:<kind> or case:<id>
    matter      text not null,          -- the bank's own name of the matter, without identity
    by          text not null,
    reason      text not null,
    at          timestamptz not null,
    lifted_by   text,
    lift_reason text,
    lifted_at   timestamptz,
    primary key (target, matter, at)
);
create unique index legal_holds_in_force on countersign.legal_holds (target, matter) where lifted_at is null;
create table countersign.erasures (
    case_id       text primary key references countersign.cases (id),
    asked_by      text not null,
    reason        text not null,
    asked_at      timestamptz not null,
    erasable_from date not null,
    erased_by     text,                 -- another person
    erased_at     timestamptz
);
