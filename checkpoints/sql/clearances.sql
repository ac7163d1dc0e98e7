-- name: remember
-- Keep one cleared hit with its scope and the decision that cleared it; a decision is kept once.
insert into countersign.clearances
    (subject, list_name, entry_number, entry_version, approval_id, case_id, cleared_at)
values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing

-- name: of_subject
-- What was cleared for one subject on one list, oldest first.
select subject, list_name, entry_number, entry_version, approval_id, cleared_at from countersign.clearances
where subject = %s and list_name = %s order by cleared_at, approval_id, entry_number
