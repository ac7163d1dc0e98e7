-- name: insert
-- Keep one tokenised source record; the same event again changes nothing.
insert into source.records (case_id, kind, party, body, digest, event_id, received_at, sent)
values (%(case)s, %(kind)s, %(party)s, %(body)s, %(digest)s, %(event)s, %(at)s, %(sent)s) on conflict (case_id, event_id) do nothing

-- name: known
-- What came under an event id.
select sent from source.records where case_id = %s and event_id = %s

-- name: of_kind
-- The records of one kind of a case and its ancestors, as of a moment, oldest first.
select id, kind, party, body, digest from source.records
where case_id = any(%s) and kind = %s and received_at <= %s order by id

-- name: counts
-- How many records of which kind a case and its ancestors have, or had at a moment.
select kind, count(*)::int as records from source.records
where case_id = any(%s) and (%s::timestamptz is null or received_at <= %s) group by kind

-- name: read_only
-- Nothing can be written from here on.
set transaction read only

-- name: as_reader
-- See source records and nothing else until this transaction ends.
set local role countersign_reader

-- name: of_cases
-- Every record of some cases in the order of arrival, with when and under which event it came.
select case_id, event_id, body, received_at from source.records where case_id = any(%s) order by id
