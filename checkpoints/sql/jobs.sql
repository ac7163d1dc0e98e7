-- name: depth
-- Jobs by state.
select status::text as status, count(*) as jobs from public.procrastinate_jobs group by 1
