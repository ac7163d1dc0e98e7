-- name: condition
-- One condition of a case, held until this transaction ends.
select * from countersign.conditions where case_id = %s and code = %s for update

-- name: keep
-- What was asked of the desk.
insert into countersign.waivers (approval_id, case_id, condition, approval, reason_code, asked_at)
values (%s, %s, %s, %s, %s, %s)

-- name: of_case
-- The waivers of a case with where their requests stand, oldest first.
select w.*, a.status from countersign.waivers w join countersign.approvals a on a.id = w.approval_id
where w.case_id = %s order by w.asked_at, w.approval_id

-- name: granted
-- Open conditions of a case of whose present approval a waiver was countersigned, with the first such waiver.
select distinct on (c.code) c.code, c.stage, w.approval_id, w.reason_code
from countersign.conditions c
join countersign.waivers w on w.case_id = c.case_id and w.condition = c.code and w.approval = c.approval
join countersign.approvals a on a.id = w.approval_id
where c.case_id = %s and c.met_at is null and a.status = 'approved' and not exists (
    select 1 from countersign.approval_decisions d
    where d.approval_id = a.id and d.decision ->> 'verb' <> 'approve'
)
order by c.code, w.asked_at

-- name: apply
-- The condition is done without; only once.
update countersign.conditions set met_at = %s, met_by = %s, waived = true
where case_id = %s and code = %s and met_at is null
