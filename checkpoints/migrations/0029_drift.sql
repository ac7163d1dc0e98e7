-- Frozen references of drift: the mix of a model's findings that was normal when a person said so. All are kept.
create table countersign.drift_references (
    specialist text not null,
    workflow   text not null,
    frozen_at  timestamptz not null,
    models     text[] not null,          -- that made these findings, with
    prompt     text not null,            -- the digest of the prompt
    n          int not null,             -- findings
    counts     jsonb not null,           -- measure -> category -> how many
    by         text not null,
    reason     text not null,
    primary key (specialist, workflow, frozen_at)
);
