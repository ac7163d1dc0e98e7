-- name: approval_waits
-- How long decided requests had waited, by boundary and bucket, since midnight.
select boundary, width_bucket(seconds, %(bounds)s::float8[]) as bucket, count(*) as n, sum(seconds) as seconds
from (
    select a.boundary, extract(epoch from d.at - a.opened_at)::float8 as seconds
    from countersign.approval_decisions d join countersign.approvals a on a.id = d.approval_id
    where d.at >= %(since)s
) waited group by 1, 2

-- name: gateway_seconds
-- How long answered calls took, by gateway, target and bucket, since midnight.
select gateway, target, width_bucket(seconds, %(bounds)s::float8[]) as bucket, count(*) as n,
    sum(seconds) as seconds
from (
    select gateway, target, extract(epoch from answered_at - requested_at)::float8 as seconds
    from countersign.journal where requested_at >= %(since)s and answered_at is not null
) answered group by 1, 2, 3

-- name: specialist_seconds
-- From a specialist's first call to its finding, by bucket, since midnight.
select specialist, width_bucket(seconds, %(bounds)s::float8[]) as bucket, count(*) as n, sum(seconds) as seconds
from (
    select l.body ->> 'specialist' as specialist,
        extract(epoch from l.at::timestamptz - min(j.requested_at))::float8 as seconds
    from countersign.ledger l
    join countersign.journal j on j.case_id = l.stream and l.key = j.assignment || '/finding/' || l.kind
    where l.kind = 'finding_returned' and l.at >= %(since_text)s group by l.stream, l.seq
) found group by 1, 2

-- name: unanswered
-- Calls that were asked since midnight and are long overdue.
select gateway, target, count(*) as n from countersign.journal
where requested_at >= %(since)s and requested_at < %(overdue)s and answered_at is null group by 1, 2

-- name: findings
-- Findings since midnight.
select body ->> 'specialist' as specialist, body ->> 'produced_by' as produced_by,
    body ->> 'degraded' as degraded, count(*) as n
from countersign.ledger where kind = 'finding_returned' and at >= %(since_text)s group by 1, 2, 3

-- name: refusals
-- What was refused since midnight, by gate and control.
select coalesce(body ->> 'gateway', split_part(kind, '_', 1)) as gate,
    coalesce(body ->> 'control', body ->> 'action', body ->> 'effect', body ->> 'specialist', kind) as control,
    count(*) as n
from countersign.ledger
where kind in ('call_refused', 'attempt_refused', 'effect_refused', 'plan_refused', 'hand_off_rejected')
    and at >= %(since_text)s group by 1, 2

-- name: model_use
-- Calls, tokens and money per model since midnight.
select body ->> 'model' as model, count(*) as calls, sum((body ->> 'tokens')::bigint) as tokens,
    sum((body ->> 'cost_microusd')::bigint) as cost_microusd
from countersign.ledger where kind = 'model_called' and at >= %(since_text)s group by 1

-- name: effects
-- How effects ended since midnight.
select body ->> 'effect' as effect, substr(kind, 8) as ended, count(*) as n
from countersign.ledger
where kind in ('effect_confirmed', 'effect_refused', 'effect_left_unknown') and at >= %(since_text)s group by 1, 2

-- name: halts
-- How many targets of which sort are halted.
select split_part(target, ':', 1) as scope, count(*) as n from countersign.halts group by 1
