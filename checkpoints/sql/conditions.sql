-- name: open
-- Track one condition; one that is tracked already stays as it is.
insert into countersign.conditions
    (case_id, code, text, stage, satisfied_by, approval, before, opened_at, due_at, met_at, met_by)
values (%(case_id)s, %(code)s, %(text)s, %(stage)s, %(satisfied_by)s, %(approval)s, %(before)s, %(opened_at)s,
        %(due_at)s, %(met_at)s, %(met_by)s) on conflict do nothing

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
