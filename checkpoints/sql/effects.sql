-- name: intend
-- Write an effect down before anything is sent; one that was held, or of which nothing was sent, stands anew.
insert into countersign.effects
    (key, case_id, step, effect, action, authority, status, reason, waits_until, updated_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (key) do update
set status = excluded.status, authority = excluded.authority, reason = excluded.reason,
    waits_until = excluded.waits_until, updated_at = excluded.updated_at
where countersign.effects.status in ('held', 'waiting', 'intended')

-- name: lock
-- One effect, held until this transaction ends.
select * from countersign.effects where key = %s for update

-- name: move
-- The effect stands here now.
update countersign.effects set status = %s, receipt = coalesce(%s, receipt),
    read_back = coalesce(%s, read_back), updated_at = %s where key = %s

-- name: of_case
-- The effects of a case in order.
select * from countersign.effects where case_id = %s order by updated_at, key

-- name: halted
-- Whether one of these targets is halted; what makes the case stand still goes before its effect.
select target, reason from countersign.halts where target = any(%s)
order by starts_with(target, 'effect:'), target limit 1
