-- name: page
-- Decided cases of a kind, newest first, each with what it knows now and the digest of the facts it was decided on.
select c.id, c.policy_version, c.application_date, c.product, c.amount_cents, c.opened_at,
    jsonb_array_length(coalesce(c.application -> 'borrowers', '[]'))
        + case when jsonb_typeof(c.application -> 'company') = 'object' then 1 else 0 end as people,
    k.checkpoint -> 'channel_values' as plain,
    (
        select array_agg(array[b.channel::bytea, b.type::bytea, b.blob])
        from jsonb_each_text(k.checkpoint -> 'channel_versions') v
        join checkpoint_blobs b
            on b.thread_id = c.id and b.checkpoint_ns = '' and b.channel = v.key and b.version = v.value
        where v.key = any(%(channels)s)
    ) as packed,
    d.seq as decision, d.body ->> 'facts_digest' as facts_digest
from countersign.cases c
join lateral (
    select seq, body from countersign.ledger
    where stream = c.id and kind = 'decision_reached' order by seq desc limit 1
) d on true
join lateral (
    select checkpoint from checkpoints
    where thread_id = c.id and checkpoint_ns = '' order by checkpoint_id desc limit 1
) k on true
where c.kind = %(kind)s and not c.simulation
    and (%(since)s::timestamptz is null or c.opened_at >= %(since)s)
    and (%(shadow)s::text is null or not exists (
        select 1 from countersign.shadow_decisions s
        where s.shadow_id = %(shadow)s and s.case_id = c.id and s.decision = d.seq
    ))
    and (%(after_at)s::timestamptz is null or (c.opened_at, c.id) < (%(after_at)s, %(after_id)s))
order by c.opened_at desc, c.id desc limit %(limit)s

-- name: tools_called
-- Which tools each specialist of these cases called, by its stream.
select case_id, assignment, array_agg(distinct target) as tools
from countersign.journal where case_id = any(%s) and gateway = 'tool' group by case_id, assignment

-- name: assignments
-- What a case ever handed out, as its checkpoints keep it, oldest first.
select type, blob from checkpoint_blobs
where thread_id = %s and checkpoint_ns = '' and channel = 'assignments' and type <> 'empty' order by version
