-- name: lock
-- One message at a time in a thread; its row is not locked.
select pg_advisory_xact_lock(hashtext('chat:' || %s))

-- name: last
-- The newest turn of a thread.
select n, answer is not null as answered from countersign.chat_turns where case_id = %s order by n desc limit 1

-- name: insert
-- Keep what was said.
insert into countersign.chat_turns (case_id, n, person, groups, key, message, asked_at)
values (%s, %s, %s, %s, %s, %s, %s)

-- name: by_key
-- The turn that was said under this key.
select * from countersign.chat_turns where case_id = %s and key = %s

-- name: unanswered
-- The oldest turn without an answer.
select * from countersign.chat_turns where case_id = %s and answer is null order by n limit 1

-- name: turn
-- One turn.
select * from countersign.chat_turns where case_id = %s and n = %s

-- name: answer
-- Release an answer; a step that runs again changes nothing.
update countersign.chat_turns set answer = %s, answered_at = %s where case_id = %s and n = %s and answer is null

-- name: instead
-- Put another answer in the place of one.
update countersign.chat_turns set answer = %s, answered_at = %s where case_id = %s and n = %s and answer is not null

-- name: of_thread
-- The newest turns of a thread.
select * from countersign.chat_turns where case_id = %s order by n desc limit %s

-- name: since
-- How many messages a person sent since a moment, up to one of them.
select count(*) as turns from countersign.chat_turns where person = %s and asked_at >= %s and asked_at <= %s
