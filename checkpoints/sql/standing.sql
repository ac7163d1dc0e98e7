-- name: lock_day
-- Serialise uses of one boundary.
select pg_advisory_xact_lock(hashtext('standing:' || %s))

-- name: used
-- What was used today.
select count(*) as uses, coalesce(sum(amount_cents), 0)::bigint as cents
from countersign.standing_uses where boundary = %s and day = %s

-- name: insert
-- Use it once.
insert into countersign.standing_uses (id, boundary, day, case_id, digest, amount_cents, sampled, specialists)
values (%s, %s, %s, %s, %s, %s, %s, %s)

-- name: get
-- One use.
select * from countersign.standing_uses where id = %s

-- name: of_case
-- What a case used.
select * from countersign.standing_uses where case_id = %s

-- name: sampled
-- Uses that wait for a later review, oldest first.
select * from countersign.standing_uses where sampled order by day, id limit %s
