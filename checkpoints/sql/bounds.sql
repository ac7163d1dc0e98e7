-- name: lock
-- One writer at a time for each of these subjects, until the transaction ends; taken in the order given.
select pg_advisory_xact_lock(hashtextextended('bounds:' || subject, 0)) from unnest(%s::text[]) as subject

-- name: marks
-- Tokens of a case with their keyed hashes.
select token, encode(mark, 'hex') as mark from countersign.blind_index
where case_id = %s and kind = any(%s) order by token

-- name: used
-- What each of several subjects came to since a moment by these effects, but for one of them.
select asked.row, asked.subject, used.actions, used.cents
from jsonb_to_recordset(%s::jsonb) as asked (row text, scope text, subject text, effects text[], since timestamptz)
cross join lateral (
    select count(*)::bigint as actions, coalesce(sum(amount_cents), 0)::bigint as cents
    from countersign.effect_uses uses
    where uses.scope = asked.scope and uses.subject = asked.subject and uses.effect = any(asked.effects)
        and uses.key <> %s and uses.used_at > asked.since and uses.released_at is null
) as used

-- name: steps
-- What a subject did since a moment by these effects, but for one of them, oldest first.
select effect, sort, case_id, used_at as at, n from countersign.effect_uses
where scope = %s and subject = %s and effect = any(%s) and key <> %s and used_at > %s and released_at is null
order by n

-- name: reserve
-- Count an effect for everybody it concerns.
insert into countersign.effect_uses (key, scope, subject, case_id, effect, sort, amount_cents, used_at)
select %(key)s, scope, subject, %(case)s, %(effect)s, %(sort)s, %(cents)s, %(at)s
from unnest(%(scopes)s::text[], %(subjects)s::text[]) as concerned (scope, subject)
on conflict (key, scope, subject) do update
set amount_cents = excluded.amount_cents, used_at = excluded.used_at, n = excluded.n, released_at = null

-- name: release
-- Count it no more.
update countersign.effect_uses set released_at = %s where key = %s and released_at is null

-- name: release_unsent
-- Count it no more, if nothing of it was sent.
update countersign.effect_uses u set released_at = %s from countersign.effects e
where u.key = %s and u.released_at is null and e.key = u.key and e.status = 'intended'

-- name: of_case
-- What a case's effects are counted for.
select key, scope, subject, effect, sort, amount_cents, used_at, released_at
from countersign.effect_uses where case_id = %s order by used_at, key, scope, subject
