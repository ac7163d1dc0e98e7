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
