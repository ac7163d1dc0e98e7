-- name: one_at_a_time
-- Holds are placed and cases erased one after the other: a hold that is placed meanwhile is seen.
select pg_advisory_xact_lock(hashtext('retention'))

-- name: place
-- Hold a target for a matter.
insert into countersign.legal_holds (target, matter, by, reason, at) values (%s, %s, %s, %s, %s) on conflict do nothing

-- name: placed
-- A hold that is in force, kept as it is until the transaction ends.
select * from countersign.legal_holds where target = %s and matter = %s and lifted_at is null for update

-- name: lift
-- The matter does not hold the target any more; that it did stays on record.
update countersign.legal_holds set lifted_by = %s, lift_reason = %s, lifted_at = %s
where target = %s and matter = %s and lifted_at is null

-- name: holds
-- Every hold, those in force first, oldest first.
select * from countersign.legal_holds order by lifted_at is not null, at, target, matter

-- name: in_force
-- Holds that are in force over any of these cases, oldest first.
select distinct h.* from countersign.legal_holds h join countersign.cases c
    on h.target in ('everything', 'kind:' || c.kind, 'case:' || c.id)
where h.lifted_at is null and c.id = any(%s) order by h.at, h.target, h.matter

-- name: family
-- A case and the what-if copies that were made of it, of their copies too: they hold the same identity.
with recursive line as (
    select id from countersign.cases where id = %s
    union all
    select c.id from countersign.cases c join line on c.parent = line.id
)
select id from line order by id

-- name: ask
-- Somebody asks to erase a case; asked again, the newest word counts while nobody has carried it out.
insert into countersign.erasures (case_id, asked_by, reason, asked_at, erasable_from) values (%s, %s, %s, %s, %s)
on conflict (case_id) do update
    set asked_by = excluded.asked_by, reason = excluded.reason, asked_at = excluded.asked_at,
        erasable_from = excluded.erasable_from
    where erasures.erased_at is null

-- name: asked
-- What was asked and done about one case, kept as it is until the transaction ends.
select * from countersign.erasures where case_id = %s for update

-- name: erased
-- Another person carried it out.
update countersign.erasures set erased_by = %s, erased_at = %s where case_id = %s

-- name: destroy_keys
-- Nothing that lies under these keys can be read again.
delete from countersign.case_keys where case_id = any(%s)

-- name: forget_marks
-- Nobody is found in these cases any more.
delete from countersign.blind_index where case_id = any(%s)

-- name: busy
-- Whether somebody is at work on any of these cases, or the case itself goes on.
select exists (select 1 from procrastinate_jobs where lock = any(%(cases)s) and status = 'doing')
    or exists (
        select 1 from countersign.cases c left join countersign.leases l on l.case_id = c.id
        where c.id = any(%(cases)s) and c.parent is null  -- copies may stand anywhere: nobody is asked about them
            and (not l.stamped or c.status not in ('closed', 'referred', 'waiting_event'))) as busy

-- name: has_key
-- Whether a case can be read.
select exists (select 1 from countersign.case_keys where case_id = %s) as has_key

-- name: candidates
-- Cases that somebody might erase: they ended before a day, are no copies, and still have a key.
select c.id from countersign.cases c join countersign.case_keys k on k.case_id = c.id
where c.parent is null and coalesce(
    c.closed_at, (select max(l.at)::timestamptz from countersign.ledger l where l.stream = c.id)) < %s
    and (c.status in ('closed', 'referred') or c.kind = 'advisor')
order by c.opened_at, c.id limit %s
