-- name: insert
-- Keep a book as it was read; a version is never overwritten.
insert into countersign.books (version, kind, source, kept_at) values (%s, %s, %s, %s) on conflict do nothing

-- name: get
-- One version of a book.
select source from countersign.books where version = %s

-- name: live
-- The version of a kind that was published last.
select n, version from countersign.publications where kind = %s order by n desc limit 1

-- name: history
-- What came into force of a kind, newest first, with who asked for it and why.
select p.n, p.version, p.replaces, p.case_id, p.published_at, q.action, q.reason, q.proposed_by, q.report_digest
from countersign.publications p join countersign.proposals q on q.case_id = p.case_id
where p.kind = %s order by p.n desc limit %s

-- name: turn
-- Publications of one kind one after another, until this transaction ends.
select pg_advisory_xact_lock(hashtext('policy:' || %s))

-- name: publish
-- A version comes into force; a second time for one case or order is an error.
insert into countersign.publications (kind, version, replaces, case_id, order_key, published_at)
values (%s, %s, %s, %s, %s, %s)

-- name: published
-- What one order brought into force.
select n, kind, version, replaces from countersign.publications where order_key = %s

-- name: signed
-- How many people signed the publication of a case on the version that was asked about.
select count(distinct d.person) as people
from countersign.approvals a join countersign.approval_decisions d on d.approval_id = a.id
where a.case_id = %s and a.boundary = 'publish' and a.status = 'approved'
    and d.decision ->> 'verb' = 'approve' and d.decision ->> 'digest' = a.digest

-- name: propose
-- Keep a proposal with its report.
insert into countersign.proposals
    (case_id, kind, action, version, source, source_sha256, replaces, replaces_n, report, report_digest,
     not_primary, reason, proposed_by, proposed_at)
values (%(case_id)s, %(kind)s, %(action)s, %(version)s, %(source)s, %(source_sha256)s, %(replaces)s, %(replaces_n)s,
        %(report)s, %(report_digest)s, %(not_primary)s, %(reason)s, %(proposed_by)s, %(proposed_at)s)

-- name: proposal
-- The proposal of the first of these cases that has one: its own, or that of what it was copied from.
select * from countersign.proposals where case_id = any(%s) order by array_position(%s, case_id) limit 1

-- name: open_proposal
-- A case in which this version is proposed and not decided yet.
select q.case_id from countersign.proposals q join countersign.cases c on c.id = q.case_id
where q.version = %s and c.status not in ('closed', 'referred') limit 1

-- name: proposals
-- Proposals, newest first, with where their cases stand.
select q.case_id, q.kind, q.action, q.version, q.replaces, q.report_digest, q.reason, q.proposed_by, q.proposed_at,
    c.status, c.outcome
from countersign.proposals q join countersign.cases c on c.id = q.case_id order by q.proposed_at desc limit %s
