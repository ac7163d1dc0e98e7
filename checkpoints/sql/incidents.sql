-- name: open
-- Something failed; the same again while it is open counts, and opens nothing.
insert into countersign.incidents
    (id, kind, subject, what, owners, escalates_to, opened_at, due_at, seen_at, times)
values (%(id)s, %(kind)s, %(subject)s, %(what)s, %(owners)s, %(escalates_to)s, %(opened_at)s, %(due_at)s,
    %(opened_at)s, 1)
on conflict (kind, subject) where settled_at is null do update
set seen_at = excluded.seen_at, times = countersign.incidents.times + 1, what = excluded.what
returning times

-- name: queue
-- What is open for any of these groups, most urgent first.
select * from countersign.incidents
where settled_at is null and (owners && %s or %s) order by due_at, id limit %s

-- name: get
-- One, held until the transaction ends.
select * from countersign.incidents where id = %s for update

-- name: settle
-- A person settled it.
update countersign.incidents set settled_by = %s, reason = %s, settled_at = %s where id = %s

-- name: overdue
-- Open ones past their due time that nobody above was told of, held so that only one sweeper acts.
select * from countersign.incidents
where settled_at is null and due_at <= %s and not owners @> array[escalates_to] for update skip locked

-- name: escalate
-- More people may settle it, until a new due time.
update countersign.incidents set owners = %s, due_at = %s where id = %s
