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
-- Uses that were drawn for a later review and have none yet, oldest first.
select * from countersign.standing_uses u
where sampled and not exists (select 1 from countersign.standing_reviews r where r.use_id = u.id)
order by day, id limit %s

-- name: to_review
-- The use of a case that was drawn for review, with its maker and whoever reviewed it.
select u.id, u.boundary, c.maker, r.by from countersign.standing_uses u
join countersign.cases c on c.id = u.case_id
left join countersign.standing_reviews r on r.use_id = u.id
where u.case_id = %s and u.sampled for update of u

-- name: review
-- What a person says of a use afterwards.
insert into countersign.standing_reviews (use_id, verdict, reason, by, reviewed_at) values (%s, %s, %s, %s, %s)
