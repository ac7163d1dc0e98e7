-- name: take
-- Take a place in a window, unless it is full: compare and set in one statement.
insert into countersign.rate_windows as w (rate, subject, begins, used) values (%s, %s, %s, 1)
on conflict (rate, subject, begins) do update set used = w.used + 1 where w.used < %s
returning used

-- name: give_back
-- Give a place back that was not needed.
update countersign.rate_windows set used = used - 1 where rate = %s and subject = %s and begins = %s

-- name: forget
-- Windows that ended long ago.
delete from countersign.rate_windows where begins < %s
