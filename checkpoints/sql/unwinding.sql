-- name: done_by
-- What a case did outside itself or may have done, the last thing first: in the order in which its ledger tells it.
-- With how often it was to be taken back in vain, and who asked for that without anybody knowing what came of it.
select e.*, t.failed, t.open_with from countersign.effects e
left join countersign.ledger l on l.stream = e.case_id and l.kind = 'effect_intended'
    and l.key = 'effect/' || e.key || '/effect_intended'
cross join lateral (
    select count(*) filter (where c.status in ('refused', 'held', 'waiting', 'intended')) as failed,
        min(c.case_id) filter (where c.status in ('sending', 'unknown')) as open_with
    from countersign.effects c where c.action -> 'args' ->> 'undoes' = e.key
) t
where e.case_id = %s and e.status in ('confirmed', 'compensated', 'sending', 'unknown')
order by l.seq desc nulls first, e.key

-- name: to_be_undone
-- What a compensation takes back, with the case that its own case unwinds, and how often other cases asked for it in
-- vain; held until the transaction ends.
select e.key, e.case_id, e.effect, e.action, e.receipt, e.status, c.application ->> 'unwinds' as unwinds,
    (select count(*) from countersign.effects o where o.action -> 'args' ->> 'undoes' = e.key and o.case_id <> c.id
        and o.status in ('refused', 'held', 'waiting', 'intended')) as failed
from countersign.effects e join countersign.cases c on c.id = %s
where e.key = %s for update of e

-- name: cut_off
-- Of a case that is stopped: what was under way is not known any more, and what was about to be sent is not sent.
update countersign.effects set updated_at = %s, status = case status when 'sending' then 'unknown' else 'refused' end
where case_id = %s and status in ('sending', 'intended') returning key, effect, step, status

-- name: undone
-- It was taken back; when it was done stays as it is.
update countersign.effects set status = 'compensated' where key = %s and status = 'confirmed'

-- name: reporting
-- A report and an effect of one unwinding come one after the other, never at once; its row is not locked.
select pg_advisory_xact_lock(hashtext('reported:' || %s))

-- name: reported
-- What an unwinding is for, and the defects that were reported since it began.
select c.application ->> 'reason' as reason, coalesce(array_agg(distinct l.body ->> 'reason')
    filter (where l.kind is not null), '{}') as reported
from countersign.cases c left join countersign.ledger l on l.stream = c.id and l.kind = 'defect_reported'
where c.id = %s group by c.id

-- name: under_way
-- The case that unwinds this one now.
select id from countersign.cases
where kind = 'unwinding' and application ->> 'unwinds' = %s and not simulation and status not in ('closed', 'referred')

-- name: people
-- Who made a case or decided anything in it.
select maker as person from countersign.cases where id = %s
union
select d.person from countersign.approval_decisions d
join countersign.approvals a on a.id = d.approval_id and a.case_id = %s
order by person
