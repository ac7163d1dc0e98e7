-- name: counted
-- Events of one kind about one effect or tool since a moment, in cases of one kind that are no copies.
select count(*)::bigint as events from countersign.ledger l join countersign.cases c on c.id = l.stream
where l.kind = %s and l.at > %s and c.kind = %s and not c.simulation
    and coalesce(l.body ->> 'effect', l.body ->> 'target') = %s

-- name: resumed
-- When a target was last resumed.
select max(at) as at from countersign.ledger where kind = 'resuming' and body ->> 'target' = %s
