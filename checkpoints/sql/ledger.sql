-- name: open_stream
-- Open a stream with an empty chain.
insert into countersign.ledger_heads (stream, seq, hash) values (%s, 0, %s) on conflict do nothing

-- name: lock_head
-- Serialise writers of one stream and read where its chain ends.
select seq, hash from countersign.ledger_heads where stream = %s for update

-- name: lock_free
-- Where these streams end, locked; without those that are new or that another transaction holds: nothing is waited for.
select stream, seq, hash from countersign.ledger_heads where stream = any(%s) order by stream for update skip locked

-- name: known_of
-- Which of these keys these streams hold, pair by pair.
select l.stream, l.key from countersign.ledger l
join unnest(%s::text[], %s::text[]) as told (stream, key) on l.stream = told.stream and l.key = told.key

-- name: append
-- Add one sealed entry and let the chain end there; an entry whose key is known adds nothing and moves nothing.
with added as (
    insert into countersign.ledger (stream, seq, key, kind, schema_version, at, actor, body, prev, hash)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    on conflict (stream, key) do nothing returning stream, seq, hash
)
update countersign.ledger_heads heads set seq = added.seq, hash = added.hash
from added where heads.stream = added.stream

-- name: body
-- What one event says, by its key.
select body from countersign.ledger where stream = %s and key = %s

-- name: known
-- Which of these keys a stream holds.
select key from countersign.ledger where stream = %s and key = any(%s)

-- name: append_all
-- Add several sealed entries, and let each of their streams end at its last.
with told as materialized (
    select * from json_to_recordset(%s::json) as told (
        stream text, seq bigint, key text, kind text, schema_version int, at text, actor text, body jsonb,
        prev text, hash text
    )
),
added as (
    insert into countersign.ledger (stream, seq, key, kind, schema_version, at, actor, body, prev, hash)
    select stream, seq, key, kind, schema_version, at, actor, body, prev, hash from told
)
update countersign.ledger_heads heads set seq = ends.seq, hash = ends.hash
from (select distinct on (stream) stream, seq, hash from told order by stream, seq desc) as ends
where heads.stream = ends.stream

-- name: entries
-- A whole stream in order.
select stream, seq, key, kind, schema_version, at, actor, body, prev, hash
from countersign.ledger where stream = %s order by seq

-- name: of_kinds
-- The events of some kinds in a stream, in order.
select stream, seq, key, kind, schema_version, at, actor, body, prev, hash
from countersign.ledger where stream = %s and kind = any(%s) order by seq

-- name: after
-- What a stream holds after one of its events, in order.
select stream, seq, key, kind, schema_version, at, actor, body, prev, hash
from countersign.ledger where stream = %s and seq > %s order by seq

-- name: head
-- Where a stream ends.
select seq, hash from countersign.ledger_heads where stream = %s

-- name: last
-- The last event of a kind.
select seq, body from countersign.ledger where stream = %s and kind = %s order by seq desc limit 1
