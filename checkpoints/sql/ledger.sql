-- name: ensure_head
-- Open a stream with an empty chain.
insert into countersign.ledger_heads (stream, seq, hash) values (%s, 0, %s) on conflict do nothing

-- name: lock_head
-- Serialise writers of one stream and read where its chain ends.
select seq, hash from countersign.ledger_heads where stream = %s for update

-- name: known
-- Whether an event with this key was appended before.
select 1 from countersign.ledger where stream = %s and key = %s

-- name: append
-- Add one sealed entry.
insert into countersign.ledger (stream, seq, key, kind, schema_version, at, actor, body, prev, hash)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)

-- name: move_head
-- The chain ends here now.
update countersign.ledger_heads set seq = %s, hash = %s where stream = %s

-- name: entries
-- A whole stream in order.
select stream, seq, key, kind, schema_version, at, actor, body, prev, hash
from countersign.ledger where stream = %s order by seq

-- name: after
-- What a stream holds after one of its events, in order.
select stream, seq, key, kind, schema_version, at, actor, body, prev, hash
from countersign.ledger where stream = %s and seq > %s order by seq

-- name: head
-- Where a stream ends.
select seq, hash from countersign.ledger_heads where stream = %s
