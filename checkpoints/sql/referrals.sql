-- name: open
-- A case left the automatic path; once per case, in the place of an entry that it was stuck before.
insert into countersign.referrals (case_id, kind, missing, owners, escalates_to, opened_at, due_at)
values (%s, %s, %s, %s, %s, %s, %s) on conflict (case_id) do update
set kind = excluded.kind, missing = excluded.missing, owners = excluded.owners,
    escalates_to = excluded.escalates_to, opened_at = excluded.opened_at, due_at = excluded.due_at,
    settled_by = null, settled_as = null, reason = null, settled_at = null
where countersign.referrals.kind = 'stuck'

-- name: stuck
-- A case cannot be advanced; open anew when somebody had settled that before, never in the place of another referral.
insert into countersign.referrals (case_id, kind, missing, owners, escalates_to, opened_at, due_at)
values (%s, %s, %s, %s, %s, %s, %s) on conflict (case_id) do update
set opened_at = excluded.opened_at, due_at = excluded.due_at,
    settled_by = null, settled_as = null, reason = null, settled_at = null
where countersign.referrals.kind = 'stuck' and countersign.referrals.settled_at is not null

-- name: queue
-- What is open for any of these groups, most urgent first.
select * from countersign.referrals
where settled_at is null and (owners && %s or %s) order by due_at, case_id limit %s

-- name: get
-- One referral, held until the transaction ends.
select referrals.*, cases.maker from countersign.referrals join countersign.cases on cases.id = case_id
where case_id = %s for update of referrals

-- name: settle
-- A person settled it.
update countersign.referrals set settled_by = %s, settled_as = %s, reason = %s, settled_at = %s where case_id = %s

-- name: overdue
-- Open referrals past their due time that nobody above was told of, held so that only one sweeper acts.
select * from countersign.referrals
where settled_at is null and due_at <= %s and not owners @> array[escalates_to] for update skip locked

-- name: escalate
-- More people may settle it, until a new due time.
update countersign.referrals set owners = %s, due_at = %s where case_id = %s

-- name: depth
-- How many wait for whom, and how many of them are past their due time.
select kind, count(*) as open from countersign.referrals where settled_at is null group by kind
