-- Remembered clearances: a false positive that compliance cleared, with its scope. No identity in it.
create table countersign.clearances (
    subject       text not null,  -- keyed hash of the normalised identity that was screened
    list_name     text not null,  -- sanctions
    entry_number  text not null,
    entry_version text not null,  -- digest of what the list said: a changed entry is another version
    approval_id   text not null references countersign.approvals (id),
    case_id       text not null,
    cleared_at    timestamptz not null,
    primary key (subject, list_name, entry_number, entry_version)
);
