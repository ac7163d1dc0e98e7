-- name: recall
-- One call by its key, wherever it stands.
select request, response from countersign.journal
where case_id = %s and assignment = %s and attempt = %s and digest = %s and n = %s

-- name: without_waiting
-- This transaction's commit is seen by everybody at once and does not wait for the disk.
set local synchronous_commit = off

-- name: ask
-- Write a request before it is sent.
insert into countersign.journal
    (case_id, assignment, attempt, digest, n, gateway, target, request, requested_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing

-- name: answer
-- Write the response before it is used; a first answer is never overwritten.
update countersign.journal set response = %s, answered_at = %s
where case_id = %s and assignment = %s and attempt = %s and digest = %s and n = %s and response is null

-- name: calls
-- Every call of a case in the order of asking.
select assignment, attempt, digest, n, gateway, target, request, response, requested_at, answered_at
from countersign.journal where case_id = %s order by requested_at, assignment, n

-- name: count
-- How many calls of one gateway a case made.
select count(*) as calls from countersign.journal where case_id = %s and gateway = %s
