-- name: keep
-- Which text was kept from agents; once.
insert into countersign.quarantine (case_id, token, place, guardrail, version, rule, event, at)
values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing

-- name: of_cases
-- What was kept from agents in these cases, oldest first.
select case_id, token, place, guardrail, version, rule, event, at from countersign.quarantine
where case_id = any(%s) order by at, place, token
