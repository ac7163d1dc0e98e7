-- Entries of the loan application register: one for each closed home loan, without address, name or birthday.
create table countersign.register_entries (
    case_id    text primary key references countersign.cases (id),
    key        text not null unique,       -- of the effect that wrote it
    year       int  not null,              -- calendar year in which the action was taken
    uli        text not null unique,
    entry      jsonb not null,             -- the 110 fields by name, as filed
    written_at timestamptz not null
);
create index register_entries_by_year on countersign.register_entries (year, written_at);
