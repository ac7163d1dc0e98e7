-- name: ensure
-- Know the breaker.
insert into countersign.breakers (name) values (%s) on conflict do nothing

-- name: state
-- One breaker as it stands.
select failures, opened_at is not null as open from countersign.breakers where name = %s

-- name: enter
-- Let a call through: the breaker is closed, or this caller alone wins the probe of an open one, and no other is out.
update countersign.breakers set probe_at = case when opened_at is null then null else %(now)s::timestamptz end
where name = %(name)s and (
    opened_at is null
    or (opened_at <= %(since)s and (probe_at is null or probe_at <= %(given_up)s))
) returning opened_at

-- name: fail
-- Count a failure: the threshold opens it, a failed probe opens it anew; a call that was under way moves nothing.
with before as (
    select failures + 1 as failures, opened_at is not null as open, probe_at is not null as probed
    from countersign.breakers where name = %(name)s for update
)
update countersign.breakers b set failures = before.failures,
    probe_at = null,
    opened_at = case
        when before.probed or (not before.open and before.failures >= %(threshold)s) then %(now)s::timestamptz
        else b.opened_at
    end
from before where b.name = %(name)s
returning b.failures, before.probed, b.opened_at is not null and not before.open as opened

-- name: succeed
-- It answers: close and forget; whether it was open.
with before as (select name, opened_at is not null as open from countersign.breakers where name = %s for update)
update countersign.breakers b set failures = 0, opened_at = null, probe_at = null
from before where b.name = before.name and (b.failures > 0 or before.open) returning before.open

-- name: states
-- Every breaker.
select name, failures, opened_at is not null as open from countersign.breakers order by name
