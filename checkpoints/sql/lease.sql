-- name: take
-- Give the case to this runner under the next epoch.
insert into countersign.leases (case_id, epoch, runner, taken_at) values (%s, 1, %s, %s)
on conflict (case_id) do update
    set epoch = leases.epoch + 1, runner = excluded.runner, taken_at = excluded.taken_at
returning epoch

-- name: join
-- The epoch as it is, or the first one: for the sandbox, where steps of one run share the case.
insert into countersign.leases (case_id, epoch, runner, taken_at) values (%s, 1, %s, %s)
on conflict (case_id) do update set runner = excluded.runner, stamped = false
returning epoch
