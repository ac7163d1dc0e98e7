-- name: one_moment
-- Everything that is read from here on is of one moment, and nothing can be written.
set transaction isolation level repeatable read, read only
