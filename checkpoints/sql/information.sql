-- name: ask
-- Write down what the applicant is asked to send; once per wait.
insert into countersign.information_requests (case_id, name, needs, body, send_by, answer_by, asked_at)
values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing

-- name: answer
-- What was asked for came.
update countersign.information_requests set answered_at = %s
where case_id = %s and name = %s and answered_at is null and lapsed_at is null

-- name: lapse
-- The time to answer is over.
update countersign.information_requests set lapsed_at = %s
where case_id = %s and name = %s and answered_at is null and lapsed_at is null

-- name: of_case
-- What the applicant of a case was asked to send, oldest first.
select name, needs, body, send_by::text as send_by, answer_by::text as answer_by, asked_at, answered_at, lapsed_at
from countersign.information_requests where case_id = %s order by asked_at, name
