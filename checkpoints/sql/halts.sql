-- name: halt
-- Stop a target.
insert into countersign.halts (target, by, reason, at) values (%s, %s, %s, %s) on conflict do nothing

-- name: resume
-- Let a target go on.
delete from countersign.halts where target = %s

-- name: one
-- One halt, held until the transaction ends.
select * from countersign.halts where target = %s for update

-- name: all
-- Every halt, oldest first.
select target, by, reason, at from countersign.halts order by at, target

-- name: of_call
-- Halts that stand in the way of one call of a case, oldest first.
select target, reason, at from countersign.halts
where target = any(%s) or target = 'kind:' || (select kind from countersign.cases where id = %s) order by at, target

-- name: standing_still
-- Cases that a halt may have stopped.
select id from countersign.cases
where status not in ('closed', 'referred') and not simulation
    and (%(all)s or kind = %(kind)s or id = %(case)s) order by opened_at
