-- name: insert
-- Open a request; opening it again changes nothing.
insert into countersign.approvals (id, case_id, boundary, request, digest, status, groups, quorum, opened_at, due_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing

-- name: get
-- One request as it stands.
select * from countersign.approvals where id = %s

-- name: lock
-- One request, held until this transaction ends.
select * from countersign.approvals where id = %s for update

-- name: of_case
-- The requests of a case in order.
select * from countersign.approvals where case_id = %s order by opened_at, id

-- name: inbox
-- What is pending for any of these groups, most urgent first, without what the person made; packets stay where they are.
select id, case_id, boundary, asked, amount_cents, product, risk, maker, groups as candidate_groups, quorum, claimed_by,
    opened_at, due_at
from countersign.approvals
where status = 'pending' and groups && %s and maker <> %s order by due_at, id limit %s

-- name: claim
-- Take a pending request that nobody else holds.
update countersign.approvals set claimed_by = %s, claimed_at = %s
where id = %s and status = 'pending' and (claimed_by is null or claimed_by = %s)

-- name: release
-- Give back a request that this person holds.
update countersign.approvals set claimed_by = null, claimed_at = null
where id = %s and claimed_by = %s and status = 'pending'

-- name: decide
-- Keep one person's decision; a second one of the same person is a conflict.
insert into countersign.approval_decisions (approval_id, person, decision, at) values (%s, %s, %s, %s)

-- name: decisions
-- What was decided on one request, oldest first.
select decision from countersign.approval_decisions where approval_id = %s order by at, person

-- name: settle
-- The request stands here now.
update countersign.approvals set status = %s, claimed_by = null where id = %s

-- name: withdraw
-- Nobody is asked any more; only while nobody has answered.
update countersign.approvals set status = %s, claimed_by = null where id = %s and status = 'pending'

-- name: overdue
-- Pending requests past their due time, held so that only one sweeper acts.
select id from countersign.approvals where status = 'pending' and due_at <= %s for update skip locked

-- name: escalate
-- Let more people decide, until a new due time.
update countersign.approvals set groups = %s, due_at = %s where id = %s

-- name: waits
-- How many requests wait at which boundary, and since when the oldest.
select boundary, count(*) as pending, min(opened_at) as oldest
from countersign.approvals where status = 'pending' group by boundary
