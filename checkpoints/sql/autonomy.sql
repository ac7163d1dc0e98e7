-- name: all
-- Every level that was moved, lowest need of a look first.
select specialist, workflow, level, since, reason, by from countersign.autonomy order by workflow, specialist

-- name: one
-- The level of one specialist in one workflow, if it was ever moved.
select * from countersign.autonomy where specialist = %s and workflow = %s

-- name: of_workflow
-- Levels that were moved in one workflow.
select specialist, level from countersign.autonomy where workflow = %s

-- name: lock
-- Nobody else moves this level until the transaction ends.
select pg_advisory_xact_lock(hashtext('autonomy:' || %s || ':' || %s))

-- name: move
-- The level stands here now.
insert into countersign.autonomy (specialist, workflow, level, since, reason, by)
values (%(specialist)s, %(workflow)s, %(level)s, %(since)s, %(reason)s, %(by)s)
on conflict (specialist, workflow) do update
set level = excluded.level, since = excluded.since, reason = excluded.reason, by = excluded.by

-- name: withheld
-- Which specialist, behind a use of standing authority, may bring nothing about without a person by now.
select a.specialist, a.level, a.reason from countersign.standing_uses u
join countersign.cases c on c.id = u.case_id
join countersign.autonomy a on a.workflow = c.kind
where u.id = %s and a.level = any(%s) and (a.specialist = any(u.specialists) or u.specialists = '{}')
order by a.specialist
