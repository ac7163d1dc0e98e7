-- name: ensure
-- Know the breaker.
insert into countersign.breakers (name) values (%s) on conflict do nothing

-- name: state
-- One breaker as it stands.
select failures, opened_at is not null as open from countersign.breakers where name = %s

-- name: enter
-- Let a call through: the breaker is closed, or this caller alone wins the probe of an open one.
update countersign.breakers set probe_at = case when opened_at is null then null else %(now)s::timestamptz end
where name = %(name)s and (
    opened_at is null
    or (opened_at <= %(since)s and (probe_at is null or probe_at <= %(since)s))
) returning opened_at

-- name: fail
-- Count a failure; the threshold opens it.
update countersign.breakers set failures = failures + 1, probe_at = null,
    opened_at = case when failures + 1 >= %(threshold)s then %(now)s::timestamptz else opened_at end
where name = %(name)s returning failures, opened_at is not null as open

-- name: succeed
-- It answers: close and forget.
update countersign.breakers set failures = 0, opened_at = null, probe_at = null
where name = %s and (failures > 0 or opened_at is not null) returning name

-- name: states
-- Every breaker.
select name, failures, opened_at is not null as open from countersign.breakers order by name
