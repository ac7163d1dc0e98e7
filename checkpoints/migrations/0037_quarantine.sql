-- Quarantine: which text of a case was kept from agents, by which rule; the text itself lies in the vault.
create table countersign.quarantine (
    case_id   text not null,
    token     text not null,             -- of the vault
    place     text not null,             -- kind of record or tool, and path of the text in it
    guardrail text not null,
    version   text not null,
    rule      text not null,
    event     text not null,             -- key of the ruling in the case's ledger
    at        timestamptz not null,
    primary key (case_id, token)
);
