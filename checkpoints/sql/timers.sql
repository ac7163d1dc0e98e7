-- name: set
-- Wake a case later; setting it again changes nothing.
insert into countersign.timers (case_id, name, due_at) values (%s, %s, %s) on conflict do nothing

-- name: fire
-- Take every timer that is due; each is taken once.
update countersign.timers set fired_at = %s where (case_id, name) in (
    select case_id, name from countersign.timers
    where fired_at is null and due_at <= %s order by due_at limit %s for update skip locked
) returning case_id, name

-- name: fired
-- Whether a timer went off.
select 1 from countersign.timers where case_id = %s and name = %s and fired_at is not null
