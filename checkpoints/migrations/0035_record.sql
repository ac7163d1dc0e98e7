-- The record vouches for itself: heads of streams as leaves of one Merkle tree, and the signed notes of its roots.
create table countersign.log_leaves (
    position    bigint primary key,   -- from 0, without holes
    stream      text not null,
    seq         bigint not null,      -- the stream had this many events
    head        text not null,        -- hash of the last of them
    anchored_at text not null,        -- ISO 8601, UTC
    unique (stream, seq)
);
create table countersign.log_notes (
    size      bigint primary key,     -- leaves that its root covers
    note      text not null,          -- as it was signed and written outside the database
    peaks     text[] not null         -- roots of the perfect subtrees of this size, the largest first
);
create table countersign.log_marks (
    stream text primary key,
    seq    bigint not null            -- how much of it is anchored; a shortcut, nothing is proven by it
);
create trigger log_leaves_append_only before update or delete on countersign.log_leaves
    for each row execute function countersign.append_only();
create trigger log_notes_append_only before update or delete on countersign.log_notes
    for each row execute function countersign.append_only();
-- Whether the ledger holds a stamp of everything that the last holder of the case did: nobody is at work on it.
alter table countersign.leases add column stamped boolean not null default false;
