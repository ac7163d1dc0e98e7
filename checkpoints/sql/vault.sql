-- name: put_key
-- Keep the wrapped key of a new case.
insert into countersign.case_keys (case_id, wrapped) values (%s, %s) on conflict do nothing

-- name: get_key
-- The wrapped key of a case.
select wrapped from countersign.case_keys where case_id = %s

-- name: put_value
-- Keep one encrypted value under its token.
insert into countersign.vault (case_id, token, kind, value) values (%s, %s, %s, %s) on conflict do nothing

-- name: values
-- Every encrypted value of a case.
select token, kind, value from countersign.vault where case_id = %s order by token

-- name: put_mark
-- Make a value findable across cases without showing it.
insert into countersign.blind_index (kind, mark, case_id, token) values (%s, %s, %s, %s) on conflict do nothing

-- name: cases_with
-- Other cases that hold the same value.
select distinct case_id from countersign.blind_index where kind = %s and mark = %s

-- name: values_of
-- Every encrypted value of several cases with their wrapped keys; long documents are left out.
select v.case_id, v.token, v.kind, v.value, k.wrapped from countersign.vault v
join countersign.case_keys k using (case_id)
where v.case_id = any(%s) and length(v.value) <= %s order by v.case_id, v.token

-- name: marked
-- Which of these marks any case of the bank holds.
select distinct mark from countersign.blind_index where mark = any(%s)

-- name: kept
-- Every encrypted value of several cases with wrapped keys and who made the case; long documents but for what is sealed.
select v.case_id, v.token, v.kind, v.value, k.wrapped, c.maker from countersign.vault v
join countersign.case_keys k using (case_id) join countersign.cases c on c.id = v.case_id
where v.case_id = any(%s) and (length(v.value) <= %s or starts_with(v.token, 'tok_sealed_'))
order by v.case_id, v.token

-- name: forget
-- Keep one value no longer.
delete from countersign.vault where case_id = %s and token = %s
