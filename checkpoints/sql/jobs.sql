-- name: depth
-- Jobs by state.
select status::text as status, count(*) as jobs from public.procrastinate_jobs group by 1

-- name: given_up
-- Jobs that failed as often as they are tried, each held so that only one sweeper takes it.
select id, args ->> 'case_id' as case_id from public.procrastinate_jobs
where status = 'failed' and task_name = %s order by id limit %s for update skip locked

-- name: forget
-- A failed job that somebody was told of.
delete from public.procrastinate_jobs where id = %s and status = 'failed'

-- name: lost
-- Cases that nothing moves and nobody is asked about: no job, no timer, no request; not those that stand still.
select c.id from countersign.cases c
where c.status in ('open', 'waiting_person', 'waiting_event') and not c.simulation
    and not (c.kind = %s and c.status = 'waiting_event') and c.opened_at < %s
    and not exists (select from public.procrastinate_jobs j where j.args ->> 'case_id' = c.id
        and j.status in ('todo', 'doing', 'failed'))
    and not exists (select from countersign.timers t where t.case_id = c.id and t.fired_at is null)
    and not exists (select from countersign.approvals a where a.case_id = c.id and a.status = 'pending')
    and not exists (select from countersign.halts h
        where h.target in ('everything', 'kind:' || c.kind, 'case:' || c.id))
order by c.id limit %s
