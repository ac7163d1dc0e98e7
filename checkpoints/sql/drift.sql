-- name: findings
-- Findings of one specialist in one workflow since a moment, with what policy and people decided next.
select f.at, f.body, d.at as decided_at, d.outcome, s.at as settled_at,
    case when d.outcome in ('approve', 'decline') then s.otherwise end as otherwise
from countersign.ledger f
join countersign.cases c on c.id = f.stream and not c.simulation and c.kind = %(workflow)s
left join lateral (
    select at, seq, body ->> 'outcome' as outcome from countersign.ledger
    where stream = f.stream and kind = 'decision_reached' and seq > f.seq order by seq limit 1
) d on true
left join lateral (
    select l.at, case l.kind when 'standing_reviewed' then l.body ->> 'verdict' = 'disagreed'
        else l.body ->> 'verb' <> 'approve' end as otherwise
    from countersign.ledger l
    left join countersign.approvals a on a.id = l.body ->> 'approval_id' and a.boundary = 'offer'
    where l.stream = f.stream and l.seq > d.seq and (l.kind = 'standing_reviewed'
        or (l.kind = 'approval_decided' and a.id is not null
            and l.body ->> 'settles' in ('approved', 'rejected', 'edited')))
    order by l.seq limit 1
) s on true
where f.kind = 'finding_returned' and f.at > %(since)s and f.body ->> 'specialist' = %(specialist)s
    and f.body -> 'models' <> '[]' and f.body ->> 'autonomy' <> 'shadow'
order by f.at desc, f.stream desc, f.seq desc limit %(limit)s

-- name: freeze
-- Keep a reference.
insert into countersign.drift_references
    (specialist, workflow, frozen_at, models, prompt, n, counts, by, reason)
values (%(specialist)s, %(workflow)s, %(frozen_at)s, %(models)s, %(prompt)s, %(n)s, %(counts)s, %(by)s, %(reason)s)

-- name: newest
-- The newest reference of each specialist and workflow.
select distinct on (workflow, specialist) * from countersign.drift_references
order by workflow, specialist, frozen_at desc
