-- name: start
-- A candidate runs beside the live book from now on; one of a kind at a time.
insert into countersign.shadows (id, kind, version, source, reason, started_by, started_at)
values (%(id)s, %(kind)s, %(version)s, %(source)s, %(reason)s, %(started_by)s, %(started_at)s) on conflict do nothing

-- name: stop
-- It runs no more; what it saw is kept.
update countersign.shadows set ended_by = %s, ended_at = %s where id = %s and ended_at is null

-- name: running
-- Candidates that run now.
select id, kind, version, source, started_at from countersign.shadows where ended_at is null order by kind

-- name: list
-- Shadows, newest first, with what they saw.
select s.id, s.kind, s.version, s.reason, s.started_by, s.started_at, s.ended_by, s.ended_at,
    count(d.live) as decisions, count(*) filter (where d.live <> d.shadow) as otherwise,
    count(*) filter (where d.other) as other_terms, count(*) filter (where d.reason <> '') as not_compared
from countersign.shadows s left join countersign.shadow_decisions d on d.shadow_id = s.id
where %(id)s::text is null or s.id = %(id)s
group by s.id order by s.started_at desc, s.id limit %(limit)s

-- name: turns
-- How often each outcome of the live book was which one of the candidate.
select live, shadow, count(*) as decisions
from countersign.shadow_decisions where shadow_id = %s and live is not null group by live, shadow order by live, shadow

-- name: rows
-- Rows that turned decisions, and how many.
select r as row, count(*) as decisions from countersign.shadow_decisions, unnest(rows) r
where shadow_id = %s group by r order by decisions desc, r

-- name: differing
-- Decisions that would be otherwise, newest first.
select case_id, decision, live, shadow, rows, seen_at from countersign.shadow_decisions
where shadow_id = %s and live <> shadow order by seen_at desc, case_id limit %s

-- name: keep
-- What a candidate would have decided, once per decision.
insert into countersign.shadow_decisions (shadow_id, case_id, decision, live, shadow, rows, other, reason, seen_at)
values (%(shadow_id)s, %(case_id)s, %(decision)s, %(live)s, %(shadow)s, %(rows)s, %(other)s, %(reason)s, %(seen_at)s)
on conflict do nothing
