-- name: insert
-- Write the entry of a case once.
insert into countersign.register_entries (case_id, key, year, uli, entry, written_at)
values (%s, %s, %s, %s, %s, %s) on conflict do nothing

-- name: by_key
-- The entry that an order wrote.
select case_id, year, uli, entry from countersign.register_entries where key = %s

-- name: of_year
-- The entries of a calendar year with what the vault holds of them, as tokens; simulations never have one.
select e.case_id, e.uli, e.entry, c.application_date, c.application
from countersign.register_entries e join countersign.cases c on c.id = e.case_id
where e.year = %s order by e.written_at, e.case_id
