-- name: one
-- A case as it stands.
select id, kind, status, outcome, simulation,
    exists (select 1 from countersign.case_keys k where k.case_id = cases.id) as has_key
from countersign.cases where id = %s

-- name: all
-- Every case, in order.
select id from countersign.cases order by id

-- name: calls
-- Every call of a case by its entry in the journal, and whether it was answered.
select format('%%s/%%s/%%s/%%s', assignment, attempt, left(digest, 16), n) as entry, gateway,
    response is not null as answered
from countersign.journal where case_id = any(%s)

-- name: approvals
-- The requests of a case as the desk holds them.
select id, boundary, status, digest from countersign.approvals where case_id = %s order by id

-- name: decisions
-- What people decided on the requests of a case.
select d.approval_id, d.person, d.decision ->> 'verb' as verb, d.decision ->> 'digest' as digest
from countersign.approval_decisions d join countersign.approvals a on a.id = d.approval_id
where a.case_id = %s order by d.approval_id, d.person

-- name: effects
-- The effects of a case, and of a compensation whether what it was to take back is taken back by now.
select e.*, exists (select 1 from countersign.effects u
    where u.key = e.action -> 'args' ->> 'undoes' and u.status = 'compensated') as undone
from countersign.effects e where e.case_id = %s order by e.key

-- name: uses
-- Uses of standing authority of a case.
select id from countersign.standing_uses where case_id = %s

-- name: moving
-- Whether a job of a case waits or runs.
select exists (
    select 1 from procrastinate_jobs where lock = %s and status in ('todo', 'doing')
) as moving

-- name: nobodys
-- Rows of a store that belong to no case.
select store, owner from (
    select distinct 'journal' as store, case_id as owner from countersign.journal
    union select distinct 'effects', case_id from countersign.effects
    union select distinct 'notices', case_id from countersign.notices
    union select distinct 'quarantine', case_id from countersign.quarantine
    union select distinct 'records', case_id from source.records
    union select distinct 'checkpoints', thread_id from public.checkpoints
    union select distinct 'ledger', stream from countersign.ledger where stream <> 'ops' and stream not like 'access/%%'
) rows where not exists (select 1 from countersign.cases c where c.id = rows.owner) order by owner, store
