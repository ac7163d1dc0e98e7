-- Results of golden sets: what a specialist's model answered, by version. All are kept; the newest of a version counts.
create table countersign.golden_results (
    specialist text not null,
    model      text not null,            -- that answered
    asked_as   text not null,            -- the name that was asked for
    version    text not null,            -- digest of prompt, judge and set
    ran_at     timestamptz not null,
    score      jsonb not null,
    by         text not null,
    primary key (specialist, model, version, ran_at)
);
