-- name: open
-- Track one condition. One that is tracked already stays as it is, met or open, but what is not met belongs to the
-- newest approval, and what was waived of an earlier one is open again.
insert into countersign.conditions
    (case_id, code, text, stage, satisfied_by, approval, before, opened_at, due_at, met_at, met_by)
values (%(case_id)s, %(code)s, %(text)s, %(stage)s, %(satisfied_by)s, %(approval)s, %(before)s, %(opened_at)s,
        %(due_at)s, %(met_at)s, %(met_by)s)
on conflict (case_id, code) do update
set approval = excluded.approval, met_at = null, met_by = null, waived = false,
    before = case when conditions.waived then excluded.before else conditions.before end,
    opened_at = case when conditions.waived then excluded.opened_at else conditions.opened_at end,
    due_at = case when conditions.waived then excluded.due_at else conditions.due_at end
where (conditions.waived or conditions.met_at is null) and conditions.approval <> excluded.approval

-- name: of_case
-- The conditions of a case, earlier stages and then codes first.
select * from countersign.conditions where case_id = %s order by stage, code

-- name: meet
-- A condition is met; only once.
update countersign.conditions set met_at = %s, met_by = %s where case_id = %s and code = %s and met_at is null

-- name: events
-- The record of a kind that came after the first so many, in order of arrival.
select event_id from source.records where case_id = %s and kind = %s order by id offset %s limit 1

-- name: confirmed
-- The first record that says that a condition is met.
select event_id from source.records
where case_id = %s and kind = 'condition_met' and body ->> 'condition' = %s order by id limit 1
