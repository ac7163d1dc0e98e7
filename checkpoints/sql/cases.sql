-- name: insert
-- Open a case.
insert into countersign.cases
    (id, kind, status, policy_version, workflow, application_date, opened_at, maker, maker_country,
     amount_cents, product, content_digest, application, simulation, parent, idempotency_key)
values (%(id)s, %(kind)s, %(status)s, %(policy_version)s, %(workflow)s, %(application_date)s, %(opened_at)s, %(maker)s,
        %(maker_country)s,
        %(amount_cents)s, %(product)s, %(content_digest)s, %(application)s, %(simulation)s, %(parent)s,
        %(idempotency_key)s)

-- name: get
-- One case with its tokenised application.
select * from countersign.cases where id = %s

-- name: by_key
-- The case that a maker opened under an idempotency key.
select id, content_digest from countersign.cases where maker = %s and idempotency_key = %s

-- name: set_status
-- Where the case stands now.
update countersign.cases set status = %s where id = %s and status <> 'closed'

-- name: close
-- The end of a case.
update countersign.cases set status = %s, outcome = %s, closed_at = %s where id = %s

-- name: set_workflow
-- The case goes on by another version of its workflow.
update countersign.cases set workflow = %s where id = %s

-- name: list
-- Newest cases first, all or of one maker, without a kind if one is named.
select * from countersign.cases
where (%(maker)s::text is null or maker = %(maker)s) and (%(but)s::text is null or kind <> %(but)s)
order by opened_at desc, id limit %(limit)s

-- name: depth
-- How many cases stand where; simulations are nobody's work.
select status, count(*) as cases from countersign.cases where not simulation group by status

-- name: ancestors
-- The parents of a fork, nearest first.
with recursive line as (
    select id, parent, 0 as depth from countersign.cases where id = %s
    union all
    select c.id, c.parent, line.depth + 1 from countersign.cases c join line on c.id = line.parent
)
select id from line where depth > 0 order by depth

-- name: forks
-- How many copies were made of a case.
select count(*) as forks from countersign.cases where parent = %s

-- name: copying
-- Nobody else copies this case until this transaction ends; its row is not locked.
select pg_advisory_xact_lock(hashtext('fork:' || %s))

-- name: visible
-- One case, if this person made it, is asked about it in one of these groups, or may see all.
select c.* from countersign.cases c where c.id = %(case)s and (
    %(all)s or c.maker = %(person)s
    or exists (select 1 from countersign.approvals a where a.case_id = c.id and a.groups && %(groups)s::text[])
)

-- name: in_scope
-- The cases that this person may see, newest first; chat threads are nobody's business case.
select c.* from countersign.cases c where c.kind <> %(but)s and (
    %(all)s or c.maker = %(person)s
    or exists (select 1 from countersign.approvals a where a.case_id = c.id and a.groups && %(groups)s::text[])
) order by c.opened_at desc, c.id limit %(limit)s

-- name: unwound_by
-- The cases that unwind or unwound this one, oldest first.
select id from countersign.cases
where kind = 'unwinding' and application ->> 'unwinds' = %s and not simulation order by opened_at, id
