-- name: one_at_a_time
-- Whoever adds leaves or signs waits for the other until this transaction ends; appends to the ledger do not.
select pg_advisory_xact_lock(7301030)

-- name: add_leaves
-- The heads of these streams (or of all) that moved since they were anchored become leaves, at most so many.
with moved as (
    select h.stream, h.seq, h.hash from countersign.ledger_heads h
    left join countersign.log_marks m on m.stream = h.stream
    where h.seq > coalesce(m.seq, 0) and (%(streams)s::text[] is null or h.stream = any(%(streams)s))
    order by h.stream limit %(most)s
), added as (
    insert into countersign.log_leaves (position, stream, seq, head, anchored_at)
    select (select coalesce(max(position) + 1, 0) from countersign.log_leaves) + row_number() over (order by moved.stream) - 1,
        moved.stream, moved.seq, moved.hash, %(at)s from moved
    returning stream, seq
)
insert into countersign.log_marks (stream, seq) select stream, seq from added
on conflict (stream) do update set seq = excluded.seq

-- name: last_note
-- What was signed last, and when the newest of its leaves was anchored.
select n.size, n.note, n.peaks, l.anchored_at from countersign.log_notes n
left join countersign.log_leaves l on l.position = n.size - 1 order by n.size desc limit 1

-- name: leaves
-- Leaves from a position on, in order.
select position, stream, seq, head, anchored_at from countersign.log_leaves where position >= %s order by position

-- name: keep_note
-- Put a signed note on record, once.
insert into countersign.log_notes (size, note, peaks) values (%s, %s, %s) on conflict do nothing

-- name: notes
-- Every signed note, in order.
select size, note, peaks from countersign.log_notes order by size

-- name: streams
-- Every stream there is.
select stream from countersign.ledger_heads union select stream from countersign.ledger order by stream

-- name: marks
-- How much of each stream counts as anchored.
select stream, seq from countersign.log_marks
