-- name: insert
-- Write a notice once.
insert into countersign.notices (case_id, notice, key, due_on, body, written_at)
values (%s, %s, %s, %s, %s, %s) on conflict do nothing

-- name: by_key
-- The notice that an order wrote.
select case_id, notice, due_on::text as due_on, body from countersign.notices where key = %s

-- name: of_case
-- The notices of a case.
select notice, due_on::text as due_on, body from countersign.notices where case_id = %s order by written_at

-- name: rejection
-- What the person said who rejected a request of this case.
select decision from countersign.approval_decisions d join countersign.approvals a on a.id = d.approval_id
where a.id = %s and a.case_id = %s and a.status = 'rejected' and d.decision ->> 'verb' = 'reject'
order by d.at, d.person limit 1
