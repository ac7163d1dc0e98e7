-- What effects came to, by subject: the sums that thresholds across cases and time are measured against.
create table countersign.effect_uses (
    key          text not null,         -- of the effect
    scope        text not null,         -- customer, employee, counterparty
    subject      text not null,         -- keyed hash (hexadecimal), or the id of one of the bank's people
    case_id      text not null,
    effect       text not null,
    amount_cents bigint not null,
    used_at      timestamptz not null,
    released_at  timestamptz,           -- it was refused, or certainly did not happen
    primary key (key, scope, subject)
);
create index effect_uses_by_subject on countersign.effect_uses (scope, subject, used_at) where released_at is null;
